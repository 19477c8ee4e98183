// SPDX-License-Identifier: MIT
#include "timer.h"

#include "hub_internal.h"

static void fire(callback_t *callback);

static void begin(hub_t *hub, gevent_timer_t *timer, int64_t deadline) {
    if (deadline == LOOP_NEVER) return;
    timer->is_pending = 1;
    hub->uncounted_timers += timer->is_uncounted;
    hub_start_timer(hub, &timer->node, deadline, fire);
}

// Of one that is pending: in the heap, or due and in the ready queue.
static void end(gevent_timer_t *timer) {
    timer->is_pending = 0;
    hub_get()->uncounted_timers -= timer->is_uncounted;
    hub_stop_timer(&timer->node);
}

// The first after now of those that follow from the last one.
static int64_t next_deadline(hub_t *hub, const gevent_timer_t *timer) {
    int64_t next = hub_add_seconds(timer->node.deadline, timer->repeat);
    int64_t now = hub_update_now(hub);
    if (next == LOOP_NEVER || next > now) return next;
    int64_t period = hub_add_seconds(0, timer->repeat);
    return next + ((now - next) / period + 1) * period;
}

// It begins anew before it is called, so that it can stop itself in there, or go away.
static void fire(callback_t *callback) {
    gevent_timer_t *timer = LIST_ITEM(callback, gevent_timer_t, node.callback);
    hub_t *hub = hub_get();
    end(timer);
    if (timer->repeat > 0) begin(hub, timer, next_deadline(hub, timer));
    hub_call_back(timer->run, timer->argument);
}

int gevent_timer_start(gevent_timer_t *timer, double after, double repeat, gevent_callback_fn run,
                       void *argument) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    if (!timer || !run || !(repeat >= 0)) return greenlet_fail(GREENLET_EINVAL);
    if (timer->is_pending) return greenlet_fail(GREENLET_ESTARTED);
    timer->run = run;
    timer->argument = argument;
    timer->repeat = repeat;
    begin(hub, timer, hub_deadline(hub, after));
    return GREENLET_OK;
}

int gevent_timer_again(gevent_timer_t *timer) {
    if (!timer || !timer->run) return greenlet_fail(GREENLET_EINVAL);
    hub_t *hub = hub_get();
    gevent_timer_stop(timer);
    if (timer->repeat > 0) begin(hub, timer, hub_deadline(hub, timer->repeat));
    return GREENLET_OK;
}

void gevent_timer_stop(gevent_timer_t *timer) {
    if (timer->is_pending) end(timer);
}

int gevent_timer_pending(const gevent_timer_t *timer) {
    return timer->is_pending;
}

int gevent_timer_set_counted(gevent_timer_t *timer, int is_counted) {
    int was_counted = !timer->is_uncounted;
    if (timer->is_pending) {
        hub_t *hub = hub_get();
        hub->uncounted_timers -= timer->is_uncounted;
        hub->uncounted_timers += !is_counted;
    }
    timer->is_uncounted = !is_counted;
    return was_counted;
}
