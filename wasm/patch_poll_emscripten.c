// poll and select with Emscripten, whose own do not wait (../docs/libc.md).
//
// SPDX-License-Identifier: MIT
#include "../src/patch/patch.h"

#include "../src/patch/patch_poll.h"

#include <errno.h>
#include <signal.h>

#include "../src/gevent/fd_internal.h"
#include "host.h"

// Emscripten's JavaScript.
long __syscall_poll(long fds, long count, long milliseconds);
long __syscall__newselect(long count, long readable, long writable, long exceptional, long time);

// For what cannot be waited for, pipes and sockets.
static const double SECONDS_BETWEEN_LOOKS = 0.01;

static int result_of(long ready) {
    if (ready >= 0) return (int)ready;
    errno = (int)-ready;
    return -1;
}

// Emscripten says nothing of descriptors that are not open. How many there are.
static int note_closed(struct pollfd *fds, nfds_t count) {
    int noted = 0;
    for (nfds_t i = 0; i < count; i++) {
        if (fds[i].fd < 0 || host_probe_fd(fds[i].fd, 0) != PROBE_NOT_OPEN) continue;
        fds[i].revents = POLLNVAL;
        noted++;
    }
    return noted;
}

int patch_poll_now(struct pollfd *fds, nfds_t count) {
    int ready = result_of(__syscall_poll((long)fds, (long)count, 0));
    return ready < 0 ? ready : ready + note_closed(fds, count);
}

static int select_now(const patch_sets_t *sets, int count) {
    return result_of(__syscall__newselect(count, (long)sets->readable, (long)sets->writable,
                                          (long)sets->exceptional, 0));
}

gevent_case_t patch_poll_case(int fd, unsigned events, double *patience) {
    if (host_probe_fd(fd, events) != PROBE_CANNOT_WAIT) return fd_shared_case(fd, events);
    if (*patience > SECONDS_BETWEEN_LOOKS) *patience = SECONDS_BETWEEN_LOOKS;
    return gevent_never_case();
}

// ---- what libc calls ----------------------------------------------------------------------------

int poll(struct pollfd *fds, nfds_t count, int milliseconds) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    if (mode == PATCH_PLAIN) return patch_poll_now(fds, count);
    return patch_poll(fds, count, milliseconds < 0 ? GEVENT_FOREVER : milliseconds / 1e3);
}

// There are no signals that a mask could hold back.
int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *time, const sigset_t *mask) {
    (void)mask;
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    if (mode == PATCH_PLAIN) return patch_poll_now(fds, count);
    return patch_poll(fds, count, patch_seconds_of(time));
}

int pselect(int count, fd_set *restrict readable, fd_set *restrict writable,
            fd_set *restrict exceptional, const struct timespec *restrict time,
            const sigset_t *restrict mask) {
    (void)mask;
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    const patch_sets_t sets = {readable, writable, exceptional};
    if (mode == PATCH_PLAIN) return select_now(&sets, count);
    return patch_select_in_sets(&sets, count, patch_seconds_of(time));
}

int select(int count, fd_set *restrict readable, fd_set *restrict writable,
           fd_set *restrict exceptional, struct timeval *restrict time) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    const patch_sets_t sets = {readable, writable, exceptional};
    if (mode == PATCH_PLAIN) return select_now(&sets, count);
    return patch_select_until(&sets, count, time);
}
