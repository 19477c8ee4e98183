// Timeouts: an error with an identity, thrown into the greenlet that started the clock.
//
// SPDX-License-Identifier: MIT
#include "../memory.h"
#include "scope_internal.h"
#include "wait.h"

// What is pending lives here, and not where the caller put the timeout: a function may return
// without having cancelled it, and then that memory is something else.
typedef struct gevent_alarm {
    timer_node_t timer;
    greenlet_t *greenlet;
    greenlet_error_t *error; // owned
    const gevent_timeout_t *timeout;
    gevent_scope_t *scope;     // the innermost when it was started
    struct gevent_alarm *next; // of the same greenlet
} alarm_t;

// Where the pointer to it is in the current greenlet's list; the list's end if it is not pending.
static alarm_t **find(const gevent_timeout_t *timeout) {
    alarm_t **place = &greenlet_current()->alarms;
    while (*place && (*place)->timeout != timeout) place = &(*place)->next;
    return place;
}

// Takes an alarm out of everything and frees it; the caller gets the error.
static greenlet_error_t *disarm(alarm_t **place) {
    alarm_t *alarm = *place;
    greenlet_error_t *error = alarm->error;
    *place = alarm->next;
    hub_stop_timer(&alarm->timer);
    memory_free(alarm);
    return error;
}

static void expire(callback_t *callback) {
    alarm_t *alarm = LIST_ITEM(callback, alarm_t, timer.callback);
    greenlet_t *greenlet = alarm->greenlet;
    if (scope_defers(greenlet, alarm->scope, callback)) return;
    alarm_t **place = &greenlet->alarms;
    while (*place != alarm) place = &(*place)->next;
    greenlet_error_t *error = disarm(place);
    hub_throw(greenlet, error);
    greenlet_error_unref(error);
}

static greenlet_error_t *make_error(gevent_timeout_t *timeout, double seconds) {
    greenlet_error_t *error =
        greenlet_error_new(&GREENLET_TIMEOUT, "a timeout of %g s expired", seconds);
    if (greenlet_error_code(error) == GREENLET_ENOMEM) return NULL;
    greenlet_error_set_data(error, timeout, NULL);
    return error;
}

// The error is made with it, so that the expiry itself cannot run out of memory. NULL: none now.
static alarm_t *make_alarm(gevent_timeout_t *timeout, double seconds,
                           const greenlet_error_t *error) {
    alarm_t *alarm = memory_alloc_zeroed(sizeof *alarm);
    if (!alarm) return NULL;
    alarm->error = error ? greenlet_error_ref(error) : make_error(timeout, seconds);
    if (!alarm->error) {
        memory_free(alarm);
        return NULL;
    }
    alarm->timeout = timeout;
    alarm->greenlet = greenlet_current();
    alarm->scope = alarm->greenlet->scope;
    return alarm;
}

// `error` NULL: one of its own.
static int start(gevent_timeout_t *timeout, double seconds, const greenlet_error_t *error) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    if (!timeout) return greenlet_fail(GREENLET_EINVAL);
    if (*find(timeout)) return greenlet_fail(GREENLET_ESTARTED);
    int64_t deadline = hub_deadline(hub, seconds);
    if (deadline == LOOP_NEVER) return GREENLET_OK;
    alarm_t *alarm = make_alarm(timeout, seconds, error);
    if (!alarm) return greenlet_fail(GREENLET_ENOMEM);
    alarm->next = alarm->greenlet->alarms;
    alarm->greenlet->alarms = alarm;
    hub_start_timer(hub, &alarm->timer, deadline, expire);
    return GREENLET_OK;
}

int gevent_timeout_start(gevent_timeout_t *timeout, double seconds) {
    return start(timeout, seconds, NULL);
}

int gevent_timeout_start_error(gevent_timeout_t *timeout, double seconds,
                               const greenlet_error_t *error) {
    if (greenlet_error_code(error) >= 0) return greenlet_fail(GREENLET_EINVAL);
    return start(timeout, seconds, error);
}

int gevent_timeout_end(gevent_timeout_t *timeout, int code) {
    gevent_timeout_cancel(timeout);
    if (code >= 0 || !gevent_timed_out_by(timeout)) return code;
    if (code != greenlet_error_code(greenlet_last_error())) return code;
    greenlet_error_unref(greenlet_error_take());
    return GEVENT_EXPIRED;
}

int gevent_with_timeout(double seconds, greenlet_run_fn run, void *argument, void **value) {
    if (!run) return greenlet_fail(GREENLET_EINVAL);
    gevent_timeout_t timeout;
    int code = gevent_timeout_start(&timeout, seconds);
    if (code < 0) return code;
    void *outcome = NULL;
    code = gevent_timeout_end(&timeout, run(argument, &outcome));
    if (code >= 0 && code != GEVENT_EXPIRED && value) *value = outcome;
    return code;
}

void gevent_timeout_cancel(gevent_timeout_t *timeout) {
    alarm_t **place = find(timeout);
    if (*place) greenlet_error_unref(disarm(place));
}

int gevent_timeout_pending(const gevent_timeout_t *timeout) {
    return *find(timeout) != NULL;
}

int gevent_timed_out_by(const gevent_timeout_t *timeout) {
    const greenlet_error_t *error = greenlet_last_error();
    return greenlet_error_is(error, &GREENLET_TIMEOUT) && greenlet_error_data(error) == timeout;
}

void timeout_leave_scope(greenlet_t *greenlet, const gevent_scope_t *scope) {
    for (alarm_t *alarm = greenlet->alarms; alarm; alarm = alarm->next)
        if (alarm->scope == scope) alarm->scope = scope->parent;
}

int64_t timeout_nearest(const greenlet_t *greenlet) {
    int64_t nearest = LOOP_NEVER;
    for (const alarm_t *alarm = greenlet->alarms; alarm; alarm = alarm->next)
        if (alarm->timer.deadline < nearest && !scope_is_shielded_from(greenlet, alarm->scope))
            nearest = alarm->timer.deadline;
    return nearest;
}

void timeout_forget_all(greenlet_t *greenlet) {
    while (greenlet->alarms) greenlet_error_unref(disarm(&greenlet->alarms));
}
