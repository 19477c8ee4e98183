// SPDX-License-Identifier: MIT
#include "patch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "../gevent/fd_internal.h"

int __poll(struct pollfd *fds, nfds_t count, int milliseconds);

// ---- waiting ------------------------------------------------------------------------------------

int patch_select(gevent_case_t *cases, size_t count, double seconds, patch_kind_t kind) {
    cases[count] = patch_signal_case(kind);
    int chosen = gevent_select(cases, count + 1, seconds);
    if (chosen < 0) return patch_fail(chosen);
    if ((size_t)chosen == count) {
        errno = EINTR;
        return -1;
    }
    return cases[chosen].code < 0 ? patch_fail(cases[chosen].code) : chosen;
}

int patch_is_nonblocking(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 || flags & O_NONBLOCK;
}

static int is_ready(int fd, unsigned events) {
    struct pollfd poller = {.fd = fd, .events = events == GEVENT_READABLE ? POLLIN : POLLOUT};
    return __poll(&poller, 1, 0) != 0;
}

// What SO_RCVTIMEO or SO_SNDTIMEO says; for ever if it is no socket.
static double seconds_of(int fd, int option) {
    struct timeval time = {0};
    socklen_t size = sizeof time;
    int error = errno;
    int code = getsockopt(fd, SOL_SOCKET, option, &time, &size);
    errno = error;
    if (code < 0 || (time.tv_sec == 0 && time.tv_usec == 0)) return GEVENT_FOREVER;
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static int wait_for(gevent_case_t each, int fd, int option) {
    gevent_case_t cases[2] = {each};
    return patch_select(cases, 1, seconds_of(fd, option), PATCH_TRANSFER) < 0 ? -1 : 0;
}

int patch_wait_readable(int fd) {
    if (is_ready(fd, GEVENT_READABLE) || patch_is_nonblocking(fd)) return 0;
    return wait_for(gevent_fd_case(fd, GEVENT_READABLE), fd, SO_RCVTIMEO);
}

int patch_wait_acceptable(int fd) {
    if (is_ready(fd, GEVENT_READABLE) || patch_is_nonblocking(fd)) return 0;
    return wait_for(fd_shared_case(fd, GEVENT_READABLE), fd, SO_RCVTIMEO);
}

int patch_wait_writable(int fd) {
    if (is_ready(fd, GEVENT_WRITABLE) || patch_is_nonblocking(fd)) return 0;
    return wait_for(fd_shared_case(fd, GEVENT_WRITABLE), fd, SO_SNDTIMEO);
}

// ---- the system ---------------------------------------------------------------------------------

// Six arguments are read whatever there are, as the kernel does.
long patch_syscall(long number, ...) {
    long arguments[6];
    int type;
    va_list list;
    va_start(list, number);
    for (int i = 0; i < 6; i++) arguments[i] = va_arg(list, long);
    va_end(list);
    (void)pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type);
    long result = syscall(number, arguments[0], arguments[1], arguments[2], arguments[3],
                          arguments[4], arguments[5]);
    (void)pthread_setcanceltype(type, NULL);
    return result;
}
