// Tasks: outcomes, join and get, kill (H).
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

static gevent_task_t *task, *other;
static gevent_event_t event;

static void log_unhandled(greenlet_t *greenlet, const greenlet_error_t *error) {
    log_add("unhandled:%s!%s", greenlet_name(greenlet), greenlet_error_type(error)->name);
}

static void spawn(greenlet_run_fn run) {
    CHECK_OK(gevent_spawn(run, NULL, &task));
    CHECK_OK(greenlet_set_name(gevent_task_greenlet(task), "task"));
}

static void forget(gevent_task_t **handle) {
    gevent_task_unref(*handle);
    *handle = NULL;
}

static int run_sleep(void *value, void **result) {
    *result = V(8);
    (void)value;
    return gevent_sleep(1);
}

// Logs the error that ends its sleep, and lets it pass.
static int run_log_end(void *value, void **result) {
    (void)value, (void)result;
    int code = gevent_sleep(10);
    log_add("%s", code < 0 ? greenlet_error_name(code) : "slept");
    return code;
}

// ---- outcomes -----------------------------------------------------------------------------------

TEST(H_08_a_value_is_kept) {
    void *result = NULL;
    spawn(run_42);
    CHECK_PTR(gevent_value(task), NULL);
    CHECK_OK(gevent_get(task, GEVENT_FOREVER, &result));
    CHECK_INT(INT(result), 42);
    CHECK_INT(gevent_status(task), GEVENT_RETURNED);
    CHECK_INT(INT(gevent_value(task)), 42);
    CHECK_PTR(gevent_error(task), NULL);
    CHECK_INT(greenlet_dead(gevent_task_greenlet(task)), 1);
    CHECK_OK(gevent_get(task, GEVENT_NOWAIT, NULL));
    CHECK_OK(gevent_join(task, GEVENT_NOWAIT));
    forget(&task);
}

TEST(H_08_an_error_is_reported_and_kept) {
    void *result = V(1);
    gevent_set_unhandled(log_unhandled);
    spawn(run_fail_e1);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER)); // does not fail with it
    CHECK_LOG("unhandled:task!E1");
    CHECK_INT(gevent_status(task), GEVENT_FAILED);
    CHECK_PTR(gevent_value(task), NULL);
    CHECK_INT(greenlet_error_code(gevent_error(task)), CODE_E1);
    CHECK_CODE(gevent_get(task, GEVENT_FOREVER, &result), CODE_E1);
    CHECK_PTR(greenlet_last_error(), gevent_error(task)); // the same object
    CHECK_STR(greenlet_error_origin(gevent_error(task)), "task");
    CHECK_INT(INT(result), 1);
    CHECK_LOG("");
    forget(&task);
}

TEST(H_10_exit_is_a_success) {
    void *result = NULL;
    gevent_set_unhandled(log_unhandled);
    spawn(run_exit);
    CHECK_OK(gevent_get(task, GEVENT_FOREVER, &result));
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_PTR(gevent_error(task), NULL);
    CHECK_PTR(gevent_value(task), result);
    CHECK(greenlet_error_is(result, &GREENLET_EXIT));
    CHECK_STR(greenlet_error_message(result), "bye");
    CHECK_LOG("");
    forget(&task);
}

static int run_current(void *value, void **result) {
    (void)value;
    *result = gevent_current_task();
    return GREENLET_OK;
}

TEST(H_08_the_current_task) {
    void *result = NULL;
    CHECK_PTR(gevent_current_task(), NULL);
    spawn(run_current);
    CHECK_OK(gevent_get(task, GEVENT_FOREVER, &result));
    CHECK_PTR(result, task);
    forget(&task);
}

TEST(H_08_a_dropped_handle_ends_nothing) {
    spawn(run_log_end);
    CHECK_OK(gevent_yield());
    forget(&task);
    CHECK_OK(gevent_run());
    CHECK_LOG("slept");
}

