// The hub's queue and its passes.
//
// SPDX-License-Identifier: MIT
#include "scope_internal.h"
#include "wait.h"

#include <assert.h>
#include <stdio.h>

#include "../memory.h"

enum {
    CLOCK_STRIDE = 64, // callbacks between two looks at the clock
    REPORT_SIZE = 1024
};

static _Thread_local hub_t the_hub;

static int hub_main(void *value, void **result);

// At the end of the thread.
static void end_hub(void) {
    hub_t *hub = &the_hub;
    task_forget_due(hub);
    raw_forget_unstarted(hub);
    greenlet_bury(hub->greenlet);
    greenlet_unref(hub->greenlet);
    *hub = (hub_t){0};
}

// Told in a greenlet whose run has ended.
static void forget_greenlet(greenlet_t *greenlet) {
    scope_check_all_closed(greenlet);
    timeout_forget_all(greenlet);
}

hub_t *hub_get(void) {
    hub_t *hub = &the_hub;
    if (hub->greenlet) return hub;
    greenlet_thread_t *thread = greenlet_thread();
    greenlet_t *greenlet;
    if (greenlet_new(hub_main, &thread->main, &greenlet) < 0) return NULL;
    (void)greenlet_set_name(greenlet, "hub");
    greenlet_make_hub(greenlet);
    list_init(&hub->ready);
    list_init(&hub->waits);
    list_init(&hub->due_tasks);
    list_init(&hub->unstarted_raw);
    thread->finished = forget_greenlet;
    thread->ended = end_hub;
    if (!hub->loop) hub->loop = loop_default();
    hub->greenlet = greenlet;
    hub_update_now(hub);
    return hub;
}

greenlet_t *gevent_hub(void) {
    const hub_t *hub = hub_get();
    return hub ? hub->greenlet : NULL;
}

int gevent_use_virtual_clock(void) {
    if (the_hub.is_running) return greenlet_fail(GREENLET_ESTARTED);
    the_hub.loop = &loop_virtual;
    return GREENLET_OK;
}

// ---- time ---------------------------------------------------------------------------------------

int64_t hub_update_now(hub_t *hub) {
    hub->now = hub->loop->now();
    return hub->now;
}

int64_t hub_deadline(hub_t *hub, double seconds) {
    if (seconds <= 0) return hub_update_now(hub);
    double nanoseconds = seconds * 1e9;
    int64_t now = hub_update_now(hub);
    if (!(nanoseconds < (double)(LOOP_NEVER - now) - 1e6)) return LOOP_NEVER;
    int64_t whole = (int64_t)nanoseconds;
    return now + whole + (nanoseconds > (double)whole); // never earlier than asked
}

double gevent_now(void) {
    hub_t *hub = hub_get();
    return hub ? (double)hub_update_now(hub) / 1e9 : 0;
}

void hub_start_timer(hub_t *hub, timer_node_t *timer, int64_t deadline,
                     void (*run)(callback_t *callback)) {
    timer->callback.run = run;
    if (deadline != LOOP_NEVER) timer_add(&hub->timers, timer, deadline);
}

void hub_stop_timer(timer_node_t *timer) {
    timer_remove(timer);
    hub_cancel_call(&timer->callback);
}

static void queue_due_timers(hub_t *hub) {
    timer_node_t *timer;
    while ((timer = hub->timers.first) && timer->deadline <= hub->now) {
        timer_remove(timer);
        hub_call(hub, &timer->callback);
    }
}

// ---- the queue ----------------------------------------------------------------------------------

void hub_call(hub_t *hub, callback_t *callback) {
    if (list_is_empty(&callback->link)) list_append(&hub->ready, &callback->link);
}

void hub_cancel_call(callback_t *callback) {
    list_remove(&callback->link);
}

static void run_first(hub_t *hub) {
    callback_t *callback = LIST_ITEM(hub->ready.next, callback_t, link);
    list_remove(&callback->link);
    callback->run(callback);
}

