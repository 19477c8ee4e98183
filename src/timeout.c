// Timeouts: an error with an identity, thrown into the greenlet that started the clock.
//
// SPDX-License-Identifier: MIT
#include "hub.h"

static void unlink_timeout(gevent_timeout_t *timeout) {
    gevent_timeout_t **place = &timeout->greenlet->timeouts;
    while (*place && *place != timeout) place = &(*place)->next;
    if (*place) *place = timeout->next;
}

// Takes it out of everything; the caller gets the error.
static greenlet_error_t *disarm(gevent_timeout_t *timeout) {
    greenlet_error_t *error = timeout->error;
    hub_stop_timer(&timeout->timer);
    unlink_timeout(timeout);
    timeout->error = NULL;
    timeout->greenlet = NULL;
    return error;
}

// Asked of the list and not of the timeout, whose memory may never have been written.
static int is_started(const gevent_timeout_t *timeout) {
    const gevent_timeout_t *other = greenlet_current()->timeouts;
    while (other && other != timeout) other = other->next;
    return other != NULL;
}

static void expire(callback_t *callback) {
    gevent_timeout_t *timeout = LIST_ITEM(callback, gevent_timeout_t, timer.callback);
    greenlet_t *greenlet = timeout->greenlet;
    greenlet_error_t *error = disarm(timeout);
    hub_throw(greenlet, error);
    greenlet_error_unref(error);
}

int gevent_timeout_start(gevent_timeout_t *timeout, double seconds) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    if (!timeout) return greenlet_fail(GREENLET_EINVAL);
    if (is_started(timeout)) {
        if (gevent_timeout_pending(timeout)) return greenlet_fail(GREENLET_ESTARTED);
        gevent_timeout_cancel(timeout);
    }
    *timeout = (gevent_timeout_t){0};
    // Made now, so that the expiry itself cannot run out of memory.
    greenlet_error_t *error =
        greenlet_error_new(&GREENLET_TIMEOUT, "a timeout of %g s expired", seconds);
    if (greenlet_error_code(error) == GREENLET_ENOMEM) return greenlet_fail(GREENLET_ENOMEM);
    greenlet_error_set_data(error, timeout, NULL);
    timeout->error = error;
    timeout->greenlet = greenlet_current();
    timeout->next = timeout->greenlet->timeouts;
    timeout->greenlet->timeouts = timeout;
    hub_start_timer(hub, &timeout->timer, hub_deadline(hub, seconds), expire);
    return GREENLET_OK;
}

void gevent_timeout_cancel(gevent_timeout_t *timeout) {
    if (timeout->greenlet) greenlet_error_unref(disarm(timeout));
}

int gevent_timeout_pending(const gevent_timeout_t *timeout) {
    return timeout->greenlet && (timer_is_pending(&timeout->timer) ||
                                 !list_is_empty(&timeout->timer.callback.link));
}

int gevent_timed_out_by(const gevent_timeout_t *timeout) {
    const greenlet_error_t *error = greenlet_last_error();
    return greenlet_error_is(error, &GREENLET_TIMEOUT) && greenlet_error_data(error) == timeout;
}

void timeout_forget_all(greenlet_t *greenlet) {
    while (greenlet->timeouts) gevent_timeout_cancel(greenlet->timeouts);
}
