// The JavaScript host's side of the contracts that src/ has: time, signals, fatal errors, abandoned
// slots.
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

const loop_t *loop_default(void) {
    static loop_t loop = {.name = "javascript", .now = now, .signals = &signals};
    loop.fds = host_fds();
    return &loop;
}

// ---- the rest -----------------------------------------------------------------------------------

void fatal_report(int code, const char *message) {
    host_fatal(code, message);
}

void slot_abandoned(slot_handle_t handle) {
    host_abandon(handle);
}