TEST(H_08_misuse_is_a_code) {
    CHECK_CODE(gevent_join(NULL, GEVENT_FOREVER), GREENLET_EINVAL);
    CHECK_CODE(gevent_get(NULL, GEVENT_FOREVER, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_kill(NULL, NULL, GEVENT_FOREVER), GREENLET_EINVAL);
    gevent_task_unref(NULL);
    CHECK_PTR(gevent_task_ref(NULL), NULL);
}

// ---- join and get -------------------------------------------------------------------------------

TEST(H_14_join_with_a_time_leaves_the_task_running) {
    int start = now_ms();
    spawn(run_sleep);
    CHECK_CODE(gevent_join(task, 0.25), GREENLET_ETIMEDOUT);
    CHECK_INT(now_ms() - start, 250);
    CHECK_INT(gevent_status(task), GEVENT_PENDING);
    CHECK_CODE(gevent_join(task, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_INT(now_ms() - start, 250);
    CHECK_OK(gevent_join(task, 5));
    CHECK_INT(now_ms() - start, 1000);
    CHECK_INT(gevent_status(task), GEVENT_RETURNED);
    forget(&task);
}

TEST(H_14_get_with_a_time_fails_by_name) {
    void *result = V(1);
    spawn(run_sleep);
    CHECK_CODE(gevent_get(task, 0.25, &result), GREENLET_EPENDING);
    CHECK_CODE(gevent_get(task, GEVENT_NOWAIT, &result), GREENLET_EPENDING);
    CHECK_INT(INT(result), 1);
    CHECK_OK(gevent_get(task, GEVENT_FOREVER, &result));
    CHECK_INT(INT(result), 8);
    forget(&task);
}

static int run_time_out(void *value, void **result) {
    (void)value, (void)result;
    return greenlet_fail(GREENLET_ETIMEDOUT);
}

TEST(H_14_the_tasks_own_time_out_is_told_from_the_callers) {
    gevent_set_unhandled(log_unhandled);
    spawn(run_time_out);
    CHECK_CODE(gevent_get(task, 1, NULL), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_join(task, 1));
    CHECK_LOG("unhandled:task!TimedOut");
    forget(&task);
}

static int run_join_task(void *value, void **result) {
    (void)result;
    int code = gevent_join(task, GEVENT_FOREVER);
    log_add("joined%d", (int)INT(value));
    return code;
}

TEST(H_08_joiners_wake_in_order) {
    spawn(run_sleep);
    for (int i = 0; i < 3; i++) CHECK_OK(gevent_spawn(run_join_task, V(i), NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("joined0 joined1 joined2");
    forget(&task);
}

TEST(H_11_killing_a_joiner_leaves_the_task_alone) {
    spawn(run_sleep);
    CHECK_OK(gevent_spawn(run_join_task, V(1), &other));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(other, NULL, GEVENT_FOREVER));
    CHECK_LOG("joined1");
    CHECK_INT(gevent_status(other), GEVENT_KILLED);
    CHECK_INT(gevent_status(task), GEVENT_PENDING);
    CHECK_OK(gevent_get(task, GEVENT_FOREVER, NULL));
    forget(&other);
    forget(&task);
}

// ---- kill ---------------------------------------------------------------------------------------

TEST(H_11_kill_throws_exit_and_waits) {
    int start = now_ms();
    spawn(run_log_end);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("GREENLET_EEXIT");
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK(greenlet_error_is(gevent_value(task), &GREENLET_EXIT));
    CHECK_PTR(gevent_error(task), NULL);
    CHECK_INT(now_ms() - start, 0);
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER)); // is dead
    CHECK_OK(gevent_kill(task, NULL, GEVENT_NOWAIT));
    forget(&task);
}

TEST(H_11_one_that_has_not_started_never_runs) {
    spawn(run_logged);
    CHECK_OK(gevent_spawn(run_join_task, V(1), &other));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK(greenlet_error_is(gevent_value(task), &GREENLET_EXIT));
    CHECK_INT(greenlet_dead(gevent_task_greenlet(task)), 1);
    CHECK_OK(gevent_get(task, GEVENT_FOREVER, NULL));
    CHECK_OK(gevent_join(other, GEVENT_FOREVER));
    CHECK_LOG("joined1");
    forget(&other);
    forget(&task);
}

TEST(H_11_without_waiting_it_dies_later) {
    spawn(run_log_end);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(task, NULL, GEVENT_NOWAIT));
    log_add("main");
    CHECK_INT(gevent_status(task), GEVENT_PENDING);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_LOG("main GREENLET_EEXIT");
    forget(&task);
}

static int run_clean_up_slowly(void *value, void **result) {
    (void)value, (void)result;
    int code = gevent_sleep(10);
    greenlet_error_t *pending = greenlet_error_take();
    CHECK_OK(gevent_sleep(0.5));
    log_add("clean");
    greenlet_error_restore(pending);
    return code;
}

TEST(H_11_a_task_may_delay_its_end) {
    int start = now_ms();
    spawn(run_clean_up_slowly);
    CHECK_OK(gevent_yield());
    CHECK_CODE(gevent_kill(task, NULL, 0.2), GREENLET_ETIMEDOUT);
    CHECK_INT(now_ms() - start, 200);
    CHECK_INT(gevent_status(task), GEVENT_PENDING);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_INT(now_ms() - start, 500);
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_LOG("clean");
    forget(&task);
}

static int run_swallow(void *value, void **result) {
    (void)value;
    log_add("%s", greenlet_error_name(gevent_sleep(10)));
    *result = V(5);
    return gevent_sleep(0.1);
}

TEST(H_11_a_task_may_swallow_the_kill) {
    spawn(run_swallow);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("GREENLET_EEXIT");
    CHECK_INT(gevent_status(task), GEVENT_RETURNED);
    CHECK_INT(INT(gevent_value(task)), 5);
    forget(&task);
}

static int kill_with(const greenlet_error_type_t *type, double seconds) {
    greenlet_error_t *error = greenlet_error_new(type, "killed");
    int code = gevent_kill(task, error, seconds);
    greenlet_error_unref(error);
    return code;
}

TEST(H_12_kill_with_another_error_makes_it_fail) {
    gevent_set_unhandled(log_unhandled);
    spawn(run_clean_up_slowly);
    CHECK_OK(gevent_yield());
    CHECK_OK(kill_with(&E1, GEVENT_FOREVER));
    CHECK_LOG("clean unhandled:task!E1");
    CHECK_INT(gevent_status(task), GEVENT_FAILED);
    CHECK_INT(greenlet_error_code(gevent_error(task)), CODE_E1);
    CHECK_CODE(gevent_get(task, GEVENT_FOREVER, NULL), CODE_E1);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "killed");
    forget(&task);
}

