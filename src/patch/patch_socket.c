// Sockets.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "patch_socket.h"

int __connect(int fd, const struct sockaddr *address, socklen_t length);

enum { PARTS_AT_ONCE = 16 };

// ---- receiving ----------------------------------------------------------------------------------

// What a mode and flags make of a call: it is tried without blocking, and waited for.
static int is_to_wait(patch_mode_t mode, int flags) {
    return mode == PATCH_COOPERATIVE && !(flags & (MSG_DONTWAIT | MSG_ERRQUEUE));
}

static ssize_t receive_some(int fd, void *buffer, size_t size, int flags, struct sockaddr *address,
                            socklen_t *length) {
    for (;;) {
        if (patch_wait_readable(fd) < 0) return -1;
        int at_once = flags | MSG_DONTWAIT;
        ssize_t got = syscall(SYS_recvfrom, fd, buffer, size, at_once, address, length);
        if (got >= 0 || errno != EAGAIN || patch_is_nonblocking(fd)) return got;
    }
}

static ssize_t receive_all(int fd, char *buffer, size_t size, int flags) {
    size_t done = 0;
    while (done < size) {
        ssize_t got = receive_some(fd, buffer + done, size - done, flags, NULL, NULL);
        if (got < 0 && done == 0) return -1;
        if (got <= 0) break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

ssize_t recvfrom(int fd, void *buffer, size_t size, int flags, __SOCKADDR_ARG address,
                 socklen_t *length) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    struct sockaddr *from = address.__sockaddr__;
    if (!is_to_wait(mode, flags))
        return patch_syscall(SYS_recvfrom, (long)fd, buffer, size, (long)flags, from, length);
    if (flags & MSG_WAITALL && !(flags & MSG_PEEK) && !from)
        return receive_all(fd, buffer, size, flags & ~MSG_WAITALL);
    return receive_some(fd, buffer, size, flags, from, length);
}

ssize_t recv(int fd, void *buffer, size_t size, int flags) {
    return recvfrom(fd, buffer, size, flags, (__SOCKADDR_ARG){NULL}, NULL);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    if (!is_to_wait(mode, flags)) return patch_syscall(SYS_recvmsg, (long)fd, message, (long)flags);
    for (;;) {
        if (patch_wait_readable(fd) < 0) return -1;
        ssize_t got = syscall(SYS_recvmsg, fd, message, flags | MSG_DONTWAIT);
        if (got >= 0 || errno != EAGAIN || patch_is_nonblocking(fd)) return got;
    }
}

// ---- sending ------------------------------------------------------------------------------------

static size_t length_of(const struct msghdr *message) {
    size_t length = 0;
    for (size_t i = 0; i < message->msg_iovlen; i++) length += message->msg_iov[i].iov_len;
    return length;
}

// Some of a message's parts, without its first bytes.
static size_t take_rest(const struct msghdr *message, size_t done, struct iovec *rest) {
    size_t count = 0;
    for (size_t i = 0; i < message->msg_iovlen && count < PARTS_AT_ONCE; i++) {
        struct iovec part = message->msg_iov[i];
        size_t skipped = done < part.iov_len ? done : part.iov_len;
        done -= skipped;
        if (skipped == part.iov_len) continue;
        rest[count++] = (struct iovec){(char *)part.iov_base + skipped, part.iov_len - skipped};
    }
    return count;
}

// A datagram goes as it is; of a stream, what has not gone yet.
static ssize_t send_rest(int fd, const struct msghdr *message, int flags, size_t done) {
    if (done == 0) return syscall(SYS_sendmsg, fd, message, flags | MSG_DONTWAIT);
    struct iovec rest[PARTS_AT_ONCE];
    struct msghdr remaining = {.msg_iov = rest, .msg_iovlen = take_rest(message, done, rest)};
    return syscall(SYS_sendmsg, fd, &remaining, flags | MSG_DONTWAIT);
}

ssize_t patch_send(int fd, const struct msghdr *message, int flags) {
    size_t total = length_of(message), done = 0;
    for (;;) {
        ssize_t sent = send_rest(fd, message, flags, done);
        if (sent >= 0) done += (size_t)sent;
        if (sent >= 0 && done >= total) return (ssize_t)done;
        if (sent < 0 && (errno != EAGAIN || patch_wait_writable(fd) < 0))
            return done > 0 ? (ssize_t)done : -1;
    }
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    if (!is_to_wait(mode, flags) || patch_is_nonblocking(fd))
        return patch_syscall(SYS_sendmsg, (long)fd, message, (long)flags);
    return patch_send(fd, message, flags);
}

ssize_t sendto(int fd, const void *buffer, size_t size, int flags, __CONST_SOCKADDR_ARG address,
               socklen_t length) {
    struct iovec part = {(void *)(uintptr_t)buffer, size};
    struct msghdr message = {.msg_name = (void *)(uintptr_t)address.__sockaddr__,
                             .msg_namelen = length,
                             .msg_iov = &part,
                             .msg_iovlen = 1};
    return sendmsg(fd, &message, flags);
}

ssize_t send(int fd, const void *buffer, size_t size, int flags) {
    return sendto(fd, buffer, size, flags, (__CONST_SOCKADDR_ARG){NULL}, 0);
}

// ---- connections --------------------------------------------------------------------------------

int accept4(int fd, __SOCKADDR_ARG address, socklen_t *length, int flags) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    if (mode == PATCH_COOPERATIVE && patch_wait_acceptable(fd) < 0) return -1;
    struct sockaddr *from = address.__sockaddr__;
    return (int)patch_syscall(SYS_accept4, (long)fd, from, length, (long)flags);
}

int accept(int fd, __SOCKADDR_ARG address, socklen_t *length) {
    return accept4(fd, address, length, 0);
}

// How an attempt that has been begun has ended.
static int finish_connecting(int fd) {
    int error = 0;
    socklen_t size = sizeof error;
    if (patch_wait_writable(fd) < 0) return -1;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0) return -1;
    if (error == 0) return 0;
    errno = error;
    return -1;
}

static int connect_without_blocking(int fd, const struct sockaddr *address, socklen_t length) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) return -1;
    int code = __connect(fd, address, length);
    int error = errno;
    (void)fcntl(fd, F_SETFL, flags);
    errno = error;
    return code;
}

// A local socket whose listener is busy does not say when to try again.
int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t length) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    const struct sockaddr *to = address.__sockaddr__;
    if (mode == PATCH_PLAIN || patch_is_nonblocking(fd)) return __connect(fd, to, length);
    int code = connect_without_blocking(fd, to, length);
    if (code == 0) return 0;
    if (errno == EAGAIN) return __connect(fd, to, length);
    return errno == EINPROGRESS ? finish_connecting(fd) : -1;
}
