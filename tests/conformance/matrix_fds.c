// The matrix's call that waits for a descriptor.
//
// SPDX-License-Identifier: MIT
#include "fake_loop.h"
#include "matrix.h"

static int calls;

static void set_up(void) {
    calls = 0;
    fake_loop_begin();
}

// One is the reader and the other one the writer, as no two may wait for the same.
static int wait_fd(double seconds) {
    unsigned events = calls++ % 2 ? GEVENT_WRITABLE : GEVENT_READABLE;
    unsigned ready = 0;
    int code = gevent_wait_fd(1, events, seconds, &ready);
    CHECK_INT(ready, code == GREENLET_OK ? events : 0);
    return code;
}

static int make_ready(void) {
    fake_fds_set(1, GEVENT_READABLE | GEVENT_WRITABLE);
    return GREENLET_OK;
}

static void close_fd(void) {
    gevent_fd_closed(1);
}

static void check(void) {
    CHECK_INT(fake_fds_armed(1), 0);
}

const call_t call_wait_fd = {.set_up = set_up,
                             .block = wait_fd,
                             .satisfy = make_ready,
                             .close = close_fd,
                             .check = check,
                             .tear_down = fake_loop_end,
                             .late = GREENLET_ETIMEDOUT,
                             .closed = GREENLET_EBADF};
