// The cooperative libc with Emscripten (../docs/libc.md), whose own sleeps by looking at the clock
// again and again.
//
// SPDX-License-Identifier: MIT
#include "../src/patch/patch.h"

#include <errno.h>
#include <sched.h>
#include <time.h>

// There are neither handlers of signals nor children.
int patch_is_out_of_place(void) {
    return 0;
}

// gevent_select, in which a thread can be cancelled, where the program does that to any
// (pthread/cancel.c).
__attribute__((weak)) int cancel_select(gevent_case_t *cases, size_t count, double seconds);

static int wait_for_cases(gevent_case_t *cases, size_t count, double seconds) {
    return cancel_select ? cancel_select(cases, count, seconds)
                         : gevent_select(cases, count, seconds);
}

int patch_select(gevent_case_t *cases, size_t count, double seconds, patch_kind_t kind) {
    (void)kind;
    int chosen = wait_for_cases(cases, count, seconds);
    if (chosen < 0) return patch_fail(chosen);
    return cases[chosen].code < 0 ? patch_fail(cases[chosen].code) : chosen;
}

// 0, or the number of an error. Who looks at the clock for no time at all lets others run.
static int sleep_for(double seconds) {
    gevent_case_t never = gevent_never_case();
    int code = seconds > 0 ? wait_for_cases(&never, 1, seconds) : gevent_yield();
    if (code >= 0 || code == GREENLET_ETIMEDOUT) return 0;
    (void)patch_fail(code);
    return errno;
}

// ---- what libc itself sleeps by: --wrap has its calls come here
// ------------------------------------

void __real_emscripten_thread_sleep(double milliseconds);
void __wrap_emscripten_thread_sleep(double milliseconds) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_PLAIN) __real_emscripten_thread_sleep(milliseconds);
    if (mode == PATCH_COOPERATIVE) (void)sleep_for(milliseconds / 1e3);
}

// ---- what can say that it has failed
// ---------------------------------------------------------------

static int is_time(const struct timespec *time) {
    return time && time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < 1000000000;
}

static double seconds_until(clockid_t clock, int flags, const struct timespec *time) {
    struct timespec now = {0};
    if (flags & TIMER_ABSTIME) (void)clock_gettime(clock, &now);
    return (double)(time->tv_sec - now.tv_sec) + (double)(time->tv_nsec - now.tv_nsec) / 1e9;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
                    struct timespec *left) {
    (void)left; // nothing interrupts it
    if (!is_time(time) || clock == CLOCK_THREAD_CPUTIME_ID) return EINVAL;
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return errno;
    double seconds = seconds_until(clock, flags, time);
    if (mode == PATCH_COOPERATIVE) return sleep_for(seconds);
    __real_emscripten_thread_sleep(seconds * 1e3);
    return 0;
}

int nanosleep(const struct timespec *time, struct timespec *left) {
    int error = clock_nanosleep(CLOCK_REALTIME, 0, time, left);
    if (error == 0) return 0;
    errno = error;
    return -1;
}

int sched_yield(void) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    if (mode == PATCH_PLAIN) return 0;
    int code = gevent_yield();
    return code < 0 ? patch_fail(code) : 0;
}

// ---- Emscripten's own
// ------------------------------------------------------------------------------

void emscripten_sleep(unsigned milliseconds);
void emscripten_sleep(unsigned milliseconds) {
    __wrap_emscripten_thread_sleep(milliseconds);
}
