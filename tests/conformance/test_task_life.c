// How tasks are made, start and end; what they are called.
//
// SPDX-License-Identifier: MIT
#include <string.h>

#include "check.h"
#include "gevent.h"

static gevent_task_t *task, *other;

static void forget(gevent_task_t **handle) {
    gevent_task_unref(*handle);
    *handle = NULL;
}

static int run_log(void *value, void **result) {
    log_add("%d", (int)INT(value));
    *result = value;
    return GREENLET_OK;
}

static void log_unhandled(greenlet_t *greenlet, const greenlet_error_t *error) {
    log_add("unhandled:%s!%s", greenlet_name(greenlet), greenlet_error_type(error)->name);
}

// ---- spawning -----------------------------------------------------------------------------------

TEST(TASK_spawn_starts_in_order_when_the_caller_waits) {
    for (int i = 0; i < 5; i++) CHECK_OK(gevent_spawn(run_log, V(i), NULL));
    CHECK_LOG("");
    CHECK_OK(gevent_yield());
    CHECK_LOG("0 1 2 3 4");
}

static int run_check_parent(void *value, void **result) {
    (void)value, (void)result;
    CHECK_PTR(greenlet_parent(greenlet_current()), gevent_hub());
    return gevent_spawn(run_log, V(1), NULL);
}

TEST(TASK_parent_is_the_hub_whoever_spawns) {
    CHECK_OK(gevent_spawn(run_check_parent, NULL, &task));
    CHECK_PTR(greenlet_parent(gevent_task_greenlet(task)), gevent_hub());
    CHECK_OK(gevent_run());
    CHECK_LOG("1");
    forget(&task);
}

