// SPDX-License-Identifier: MIT
#include "source.h"

#include <limits.h>

#include "random.h"

typedef struct select {
    wait_t wait;
    gevent_case_t *told; // or NULL
} select_t;

static _Thread_local random_t choices; // 0: none

void gevent_set_select_seed(uint64_t seed) {
    choices = seed;
}

// ---- what can be done at once -------------------------------------------------------------------

static size_t count_ready(const gevent_case_t *cases, size_t count) {
    size_t ready = 0;
    for (size_t i = 0; i < count; i++) ready += (size_t)case_is_ready(&cases[i]);
    return ready;
}

// How many of those that are ready are to be left out.
static size_t choose_skipped(const gevent_case_t *cases, size_t count) {
    size_t ready = choices ? count_ready(cases, count) : 0;
    return ready > 1 ? (size_t)(random_next(&choices) % ready) : 0;
}

static int take(gevent_case_t *cases, gevent_case_t *chosen) {
    chosen->code = chosen->source->take(chosen);
    return (int)(chosen - cases);
}

// The index of what was done; negative: nothing is ready.
static int take_ready(gevent_case_t *cases, size_t count) {
    size_t skipped = choose_skipped(cases, count);
    for (size_t i = 0; i < count; i++)
        if (case_is_ready(&cases[i]) && skipped-- == 0) return take(cases, &cases[i]);
    return -1;
}

// ---- what can be done later ---------------------------------------------------------------------

static void tell(waiter_t *waiter) {
    gevent_case_t *each = LIST_ITEM(waiter, gevent_case_t, place);
    each->is_told = 1;
    LIST_ITEM(waiter->wait, select_t, wait)->told = each;
    wait_resume(waiter->wait);
}

void case_settle(gevent_case_t *each) {
    each->code = GREENLET_OK;
    each->is_settled = 1;
    LIST_ITEM(each->place.wait, select_t, wait)->told = each;
    wait_settle(each->place.wait);
}

// Killed before it could go on.
static void give_back(wait_t *wait) {
    const gevent_case_t *told = LIST_ITEM(wait, const select_t, wait)->told;
    int is_settled = told && told->is_settled;
    if (is_settled && told->source->give_back) told->source->give_back(told);
}

static const char *name_of(const gevent_case_t *cases, size_t count) {
    return count == 1 && cases->source ? cases->source->what : "select";
}

static int wait_for_any(select_t *select, gevent_case_t *cases, size_t count, int64_t deadline) {
    select->wait.what = name_of(cases, count);
    select->wait.cancel = give_back;
    for (size_t i = 0; i < count; i++) case_park(&cases[i], &select->wait, tell);
    const gevent_case_t *timer = case_nearest(cases, count);
    return wait_until(&select->wait, timer && timer->when < deadline ? timer->when : deadline);
}

static int time_is_over(gevent_case_t *cases, size_t count, int64_t deadline) {
    gevent_case_t *timer = case_nearest(cases, count);
    if (timer && timer->when <= deadline) return take(cases, timer);
    return greenlet_fail(GREENLET_ETIMEDOUT);
}

static int select_later(gevent_case_t *cases, size_t count, double seconds) {
    int64_t deadline = hub_deadline(hub_get(), seconds);
    for (;;) {
        select_t select = {.told = NULL};
        int code = wait_for_any(&select, cases, count, deadline);
        if (code < 0) return code;
        if (code == WAIT_TIMED_OUT) return time_is_over(cases, count, deadline);
        if (select.told->is_settled) return (int)(select.told - cases);
        if (case_is_ready(select.told)) return take(cases, select.told);
    }
}

// ---- select -------------------------------------------------------------------------------------

int gevent_select(gevent_case_t *cases, size_t count, double seconds) {
    if (!hub_get()) return greenlet_fail(GREENLET_ENOMEM);
    if ((!cases && count > 0) || count > INT_MAX) return greenlet_fail(GREENLET_EINVAL);
    int index = take_ready(cases, count);
    if (index >= 0) return index;
    if (seconds <= 0) return greenlet_fail(GREENLET_ETIMEDOUT);
    return select_later(cases, count, seconds);
}

int case_do(gevent_case_t *each, double seconds) {
    int code = gevent_select(each, 1, seconds);
    return code < 0 ? code : each->code;
}

int case_do_later(gevent_case_t *each, double seconds) {
    if (!hub_get()) return greenlet_fail(GREENLET_ENOMEM);
    int code = select_later(each, 1, seconds);
    return code < 0 ? code : each->code;
}
