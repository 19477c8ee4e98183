// A clock that stands still until it is told to jump. Descriptors and signals are the host's; while
// somebody waits for a descriptor, time waits too.
//
// SPDX-License-Identifier: MIT
#include "loop.h"

#include <stddef.h>

#include "../greenlet_error.h"

static _Thread_local int64_t time_now;
static _Thread_local unsigned armed; // watches
static _Thread_local unsigned open_signals;

static int64_t now(void) {
    return time_now;
}

void loop_virtual_jump(int64_t then) {
    if (then > time_now) time_now = then;
}

int loop_virtual_is_held(void) {
    return armed > 0;
}

// Signals are looked for before it jumps.
static void wait(int64_t deadline) {
    const loop_t *host = loop_default();
    int is_to_jump = !loop_virtual_is_held() || deadline <= time_now;
    if (armed + open_signals > 0 && host->wait) host->wait(is_to_jump ? host->now() : LOOP_NEVER);
    if (is_to_jump && deadline != LOOP_NEVER) loop_virtual_jump(deadline);
}

// NULL: the host has none, or no loop but this one.
static const loop_fds_t *fds_of_host(void) {
    const loop_t *host = loop_default();
    return host == &loop_virtual ? NULL : host->fds;
}

static int probe(int fd, unsigned events) {
    const loop_fds_t *fds = fds_of_host();
    return fds ? fds->probe(fd, events) : GREENLET_ENOSYS;
}

static int open_watch(loop_watch_t *watch) {
    const loop_fds_t *fds = fds_of_host();
    return fds ? fds->open_watch(watch) : GREENLET_ENOSYS;
}

static void arm_watch(loop_watch_t *watch, unsigned events) {
    armed += events != 0;
    armed -= watch->events != 0;
    fds_of_host()->arm_watch(watch, events);
}

static void close_watch(loop_watch_t *watch) {
    armed -= watch->events != 0;
    fds_of_host()->close_watch(watch);
}

// ---- signals ------------------------------------------------------------------------------------

static const loop_signals_t *signals_of_host(void) {
    const loop_t *host = loop_default();
    return host == &loop_virtual ? NULL : host->signals;
}

static int open_signal(loop_signal_t *signal) {
    const loop_signals_t *signals = signals_of_host();
    int code = signals ? signals->open_signal(signal) : GREENLET_ENOSYS;
    open_signals += code == GREENLET_OK;
    return code;
}

static void close_signal(loop_signal_t *signal) {
    open_signals--;
    signals_of_host()->close_signal(signal);
}

static const loop_fds_t fds = {probe, open_watch, arm_watch, close_watch};

static const loop_signals_t signals = {open_signal, close_signal};

const loop_t loop_virtual = {
    .name = "virtual", .now = now, .wait = wait, .fds = &fds, .signals = &signals, .is_virtual = 1};