TEST(TASK_spawn_nothing_to_run_is_refused_at_once) {
    task = NULL;
    CHECK_CODE(gevent_spawn(NULL, NULL, &task), GREENLET_EINVAL);
    CHECK_CODE(gevent_spawn_later(1, NULL, NULL, &task), GREENLET_EINVAL);
    CHECK_CODE(gevent_spawn_raw(NULL, NULL, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_new(NULL, NULL, &task), GREENLET_EINVAL);
    CHECK_CODE(gevent_new(run_log, NULL, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_start(NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_start_later(NULL, 1), GREENLET_EINVAL);
    CHECK_PTR(task, NULL);
}

TEST(H_19_a_later_start_is_a_timer) {
    int start = now_ms();
    CHECK_OK(gevent_spawn_later(0.25, run_log, V(1), &task));
    CHECK_INT(gevent_started(task), 1);
    CHECK_INT(greenlet_started(gevent_task_greenlet(task)), 0);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_INT(now_ms() - start, 250);
    CHECK_LOG("1");
    forget(&task);
}

TEST(TASK_spawn_later_at_once_comes_after_those_who_are_ready) {
    CHECK_OK(gevent_spawn_later(0, run_log, V(1), NULL));
    CHECK_OK(gevent_spawn(run_log, V(2), NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("2 1");
}

TEST(TASK_spawn_later_of_equal_times_starts_in_order) {
    for (int i = 0; i < 3; i++) CHECK_OK(gevent_spawn_later(0.5, run_log, V(i), NULL));
    CHECK_OK(gevent_run()); // waits for them
    CHECK_LOG("0 1 2");
}

TEST(TASK_spawn_later_killed_before_it_fires) {
    CHECK_OK(gevent_spawn_later(1, run_log, V(1), &task));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_INT(gevent_dead(task), 1);
    int start = now_ms();
    CHECK_OK(gevent_run());
    CHECK_INT(now_ms() - start, 0); // its timer is gone
    CHECK_LOG("");
    forget(&task);
}

TEST(TASK_spawn_later_start_is_ignored) {
    int start = now_ms();
    CHECK_OK(gevent_spawn_later(0.5, run_log, V(1), &task));
    CHECK_OK(gevent_start(task));
    CHECK_OK(gevent_start_later(task, 0.1));
    CHECK_OK(gevent_yield());
    CHECK_LOG("");
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_INT(now_ms() - start, 500);
    CHECK_LOG("1");
    forget(&task);
}

TEST(TASK_spawn_later_never_can_only_be_killed) {
    CHECK_OK(gevent_spawn_later(GEVENT_FOREVER, run_log, V(1), &task));
    CHECK_CODE(gevent_join(task, 1000), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_run(), GREENLET_EDEADLK);
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("");
    forget(&task);
}

TEST(TASK_start_a_second_time_is_ignored) {
    CHECK_OK(gevent_new(run_log, V(1), &task));
    CHECK_OK(gevent_start(task));
    CHECK_OK(gevent_start(task));
    CHECK_OK(gevent_start_later(task, 1));
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_OK(gevent_start(task)); // has finished
    int start = now_ms();
    CHECK_OK(gevent_run());
    CHECK_INT(now_ms() - start, 0);
    CHECK_LOG("1");
    forget(&task);
}

TEST(TASK_new_does_not_run_by_itself) {
    CHECK_OK(gevent_new(run_log, V(1), &task));
    CHECK_OK(gevent_run()); // does not wait for it
    CHECK_LOG("");
    CHECK_CODE(gevent_join(task, 0.5), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_get(task, 0.5, NULL), GREENLET_EPENDING);
    CHECK_OK(gevent_start_later(task, 0.5));
    CHECK_OK(gevent_run());
    CHECK_LOG("1");
    forget(&task);
}

TEST(TASK_new_that_is_dropped_is_freed) {
    CHECK_OK(gevent_new(run_log, V(1), &task));
    forget(&task);
    CHECK_OK(gevent_run());
    CHECK_LOG("");
}

TEST(TASK_kill_before_the_start_is_final) {
    CHECK_OK(gevent_new(run_log, V(1), &task));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_dead(task), 1);
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_OK(gevent_start(task));
    CHECK_INT(gevent_started(task), 0);
    CHECK_OK(gevent_start_later(task, 0.1));
    CHECK_OK(gevent_run());
    CHECK_LOG("");
    forget(&task);
}

// ---- raw greenlets ------------------------------------------------------------------------------

static int run_raw(void *value, void **result) {
    (void)result;
    CHECK_PTR(gevent_current_task(), NULL);
    CHECK_PTR(greenlet_parent(greenlet_current()), gevent_hub());
    log_add("begin%d", (int)INT(value));
    int code = gevent_sleep(0.1);
    log_add("end%d", (int)INT(value));
    return code;
}

TEST(TASK_spawn_raw_runs_in_its_turn_and_frees_itself) {
    CHECK_OK(gevent_spawn_raw(run_raw, V(1), NULL));
    CHECK_OK(gevent_spawn(run_log, V(2), NULL));
    CHECK_OK(gevent_spawn_raw(run_raw, V(3), NULL));
    CHECK_OK(gevent_sleep(1));
    CHECK_LOG("begin1 2 begin3 end1 end3");
}

static int run_wait_and_fail(void *value, void **result) {
    (void)value, (void)result;
    CHECK_OK(gevent_yield());
    return greenlet_raise(&GREENLET_ERROR, "late");
}

static void log_failed(greenlet_t *greenlet, const greenlet_error_t *error) {
    CHECK_INT(greenlet_dead(greenlet), 1);
    log_add("%s", greenlet_error_message(error));
}

TEST(TASK_spawn_raw_that_fails_after_a_wait_is_there_for_the_hook) {
    gevent_set_unhandled(log_failed);
    CHECK_OK(gevent_spawn_raw(run_wait_and_fail, NULL, NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("late");
    gevent_set_unhandled(NULL);
}

TEST(TASK_spawn_raw_fails_into_the_hook) {
    gevent_set_unhandled(log_unhandled);
    greenlet_t *greenlet;
    CHECK_OK(gevent_spawn_raw(run_fail_e1, NULL, &greenlet));
    CHECK_OK(greenlet_set_name(greenlet, "raw"));
    CHECK_OK(gevent_spawn_raw(run_exit, NULL, NULL)); // is no error
    CHECK_OK(gevent_yield());
    CHECK_LOG("unhandled:raw!E1");
    CHECK_INT(greenlet_dead(greenlet), 1);
    drop(&greenlet);
}

static int spawn_raw_and_throw(gevent_task_t *finished, void *argument) {
    greenlet_t *greenlet;
    (void)finished;
    CHECK_OK(gevent_spawn_raw(run_log, argument, &greenlet));
    CHECK_CODE(greenlet_throw(greenlet, NULL, NULL), GREENLET_EXITED);
    log_add("dead");
    drop(&greenlet);
    return GREENLET_OK;
}

TEST(TASK_spawn_raw_ended_before_it_starts_never_runs) {
    CHECK_OK(gevent_spawn(run_nothing, NULL, &task));
    CHECK_OK(gevent_rawlink(task, spawn_raw_and_throw, V(1)));
    CHECK_OK(gevent_run());
    CHECK_LOG("dead");
    forget(&task);
}

// ---- the argument -------------------------------------------------------------------------------

static void log_release(void *argument) {
    log_add("released%d", (int)INT(argument));
}

static int run_sleep(void *value, void **result) {
    *result = value;
    return gevent_sleep(0.1);
}

TEST(TASK_args_are_released_when_it_has_finished) {
    CHECK_OK(gevent_spawn(run_sleep, V(1), &task));
    gevent_own_argument(task, log_release);
    CHECK_OK(gevent_yield());
    CHECK_LOG("");
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_LOG("released1");
    forget(&task);
    CHECK_LOG("");
}

TEST(TASK_args_are_released_however_it_ends) {
    CHECK_OK(gevent_spawn(run_sleep, V(1), &task));
    gevent_own_argument(task, log_release);
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER)); // before it starts
    CHECK_LOG("released1");
    forget(&task);
    CHECK_OK(gevent_spawn(run_sleep, V(2), &task));
    gevent_own_argument(task, log_release);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill_hard(task));
    CHECK_LOG("released2");
    forget(&task);
    CHECK_OK(gevent_new(run_sleep, V(3), &task));
    gevent_own_argument(task, log_release);
    forget(&task); // never started
    CHECK_LOG("released3");
    CHECK_OK(gevent_spawn(run_log, V(4), &task));
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    gevent_own_argument(task, log_release); // too late
    CHECK_LOG("4 released4");
    forget(&task);
}

// ---- questions ----------------------------------------------------------------------------------

static void check_questions(int started, int dead, int ready, int successful) {
    CHECK_INT(gevent_started(task), started);
    CHECK_INT(gevent_dead(task), dead);
    CHECK_INT(gevent_ready(task), ready);
    CHECK_INT(gevent_successful(task), successful);
}

static int run_check_itself(void *value, void **result) {
    (void)value, (void)result;
    check_questions(1, 0, 0, 0);
    return GREENLET_OK;
}

TEST(TASK_started_dead_ready_successful) {
    gevent_set_unhandled(log_unhandled);
    CHECK_OK(gevent_new(run_check_itself, NULL, &task));
    check_questions(0, 0, 0, 0);
    CHECK_OK(gevent_start(task));
    check_questions(1, 0, 0, 0);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    check_questions(0, 1, 1, 1);
    forget(&task);
    CHECK_OK(gevent_spawn(run_fail_e1, NULL, &task));
    CHECK_OK(gevent_set_name(task, "task"));
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    check_questions(0, 1, 1, 0);
    CHECK_LOG("unhandled:task!E1");
    forget(&task);
    CHECK_OK(gevent_spawn(run_exit, NULL, &task));
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    check_questions(0, 1, 1, 1);
    forget(&task);
    CHECK_OK(gevent_new(run_log, NULL, &task));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_NOWAIT));
    check_questions(0, 1, 1, 1);
    forget(&task);
}

TEST(TASK_value_of_one_that_returned_nothing_is_told_from_none) {
    CHECK_OK(gevent_spawn(run_nothing, NULL, &task));
    CHECK_PTR(gevent_value(task), NULL);
    CHECK_INT(gevent_status(task), GEVENT_PENDING);
    void *value = V(1);
    CHECK_OK(gevent_get(task, GEVENT_FOREVER, &value));
    CHECK_PTR(value, NULL);
    CHECK_INT(gevent_status(task), GEVENT_RETURNED);
    forget(&task);
}

TEST(TASK_unhandled_error_is_told_once_though_somebody_gets_it) {
    gevent_set_unhandled(log_unhandled);
    CHECK_OK(gevent_spawn(run_fail_e1, NULL, &task));
    CHECK_OK(gevent_set_name(task, "task"));
    CHECK_CODE(gevent_get(task, GEVENT_FOREVER, NULL), CODE_E1);
    CHECK_CODE(gevent_get(task, GEVENT_FOREVER, NULL), CODE_E1);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_LOG("unhandled:task!E1");
    forget(&task);
}

// ---- join and get -------------------------------------------------------------------------------

static int run_join_self(void *value, void **result) {
    (void)value, (void)result;
    int start = now_ms();
    CHECK_CODE(gevent_join(task, GEVENT_FOREVER), GREENLET_EDEADLK);
    CHECK_CODE(gevent_join(task, 0.5), GREENLET_ETIMEDOUT);
    log_add("%d", now_ms() - start);
    return GREENLET_OK;
}

TEST(TASK_join_oneself_is_refused_or_times_out) {
    CHECK_OK(gevent_spawn(run_join_self, NULL, &task));
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_LOG("500");
    forget(&task);
}

static int run_join_and_be_dropped(void *value, void **result) {
    (void)value, (void)result;
    return gevent_join(task, GEVENT_FOREVER);
}

TEST(TASK_join_outlives_the_handles) {
    CHECK_OK(gevent_spawn(run_sleep, NULL, &task));
    CHECK_OK(gevent_spawn(run_join_and_be_dropped, NULL, &other));
    CHECK_OK(gevent_yield());
    forget(&task);
    CHECK_OK(gevent_join(other, GEVENT_FOREVER));
    CHECK_INT(gevent_status(other), GEVENT_RETURNED);
    forget(&other);
}

static int run_get_task(void *value, void **result) {
    (void)value;
    return gevent_get(task, GEVENT_FOREVER, result);
}

static int run_kill_task(void *value, void **result) {
    (void)value, (void)result;
    return gevent_kill(task, NULL, GEVENT_FOREVER);
}

// Nothing is left of a wait whose frames are dropped.
TEST(TASK_join_get_and_kill_are_killed_hard) {
    static const greenlet_run_fn waiting[] = {run_join_and_be_dropped, run_get_task, run_kill_task};
    for (size_t i = 0; i < 3; i++) {
        CHECK_OK(gevent_spawn(run_sleep, NULL, &task));
        CHECK_OK(gevent_yield());
        CHECK_OK(gevent_spawn(waiting[i], NULL, &other));
        CHECK_OK(gevent_yield());
        CHECK_OK(gevent_kill_hard(other));
        CHECK_INT(gevent_status(other), GEVENT_KILLED);
        CHECK_OK(gevent_join(task, GEVENT_FOREVER));
        forget(&other);
        forget(&task);
    }
}

// ---- names --------------------------------------------------------------------------------------

TEST(TASK_name_is_its_greenlets) {
    CHECK_OK(gevent_spawn(run_nothing, NULL, &task));
    CHECK(strncmp(gevent_name(task), "greenlet-", 9) == 0);
    CHECK_OK(gevent_set_name(task, "worker"));
    CHECK_STR(gevent_name(task), "worker");
    CHECK_STR(greenlet_name(gevent_task_greenlet(task)), "worker");
    CHECK_OK(gevent_run());
    forget(&task);
}

enum { MANY = 40 };

static uint32_t ident_of(gevent_task_t *of) {
    uint32_t ident = 1000;
    CHECK_OK(gevent_minimal_ident(of, &ident));
    return ident;
}

TEST(TASK_minimal_ident_is_the_smallest_that_is_free) {
    gevent_task_t *tasks[MANY];
    for (uint32_t i = 0; i < MANY; i++) {
        CHECK_OK(gevent_new(run_nothing, NULL, &tasks[i]));
        CHECK_INT(ident_of(tasks[i]), i);
    }
    CHECK_INT(ident_of(tasks[7]), 7);
    forget(&tasks[7]);
    forget(&tasks[3]);
    for (uint32_t i = 3; i <= 7; i += 4) {
        CHECK_OK(gevent_new(run_nothing, NULL, &tasks[i]));
        CHECK_INT(ident_of(tasks[i]), i);
    }
    for (int i = 0; i < MANY; i++) forget(&tasks[i]);
}

TEST(TASK_minimal_ident_of_one_that_is_gone_is_stale) {
    CHECK_PTR(gevent_find_task(0, 1), NULL);
    CHECK_OK(gevent_new(run_nothing, NULL, &task));
    uint32_t ident = ident_of(task);
    uint64_t id = greenlet_id(gevent_task_greenlet(task));
    CHECK_PTR(gevent_find_task(ident, id), task);
    CHECK_PTR(gevent_find_task(ident + 1, id), NULL);
    forget(&task);
    CHECK_PTR(gevent_find_task(ident, id), NULL);
    CHECK_OK(gevent_new(run_nothing, NULL, &task));
    CHECK_INT(ident_of(task), ident);
    CHECK_PTR(gevent_find_task(ident, id), NULL);
    CHECK_PTR(gevent_find_task(ident, greenlet_id(gevent_task_greenlet(task))), task);
    forget(&task);
}

// ---- every allocation ---------------------------------------------------------------------------

static int spawn_later_and_raw(void) {
    int code = gevent_spawn_later(0.1, run_sleep, NULL, &task);
    if (code < 0) return code;
    int raw = gevent_spawn_raw(run_sleep, NULL, NULL);
    uint32_t ident;
    int numbered = gevent_minimal_ident(task, &ident);
    code = gevent_join(task, GEVENT_FOREVER);
    int slept = gevent_sleep(1);
    forget(&task);
    if (slept < 0 || raw < 0) return slept < 0 ? slept : raw;
    return numbered < 0 ? numbered : code;
}

TEST(MEMORY_spawning_later_and_raw) {
    gevent_set_unhandled(check_no_memory);
    fail_each_allocation(spawn_later_and_raw);
}
