// SPDX-License-Identifier: MIT
#include "waitgroup.h"

#include <limits.h>

#include "event_internal.h"

void gevent_waitgroup_init(gevent_waitgroup_t *group) {
    *group = (gevent_waitgroup_t){.count = 0};
}

// The event is set for a moment only: who has waited until then is woken, who comes later is not.
int gevent_waitgroup_add(gevent_waitgroup_t *group, int count) {
    if (count < -group->count || count > INT_MAX - group->count)
        return greenlet_fail(GREENLET_EINVAL);
    group->count += count;
    if (group->count > 0) return GREENLET_OK;
    gevent_event_set(&group->emptied);
    gevent_event_clear(&group->emptied);
    return GREENLET_OK;
}

int gevent_waitgroup_done(gevent_waitgroup_t *group) {
    return gevent_waitgroup_add(group, -1);
}

int gevent_waitgroup_count(const gevent_waitgroup_t *group) {
    return group->count;
}

int gevent_waitgroup_wait(gevent_waitgroup_t *group, double seconds) {
    return group->count == 0 ? GREENLET_OK : event_wait_as("waitgroup", &group->emptied, seconds);
}
