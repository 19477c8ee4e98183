// Absolute times, as POSIX and C11 give them.
#ifndef GREENLET_PTHREAD_DEADLINE_H
#define GREENLET_PTHREAD_DEADLINE_H

#include <time.h>

// Seconds from now until a time of a clock, 0 if it is over; no time (NULL): GEVENT_FOREVER. 0, or
// EINVAL if it is no time.
int deadline_seconds(clockid_t clock, const struct timespec *time, double *seconds);

#endif
