// The loop of native programs: libuv's, one per thread.
//
// libuv counts milliseconds: a wait ends up to one late, or a little early, and then the hub waits
// again.
//
// SPDX-License-Identifier: MIT
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <uv.h>

#include "../fatal.h"
#include "fd.h"
#include "loop.h"

#define NANOSECONDS_PER_MS 1000000
#define LONGEST_MS 86400000 // a day: with a timer set, uv_run waits even if nothing else is active

static _Thread_local uv_loop_t loop;
static _Thread_local uv_timer_t timer;
static _Thread_local int is_open;

static pthread_key_t key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

static void free_handle(uv_handle_t *handle) {
    free(handle);
}

static void close_handle(uv_handle_t *handle, void *unused) {
    (void)unused;
    int is_timer = handle == (uv_handle_t *)&timer;
    if (!uv_is_closing(handle)) uv_close(handle, is_timer ? NULL : free_handle);
}

static void close_loop(void *unused) {
    (void)unused;
    is_open = 0;
    uv_walk(&loop, close_handle, NULL);
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

// ---- descriptors --------------------------------------------------------------------------------

static int probe(int fd, unsigned events) {
    int wanted = (events & GEVENT_READABLE ? POLLIN : 0) | (events & GEVENT_WRITABLE ? POLLOUT : 0);
    struct pollfd poller = {.fd = fd, .events = (short)wanted};
    if (fd < 0 || poll(&poller, 1, 0) < 0 || poller.revents & POLLNVAL) return GREENLET_EBADF;
    unsigned both = poller.revents & (POLLERR | POLLHUP) ? GEVENT_READABLE | GEVENT_WRITABLE : 0;
    unsigned readable = poller.revents & POLLIN ? GEVENT_READABLE : 0;
    unsigned writable = poller.revents & POLLOUT ? GEVENT_WRITABLE : 0;
    return (int)((both | readable | writable) & events);
}

// libuv makes the descriptor non-blocking, which is the program's business.
static int init_poll(uv_poll_t *handle, int fd) {
    int flags = fcntl(fd, F_GETFL);
    int code = uv_poll_init(&loop, handle, fd);
    if (flags >= 0) (void)fcntl(fd, F_SETFL, flags);
    return code;
}

static int open_watch(loop_watch_t *watch) {
    open_loop();
    uv_poll_t *handle = calloc(1, sizeof *handle);
    if (!handle) return GREENLET_ENOMEM;
    if (init_poll(handle, watch->fd) < 0) {
        free(handle);
        return GREENLET_EBADF;
    }
    handle->data = watch;
    watch->handle = handle;
    return GREENLET_OK;
}

// A descriptor that libuv gives up has an error, which whoever uses it will get.
static void polled(uv_poll_t *handle, int status, int polled_events) {
    loop_watch_t *watch = handle->data;
    unsigned readable = polled_events & UV_READABLE ? GEVENT_READABLE : 0;
    unsigned writable = polled_events & UV_WRITABLE ? GEVENT_WRITABLE : 0;
    watch->ready(watch, status < 0 ? watch->events : (readable | writable) & watch->events);
}

static void arm_watch(loop_watch_t *watch, unsigned events) {
    int readable = events & GEVENT_READABLE ? UV_READABLE : 0;
    int writable = events & GEVENT_WRITABLE ? UV_WRITABLE : 0;
    watch->events = events;
    if (events)
        (void)uv_poll_start(watch->handle, readable | writable, polled);
    else
        (void)uv_poll_stop(watch->handle);
}

// A loop that is gone has taken its handles along.
static void close_watch(loop_watch_t *watch) {
    if (is_open) uv_close(watch->handle, free_handle);
}

static const loop_fds_t fds = {probe, open_watch, arm_watch, close_watch};

// ---- signals ------------------------------------------------------------------------------------

static void caught(uv_signal_t *handle, int unused) {
    loop_signal_t *signal = handle->data;
    (void)unused;
    signal->arrived(signal);
}

static void close_signal(loop_signal_t *signal) {
    if (is_open) uv_close(signal->handle, free_handle);
}

static int open_signal(loop_signal_t *signal) {
    open_loop();
    uv_signal_t *handle = calloc(1, sizeof *handle);
    if (!handle) return GREENLET_ENOMEM;
    (void)uv_signal_init(&loop, handle);
    handle->data = signal;
    signal->handle = handle;
    if (uv_signal_start(handle, caught, signal->number) == 0) return GREENLET_OK;
    close_signal(signal);
    return GREENLET_EINVAL;
}

static const loop_signals_t signals = {open_signal, close_signal};

static const loop_t loop_uv = {
    .name = "libuv", .now = now, .wait = wait, .fds = &fds, .signals = &signals};

const loop_t *loop_default(void) {
    return &loop_uv;
}