// Runs until the queue is empty (0) or the slice is over (1). What is queued meanwhile runs too.
static int run_ready(hub_t *hub, int64_t end) {
    for (int count = 1; !list_is_empty(&hub->ready); count++) {
        run_first(hub);
        if (count % CLOCK_STRIDE > 0) continue;
        if (hub_update_now(hub) >= end) return 1;
        // Else whoever yields in a loop would keep timers from ever being due.
        if (!hub->loop->is_virtual) queue_due_timers(hub);
    }
    return 0;
}

hub_state_t hub_run(hub_t *hub, int64_t slice, int64_t *deadline) {
    assert(greenlet_current() == hub->greenlet);
    hub->is_running = 1;
    greenlet_run_deferred();
    int64_t start = hub_update_now(hub);
    int64_t end = slice < LOOP_NEVER - start ? start + slice : LOOP_NEVER;
    if (hub->loop->is_virtual) end = LOOP_NEVER;
    do {
        if (run_ready(hub, end)) return HUB_MORE;
        hub_update_now(hub);
        queue_due_timers(hub);
    } while (!list_is_empty(&hub->ready));
    if (!hub->timers.first) return HUB_IDLE;
    *deadline = hub->timers.first->deadline;
    return HUB_DEADLINE;
}

// ---- the driver of hosts that wait in C ---------------------------------------------------------

static void drive(hub_t *hub) {
    int64_t deadline = LOOP_NEVER;
    hub_state_t state = hub_run(hub, LOOP_NEVER, &deadline);
    if (state == HUB_IDLE && hub->outstanding == 0)
        hub_end_of_work(hub);
    else
        hub->loop->wait(deadline);
}

// The hub greenlet's run, where it has a stack of its own. It is never left.
static int hub_main(void *value, void **result) {
    (void)value, (void)result;
    hub_t *hub = hub_get();
    while (hub) drive(hub);
    return GREENLET_OK;
}

// ---- the end of work ----------------------------------------------------------------------------

static void throw_deadlock(hub_t *hub) {
    char report[REPORT_SIZE];
    hub_describe_waits(hub, report, sizeof report, "; ");
    greenlet_error_t *error =
        greenlet_error_new(greenlet_error_type_of(GREENLET_EDEADLK), "this would wait for ever: %s",
                           *report ? report : "nobody waits for anything");
    hub_throw(&greenlet_thread()->main, error);
    greenlet_error_unref(error);
}

void hub_end_of_work(hub_t *hub) {
    if (hub->runner && hub->tasks == 0)
        wait_resume(hub->runner);
    else
        throw_deadlock(hub);
}

int gevent_run(void) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    if (greenlet_current() != &greenlet_thread()->main) return greenlet_fail(GREENLET_EINVAL);
    wait_t wait = {.what = "run"};
    hub->runner = &wait;
    int code = wait_until(&wait, LOOP_NEVER);
    hub->runner = NULL;
    return code;
}

// ---- switching from the hub ---------------------------------------------------------------------

static void report_if_failed(greenlet_t *from, int code) {
    if (code >= 0) return;
    greenlet_error_t *error = greenlet_error_take();
    hub_report_unhandled(from, error);
    greenlet_error_unref(error);
}

void hub_switch(greenlet_t *target, void *value) {
    report_if_failed(target, greenlet_switch(target, value, NULL));
}

void hub_throw(greenlet_t *target, const greenlet_error_t *error) {
    report_if_failed(target, greenlet_throw(target, error, NULL));
}

void hub_report_unhandled(greenlet_t *greenlet, const greenlet_error_t *error) {
    gevent_unhandled_fn hook = the_hub.unhandled;
    if (hook) {
        hook(greenlet, error);
        return;
    }
    fprintf(stderr, "gevent: %s failed: %s: %s\n", greenlet_name(greenlet),
            greenlet_error_type(error)->name, greenlet_error_message(error));
}

gevent_unhandled_fn gevent_set_unhandled(gevent_unhandled_fn hook) {
    gevent_unhandled_fn previous = the_hub.unhandled;
    the_hub.unhandled = hook;
    return previous;
}
