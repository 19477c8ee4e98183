// Waiting for promises.
#include <stdint.h>

#include "gevent.h"

GEVENT_IMPORT(i32, bench, later, i32)

// Waits that often for a promise, and leaves the sum of what came.
int wait_often(int32_t times, double *sum) {
    double total = 0;
    for (int32_t i = 0, value; i < times; i++) {
        int code = later(i, &value);
        if (code < 0) return code;
        total += value;
    }
    *sum = total;
    return GREENLET_OK;
}
GEVENT_EXPORT(f64, wait_often, i32)
