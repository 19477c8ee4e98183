// The JavaScript host's side of the contracts that src/ has: time, signals, descriptors, fatal
// errors, abandoned slots.
//
// SPDX-License-Identifier: MIT
#include "../src/fatal.h"
#include "../src/gevent/loop.h"
#include "../src/gevent/signal.h"
#include "host.h"

static int64_t now(void) {
    return (int64_t)(host_now() * 1e6);
}

// ---- signals ------------------------------------------------------------------------------------

static const char *name_of_signal(int number) {
    switch (number) {
#define NAME(name, number)                                                                         \
    case number:                                                                                   \
        return #name;
        GEVENT_SIGNALS(NAME)
#undef NAME
    default:
        return NULL;
    }
}

static int open_signal(loop_signal_t *signal) {
    const char *name = name_of_signal(signal->number);
    if (!name) return GREENLET_EINVAL;
    return host_watch_signal(name, signal) ? GREENLET_OK : GREENLET_ENOSYS;
}

static const loop_signals_t signals = {open_signal, host_unwatch_signal};

// ---- descriptors --------------------------------------------------------------------------------

static int probe(int fd, unsigned events) {
    int ready = host_probe_fd(fd, events);
    return ready < 0 ? GREENLET_EBADF : ready;
}

// The host looks at whatever is armed.
static int open_watch(loop_watch_t *watch) {
    (void)watch;
    return GREENLET_OK;
}

static void arm_watch(loop_watch_t *watch, unsigned events) {
    watch->events = events;
    host_watch_fd(watch->fd, events, watch);
}

static void close_watch(loop_watch_t *watch) {
    if (watch->events) host_watch_fd(watch->fd, 0, watch);
}

static const loop_fds_t fds = {probe, open_watch, arm_watch, close_watch};

static const loop_t loop_js = {.name = "javascript", .now = now, .fds = &fds, .signals = &signals};

const loop_t *loop_default(void) {
    return &loop_js;
}

// ---- the rest -----------------------------------------------------------------------------------

void fatal_report(int code, const char *message) {
    host_fatal(code, message);
}

void slot_abandoned(slot_handle_t handle) {
    host_abandon(handle);
}
