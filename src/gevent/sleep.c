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

// The stretch that somebody is in, from one callback of the hub to the next.
typedef struct stretch {
    uint64_t callback;
    int64_t begin;
    pace_t pace;
} stretch_t;

static _Thread_local stretch_t stretch;

static void begin_stretch(const hub_t *hub) {
    int64_t now = hub->loop->now();
    stretch = (stretch_t){hub->callbacks_made, now, pace_begin(now)};
}

int gevent_maybe_yield(void) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    if (stretch.pace.rounds == 0 || stretch.callback != hub->callbacks_made) begin_stretch(hub);
    if (!pace_is_due(&stretch.pace)) return GREENLET_OK;
    int64_t now = hub_update_now(hub);
    pace_look(&stretch.pace, now, hub->slice);
    int is_over = now - stretch.begin >= hub->slice || now >= hub->pass_end;
    return is_over && wait_check(hub) == GREENLET_OK ? gevent_yield() : GREENLET_OK;
}
