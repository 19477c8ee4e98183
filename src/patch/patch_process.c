// Waiting for a child.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t __waitpid(pid_t child, int *status, int options);

static void close_fd(void *fd) {
    (void)close((int)(intptr_t)fd);
}

// -1 and errno if it was not to be.
static int wait_for_end(int pidfd) {
    gevent_cleanup_t cleanup;
    gevent_cleanup_push(&cleanup, close_fd, (void *)(intptr_t)pidfd);
    int code = patch_wait_readable(pidfd);
    int error = errno;
    gevent_cleanup_pop(&cleanup, 1);
    errno = error;
    return code;
}

// A system without descriptors of processes waits as ever.
static int park(pid_t child) {
    int pidfd = (int)syscall(SYS_pidfd_open, child, 0);
    return pidfd < 0 ? 0 : wait_for_end(pidfd);
}

// For one child that is named; who waits for any of them, or for one that stops, blocks.
pid_t waitpid(pid_t child, int *status, int options) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    int is_cooperative = mode == PATCH_COOPERATIVE && child > 0 && options == 0;
    if (is_cooperative && park(child) < 0) return -1;
    return __waitpid(child, status, options);
}
