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

// From main (else GREENLET_EINVAL): waits until every task has finished and no timer is left that
// counts. GREENLET_EDEADLK, with a report, if tasks are left that nobody can wake. (gevent:
// hub.join)
int gevent_run(void);
// The same, for at most `seconds`: GREENLET_OK if all is done, GREENLET_ETIMEDOUT if not.
int gevent_run_for(double seconds);

// Somebody whom the hub does not know of will wake somebody: until gevent_release, the hub waits
// for that, and does not say that nobody can. They nest. Under the virtual clock, time stands still
// meanwhile in JavaScript; natively nothing from outside can come, and they do not count. From
// anywhere; GREENLET_ENOMEM. (gevent: loop.ref, unref)
int gevent_hold(void);
void gevent_release(void);

// Makes the order among those who are ready at once random, and the same again for the same `seed`
// on every host; 0: first come, first served, as at first. Timers that are due at once count as
// ready at once; whoever waits for the same object is still served in the order of coming. To look
// for an order in which a program fails, run it with one seed after the other, and keep the seed.
// From anywhere. GREENLET_ENOMEM. (trio randomises its batches; ours)
int gevent_set_seed(uint64_t seed);

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
