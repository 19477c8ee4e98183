// The matrix's calls that wait for tasks and for time.
//
// SPDX-License-Identifier: MIT
#include "generator.h"
#include "matrix.h"

static gevent_task_t *tasks[2];

static void spawn_two(greenlet_run_fn run) {
    gevent_event_init(&gate);
    for (int i = 0; i < 2; i++) CHECK_OK(gevent_spawn(run, NULL, &tasks[i]));
}

static void set_up_tasks(void) {
    spawn_two(run_until_open);
}

static void set_up_stubborn_tasks(void) {
    spawn_two(run_until_open_stubbornly);
}

static void check_tasks(void) {
    for (int i = 0; i < 2; i++) CHECK_INT(gevent_status(tasks[i]), GEVENT_RETURNED);
}

static void drop_tasks(void) {
    for (int i = 0; i < 2; i++) gevent_task_unref(tasks[i]);
}

#define TASK_CALL(up, call, how_late)                                                              \
    {                                                                                              \
        .set_up = up, .block = call, .satisfy = open_gate, .check = check_tasks,                   \
        .tear_down = drop_tasks, .late = how_late                                                  \
    }

// ---- join and kill ------------------------------------------------------------------------------

static int join(double seconds) {
    return gevent_join(tasks[0], seconds);
}
const call_t call_join = TASK_CALL(set_up_tasks, join, GREENLET_ETIMEDOUT);

static int get(double seconds) {
    return gevent_get(tasks[0], seconds, NULL);
}
const call_t call_get = TASK_CALL(set_up_tasks, get, GREENLET_EPENDING);

static int kill_task(double seconds) {
    return gevent_kill(tasks[0], NULL, seconds);
}
const call_t call_kill = TASK_CALL(set_up_stubborn_tasks, kill_task, GREENLET_ETIMEDOUT);

// Those that count what is there after `seconds` do not fail.
static int late_unless(int count, int expected) {
    if (count < 0) return count;
    return count == expected ? GREENLET_OK : greenlet_fail(GREENLET_ETIMEDOUT);
}

static int joinall(double seconds) {
    return late_unless(gevent_joinall(tasks, 2, seconds, 0, 0, NULL), 2);
}
const call_t call_joinall = TASK_CALL(set_up_tasks, joinall, GREENLET_ETIMEDOUT);

static int killall(double seconds) {
    return late_unless(gevent_killall(tasks, 2, NULL, seconds), 0);
}
const call_t call_killall = TASK_CALL(set_up_stubborn_tasks, killall, GREENLET_ETIMEDOUT);

// ---- events, scopes, time -----------------------------------------------------------------------

static void set_up_gate(void) {
    gevent_event_init(&gate);
}

static int wait_for_gate(double seconds) {
    return gevent_event_wait(&gate, seconds);
}

static void check_gate(void) {
    CHECK_INT(gevent_event_is_set(&gate), 1);
}

#define GATE_CALL(call, how_late)                                                                  \
    {                                                                                              \
        .set_up = set_up_gate, .block = call, .satisfy = open_gate, .check = check_gate,           \
        .late = how_late                                                                           \
    }

const call_t call_event_wait = GATE_CALL(wait_for_gate, GREENLET_ETIMEDOUT);

static int close_scope(double seconds) {
    gevent_scope_t scope;
    int code = gevent_scope_open(&scope, seconds);
    if (code < 0) return code;
    for (int i = 0; i < 2 && code >= 0; i++)
        code = gevent_scope_spawn(&scope, run_until_open, NULL, NULL);
    return gevent_scope_close(&scope, code);
}
const call_t call_scope_close = GATE_CALL(close_scope, GREENLET_EEXPIRED);

// One for the victim, one for the next; their bodies wait.
static generator_t *generators[2];
static int advanced; // of them

static void set_up_generators(void) {
    set_up_gate();
    advanced = 0;
    for (int i = 0; i < 2; i++) CHECK_OK(generator_new(run_until_open, NULL, &generators[i]));
}

static int advance(double seconds) {
    (void)seconds;
    int code = generator_next(generators[advanced++], NULL);
    return code == GENERATOR_DONE ? GREENLET_OK : code;
}

static void check_generators(void) {
    for (int i = 0; i < 2; i++) CHECK(generator_state(generators[i]) != GENERATOR_RUNNING);
}

static void drop_generators(void) {
    for (int i = 0; i < 2; i++) generator_unref(generators[i]);
}

const call_t call_generator_next = {.set_up = set_up_generators,
                                    .block = advance,
                                    .satisfy = open_gate,
                                    .check = check_generators,
                                    .tear_down = drop_generators};

enum { LONG = 10 };

static int sleep_long(double seconds) {
    (void)seconds;
    return gevent_sleep(LONG);
}

static int pass_long_time(void) {
    pass_time(LONG);
    return GREENLET_OK;
}
const call_t call_sleep = {.block = sleep_long, .satisfy = pass_long_time};
