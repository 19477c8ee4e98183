// Waiting for many things without doing any: gevent_iwait, and gevent_wait on top of it.
//
// SPDX-License-Identifier: MIT
#include "source.h"

// Keeps those that become ready between two calls of next, with when they did.
static void tell(waiter_t *waiter) {
    gevent_case_t *each = LIST_ITEM(waiter, gevent_case_t, place);
    gevent_iwait_t *iwait = each->iwait;
    each->is_told = 1;
    each->when = hub_get()->now;
    list_append(&iwait->told, &waiter->link);
    wait_t *waiting = iwait->waiting;
    iwait->waiting = NULL;
    if (waiting) wait_resume(waiting);
}

static void leave(void *argument) {
    gevent_iwait_t *iwait = argument;
    for (size_t i = 0; i < iwait->count; i++) {
        waiter_t *place = &iwait->cases[i].place;
        waiters_remove(place);
        list_remove(&place->link);
    }
}

static void listen(gevent_iwait_t *iwait, gevent_case_t *each) {
    int is_timer = each->source && !each->source->waiters;
    iwait->timers += (size_t)is_timer;
    each->iwait = iwait;
    each->is_told = 0;
    each->place = (waiter_t){0};
    if (!is_timer && case_is_ready(each))
        tell(&each->place);
    else
        case_park(each, NULL, tell);
}

int gevent_iwait_begin(gevent_iwait_t *iwait, gevent_case_t *cases, size_t count, double seconds) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    if (!iwait || (!cases && count > 0)) return greenlet_fail(GREENLET_EINVAL);
    *iwait = (gevent_iwait_t){.cases = cases, .count = count, .left = count};
    iwait->deadline = hub_deadline(hub, seconds);
    list_init(&iwait->told);
    for (size_t i = 0; i < count; i++) listen(iwait, &cases[i]);
    gevent_cleanup_push(&iwait->cleanup, leave, iwait);
    return GREENLET_OK;
}

void gevent_iwait_end(gevent_iwait_t *iwait) {
    gevent_cleanup_pop(&iwait->cleanup, 1);
}

static gevent_case_t *nearest_timer(const gevent_iwait_t *iwait) {
    return iwait->timers > 0 ? case_nearest(iwait->cases, iwait->count) : NULL;
}

// Takes out the one that became ready first; NULL: none is.
static gevent_case_t *take_first(gevent_iwait_t *iwait, gevent_case_t *timer) {
    if (timer && timer->when > hub_update_now(hub_get())) timer = NULL;
    gevent_case_t *told =
        list_is_empty(&iwait->told) ? NULL : LIST_ITEM(iwait->told.next, gevent_case_t, place.link);
    gevent_case_t *first = timer && (!told || timer->when < told->when) ? timer : told;
    if (!first) return NULL;
    iwait->timers -= first == timer;
    first->is_told = 1;
    list_remove(&first->place.link);
    iwait->left--;
    return first;
}

static int wait_for_next(gevent_iwait_t *iwait, const gevent_case_t *timer) {
    wait_t wait = {.what = "wait"};
    iwait->waiting = &wait;
    int is_first = timer && timer->when < iwait->deadline;
    int code = wait_until(&wait, is_first ? timer->when : iwait->deadline);
    iwait->waiting = NULL;
    return is_first && code == WAIT_TIMED_OUT ? GREENLET_OK : code;
}

// GREENLET_OK, GEVENT_IWAIT_DONE, WAIT_TIMED_OUT or the code of an error.
static int next(gevent_iwait_t *iwait, size_t *index) {
    if (iwait->left == 0) return GEVENT_IWAIT_DONE;
    int code = GREENLET_OK;
    while (code == GREENLET_OK) {
        gevent_case_t *timer = nearest_timer(iwait);
        const gevent_case_t *first = take_first(iwait, timer);
        if (first) {
            *index = (size_t)(first - iwait->cases);
            return GREENLET_OK;
        }
        code = wait_for_next(iwait, timer);
    }
    return code;
}

int gevent_iwait_next(gevent_iwait_t *iwait, size_t *index) {
    size_t unused;
    int code = next(iwait, index ? index : &unused);
    return code == WAIT_TIMED_OUT ? greenlet_fail(GREENLET_ETIMEDOUT) : code;
}

int gevent_wait(gevent_case_t *cases, size_t count, size_t wanted, double seconds, size_t *order) {
    gevent_iwait_t iwait = {.left = 0};
    int code = gevent_iwait_begin(&iwait, cases, count, seconds);
    if (code < 0) return code;
    size_t ready = 0, index;
    while (ready < wanted && (code = next(&iwait, &index)) == GREENLET_OK) {
        if (order) order[ready] = index;
        ready++;
    }
    gevent_iwait_end(&iwait);
    return code < 0 ? code : (int)ready;
}
