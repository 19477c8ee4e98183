// poll and select of the cooperative libc, apart from how a host is asked.
#ifndef GREENLET_PATCH_POLL_H
#define GREENLET_PATCH_POLL_H

#include <poll.h>
#include <sys/select.h>
#include <time.h>

#include "../gevent.h"

typedef struct patch_sets {
    fd_set *readable, *writable, *exceptional;
} patch_sets_t;

// What poll and select do once it is clear that they may park.
int patch_poll(struct pollfd *fds, nfds_t count, double seconds);
int patch_select_in_sets(const patch_sets_t *sets, int count, double seconds);

// Likewise. As on Linux, `time` says afterwards what is left of it.
int patch_select_until(const patch_sets_t *sets, int count, struct timeval *time);

// NULL: for ever.
double patch_seconds_of(const struct timespec *time);

// The host's: libc's own poll, for no time; and how a descriptor is waited for. If that cannot be,
// `patience` is lowered to the seconds after which to look again.
int patch_poll_now(struct pollfd *fds, nfds_t count);
gevent_case_t patch_poll_case(int fd, unsigned events, double *patience);

#endif
