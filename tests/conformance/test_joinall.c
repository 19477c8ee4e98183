// Many tasks at once: joinall and killall.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

enum { COUNT = 4 };
static gevent_task_t *tasks[COUNT], *finished[COUNT], *other;

static void log_unhandled(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet;
    log_add("unhandled!%s", greenlet_error_type(error)->name);
}

// Sleeps for that many tenths of a second; an odd number fails.
static int run_sleep(void *value, void **result) {
    *result = value;
    int code = gevent_sleep((double)INT(value) / 10);
    if (code < 0) {
        log_add("%d!%s", (int)INT(value), greenlet_error_name(code));
        return code;
    }
    return INT(value) % 2 == 0 ? code : greenlet_raise(INT(value) == 1 ? &E1 : &E2, "odd");
}

static void spawn(const int tenths[COUNT]) {
    gevent_set_unhandled(log_unhandled);
    for (int i = 0; i < COUNT; i++) {
        finished[i] = NULL;
        CHECK_OK(gevent_spawn(run_sleep, V(tenths[i]), &tasks[i]));
    }
}

static void forget_all(void) {
    for (int i = 0; i < COUNT; i++) gevent_task_unref(tasks[i]);
}

// By their places in `tasks`.
static void log_finished(int count) {
    for (int i = 0; i < count; i++)
        for (int j = 0; j < COUNT; j++)
            if (finished[i] == tasks[j]) log_add("%d", j);
}

// ---- joinall ------------------------------------------------------------------------------------

TEST(JOINALL_lists_in_the_order_of_their_ends) {
    spawn((const int[]){6, 2, 8, 4});
    int start = now_ms();
    CHECK_INT(gevent_joinall(tasks, COUNT, GEVENT_FOREVER, 0, 0, finished), COUNT);
    CHECK_INT(now_ms() - start, 800);
    log_finished(COUNT);
    CHECK_LOG("1 3 0 2");
    forget_all();
}

TEST(JOINALL_of_none_is_done) {
    CHECK_INT(gevent_joinall(NULL, 0, GEVENT_FOREVER, 0, 0, NULL), 0);
    CHECK_INT(gevent_joinall(tasks, 0, GEVENT_NOWAIT, GEVENT_RAISE, 3, finished), 0);
}

TEST(JOINALL_counts_duplicates) {
    spawn((const int[]){4, 2, 0, 0});
    gevent_task_t *const twice[] = {tasks[1], tasks[0], tasks[1]};
    CHECK_INT(gevent_joinall(twice, 3, GEVENT_FOREVER, 0, 0, finished), 3);
    log_finished(3);
    CHECK_LOG("1 1 0");
    CHECK_INT(gevent_joinall(twice, 3, GEVENT_FOREVER, 0, 0, finished), 3);
    log_finished(3); // had all finished
    CHECK_LOG("1 0 1");
    forget_all();
}

TEST(JOINALL_times_out_with_a_part) {
    spawn((const int[]){6, 2, 8, 4});
    int start = now_ms();
    CHECK_INT(gevent_joinall(tasks, COUNT, 0.5, 0, 0, finished), 2);
    CHECK_INT(now_ms() - start, 500);
    log_finished(2);
    CHECK_LOG("1 3");
    CHECK_PTR(finished[2], NULL);
    CHECK_INT(gevent_joinall(tasks, COUNT, GEVENT_NOWAIT, 0, 0, NULL), 2);
    CHECK_INT(gevent_joinall(tasks, COUNT, GEVENT_FOREVER, 0, 0, finished), COUNT);
    log_finished(COUNT); // those that had finished first, as they are in the array
    CHECK_LOG("1 3 0 2");
    forget_all();
}

TEST(JOINALL_stops_at_a_count) {
    spawn((const int[]){6, 2, 8, 4});
    int start = now_ms();
    CHECK_INT(gevent_joinall(tasks, COUNT, GEVENT_FOREVER, 0, 3, finished), 3);
    CHECK_INT(now_ms() - start, 600);
    log_finished(3);
    CHECK_LOG("1 3 0");
    CHECK_PTR(finished[3], NULL);
    CHECK_INT(gevent_joinall(tasks, COUNT, GEVENT_FOREVER, 0, 2, NULL), 2); // at once
    CHECK_INT(now_ms() - start, 600);
    CHECK_INT(gevent_joinall(tasks, COUNT, GEVENT_FOREVER, 0, COUNT + 5, NULL), COUNT);
    CHECK_INT(now_ms() - start, 800);
    forget_all();
}

