// The hub's queue and its passes.
//
// SPDX-License-Identifier: MIT
#include "scope_internal.h"
#include "waiters.h"

#include <assert.h>
#include <stdio.h>

#include "../memory.h"

#define DEFAULT_SLICE 5000000 // nanoseconds; that of gevent

enum {
    TIMER_STRIDE = 64, // callbacks after which due timers come before what is queued next
    REPORT_SIZE = 1024
};

static _Thread_local hub_t the_hub;

static int hub_main(void *value, void **result);

static void forget_notes(hub_t *hub) {
    while (!list_is_empty(&hub->notes)) {
        note_t *note = LIST_ITEM(hub->notes.next, note_t, all);
        list_remove(&note->all);
        note->forget(note);
    }
}

// At the end of the thread.
static void end_hub(void) {
    hub_t *hub = &the_hub;
    forget_notes(hub);
    task_forget_due(hub);
    raw_forget_unstarted(hub);
    fd_forget_all(hub);
    signal_forget_all(hub);
    gevent_trace_stop();
    greenlet_unref(hub->resumed);
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
    ready_init(&hub->ready);
    list_init(&hub->waits);
    list_init(&hub->due_tasks);
    list_init(&hub->unstarted_raw);
    list_init(&hub->signals);
    list_init(&hub->notes);
    for (int kind = GEVENT_PREPARE; kind <= GEVENT_IDLE; kind++) list_init(&hub->hooks[kind]);
    hub->slice = DEFAULT_SLICE;
    hub->pass_end = LOOP_NEVER;
    thread->finished = forget_greenlet;
    thread->dropping = cleanup_before_drop;
    thread->ended = end_hub;
    if (!hub->loop) hub->loop = loop_default();
    hub->greenlet = greenlet;
    hub_update_now(hub);
    return hub;
}

hub_t *hub_if_any(void) {
    return the_hub.greenlet ? &the_hub : NULL;
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

int64_t hub_add_seconds(int64_t time, double seconds) {
    if (seconds <= 0) return time;
    double nanoseconds = seconds * 1e9;
    if (!(nanoseconds < (double)(LOOP_NEVER - time) - 1e6)) return LOOP_NEVER;
    int64_t whole = (int64_t)nanoseconds;
    return time + whole + (nanoseconds > (double)whole);
}

int64_t hub_deadline(hub_t *hub, double seconds) {
    return hub_add_seconds(hub_update_now(hub), seconds);
}

double gevent_now(void) {
    hub_t *hub = hub_get();
    return hub ? (double)hub_update_now(hub) / 1e9 : 0;
}

void hub_start_timer(hub_t *hub, timer_node_t *timer, int64_t deadline,
                     void (*run)(callback_t *callback)) {
    timer->callback.run = run;
    if (deadline == LOOP_NEVER) return;
    timer_add(&hub->timers, timer, deadline);
    hub->timer_count++;
}

static void take_out(timer_node_t *timer) {
    the_hub.timer_count -= timer->place != NULL;
    timer_remove(timer);
}

void hub_stop_timer(timer_node_t *timer) {
    take_out(timer);
    hub_cancel_call(&timer->callback);
}

static void queue_due_timers(hub_t *hub) {
    timer_node_t *timer;
    while ((timer = hub->timers.first) && timer->deadline <= hub->now) {
        take_out(timer);
        hub_call(hub, &timer->callback);
    }
}

int gevent_set_slice(double seconds) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    if (!(seconds >= 0)) return greenlet_fail(GREENLET_EINVAL);
    hub->slice = hub_add_seconds(0, seconds);
    return GREENLET_OK;
}

int gevent_advance_clock(double seconds) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    int64_t then = hub_deadline(hub, seconds);
    if (!hub->loop->is_virtual || !(seconds >= 0) || then == LOOP_NEVER)
        return greenlet_fail(GREENLET_EINVAL);
    loop_virtual_jump(then);
    return GREENLET_OK;
}

// ---- the queue ----------------------------------------------------------------------------------

void hub_call(hub_t *hub, callback_t *callback) {
    if (list_is_empty(&callback->link)) list_append(&hub->ready.queue, &callback->link);
}

void hub_call_next(hub_t *hub, callback_t *callback) {
    list_remove(&callback->link);
    list_prepend(&hub->ready.batch, &callback->link);
}

void hub_cancel_call(callback_t *callback) {
    list_remove(&callback->link);
}

int gevent_set_seed(uint64_t seed) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    ready_set_seed(&hub->ready, seed);
    return GREENLET_OK;
}

static void run_first(hub_t *hub) {
    callback_t *callback = ready_take(&hub->ready);
    hub->callbacks_made++;
    callback->run(callback);
}

// Runs until the queue is empty or there is a guest (0), or the pass is over (1). What is queued
// meanwhile runs too.
static int run_ready(hub_t *hub) {
    while (!hub->guest && !ready_is_empty(&hub->ready)) {
        run_first(hub);
        if (ready_is_empty(&hub->ready)) return 0; // the clock is looked at next
        if (pace_is_due(&hub->pace)) pace_look(&hub->pace, hub_update_now(hub), hub->slice);
        if (hub->now >= hub->pass_end) return 1;
        // Else whoever yields in a loop would keep timers from ever being due.
        if (hub->callbacks_made % TIMER_STRIDE == 0 && !hub->loop->is_virtual)
            queue_due_timers(hub);
    }
    return 0;
}

