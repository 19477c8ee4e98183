// What the host calls besides the program's exports: start, the hub's turn, settlements, tasks and
// errors.
//
// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/gevent/task_internal.h"
#include "../src/memory.h"
#include "entry.h"
#include "host.h"
#include "start.h"

// ---- start --------------------------------------------------------------------------------------

static void report_unhandled(greenlet_t *greenlet, const greenlet_error_t *error) {
    host_unhandled(greenlet_name(greenlet), error);
}

// First of all, once. 0: no main stack or default stack size of one's own. GREENLET_EMODULE:
// greenlets do not switch in this module.
WASM_EXPORT("gevent_wasm_start")
int gevent_wasm_start(uint32_t main_stack, uint32_t default_stack) {
    int code = start_runtime(main_stack, default_stack);
    if (code < 0) return code;
    gevent_set_unhandled(report_unhandled);
    host_rest();
    return code;
}

// Runs the program's constructors. After the start, once.
WASM_EXPORT("gevent_wasm_construct") void gevent_wasm_construct(void) {
    start_constructors();
}

// For a host that lives on between calls: lines of output go out when they are complete.
WASM_EXPORT("gevent_wasm_buffer_lines") void gevent_wasm_buffer_lines(void) {
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}

// Writes out what is buffered.
WASM_EXPORT("gevent_wasm_flush") void gevent_wasm_flush(void) {
    fflush(NULL);
}

// ---- the hub's turn -----------------------------------------------------------------------------

// What a turn says instead of a deadline.
#define TURN_MORE (-1.0)    // the slice is over, more is ready
#define TURN_WAITING (-2.0) // no deadline, but promises or descriptors
#define TURN_OVER (-3.0)    // nothing is left that could wake anybody
#define TURN_JUMP (-4.0)    // nothing but time, which is virtual: gevent_wasm_jump is to be called
#define TURN_GUEST (-5.0)   // a function of JavaScript has its turn (function.c)

typedef struct turn {
    int64_t slice;
    double result;
} turn_t;

// Time that can be turned waits for what it does not govern.
static int is_time_held(const hub_t *hub) {
    return hub->outstanding > 0 || loop_virtual_is_held();
}

static double say(const hub_t *hub, hub_state_t state, int64_t deadline) {
    if (state == HUB_GUEST) return TURN_GUEST;
    if (state == HUB_MORE) return TURN_MORE;
    if (state == HUB_IDLE) return hub->outstanding + hub->watched > 0 ? TURN_WAITING : TURN_OVER;
    if (!hub->loop->is_virtual) return (double)deadline / 1e6;
    return is_time_held(hub) ? TURN_WAITING : TURN_JUMP;
}

static void run_turn(hub_t *hub, void *argument) {
    turn_t *turn = argument;
    int64_t deadline = LOOP_NEVER;
    hub_state_t state = hub_run(hub, turn->slice, &deadline);
    turn->result = say(hub, state, deadline);
}

// Runs what is ready for at most `slice` milliseconds (negative: for as long as there is any,
// whoever's turn it is).
// Returns the next deadline on the clock of host_now, or what a turn says instead. At rest only.
WASM_EXPORT("gevent_wasm_turn") double gevent_wasm_turn(double slice) {
    turn_t turn = {slice < 0 ? LOOP_NEVER : (int64_t)(slice * 1e6), 0};
    do {
        if (slice < 0) hub_get()->guest = NULL;
        host_enter_hub(run_turn, &turn);
    } while (slice < 0 && turn.result == TURN_GUEST);
    return turn.result;
}

// After TURN_JUMP, when JavaScript has had its turn: moves the virtual clock to the next deadline,
// unless something has come up meanwhile that will wake somebody.
WASM_EXPORT("gevent_wasm_jump") void gevent_wasm_jump(void) {
    hub_t *hub = hub_get();
    if (!is_time_held(hub) && ready_is_empty(&hub->ready) && hub->timers.first)
        loop_virtual_jump(hub->timers.first->deadline);
}

// After TURN_OVER, as a turn says it: the deadline of a timer that does not keep anything going, or
// TURN_OVER. Virtual time goes on only for main in gevent_run_for.
WASM_EXPORT("gevent_wasm_idle_deadline") double gevent_wasm_idle_deadline(void) {
    const hub_t *hub = hub_get();
    if (!hub->timers.first) return TURN_OVER;
    if (hub->loop->is_virtual) return hub->runner ? TURN_JUMP : TURN_OVER;
    return (double)hub->timers.first->deadline / 1e6;
}

// Whether a timer is there that keeps the host going.
WASM_EXPORT("gevent_wasm_has_counted_timers") int gevent_wasm_has_counted_timers(void) {
    return hub_get()->timer_count > hub_get()->uncounted_timers;
}

// Whether main is in gevent_run or gevent_run_for.
WASM_EXPORT("gevent_wasm_main_runs_hub") int gevent_wasm_main_runs_hub(void) {
    return hub_get()->runner != NULL;
}

// After TURN_OVER: 1 if main was in gevent_run and nothing is left; then that call returns.
static void end_run(hub_t *hub, void *argument) {
    int *has_ended = argument;
    *has_ended = hub->runner && hub->tasks == 0;
    if (*has_ended) hub_end_of_work(hub);
}

WASM_EXPORT("gevent_wasm_end_run") int gevent_wasm_end_run(void) {
    int has_ended = 0;
    if (hub_get()->runner) host_enter_hub(end_run, &has_ended);
    return has_ended;
}

static void end_work(hub_t *hub, void *argument) {
    (void)argument;
    hub_end_of_work(hub);
}

