// The loop of WASI commands: one poll_oneoff for all that is waited for.
//
// Some hosts count milliseconds, cut off what is left of one, and come back early. So a wait is
// rounded up, and the hub, who looks at the clock again, may wait once more.
//
// SPDX-License-Identifier: MIT
#include <wasi/api.h>

#include "../src/gevent/loop.h"

#define NANOSECONDS_PER_MS 1000000
#define LONGEST_MS 86400000 // a day: no host takes it for a negative number

static int64_t now(void) {
    __wasi_timestamp_t time = 0;
    (void)__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &time);
    return (int64_t)time;
}

static uint64_t nanoseconds_until(int64_t deadline) {
    int64_t left = deadline - now();
    if (deadline == LOOP_NEVER || left / NANOSECONDS_PER_MS >= LONGEST_MS)
        return (uint64_t)LONGEST_MS * NANOSECONDS_PER_MS;
    if (left <= 0) return 0;
    return (uint64_t)(left + NANOSECONDS_PER_MS - 1) / NANOSECONDS_PER_MS * NANOSECONDS_PER_MS;
}

static void wait(int64_t deadline) {
    __wasi_subscription_t clock = {
        .u = {.tag = __WASI_EVENTTYPE_CLOCK,
              .u.clock = {.id = __WASI_CLOCKID_MONOTONIC, .timeout = nanoseconds_until(deadline)}}};
    __wasi_event_t event;
    __wasi_size_t count;
    (void)__wasi_poll_oneoff(&clock, &event, 1, &count);
}

static const loop_t loop_wasi = {.name = "poll_oneoff", .now = now, .wait = wait};

const loop_t *loop_default(void) {
    return &loop_wasi;
}
