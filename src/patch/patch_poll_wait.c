// How poll and select park, and what they answer: the same wherever libc is patched.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include "patch_poll.h"

#include <errno.h>

#include "../memory.h"

double patch_seconds_of(const struct timespec *time) {
    return time ? (double)time->tv_sec + (double)time->tv_nsec / 1e9 : GEVENT_FOREVER;
}

// ---- poll ---------------------------------------------------------------------------------------

static gevent_case_t case_for(const struct pollfd *poller, double *patience) {
    unsigned readable = poller->events & (POLLIN | POLLRDNORM) ? GEVENT_READABLE : 0;
    unsigned writable = poller->events & (POLLOUT | POLLWRNORM) ? GEVENT_WRITABLE : 0;
    if (poller->fd < 0 || !(readable | writable)) return gevent_never_case();
    return patch_poll_case(poller->fd, readable | writable, patience);
}

// Until one of them may be ready, or the time is over. 0, or -1 and errno. That one of them has
// been closed is for who looks to say.
static int park(gevent_case_t *cases, const struct pollfd *fds, nfds_t count, double seconds) {
    for (nfds_t i = 0; i < count; i++) cases[i] = case_for(&fds[i], &seconds);
    if (patch_select(cases, count, seconds, PATCH_SLEEP) >= 0) return 0;
    return errno == EBADF || errno == EAGAIN ? 0 : -1;
}

static int poll_in(gevent_case_t *cases, struct pollfd *fds, nfds_t count, double seconds) {
    double end = gevent_now() + seconds;
    for (;;) {
        double left = seconds == GEVENT_FOREVER ? GEVENT_FOREVER : end - gevent_now();
        if (left > 0 && park(cases, fds, count, left) < 0) return -1;
        int ready = patch_poll_now(fds, count);
        if (ready != 0 || left <= 0) return ready;
    }
}

// Whoever looks again and again lets others run.
static int look_again(struct pollfd *fds, nfds_t count) {
    int code = gevent_yield();
    return code < 0 ? patch_fail(code) : patch_poll_now(fds, count);
}

int patch_poll(struct pollfd *fds, nfds_t count, double seconds) {
    int ready = patch_poll_now(fds, count);
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

// ---- select -------------------------------------------------------------------------------------

static int has(const fd_set *set, int fd) {
    return set && FD_ISSET(fd, set);
}

static nfds_t pollers_of(const patch_sets_t *sets, int count, struct pollfd *fds) {
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

static int answer(const patch_sets_t *sets, const struct pollfd *fds, nfds_t used) {
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

int patch_select_in_sets(const patch_sets_t *sets, int count, double seconds) {
    struct pollfd fds[FD_SETSIZE];
    if (count < 0 || count > FD_SETSIZE || !(seconds >= 0)) {
        errno = EINVAL;
        return -1;
    }
    nfds_t used = pollers_of(sets, count, fds);
    int ready = patch_poll(fds, used, seconds);
    return ready < 0 ? -1 : answer(sets, fds, used);
}

static struct timeval timeval_of(double seconds) {
    if (seconds <= 0) return (struct timeval){0};
    time_t whole = (time_t)seconds;
    return (struct timeval){whole, (suseconds_t)((seconds - (double)whole) * 1e6)};
}

int patch_select_until(const patch_sets_t *sets, int count, struct timeval *time) {
    double seconds = time ? (double)time->tv_sec + (double)time->tv_usec / 1e6 : GEVENT_FOREVER;
    double end = gevent_now() + seconds;
    int ready = patch_select_in_sets(sets, count, seconds);
    if (time) *time = timeval_of(end - gevent_now());
    return ready;
}
