// poll and select of glibc.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include "patch_poll.h"

#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>

#include "../gevent/fd_internal.h"

int __poll(struct pollfd *fds, nfds_t count, int milliseconds);
int __select(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
             struct timeval *time);

enum { NSIG_BYTES = 8 }; // of the kernel's set of signals

int patch_poll_now(struct pollfd *fds, nfds_t count) {
    return __poll(fds, count, 0);
}

gevent_case_t patch_poll_case(int fd, unsigned events, double *patience) {
    (void)patience;
    return fd_shared_case(fd, events);
}

int poll(struct pollfd *fds, nfds_t count, int milliseconds) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    if (mode == PATCH_PLAIN) return __poll(fds, count, milliseconds);
    return patch_poll(fds, count, milliseconds < 0 ? GEVENT_FOREVER : milliseconds / 1e3);
}

// The mask is the thread's, and so also that of whoever runs meanwhile.
static void set_mask(const sigset_t *mask, sigset_t *before) {
    if (mask) (void)pthread_sigmask(SIG_SETMASK, mask, before);
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *time, const sigset_t *mask) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    if (mode == PATCH_PLAIN) {
        struct timespec copy = time ? *time : (struct timespec){0};
        return (int)patch_syscall(SYS_ppoll, fds, count, time ? &copy : NULL, mask,
                                  (long)NSIG_BYTES);
    }
    sigset_t before;
    set_mask(mask, &before);
    int ready = patch_poll(fds, count, patch_seconds_of(time));
    if (mask) set_mask(&before, NULL);
    return ready;
}

static int pselect_plainly(int count, const patch_sets_t *sets, const struct timespec *time,
                           const sigset_t *mask) {
    struct timespec copy = time ? *time : (struct timespec){0};
    struct {
        const sigset_t *mask;
        size_t size;
    } argument = {mask, NSIG_BYTES};
    return (int)patch_syscall(SYS_pselect6, (long)count, sets->readable, sets->writable,
                              sets->exceptional, time ? &copy : NULL, &argument);
}

int pselect(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
            const struct timespec *time, const sigset_t *mask) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    const patch_sets_t sets = {readable, writable, exceptional};
    if (mode == PATCH_PLAIN) return pselect_plainly(count, &sets, time, mask);
    sigset_t before;
    set_mask(mask, &before);
    int ready = patch_select_in_sets(&sets, count, patch_seconds_of(time));
    if (mask) set_mask(&before, NULL);
    return ready;
}

int select(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
           struct timeval *time) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    if (mode == PATCH_PLAIN) return __select(count, readable, writable, exceptional, time);
    return patch_select_until(&(patch_sets_t){readable, writable, exceptional}, count, time);
}
