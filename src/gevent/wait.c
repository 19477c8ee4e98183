// SPDX-License-Identifier: MIT
#include "wait.h"

#include "owner.h"
#include "scope_internal.h"
#include "waiters.h"

int wait_check(const hub_t *hub) {
    const greenlet_thread_t *thread = greenlet_thread();
    if (thread->current == hub->greenlet) return GREENLET_EHUB;
    if (thread->root != &thread->main) return GREENLET_EWOULDBLOCK;
    if (thread->current == &thread->main && hub->is_synchronous) return GREENLET_EWOULDBLOCK;
    return GREENLET_OK;
}

static void wake_from_queue(callback_t *callback) {
    wait_resume(LIST_ITEM(callback, wait_t, callback));
}

static void time_out(callback_t *callback) {
    wait_t *wait = LIST_ITEM(callback, wait_t, timer.callback);
    wait->timed_out = 1;
    wait_resume(wait);
}

static void begin(hub_t *hub, wait_t *wait, int64_t deadline) {
    wait->greenlet = greenlet_ref(greenlet_current());
    wait->greenlet->wait = wait;
    wait->since = hub->now;
    list_append(&hub->waits, &wait->all);
    hub_start_timer(hub, &wait->timer, deadline, time_out);
}

static void leave_places(const wait_t *wait) {
    for (waiter_t *place = wait->places; place; place = place->next_place) waiters_remove(place);
}

// Of one that has begun, or was refused.
static void end(wait_t *wait) {
    hub_stop_timer(&wait->timer);
    hub_cancel_call(&wait->callback);
    leave_places(wait);
    list_remove(&wait->all);
    if (wait->greenlet) wait->greenlet->wait = NULL;
    if (wait->greenlet) wait->greenlet->site = NULL;
    if (wait->cancel && !wait->is_woken) wait->cancel(wait);
}

static int outcome_of(const wait_t *wait, int code) {
    if (code < 0) return code;
    if (wait->token != wait) return greenlet_fail(GREENLET_ESWITCH);
    return wait->timed_out ? WAIT_TIMED_OUT : GREENLET_OK;
}

static int refuse_synchronous(const wait_t *wait) {
    const greenlet_t *whom = wait_whom(wait);
    return greenlet_raise(greenlet_error_type_of(GREENLET_EWOULDBLOCK),
                          "a synchronous call would have to wait in %s%s%s%s%s", wait->what,
                          wait->name ? "." : "", wait->name ? wait->name : "", whom ? " for " : "",
                          whom ? greenlet_name(whom) : "");
}

// Apart, since it takes stack, and every wait lies on it.
__attribute__((noinline)) static int refuse(const hub_t *hub, const wait_t *wait) {
    int code = wait_check(hub);
    if (code == GREENLET_EWOULDBLOCK) return refuse_synchronous(wait);
    if (code < 0) return greenlet_fail(code);
    return wait->ignores_cancel ? GREENLET_OK : gevent_check_cancelled();
}

int wait_until(wait_t *wait, int64_t deadline) {
    hub_t *hub = hub_get();
    int code = refuse(hub, wait);
    if (code < 0) {
        end(wait);
        return code;
    }
    begin(hub, wait, deadline);
    code = outcome_of(wait, greenlet_switch(hub->greenlet, NULL, &wait->token));
    wait->is_woken = wait->is_woken && code == GREENLET_OK;
    end(wait);
    greenlet_mark_site(NULL);
    greenlet_unref(wait->greenlet);
    return code;
}

int wait_seconds(wait_t *wait, double seconds) {
    int code = wait_until(wait, hub_deadline(hub_get(), seconds));
    return code == WAIT_TIMED_OUT ? greenlet_fail(GREENLET_ETIMEDOUT) : code;
}

const greenlet_t *wait_whom(const wait_t *wait) {
    if (wait->owner) return owner_greenlet(wait->owner);
    return wait->holder ? *wait->holder : wait->whom;
}

// What has been queued for it before, as that its scope was cancelled, stays.
void wait_wake(wait_t *wait) {
    if (!list_is_empty(&wait->callback.link)) return;
    wait->callback.run = wake_from_queue;
    hub_call(hub_get(), &wait->callback);
}

void wait_wake_next(wait_t *wait) {
    wait->callback.run = wake_from_queue;
    hub_call_next(hub_get(), &wait->callback);
}

void wait_settle(wait_t *wait) {
    wait->is_settled = 1;
    leave_places(wait);
    hub_stop_timer(&wait->timer);
    wait->callback.run = wake_from_queue;
    hub_call(hub_get(), &wait->callback);
}

int wait_is_settled(const greenlet_t *greenlet) {
    return greenlet->wait && greenlet->wait->is_settled;
}

void wait_resume(wait_t *wait) {
    wait->is_woken = 1;
    hub_switch(wait->greenlet, wait);
}

int wait_is_about_to_end(const wait_t *wait) {
    return !list_is_empty(&wait->callback.link) || !list_is_empty(&wait->timer.callback.link);
}

void wait_drop(greenlet_t *greenlet) {
    wait_t *wait = greenlet->wait;
    if (!wait) return;
    wait->is_woken = 0;
    end(wait);
    greenlet_unref(wait->greenlet);
}
