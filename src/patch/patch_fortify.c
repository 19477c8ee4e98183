// What a compiler with _FORTIFY_SOURCE calls in place of the others.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

_Noreturn void __chk_fail(void);

ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room);
ssize_t __recv_chk(int fd, void *buffer, size_t size, size_t room, int flags);
ssize_t __recvfrom_chk(int fd, void *buffer, size_t size, size_t room, int flags,
                       __SOCKADDR_ARG address, socklen_t *length);
int __poll_chk(struct pollfd *fds, nfds_t count, int milliseconds, size_t room);
int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *time,
                const __sigset_t *mask, size_t room);

static void check(size_t size, size_t room) {
    if (size > room) __chk_fail();
}

ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room) {
    check(size, room);
    return read(fd, buffer, size);
}

ssize_t __recv_chk(int fd, void *buffer, size_t size, size_t room, int flags) {
    check(size, room);
    return recv(fd, buffer, size, flags);
}

ssize_t __recvfrom_chk(int fd, void *buffer, size_t size, size_t room, int flags,
                       __SOCKADDR_ARG address, socklen_t *length) {
    check(size, room);
    return recvfrom(fd, buffer, size, flags, address, length);
}

int __poll_chk(struct pollfd *fds, nfds_t count, int milliseconds, size_t room) {
    check(count, room / sizeof *fds);
    return poll(fds, count, milliseconds);
}

int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *time,
                const __sigset_t *mask, size_t room) {
    check(count, room / sizeof *fds);
    return ppoll(fds, count, time, mask);
}