static void tell_first_idler(callback_t *notifier) {
    (void)waiters_tell_first(waiters_of(notifier));
}

// Nobody is ready: looks for somebody who was waiting for just that, or for a time that has come.
static int find_work(hub_t *hub) {
    hub_update_now(hub);
    queue_due_timers(hub);
    if (ready_is_empty(&hub->ready)) waiters_notify(&hub->idlers, tell_first_idler);
    return !ready_is_empty(&hub->ready);
}

// It will have to wait, but for what the hooks do.
static hub_state_t prepare_to_wait(hub_t *hub, int64_t *deadline) {
    int is_busy = hub_run_hooks(hub, GEVENT_IDLE);
    hub_run_hooks(hub, GEVENT_PREPARE);
    hub->has_been_left = 1;
    if (is_busy || !ready_is_empty(&hub->ready)) return HUB_MORE;
    if (!hub->timers.first) return HUB_IDLE;
    *deadline = hub->timers.first->deadline;
    size_t timers = hub->timer_count - hub->uncounted_timers;
    int is_kept_going = hub->outstanding + hub->watched + timers > 0;
    return is_kept_going ? HUB_DEADLINE : HUB_IDLE;
}

static hub_state_t run_pass(hub_t *hub, int64_t *deadline) {
    if (hub->has_been_left) hub_run_hooks(hub, GEVENT_CHECK);
    hub->has_been_left = 0;
    do {
        if (run_ready(hub)) return HUB_MORE;
        if (hub->guest) return HUB_GUEST;
        if (!find_work(hub)) return prepare_to_wait(hub, deadline);
    } while (hub->now < hub->pass_end);
    return HUB_MORE;
}

hub_state_t hub_run(hub_t *hub, int64_t slice, int64_t *deadline) {
    assert(greenlet_current() == hub->greenlet);
    hub->is_running = 1;
    greenlet_run_deferred();
    int64_t start = hub_update_now(hub);
    int is_endless = hub->loop->is_virtual || slice >= LOOP_NEVER - start;
    hub->pass_end = is_endless ? LOOP_NEVER : start + slice;
    hub->pace = pace_begin(start);
    hub_state_t state = run_pass(hub, deadline);
    hub->pass_end = LOOP_NEVER;
    return state;
}

// ---- the driver of hosts that wait in C ---------------------------------------------------------

void hub_drive(hub_t *hub) {
    int64_t deadline = LOOP_NEVER;
    hub_state_t state = hub_run(hub, hub->slice, &deadline);
    // But for descriptors, nothing from outside comes while time stands still.
    int has_ended = hub->watched == 0 && (hub->outstanding == 0 || hub->loop->is_virtual);
    if (state == HUB_IDLE && has_ended)
        hub_end_of_work(hub);
    else
        hub->loop->wait(state == HUB_MORE ? hub->now : deadline);
}

// The hub greenlet's run, where it has a stack of its own. It is never left.
static int hub_main(void *value, void **result) {
    (void)value, (void)result;
    hub_t *hub = hub_get();
    while (hub) hub_drive(hub);
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

static int is_drained(const hub_t *hub) {
    return hub->tasks + hub->outstanding + hub->watched == 0 &&
           hub->timer_count <= hub->uncounted_timers;
}

// Its own deadline does not keep the hub going.
static int run_until(hub_t *hub, int64_t deadline) {
    wait_t wait = {.what = "run"};
    size_t has_deadline = deadline != LOOP_NEVER;
    hub->runner = &wait;
    hub->uncounted_timers += has_deadline;
    int code = wait_until(&wait, deadline);
    hub->uncounted_timers -= has_deadline;
    hub->runner = NULL;
    if (code != WAIT_TIMED_OUT) return code;
    return is_drained(hub) ? GREENLET_OK : greenlet_fail(GREENLET_ETIMEDOUT);
}

int gevent_run_for(double seconds) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    if (greenlet_current() != &greenlet_thread()->main) return greenlet_fail(GREENLET_EINVAL);
    return run_until(hub, hub_deadline(hub, seconds));
}

int gevent_run(void) {
    return gevent_run_for(GEVENT_FOREVER);
}

int gevent_hold(void) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    hub->outstanding++;
    return GREENLET_OK;
}

void gevent_release(void) {
    hub_t *hub = hub_get();
    if (hub && hub->outstanding > 0) hub->outstanding--;
}

// ---- switching from the hub ---------------------------------------------------------------------

static void report_if_failed(greenlet_t *from, int code) {
    if (code >= 0) return;
    greenlet_error_t *error = greenlet_error_take();
    hub_report_unhandled(from, error);
    greenlet_error_unref(error);
}

void hub_call_back(gevent_callback_fn run, void *argument) {
    report_if_failed(the_hub.greenlet, run(argument));
}

// The report is of somebody whom nobody else may refer to once he has ended. Kept by the hub, and
// not by these frames, which a thread that ends drops.
static void keep(greenlet_t *target) {
    assert(!the_hub.resumed);
    the_hub.resumed = greenlet_ref(target);
}

static void let_go(void) {
    greenlet_t *resumed = the_hub.resumed;
    the_hub.resumed = NULL;
    greenlet_unref(resumed);
}

void hub_switch(greenlet_t *target, void *value) {
    keep(target);
    report_if_failed(target, greenlet_switch(target, value, NULL));
    let_go();
}

void hub_throw(greenlet_t *target, const greenlet_error_t *error) {
    keep(target);
    report_if_failed(target, greenlet_throw(target, error, NULL));
    let_go();
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
