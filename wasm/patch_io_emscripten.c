// Reading and closing with Emscripten (../docs/libc.md). libc, its streams among it, does both by
// functions of preview 1, which are defined here under the names by which it calls them; those of
// Emscripten's JavaScript go by other names.
//
// SPDX-License-Identifier: MIT
#include "../src/patch/patch.h"

#include <errno.h>
#include <fcntl.h>
#include <wasi/api.h>

#include "wasm.h"

#define PREVIEW1(name) WASM_IMPORT("wasi_snapshot_preview1", name)

PREVIEW1("fd_read") __wasi_errno_t host_read(__wasi_fd_t, const __wasi_iovec_t *, size_t, size_t *);
PREVIEW1("fd_close") __wasi_errno_t host_close(__wasi_fd_t);

static int is_nonblocking(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 || flags & O_NONBLOCK;
}

// 0, or the number of the error with which it fails. What cannot be waited for, a pipe or a socket,
// says by itself that there is nothing.
static int wait_readable(int fd) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return errno;
    if (mode == PATCH_PLAIN || is_nonblocking(fd)) return 0;
    gevent_case_t each = gevent_fd_case(fd, GEVENT_READABLE);
    int code = patch_select(&each, 1, GEVENT_FOREVER, PATCH_TRANSFER);
    return code < 0 && errno != ENOSYS ? errno : 0;
}

__wasi_errno_t __wasi_fd_read(__wasi_fd_t fd, const __wasi_iovec_t *parts, size_t count,
                              size_t *result) {
    int error = wait_readable((int)fd);
    return error ? (__wasi_errno_t)error : host_read(fd, parts, count, result);
}

__wasi_errno_t __wasi_fd_close(__wasi_fd_t fd) {
    gevent_fd_closed((int)fd);
    return host_close(fd);
}
