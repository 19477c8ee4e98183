// poll and select.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>

#include "../gevent/fd_internal.h"
#include "../memory.h"

int __poll(struct pollfd *fds, nfds_t count, int milliseconds);
int __select(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
             struct timeval *time);

enum { NSIG_BYTES = 8 }; // of the kernel's set of signals

// ---- poll ---------------------------------------------------------------------------------------

static gevent_case_t case_for(const struct pollfd *poller) {
    unsigned readable = poller->events & (POLLIN | POLLRDNORM) ? GEVENT_READABLE : 0;
    unsigned writable = poller->events & (POLLOUT | POLLWRNORM) ? GEVENT_WRITABLE : 0;
    if (poller->fd < 0 || !(readable | writable)) return gevent_never_case();
    return fd_shared_case(poller->fd, readable | writable);
}

// Until one of them may be ready. 0 when the time is over, 1, or -1 and errno. That one of them has
// been closed is for who looks to say.
static int park(gevent_case_t *cases, const struct pollfd *fds, nfds_t count, double seconds) {
    for (nfds_t i = 0; i < count; i++) cases[i] = case_for(&fds[i]);
    if (patch_select(cases, count, seconds, PATCH_SLEEP) >= 0 || errno == EBADF) return 1;
    return errno == EAGAIN ? 0 : -1;
}

static int poll_in(gevent_case_t *cases, struct pollfd *fds, nfds_t count, double seconds) {
    double end = gevent_now() + seconds;
    for (;;) {
        double left = seconds == GEVENT_FOREVER ? GEVENT_FOREVER : end - gevent_now();
        int code = left > 0 ? park(cases, fds, count, left) : 0;
        if (code < 0) return -1;
        int ready = __poll(fds, count, 0);
        if (ready != 0 || code == 0) return ready;
    }
}

// Whoever looks again and again lets others run.
static int look_again(struct pollfd *fds, nfds_t count) {
    int code = gevent_yield();
    return code < 0 ? patch_fail(code) : __poll(fds, count, 0);
}

static int poll_cooperatively(struct pollfd *fds, nfds_t count, double seconds) {
    int ready = __poll(fds, count, 0);
    if (ready != 0) return ready;
    if (seconds <= 0) return look_again(fds, count);
    gevent_case_t *cases = memory_alloc((count + 1) * sizeof *cases);
    if (!cases) return patch_fail(GREENLET_ENOMEM);
    gevent_cleanup_t cleanup;
    gevent_cleanup_push(&cleanup, memory_free, cases);
    ready = poll_in(cases, fds, count, seconds);
    gevent_cleanup_pop(&cleanup, 1);
    return ready;
}

int poll(struct pollfd *fds, nfds_t count, int milliseconds) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    if (mode == PATCH_PLAIN) return __poll(fds, count, milliseconds);
    return poll_cooperatively(fds, count, milliseconds < 0 ? GEVENT_FOREVER : milliseconds / 1e3);
}

static double seconds_of(const struct timespec *time) {
    return time ? (double)time->tv_sec + (double)time->tv_nsec / 1e9 : GEVENT_FOREVER;
}

// The mask is the thread's, and so also that of whoever runs meanwhile.
static int poll_masked(struct pollfd *fds, nfds_t count, double seconds, const sigset_t *mask) {
    sigset_t before;
    if (mask) (void)pthread_sigmask(SIG_SETMASK, mask, &before);
    int ready = poll_cooperatively(fds, count, seconds);
    if (mask) (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ready;
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *time, const sigset_t *mask) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    if (mode == PATCH_COOPERATIVE) return poll_masked(fds, count, seconds_of(time), mask);
    struct timespec copy = time ? *time : (struct timespec){0};
    return (int)patch_syscall(SYS_ppoll, fds, count, time ? &copy : NULL, mask, (long)NSIG_BYTES);
}

// ---- select -------------------------------------------------------------------------------------

typedef struct sets {
    fd_set *readable, *writable, *exceptional;
} sets_t;

static int has(const fd_set *set, int fd) {
    return set && FD_ISSET(fd, set);
}

static nfds_t pollers_of(const sets_t *sets, int count, struct pollfd *fds) {
    nfds_t used = 0;
    for (int fd = 0; fd < count; fd++) {
        int readable = has(sets->readable, fd) ? POLLIN : 0;
        int writable = has(sets->writable, fd) ? POLLOUT : 0;
        int exceptional = has(sets->exceptional, fd) ? POLLPRI : 0;
        int events = readable | writable | exceptional;
        if (events) fds[used++] = (struct pollfd){.fd = fd, .events = (short)events};
    }
    return used;
}

static void clear(fd_set *set) {
    if (set) FD_ZERO(set);
}

static int add(fd_set *set, const struct pollfd *poller, int wanted, int events) {
    if (!(poller->events & wanted) || !(poller->revents & events)) return 0;
    FD_SET(poller->fd, set);
    return 1;
}

static int answer(const sets_t *sets, const struct pollfd *fds, nfds_t used) {
    int count = 0;
    for (nfds_t i = 0; i < used; i++)
        if (fds[i].revents & POLLNVAL) return patch_fail(GREENLET_EBADF);
    clear(sets->readable);
    clear(sets->writable);
    clear(sets->exceptional);
    for (nfds_t i = 0; i < used; i++) {
        count += add(sets->readable, &fds[i], POLLIN, POLLIN | POLLHUP | POLLERR);
        count += add(sets->writable, &fds[i], POLLOUT, POLLOUT | POLLERR);
        count += add(sets->exceptional, &fds[i], POLLPRI, POLLPRI);
    }
    return count;
}

static int select_cooperatively(const sets_t *sets, int count, double seconds,
                                const sigset_t *mask) {
    struct pollfd fds[FD_SETSIZE];
    if (count < 0 || count > FD_SETSIZE || !(seconds >= 0)) {
        errno = EINVAL;
        return -1;
    }
    nfds_t used = pollers_of(sets, count, fds);
    int ready = poll_masked(fds, used, seconds, mask);
    return ready < 0 ? -1 : answer(sets, fds, used);
}

int pselect(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
            const struct timespec *time, const sigset_t *mask) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    const sets_t sets = {readable, writable, exceptional};
    if (mode == PATCH_COOPERATIVE)
        return select_cooperatively(&sets, count, seconds_of(time), mask);
    struct timespec copy = time ? *time : (struct timespec){0};
    struct {
        const sigset_t *mask;
        size_t size;
    } argument = {mask, NSIG_BYTES};
    return (int)patch_syscall(SYS_pselect6, (long)count, readable, writable, exceptional,
                              time ? &copy : NULL, &argument);
}

static struct timeval timeval_of(double seconds) {
    if (seconds <= 0) return (struct timeval){0};
    time_t whole = (time_t)seconds;
    return (struct timeval){whole, (suseconds_t)((seconds - (double)whole) * 1e6)};
}

// As on Linux, `time` says afterwards what is left of it.
int select(int count, fd_set *readable, fd_set *writable, fd_set *exceptional,
           struct timeval *time) {
    patch_mode_t mode = patch_begin();
    if (mode == PATCH_REFUSED) return -1;
    if (mode == PATCH_PLAIN) return __select(count, readable, writable, exceptional, time);
    const sets_t sets = {readable, writable, exceptional};
    double seconds = time ? (double)time->tv_sec + (double)time->tv_usec / 1e6 : GEVENT_FOREVER;
    double end = gevent_now() + seconds;
    int ready = select_cooperatively(&sets, count, seconds, NULL);
    if (time) *time = timeval_of(end - gevent_now());
    return ready;
}
