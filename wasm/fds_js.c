// The JavaScript host's descriptors.
//
// SPDX-License-Identifier: MIT
#include "host.h"

static int probe(int fd, unsigned events) {
    int ready = host_probe_fd(fd, events);
    if (ready == PROBE_CANNOT_WAIT) return GREENLET_ENOSYS;
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

const loop_fds_t *host_fds(void) {
    static const loop_fds_t fds = {probe, open_watch, arm_watch, close_watch};
    return &fds;
}
