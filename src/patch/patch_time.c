// Sleeping.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int __nanosleep(const struct timespec *time, struct timespec *left);

static double seconds_of(const struct timespec *time) {
    return (double)time->tv_sec + (double)time->tv_nsec / 1e9;
}

static struct timespec timespec_of(double seconds) {
    if (seconds <= 0) return (struct timespec){0};
    time_t whole = (time_t)seconds;
    return (struct timespec){whole, (long)((seconds - (double)whole) * 1e9)};
}

// 0, or -1 and errno. `left` then gets what is left.
static int sleep_for(double seconds, double *left) {
    gevent_case_t cases[1];
    double start = gevent_now();
    if (seconds <= 0) {
        int code = gevent_yield();
        return code < 0 ? patch_fail(code) : 0;
    }
    if (patch_select(cases, 0, seconds, PATCH_SLEEP) < 0 && errno == EAGAIN) return 0;
    *left = seconds - (gevent_now() - start);
    return -1;
}

static int is_valid(const struct timespec *time) {
    return time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < 1000000000;
}

// 0 or the number of an error.
static int sleep_relative(const struct timespec *time, struct timespec *left) {
    if (!is_valid(time)) return EINVAL;
    int before = errno;
    double seconds = 0;
    if (sleep_for(seconds_of(time), &seconds) < 0) {
        if (left) *left = timespec_of(seconds);
        return errno;
    }
    errno = before;
    return 0;
}

static int sleep_until(clockid_t clock, const struct timespec *time) {
    struct timespec now;
    if (!is_valid(time) || clock_gettime(clock, &now) < 0) return EINVAL;
    struct timespec relative = timespec_of(seconds_of(time) - seconds_of(&now));
    return sleep_relative(&relative, NULL);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
                    struct timespec *left) {
    int is_governed = clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
    patch_mode_t mode = is_governed ? patch_begin() : PATCH_PLAIN;
    if (mode == PATCH_REFUSED) return errno;
    if (mode == PATCH_PLAIN) {
        int before = errno;
        long code = patch_syscall(SYS_clock_nanosleep, (long)clock, (long)flags, time, left);
        int error = errno;
        errno = before;
        return code < 0 ? error : 0;
    }
    return flags & TIMER_ABSTIME ? sleep_until(clock, time) : sleep_relative(time, left);
}

int nanosleep(const struct timespec *time, struct timespec *left) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_PLAIN) return __nanosleep(time, left);
    int error = mode == PATCH_REFUSED ? errno : sleep_relative(time, left);
    if (error == 0) return 0;
    errno = error;
    return -1;
}

int usleep(useconds_t microseconds) {
    struct timespec time = {microseconds / 1000000, (long)(microseconds % 1000000) * 1000};
    return nanosleep(&time, NULL);
}

// Without what is left in `left` nothing has been slept.
unsigned sleep(unsigned seconds) {
    struct timespec time = {(time_t)seconds, 0}, left = time;
    if (nanosleep(&time, &left) == 0) return 0;
    return (unsigned)left.tv_sec + (left.tv_nsec >= 500000000);
}