TEST(JOINALL_raises_the_first_in_time) {
    spawn((const int[]){4, 3, 1, 6});
    int start = now_ms();
    CHECK_CODE(gevent_joinall(tasks, COUNT, GEVENT_FOREVER, GEVENT_RAISE, 0, finished), CODE_E1);
    CHECK_INT(now_ms() - start, 100);
    CHECK_PTR(greenlet_last_error(), gevent_error(tasks[2]));
    CHECK_LOG("unhandled!E1");
    CHECK_INT(gevent_joinall(tasks, COUNT, GEVENT_FOREVER, 0, 0, NULL), COUNT); // does not
    CHECK_LOG("unhandled!E2");
    CHECK_CODE(gevent_joinall(tasks, COUNT, GEVENT_FOREVER, GEVENT_RAISE, 0, NULL), CODE_E2);
    CHECK_INT(gevent_joinall(tasks, COUNT, GEVENT_FOREVER, GEVENT_RAISE, 1, NULL), 1);
    forget_all();
}

TEST(JOINALL_that_nobody_can_end_is_a_deadlock) {
    CHECK_OK(gevent_new(run_42, NULL, &other));
    CHECK_CODE(gevent_joinall(&other, 1, GEVENT_FOREVER, 0, 0, NULL), GREENLET_EDEADLK);
    CHECK_INT(gevent_joinall(&other, 1, 0.1, 0, 0, NULL), 0);
    gevent_task_unref(other);
}