TEST(H_12_the_same_before_it_has_started) {
    gevent_set_unhandled(log_unhandled);
    spawn(run_logged);
    CHECK_OK(kill_with(&E1, GEVENT_FOREVER));
    CHECK_LOG("unhandled:task!E1");
    CHECK_INT(gevent_status(task), GEVENT_FAILED);
    CHECK_CODE(gevent_get(task, GEVENT_FOREVER, NULL), CODE_E1);
    CHECK_OK(gevent_yield());
    CHECK_LOG("");
    forget(&task);
}

static int run_fail_in_clean_up(void *value, void **result) {
    (void)value, (void)result;
    (void)gevent_sleep(10);
    return greenlet_raise(&E2, "while cleaning up");
}

TEST(H_12_an_error_of_the_clean_up_is_the_outcome) {
    gevent_set_unhandled(log_unhandled);
    spawn(run_fail_in_clean_up);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("unhandled:task!E2");
    CHECK_INT(gevent_status(task), GEVENT_FAILED);
    forget(&task);
}

TEST(TASK_kill_that_is_under_way_when_the_task_ends_is_dropped) {
    spawn(run_log_end);
    CHECK_OK(gevent_yield());
    for (int i = 0; i < 3; i++) CHECK_OK(gevent_kill(task, NULL, GEVENT_NOWAIT));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("GREENLET_EEXIT");
    forget(&task);
}

TEST(TASK_kill_with_what_is_no_error_is_refused) {
    static const greenlet_error_type_t odd = {"Odd", &GREENLET_ERROR, 0};
    spawn(run_log_end);
    for (int started = 0; started < 2; started++) {
        CHECK_CODE(kill_with(&odd, GEVENT_FOREVER), GREENLET_EINVAL);
        CHECK_INT(gevent_status(task), GEVENT_PENDING);
        CHECK_OK(gevent_yield());
    }
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("GREENLET_EEXIT");
    forget(&task);
}

static int link_kill(gevent_task_t *finished, void *victim) {
    (void)finished;
    CHECK_CODE(gevent_kill(victim, NULL, GEVENT_FOREVER), GREENLET_EHUB);
    CHECK_CODE(gevent_killall(&task, 1, NULL, GEVENT_FOREVER), GREENLET_EHUB);
    greenlet_error_unref(greenlet_error_take());
    log_add("refused");
    return gevent_kill(victim, NULL, GEVENT_NOWAIT);
}

