// Computes: politely, or not.
#include "gevent.h"

GEVENT_IMPORT(void, host, work)

// Works so many times; lets others run in between if it is polite.
static int work_often(int32_t times, int is_polite) {
    int code = GREENLET_OK;
    for (int32_t i = 0; i < times && code >= 0; i++) {
        code = work();
        if (is_polite && code >= 0) code = gevent_maybe_yield();
    }
    return code;
}

int compute(int32_t times) {
    return work_often(times, 1);
}
GEVENT_EXPORT(void, compute, i32)

int hog(int32_t times) {
    return work_often(times, 0);
}
GEVENT_EXPORT(void, hog, i32)

int report_hogs(double seconds) {
    return gevent_set_max_blocking_time(seconds, NULL);
}
GEVENT_EXPORT(void, report_hogs, f64)

int sleep_for(double seconds) {
    return gevent_sleep(seconds);
}
GEVENT_EXPORT(void, sleep_for, f64)
