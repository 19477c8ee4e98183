// Reading, writing and closing.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "patch_socket.h"

ssize_t __read(int fd, void *buffer, size_t size);
ssize_t __write(int fd, const void *buffer, size_t size);
int __close(int fd);
int __dup2(int from, int to);

// ---- reading ------------------------------------------------------------------------------------

ssize_t read(int fd, void *buffer, size_t size) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    if (mode == PATCH_COOPERATIVE && patch_wait_readable(fd) < 0) return -1;
    return __read(fd, buffer, size);
}

ssize_t readv(int fd, const struct iovec *parts, int count) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    if (mode == PATCH_COOPERATIVE && patch_wait_readable(fd) < 0) return -1;
    return patch_syscall(SYS_readv, (long)fd, parts, (long)count);
}

// ---- writing ------------------------------------------------------------------------------------

// A pipe or terminal that can be written to takes so many bytes at once.
static ssize_t write_piecewise(int fd, const char *buffer, size_t size) {
    size_t done = 0;
    while (done < size) {
        size_t piece = size - done < PIPE_BUF ? size - done : PIPE_BUF;
        ssize_t written = patch_wait_writable(fd) < 0 ? -1 : __write(fd, buffer + done, piece);
        if (written < 0) return done > 0 ? (ssize_t)done : -1;
        done += (size_t)written;
    }
    return (ssize_t)done;
}

typedef enum kind { FILE_ON_DISK, PIPE, SOCKET } kind_t;

static kind_t kind_of(int fd) {
    struct stat status;
    if (fstat(fd, &status) < 0 || patch_is_nonblocking(fd)) return FILE_ON_DISK;
    if (S_ISSOCK(status.st_mode)) return SOCKET;
    return S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode) ? PIPE : FILE_ON_DISK;
}

ssize_t write(int fd, const void *buffer, size_t size) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    kind_t kind = mode == PATCH_COOPERATIVE && size > 0 ? kind_of(fd) : FILE_ON_DISK;
    if (kind == FILE_ON_DISK) return __write(fd, buffer, size);
    if (kind == PIPE) return write_piecewise(fd, buffer, size);
    struct iovec part = {(void *)(uintptr_t)buffer, size};
    return patch_send(fd, &(struct msghdr){.msg_iov = &part, .msg_iovlen = 1}, 0);
}

static size_t length_of(const struct iovec *parts, int count) {
    size_t length = 0;
    for (int i = 0; i < count; i++) length += parts[i].iov_len;
    return length;
}

static ssize_t write_parts(int fd, const struct iovec *parts, int count) {
    ssize_t done = 0;
    for (int i = 0; i < count; i++) {
        ssize_t written = write_piecewise(fd, parts[i].iov_base, parts[i].iov_len);
        if (written < 0) return done > 0 ? done : -1;
        done += written;
        if ((size_t)written < parts[i].iov_len) return done;
    }
    return done;
}

// What fits into a pipe at once stays in one piece.
ssize_t writev(int fd, const struct iovec *parts, int count) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    kind_t kind = mode == PATCH_COOPERATIVE && count > 0 ? kind_of(fd) : FILE_ON_DISK;
    if (kind == SOCKET) {
        struct msghdr message = {.msg_iov = (struct iovec *)(uintptr_t)parts,
                                 .msg_iovlen = (size_t)count};
        return patch_send(fd, &message, 0);
    }
    if (kind == PIPE && length_of(parts, count) > PIPE_BUF) return write_parts(fd, parts, count);
    if (kind == PIPE && patch_wait_writable(fd) < 0) return -1;
    return patch_syscall(SYS_writev, (long)fd, parts, (long)count);
}

// ---- closing ------------------------------------------------------------------------------------

void patch_tell_closed(int fd) {
    if (!patch_is_out_of_place()) gevent_fd_closed(fd);
}

// None of these waits, so that who has been killed can still clean up.
int close(int fd) {
    patch_tell_closed(fd);
    return __close(fd);
}

int dup2(int from, int to) {
    if (from != to) patch_tell_closed(to);
    return __dup2(from, to);
}

int dup3(int from, int to, int flags) {
    if (from != to) patch_tell_closed(to);
    return (int)syscall(SYS_dup3, from, to, flags);
}
