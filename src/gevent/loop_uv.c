// The loop of native programs: libuv's, one per thread.
//
// libuv counts milliseconds: a wait ends up to one late, or a little early, and then the hub waits
// again.
//
// SPDX-License-Identifier: MIT
#define _DEFAULT_SOURCE
#include <pthread.h>
#include <uv.h>

#include "../fatal.h"
#include "../greenlet_error.h"
#include "loop.h"

#define NANOSECONDS_PER_MS 1000000
#define LONGEST_MS 86400000 // a day: with a timer set, uv_run waits even if nothing else is active

static _Thread_local uv_loop_t loop;
static _Thread_local uv_timer_t timer;
static _Thread_local int is_open;

static pthread_key_t key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

static void close_loop(void *unused) {
    (void)unused;
    is_open = 0;
    uv_close((uv_handle_t *)&timer, NULL);
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&loop);
}

static void make_key(void) {
    (void)pthread_key_create(&key, close_loop);
}

static void open_loop(void) {
    if (is_open) return;
    int code = uv_loop_init(&loop);
    if (code < 0) fatal(GREENLET_EFAILED, "libuv cannot make a loop: %s", uv_strerror(code));
    (void)uv_timer_init(&loop, &timer);
    (void)pthread_once(&key_once, make_key);
    (void)pthread_setspecific(key, &loop);
    is_open = 1;
}

static int64_t now(void) {
    return (int64_t)uv_hrtime();
}

static uint64_t milliseconds_until(int64_t deadline) {
    int64_t left = deadline - now();
    if (deadline == LOOP_NEVER || left / NANOSECONDS_PER_MS >= LONGEST_MS) return LONGEST_MS;
    return left <= 0 ? 0 : (uint64_t)((left + NANOSECONDS_PER_MS - 1) / NANOSECONDS_PER_MS);
}

static void do_nothing(uv_timer_t *unused) {
    (void)unused;
}

static void wait(int64_t deadline) {
    open_loop();
    uv_update_time(&loop);
    uint64_t milliseconds = milliseconds_until(deadline);
    (void)uv_timer_start(&timer, do_nothing, milliseconds, 0);
    (void)uv_run(&loop, milliseconds ? UV_RUN_ONCE : UV_RUN_NOWAIT);
    (void)uv_timer_stop(&timer);
}

static const loop_t loop_uv = {.name = "libuv", .now = now, .wait = wait};

const loop_t *loop_default(void) {
    return &loop_uv;
}
