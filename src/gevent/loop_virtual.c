// A clock that stands still until it is told to jump. Descriptors are the host's, and while
// somebody waits for one, time waits too.
//
// SPDX-License-Identifier: MIT
#include "loop.h"

#include <stddef.h>

#include "../greenlet_error.h"

static _Thread_local int64_t time_now;
static _Thread_local unsigned armed; // watches

static int64_t now(void) {
    return time_now;
}

void loop_virtual_jump(int64_t then) {
    if (then > time_now) time_now = then;
}

static void wait(int64_t deadline) {
    const loop_t *host = loop_default();
    if (armed > 0)
        host->wait(deadline <= time_now ? host->now() : LOOP_NEVER);
    else if (deadline != LOOP_NEVER)
        loop_virtual_jump(deadline);
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

static const loop_fds_t fds = {probe, open_watch, arm_watch, close_watch};

const loop_t loop_virtual = {
    .name = "virtual", .now = now, .wait = wait, .fds = &fds, .is_virtual = 1};
