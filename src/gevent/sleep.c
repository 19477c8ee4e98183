// Waiting for nothing but time or one's turn.
//
// SPDX-License-Identifier: MIT
#include "waiters.h"

int gevent_yield(void) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    wait_t wait = {.what = "yield"};
    if (wait_check(hub) == GREENLET_OK) wait_wake(&wait);
    return wait_until(&wait, LOOP_NEVER);
}

int gevent_sleep(double seconds) {
    if (!(seconds > 0)) return gevent_yield();
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    wait_t wait = {.what = "sleep"};
    int code = wait_until(&wait, hub_deadline(hub, seconds));
    return code == WAIT_TIMED_OUT ? GREENLET_OK : code;
}

int gevent_idle(void) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    wait_t wait = {.what = "idle"};
    return waiters_wait(&hub->idlers, &wait, GEVENT_FOREVER);
}

// ---- slices -------------------------------------------------------------------------------------

enum { CALLS_PER_LOOK = 64 };

// The stretch that somebody is in, from one callback of the hub to the next.
typedef struct stretch {
    uint64_t callback;
    int64_t begin;
    unsigned calls;
} stretch_t;

static _Thread_local stretch_t stretch;

int gevent_maybe_yield(void) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    if (stretch.calls == 0 || stretch.callback != hub->callbacks_made)
        stretch = (stretch_t){hub->callbacks_made, hub->loop->now(), 0};
    if (++stretch.calls % CALLS_PER_LOOK > 0) return GREENLET_OK;
    if (hub->loop->now() - stretch.begin < hub->slice) return GREENLET_OK;
    return gevent_yield();
}
