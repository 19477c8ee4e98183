// Waiting for nothing but time or one's turn.
//
// SPDX-License-Identifier: MIT
#include "wait.h"

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
