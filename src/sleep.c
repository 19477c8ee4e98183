// Waiting for nothing but time or one's turn.
//
// SPDX-License-Identifier: MIT
#include "hub.h"

int gevent_yield(void) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    wait_t wait = {.what = "yield"};
    if (hub_check_wait(hub) == GREENLET_OK) hub_wake(hub, &wait);
    return hub_wait(hub, &wait, LOOP_NEVER);
}

int gevent_sleep(double seconds) {
    if (!(seconds > 0)) return gevent_yield();
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    wait_t wait = {.what = "sleep"};
    int code = hub_wait(hub, &wait, hub_deadline(hub, seconds));
    return code == HUB_TIMED_OUT ? GREENLET_OK : code;
}