// After TURN_OVER: main's blocked call fails with the report, or gevent_run returns.
WASM_EXPORT("gevent_wasm_end_of_work") void gevent_wasm_end_of_work(void) {
    host_enter_hub(end_work, NULL);
}

WASM_EXPORT("gevent_wasm_use_virtual_clock") int gevent_wasm_use_virtual_clock(void) {
    return gevent_use_virtual_clock();
}

// 1 while main() has frames: it is parked, or has been left in a switch.
WASM_EXPORT("gevent_wasm_main_is_active") int gevent_wasm_main_is_active(void) {
    return context_alive(&greenlet_thread()->main.context);
}

// The task that is running, or NULL.
WASM_EXPORT("gevent_wasm_current_task") gevent_task_t *gevent_wasm_current_task(void) {
    return gevent_current_task();
}

WASM_EXPORT("gevent_wasm_current_name") const char *gevent_wasm_current_name(void) {
    return greenlet_name(greenlet_current());
}

// The report of gevent_waiting, which the host frees; NULL without memory.
WASM_EXPORT("gevent_wasm_dump") char *gevent_wasm_dump(void) {
    size_t size = gevent_waiting(NULL, 0) + 1;
    char *report = malloc(size);
    if (report) gevent_waiting(report, size);
    return report;
}

// One that host_watch_signal was asked for has come; who waits for nothing else goes on after one
// of the next turns.
WASM_EXPORT("gevent_wasm_signal") void gevent_wasm_signal(loop_signal_t *signal) {
    signal->arrived(signal);
}

// `events` can be done with the descriptor that host_watch_fd was asked to look at.
WASM_EXPORT("gevent_wasm_fd_ready")
void gevent_wasm_fd_ready(loop_watch_t *watch, unsigned events) {
    watch->ready(watch, events);
}

// ---- settlements --------------------------------------------------------------------------------

WASM_EXPORT("gevent_wasm_mailbox") gevent_cell_t *gevent_wasm_mailbox(void) {
    static gevent_cell_t mailbox;
    return &mailbox;
}

// `result` is one cell; if `error` is not NULL its reference is taken instead.
WASM_EXPORT("gevent_wasm_settle")
int gevent_wasm_settle(slot_handle_t handle, const gevent_cell_t *result, greenlet_error_t *error) {
    return slot_settle(handle, result, error);
}

// ---- tasks --------------------------------------------------------------------------------------

// Queues the end of a task; it has ended after one of the next turns.
WASM_EXPORT("gevent_wasm_kill") int gevent_wasm_kill(gevent_task_t *task) {
    return gevent_kill(task, NULL, GEVENT_NOWAIT);
}

WASM_EXPORT("gevent_wasm_release_task") void gevent_wasm_release_task(gevent_task_t *task) {
    gevent_task_unref(task);
}

// What the task waits in, for example "sleep" or the module of an import; NULL if it does not wait.
WASM_EXPORT("gevent_wasm_task_waits_in")
const char *gevent_wasm_task_waits_in(const gevent_task_t *task) {
    return task->greenlet->wait ? task->greenlet->wait->what : NULL;
}

// The import that it waits in; NULL if it waits in something else.
WASM_EXPORT("gevent_wasm_task_waits_in_import")
const char *gevent_wasm_task_waits_in_import(const gevent_task_t *task) {
    return task->greenlet->wait ? task->greenlet->wait->name : NULL;
}

// ---- errors -------------------------------------------------------------------------------------

// An error of GREENLET_EREJECTED, or of another code, with the host's message (UTF-8, copied; NULL:
// the table's text) and its number for the reason. The caller owns it.
WASM_EXPORT("gevent_wasm_new_error")
greenlet_error_t *gevent_wasm_new_error(int code, const char *message, int reason) {
    greenlet_error_t *error = message
                                  ? greenlet_error_new(greenlet_error_type_of(code), "%s", message)
                                  : greenlet_error_from_code(code);
    if (reason) greenlet_error_set_reason(error, reason, host_release);
    return error;
}

// Makes it the current greenlet's last error (takes the reference) and returns its code: how an
// import fails at once.
WASM_EXPORT("gevent_wasm_raise") int gevent_wasm_raise(greenlet_error_t *error) {
    greenlet_error_set_origin(error, greenlet_name(greenlet_current()));
    return greenlet_error_restore(error);
}

WASM_EXPORT("gevent_wasm_error_code") int gevent_wasm_error_code(const greenlet_error_t *error) {
    return greenlet_error_code(error);
}
WASM_EXPORT("gevent_wasm_error_type")
const char *gevent_wasm_error_type(const greenlet_error_t *error) {
    return greenlet_error_type(error)->name;
}
WASM_EXPORT("gevent_wasm_error_message")
const char *gevent_wasm_error_message(const greenlet_error_t *error) {
    return greenlet_error_message(error);
}
WASM_EXPORT("gevent_wasm_error_origin")
const char *gevent_wasm_error_origin(const greenlet_error_t *error) {
    return greenlet_error_origin(error);
}
WASM_EXPORT("gevent_wasm_error_cause")
const greenlet_error_t *gevent_wasm_error_cause(const greenlet_error_t *error) {
    return greenlet_error_cause(error);
}
WASM_EXPORT("gevent_wasm_error_reason")
int gevent_wasm_error_reason(const greenlet_error_t *error) {
    return greenlet_error_reason(error);
}
WASM_EXPORT("gevent_wasm_error_name") const char *gevent_wasm_error_name(int code) {
    return greenlet_error_name(code);
}
WASM_EXPORT("gevent_wasm_error_text") const char *gevent_wasm_error_text(int code) {
    return greenlet_error_text(code);
}
