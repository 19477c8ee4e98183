// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include "deadline.h"

#include <errno.h>

#include "../../src/gevent.h"

int deadline_seconds(clockid_t clock, const struct timespec *time, double *seconds) {
    struct timespec now;
    *seconds = GEVENT_FOREVER;
    if (!time) return 0;
    if (time->tv_nsec < 0 || time->tv_nsec >= 1000000000) return EINVAL;
    if (clock_gettime(clock, &now) < 0) return errno;
    double left = (double)(time->tv_sec - now.tv_sec) + (double)(time->tv_nsec - now.tv_nsec) / 1e9;
    *seconds = left > 0 ? left : GEVENT_NOWAIT;
    return 0;
}
