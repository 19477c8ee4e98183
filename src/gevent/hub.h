// The hub: running until all is done, who waits for what, and what nobody else hears of.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_HUB_H
#define GEVENT_HUB_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// The hub's greenlet: borrowed. Its parent is the main greenlet.
greenlet_t *gevent_hub(void);

// From main (else GREENLET_EINVAL): waits until every task has finished and no timer is left.
// GREENLET_EDEADLK, with a report, if tasks are left that nobody can wake. (gevent: hub.join)
int gevent_run(void);

// Writes who waits for what, a line each, NUL-terminated, into `size` bytes (0: `buffer` may be
// NULL). Returns the length that it has or would have, as snprintf. From anywhere.
size_t gevent_dump(char *buffer, size_t size);

// Told of each task that fails, when it does, whether or not somebody will ask for its error, and
// of errors that reach the hub. Called in that task or in the hub, so it must not wait; both
// arguments are borrowed for the call. The default prints a line. (gevent: hub.handle_error)
typedef void (*gevent_unhandled_fn)(greenlet_t *greenlet, const greenlet_error_t *error);
// Sets the hook (NULL: the default) and returns the previous one.
gevent_unhandled_fn gevent_set_unhandled(gevent_unhandled_fn hook);

#ifdef __cplusplus
}
#endif
#endif
