// What the headers of gevent share.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_BASE_H
#define GEVENT_BASE_H

#include <float.h>
#include <stddef.h>
#include <stdint.h>

#include "../greenlet.h"

// Times are in seconds, as double. A time that never ends, and one that is over at once.
#define GEVENT_FOREVER DBL_MAX
#define GEVENT_NOWAIT 0.0

// What the hub calls, with the argument that came with it. It must not wait: what waits fails in it
// with GREENLET_EHUB. If it returns a negative code, its error is reported as that of the hub's
// greenlet (hub.h), and nothing else happens.
typedef int (*gevent_callback_fn)(void *argument);

// ---- private ------------------------------------------------------------------------------------
// Laid open so that callers can put what is made of these where they like; not to be touched.

struct gevent_link {
    struct gevent_link *next, *previous;
};
struct gevent_callback {
    struct gevent_link link;
    void (*run)(struct gevent_callback *callback);
};
struct gevent_timer_node {
    struct gevent_callback callback;
    struct gevent_timer_node *child, *sibling, **place;
    int64_t deadline;
    uint64_t sequence;
};
// Who waits for an object, and what tells them; and a place among them.
struct gevent_waiters {
    struct gevent_callback notifier;
    struct gevent_link list;
    void (*emptied)(struct gevent_waiters *waiters);
};
struct gevent_waiter {
    struct gevent_link link;
    struct gevent_waiters *waiters;
    void (*tell)(struct gevent_waiter *waiter);
    struct wait *wait;
    struct gevent_waiter *next_place;
    unsigned mark;
    int is_late;
};
// The task that alone sets an object: its greenlet's id (0: nobody in particular), and its number.
struct gevent_owner {
    uint64_t id;
    uint32_t ident;
};

#endif
