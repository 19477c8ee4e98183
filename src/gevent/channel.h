// Channels: one greenlet hands an item to another, and both wait for that.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_CHANNEL_H
#define GEVENT_CHANNEL_H

#include "case.h"

#ifdef __cplusplus
extern "C" {
#endif

// A place where who puts and who gets meet, in the order of coming: the getter goes on first, then
// the putter. It holds nothing itself. Who is killed or timed out has neither put nor got anything.
// Lives where the caller puts it, for as long as anybody waits for it; there is nothing to free.
// (gevent: Channel)
typedef struct gevent_channel gevent_channel_t;

// Makes one that is open and that nobody waits for; so is one that is all zero.
void gevent_channel_init(gevent_channel_t *channel);

// Hands an item (the program's) to somebody who gets. With GEVENT_NOWAIT only to one who waits
// already; if that one is killed hard before it goes on, the next who waits gets it, and if nobody
// does, it is gone with him. GREENLET_ETIMEDOUT, GREENLET_ECLOSED: nobody has it. (gevent: put,
// put_nowait)
int gevent_channel_put(gevent_channel_t *channel, void *item, double seconds);

// Gets an item from somebody who puts. With GEVENT_NOWAIT only from one who waits already.
// GREENLET_ETIMEDOUT, GREENLET_ECLOSED:
//   while ((code = gevent_channel_get(&channel, GEVENT_FOREVER, &item)) >= 0) …
// (gevent: get, iteration)
int gevent_channel_get(gevent_channel_t *channel, double seconds, void **item);

// How many more wait to put than wait to get. From anywhere. (gevent: balance)
ptrdiff_t gevent_channel_balance(const gevent_channel_t *channel);

// From now on nothing can be put or got, and who waits fails. From anywhere; does nothing to one
// that is closed. (libdill: chdone)
void gevent_channel_close(gevent_channel_t *channel);
int gevent_channel_is_closed(const gevent_channel_t *channel);

// As cases: of select, and of wait, which does not put or get but hears that somebody waits on the
// other side. A select that could do both never meets itself. `value` is the item.
gevent_case_t gevent_channel_put_case(gevent_channel_t *channel, void *item);
gevent_case_t gevent_channel_get_case(gevent_channel_t *channel);

// ---- private ------------------------------------------------------------------------------------

struct gevent_channel {
    struct gevent_waiters getters, putters;
    int is_closed;
};

#ifdef __cplusplus
}
#endif
#endif
