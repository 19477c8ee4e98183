// Waits for descriptors in a program that reads nothing.
//
// SPDX-License-Identifier: MIT
#include <poll.h>

#include <gevent.h>

GEVENT_EXPORT(i32, wait_fd, i32, i32)
int wait_fd(int32_t fd, int32_t events, int32_t *result) {
    unsigned ready = 0;
    int code = gevent_wait_fd(fd, (unsigned)events, GEVENT_FOREVER, &ready);
    *result = (int32_t)ready;
    return code;
}

GEVENT_EXPORT(i32, poll_output)
int poll_output(int32_t *result) {
    struct pollfd poller = {.fd = 1, .events = POLLOUT};
    *result = poll(&poller, 1, -1);
    return GREENLET_OK;
}