TEST(JOINALL_misuse_is_a_code) {
    gevent_task_t *const none = NULL;
    CHECK_CODE(gevent_joinall(NULL, 1, GEVENT_FOREVER, 0, 0, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_joinall(&none, 1, GEVENT_FOREVER, 0, 0, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_killall(&none, 1, NULL, GEVENT_FOREVER), GREENLET_EINVAL);
    CHECK_CODE(gevent_killall(NULL, 1, NULL, GEVENT_FOREVER), GREENLET_EINVAL);
}

static int run_joinall(void *value, void **result) {
    (void)value, (void)result;
    return gevent_joinall(tasks, COUNT, GEVENT_FOREVER, 0, 0, NULL);
}

TEST(JOINALL_killed_leaves_the_tasks_alone) {
    for (int is_hard = 0; is_hard < 2; is_hard++) {
        spawn((const int[]){6, 2, 8, 4});
        CHECK_OK(gevent_spawn(run_joinall, NULL, &other));
        CHECK_OK(gevent_sleep(0.3));
        CHECK_OK(is_hard ? gevent_kill_hard(other) : gevent_kill(other, NULL, GEVENT_FOREVER));
        CHECK_INT(gevent_status(other), GEVENT_KILLED);
        CHECK_INT(gevent_joinall(tasks, COUNT, GEVENT_FOREVER, 0, 0, NULL), COUNT);
        gevent_task_unref(other);
        forget_all();
    }
    CHECK_LOG("");
}

static int run_joinall_in_scope(void *value, void **result) {
    (void)value, (void)result;
    gevent_scope_t scope;
    int code = gevent_scope_open(&scope, 0.3);
    if (code >= 0) code = gevent_joinall(tasks, COUNT, GEVENT_FOREVER, 0, 0, NULL);
    code = gevent_scope_close(&scope, code);
    log_add("%s", greenlet_error_name(code));
    return GREENLET_OK;
}

TEST(JOINALL_is_cancelled_with_its_scope) {
    spawn((const int[]){6, 2, 8, 4});
    CHECK_OK(gevent_spawn(run_joinall_in_scope, NULL, NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("GREENLET_EEXPIRED");
    forget_all();
}

static int link_joinall(gevent_task_t *task, void *argument) {
    (void)task, (void)argument;
    log_add("%d", gevent_joinall(tasks, COUNT, GEVENT_FOREVER, 0, 1, NULL)); // need not wait
    return gevent_joinall(tasks, COUNT, GEVENT_FOREVER, 0, 0, NULL);
}

TEST(JOINALL_cannot_wait_in_the_hub) {
    spawn((const int[]){2, 4, 4, 4});
    CHECK_OK(gevent_rawlink(tasks[0], link_joinall, NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("1 unhandled!BlockingInHub");
    forget_all();
}

// ---- killall ------------------------------------------------------------------------------------

TEST(KILLALL_those_that_have_not_started_never_run) {
    spawn((const int[]){6, 2, 8, 4});
    CHECK_INT(gevent_killall(tasks, COUNT, NULL, GEVENT_NOWAIT), 0);
    CHECK_OK(gevent_run());
    CHECK_LOG("");
    CHECK_INT(gevent_status(tasks[3]), GEVENT_KILLED);
    forget_all();
}

TEST(KILLALL_throws_into_all_and_waits) {
    spawn((const int[]){6, 2, 8, 4});
    CHECK_OK(gevent_sleep(0.3));
    int start = now_ms();
    CHECK_INT(gevent_killall(tasks, COUNT, NULL, GEVENT_FOREVER), 0);
    CHECK_INT(now_ms() - start, 0);
    CHECK_LOG("6!GREENLET_EEXIT 8!GREENLET_EEXIT 4!GREENLET_EEXIT");
    CHECK_INT(gevent_status(tasks[1]), GEVENT_RETURNED);
    CHECK_INT(gevent_killall(tasks, COUNT, NULL, GEVENT_FOREVER), 0);
    CHECK_INT(gevent_killall(tasks, 0, NULL, GEVENT_FOREVER), 0);
    forget_all();
}

TEST(KILLALL_with_an_error) {
    spawn((const int[]){6, 2, 8, 4});
    CHECK_OK(gevent_sleep(0.5));
    greenlet_error_t *error = greenlet_error_new(&E2, "all of you");
    CHECK_INT(gevent_killall(tasks, COUNT, error, GEVENT_FOREVER), 0);
    greenlet_error_unref(error);
    CHECK_LOG("6!GREENLET_EUSER unhandled!E2 8!GREENLET_EUSER unhandled!E2");
    CHECK_INT(gevent_status(tasks[0]), GEVENT_FAILED);
    forget_all();
}

static int run_stubborn(void *value, void **result) {
    *result = value;
    (void)gevent_sleep(1);
    return gevent_sleep(1);
}

TEST(KILLALL_returns_how_many_are_alive) {
    spawn((const int[]){6, 4, 8, 4});
    CHECK_OK(gevent_spawn(run_stubborn, NULL, &other));
    gevent_task_t *const three[] = {tasks[0], other, tasks[2]};
    CHECK_OK(gevent_yield());
    int start = now_ms();
    CHECK_INT(gevent_killall(three, 3, NULL, 0.2), 1);
    CHECK_INT(now_ms() - start, 200);
    CHECK_LOG("6!GREENLET_EEXIT 8!GREENLET_EEXIT");
    CHECK_INT(gevent_killall(tasks, COUNT, NULL, GEVENT_NOWAIT), 2); // not yet
    CHECK_LOG("");
    CHECK_INT(gevent_killall(three, 3, NULL, GEVENT_FOREVER), 0); // a second time
    CHECK_LOG("4!GREENLET_EEXIT 4!GREENLET_EEXIT");
    CHECK_INT(now_ms() - start, 200);
    gevent_task_unref(other);
    forget_all();
}

static int run_killall(void *value, void **result) {
    (void)value, (void)result;
    tasks[0] = other;
    int code = gevent_killall(tasks, COUNT, NULL, GEVENT_FOREVER);
    log_add("%s", greenlet_error_name(code));
    return code;
}

TEST(KILLALL_may_be_of_oneself_too) {
    spawn((const int[]){6, 2, 8, 4});
    gevent_task_t *first = tasks[0];
    CHECK_OK(gevent_spawn(run_killall, NULL, &other));
    CHECK_OK(gevent_join(other, GEVENT_FOREVER));
    CHECK_INT(gevent_status(other), GEVENT_KILLED);
    CHECK_INT(gevent_joinall(tasks, COUNT, 0.1, 0, 0, NULL), COUNT);
    CHECK_LOG("GREENLET_EEXIT 2!GREENLET_EEXIT 8!GREENLET_EEXIT 4!GREENLET_EEXIT");
    CHECK_OK(gevent_run());
    gevent_task_unref(first);
    forget_all();
}

// ---- every allocation ---------------------------------------------------------------------------

static int join_and_kill(void) {
    gevent_task_t *two[2] = {NULL, NULL};
    int code = gevent_spawn(run_sleep, V(2), &two[0]);
    if (code >= 0) code = gevent_spawn(run_sleep, V(8), &two[1]);
    if (code >= 0) code = gevent_joinall(two, 2, 0.3, 0, 0, NULL);
    int joined = code;
    if (code >= 0) code = gevent_killall(two, 2, NULL, GEVENT_FOREVER);
    if (code >= 0) CHECK_INT(gevent_ready(two[0]) + gevent_ready(two[1]), 2);
    int slept = gevent_sleep(1);
    for (int i = 0; i < 2; i++) gevent_task_unref(two[i]);
    log_clear();
    if (code >= 0 && joined != 1) return GREENLET_ENOMEM; // one could not start
    if (code < 0 || slept < 0) return code < 0 ? code : slept;
    return gevent_sleep(1);
}

TEST(MEMORY_joinall_and_killall) {
    gevent_set_unhandled(log_unhandled);
    fail_each_allocation(join_and_kill);
}
