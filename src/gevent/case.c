// SPDX-License-Identifier: MIT
#include "result_internal.h"
#include "source.h"
#include "task_internal.h"

int case_is_ready(const gevent_case_t *each) {
    return each->source && each->source->is_ready(each);
}

void case_park(gevent_case_t *each, wait_t *wait, void (*tell)(waiter_t *waiter)) {
    each->is_told = each->is_settled = 0;
    each->place = (waiter_t){.tell = tell};
    const source_t *source = each->source;
    if (!source || !source->waiters) return;
    if (wait)
        waiters_add_place(source->waiters(each), &each->place, wait);
    else
        waiters_add(source->waiters(each), &each->place);
    if (source->parked) source->parked(each);
}

gevent_case_t *case_nearest(gevent_case_t *cases, size_t count) {
    gevent_case_t *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        gevent_case_t *each = &cases[i];
        if (!each->source || each->source->waiters || each->is_told) continue;
        if (!nearest || each->when < nearest->when) nearest = each;
    }
    return nearest;
}

gevent_case_t gevent_never_case(void) {
    return (gevent_case_t){0};
}

// ---- events -------------------------------------------------------------------------------------

// Who was told has been freed, even if it has been cleared since.
static int event_is_ready(const gevent_case_t *each) {
    const gevent_event_t *event = each->object;
    return event->is_set || each->is_told;
}

static int event_take(gevent_case_t *each) {
    (void)each;
    return GREENLET_OK;
}

static waiters_t *event_waiters(const gevent_case_t *each) {
    gevent_event_t *event = each->object;
    return &event->waiters;
}

static void event_parked(gevent_case_t *each) {
    const gevent_event_t *event = each->object;
    each->place.mark = event->sets;
}

static const source_t event_source = {"event",       event_is_ready, event_take,
                                      event_waiters, event_parked,   NULL};

gevent_case_t gevent_event_case(gevent_event_t *event) {
    return (gevent_case_t){.source = &event_source, .object = event};
}

// ---- tasks --------------------------------------------------------------------------------------

static int task_is_ready(const gevent_case_t *each) {
    const gevent_task_t *task = each->object;
    return task->status != GEVENT_PENDING;
}

static int task_take(gevent_case_t *each) {
    return gevent_get(each->object, GEVENT_NOWAIT, &each->value);
}

static waiters_t *task_waiters(const gevent_case_t *each) {
    gevent_task_t *task = each->object;
    return &task->waiters;
}

static const source_t task_source = {"task", task_is_ready, task_take, task_waiters, NULL, NULL};

gevent_case_t gevent_task_case(gevent_task_t *task) {
    return (gevent_case_t){.source = &task_source, .object = task};
}

// ---- results ------------------------------------------------------------------------------------

static int result_is_ready(const gevent_case_t *each) {
    return gevent_result_is_ready(each->object);
}

static int result_take(gevent_case_t *each) {
    const greenlet_error_t *error = gevent_result_error(each->object);
    if (error) return greenlet_error_restore(greenlet_error_ref(error));
    each->value = gevent_result_value(each->object);
    return GREENLET_OK;
}

static waiters_t *result_waiters(const gevent_case_t *each) {
    gevent_result_t *result = each->object;
    return &result->waiters;
}

static const source_t result_source = {"result", result_is_ready, result_take, result_waiters, NULL,
                                       NULL};

gevent_case_t gevent_result_case(gevent_result_t *result) {
    return (gevent_case_t){.source = &result_source, .object = result};
}

// ---- semaphores ---------------------------------------------------------------------------------

// Who was told was the first.
static int semaphore_is_ready(const gevent_case_t *each) {
    const gevent_semaphore_t *semaphore = each->object;
    int is_in_turn = each->is_told || waiters_are_none(&semaphore->waiters);
    return semaphore->count > 0 && (is_in_turn || !(semaphore->flags & GEVENT_FAIR));
}

static int semaphore_take(gevent_case_t *each) {
    gevent_semaphore_t *semaphore = each->object;
    semaphore->count--;
    return GREENLET_OK;
}

static waiters_t *semaphore_waiters(const gevent_case_t *each) {
    gevent_semaphore_t *semaphore = each->object;
    return &semaphore->waiters;
}

static const source_t semaphore_source = {
    "semaphore", semaphore_is_ready, semaphore_take, semaphore_waiters, NULL, NULL};

gevent_case_t gevent_semaphore_case(gevent_semaphore_t *semaphore) {
    return (gevent_case_t){.source = &semaphore_source, .object = semaphore};
}

// ---- timers -------------------------------------------------------------------------------------

static int timer_is_ready(const gevent_case_t *each) {
    return each->when <= hub_update_now(hub_get());
}

static int timer_take(gevent_case_t *each) {
    (void)each;
    return GREENLET_OK;
}

static const source_t timer_source = {"timer", timer_is_ready, timer_take, NULL, NULL, NULL};

gevent_case_t gevent_timer_case(double seconds) {
    hub_t *hub = hub_get();
    int64_t when = hub ? hub_deadline(hub, seconds) : LOOP_NEVER;
    return (gevent_case_t){.source = &timer_source, .when = when};
}