TEST(TASK_kill_in_the_hub_does_not_wait) {
    spawn(run_log_end);
    CHECK_OK(gevent_spawn(run_nothing, NULL, &other));
    CHECK_OK(gevent_rawlink(other, link_kill, task));
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_LOG("refused GREENLET_EEXIT");
    forget(&other);
    forget(&task);
}

static int run_get_task(void *value, void **result) {
    (void)value;
    int code = gevent_get(task, GEVENT_FOREVER, result);
    log_add("%s", greenlet_error_name(code));
    return code;
}

TEST(TASK_get_fails_with_what_is_thrown_into_the_one_who_gets) {
    gevent_set_unhandled(log_unhandled);
    spawn(run_sleep);
    CHECK_OK(gevent_spawn(run_get_task, NULL, &other));
    CHECK_OK(greenlet_set_name(gevent_task_greenlet(other), "getter"));
    CHECK_OK(gevent_yield());
    greenlet_error_t *error = greenlet_error_new(greenlet_error_type_of(GREENLET_ETIMEDOUT), NULL);
    CHECK_OK(gevent_kill(other, error, GEVENT_FOREVER)); // not taken for a time-out of its own
    CHECK_PTR(gevent_error(other), error);
    greenlet_error_unref(error);
    CHECK_LOG("GREENLET_ETIMEDOUT unhandled:getter!TimedOut");
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    forget(&other);
    forget(&task);
}

TEST(H_11_the_first_of_two_kills_wins) {
    gevent_set_unhandled(log_unhandled);
    spawn(run_log_end);
    CHECK_OK(gevent_yield());
    CHECK_OK(kill_with(&E1, GEVENT_NOWAIT));
    CHECK_OK(kill_with(&E2, GEVENT_NOWAIT));
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_INT(greenlet_error_code(gevent_error(task)), CODE_E1);
    CHECK_LOG("GREENLET_EUSER unhandled:task!E1");
    forget(&task);
}

static int run_yield_and_log(void *value, void **result) {
    (void)value;
    int code = gevent_yield();
    if (code >= 0) log_add("slice");
    if (code >= 0) code = gevent_yield();
    *result = V(6);
    return code;
}

TEST(H_11_one_in_the_queue_gets_one_more_slice) {
    spawn(run_yield_and_log);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("slice");
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    forget(&task);
}

static int run_yield_once(void *value, void **result) {
    (void)value;
    *result = V(6);
    return gevent_yield();
}

TEST(H_11_one_that_ends_before_the_delivery_keeps_its_value) {
    spawn(run_yield_once);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_status(task), GEVENT_RETURNED);
    CHECK_INT(INT(gevent_value(task)), 6);
    forget(&task);
}

static int run_kill_self(void *value, void **result) {
    (void)value, (void)result;
    int code = gevent_kill(gevent_current_task(), NULL, GEVENT_FOREVER);
    log_add("%s", greenlet_error_name(code));
    return code;
}

static int run_kill_self_later(void *value, void **result) {
    (void)value, (void)result;
    CHECK_OK(gevent_kill(gevent_current_task(), NULL, GEVENT_NOWAIT));
    log_add("still here");
    int code = gevent_sleep(1);
    log_add("%s", greenlet_error_name(code));
    return code;
}

TEST(H_11_killing_oneself) {
    spawn(run_kill_self);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_LOG("GREENLET_EEXIT");
    forget(&task);
    spawn(run_kill_self_later);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_LOG("still here GREENLET_EEXIT");
    forget(&task);
}

static int run_kill_task(void *value, void **result) {
    (void)value, (void)result;
    int code = gevent_kill(task, NULL, GEVENT_FOREVER);
    log_add("killer:%d", code);
    return code;
}

TEST(H_11_a_killer_may_be_killed) {
    spawn(run_clean_up_slowly);
    CHECK_OK(gevent_spawn(run_kill_task, NULL, &other));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(other, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_status(other), GEVENT_KILLED);
    CHECK_INT(gevent_status(task), GEVENT_PENDING);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER)); // the kill itself went on
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_LOG("killer:-3 clean");
    forget(&other);
    forget(&task);
}

static int run_wait_for_event(void *value, void **result) {
    (void)value, (void)result;
    return gevent_event_wait(&event, GEVENT_FOREVER);
}

TEST(H_11_killing_one_that_waits_for_ever) {
    gevent_event_init(&event);
    spawn(run_wait_for_event);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    gevent_event_set(&event);
    CHECK_OK(gevent_yield());
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    forget(&task);
}
