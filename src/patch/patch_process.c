// Children: waiting for them, and what they are not to touch.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include <errno.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../gevent/hub_internal.h"

pid_t __waitpid(pid_t child, int *status, int options);

static pid_t owner; // the process whose loops they are

// A child that was there before the hub has one of its own.
static void take_over(void) {
    if (!hub_if_any()) owner = getpid();
}

__attribute__((constructor)) static void follow_forks(void) {
    owner = getpid();
    (void)pthread_atfork(NULL, NULL, take_over);
}

// One of vfork has its parent's memory, too.
int patch_is_in_child(void) {
    return getpid() != owner;
}

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
