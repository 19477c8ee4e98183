// Scopes (gevent.md section 3: bundle and nursery, cancel scopes, shield, absolute deadlines).
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

// Sleeps so many milliseconds and logs how that went.
static int run_sleep(void *value, void **result) {
    (void)result;
    int code = gevent_sleep((double)INT(value) / 1000);
    if (code < 0)
        log_add("%d:%s", (int)INT(value), greenlet_error_name(code));
    else
        log_add("%d", (int)INT(value));
    return code;
}

static const greenlet_error_type_t CHILD_ERROR = {"ChildError", &GREENLET_ERROR, GREENLET_EUSER};

static int run_fail(void *value, void **result) {
    (void)result;
    int code = gevent_sleep((double)INT(value) / 1000);
    if (code < 0) return code;
    log_add("fails");
    return greenlet_raise(&CHILD_ERROR, "after %d", (int)INT(value));
}

static void count_unhandled(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet;
    log_add("unhandled:%s", greenlet_error_message(error));
}

// ---- joining ------------------------------------------------------------------------------------

static int run_add(void *value, void **result) {
    (void)result;
    CHECK_OK(gevent_yield());
    ++*(int *)value;
    return GREENLET_OK;
}

TEST(SCOPE_children_end_before_it_does_and_may_use_locals) {
    int count = 0;
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    for (int i = 0; i < 5; i++) CHECK_OK(gevent_scope_spawn(&scope, run_add, &count, NULL));
    CHECK_OK(gevent_scope_close(&scope, GREENLET_OK));
    CHECK_INT(count, 5);
    CHECK_INT(gevent_scope_is_cancelled(&scope), 0);
}

static int run_spawn_sibling(void *value, void **result) {
    (void)result;
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_scope_spawn(value, run_sleep, V(300), NULL));
    log_add("spawned");
    return GREENLET_OK;
}

TEST(SCOPE_a_child_may_start_another_one_while_it_is_being_closed) {
    gevent_scope_t scope;
    int start = now_ms();
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_spawn_sibling, &scope, NULL));
    CHECK_OK(gevent_scope_close(&scope, GREENLET_OK));
    CHECK_LOG("spawned 300");
    CHECK_INT(now_ms() - start, 400);
}

TEST(SCOPE_an_empty_one_closes_without_a_switch) {
    gevent_scope_t scope;
    CHECK_OK(gevent_spawn(run_sleep, V(0), NULL));
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_close(&scope, GREENLET_OK));
    CHECK_LOG("");
    CHECK_OK(gevent_run());
    CHECK_LOG("0");
}

// ---- failure ------------------------------------------------------------------------------------

TEST(SCOPE_the_first_failure_cancels_the_siblings_and_is_the_result) {
    gevent_set_unhandled(count_unhandled);
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_sleep, V(500), NULL));
    CHECK_OK(gevent_scope_spawn(&scope, run_fail, V(100), NULL));
    CHECK_OK(gevent_scope_spawn(&scope, run_sleep, V(50), NULL));
    CHECK_CODE(gevent_scope_close(&scope, GREENLET_OK), GREENLET_EUSER);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "after 100");
    CHECK_STR(greenlet_error_type(greenlet_last_error())->name, "ChildError");
    CHECK_INT(gevent_scope_failures(&scope), 1);
    CHECK_LOG("50 fails 500:GREENLET_ECANCELED");
    gevent_set_unhandled(NULL);
}

static int run_fail_when_cancelled(void *value, void **result) {
    (void)result;
    CHECK_CODE(gevent_sleep(10), GREENLET_ECANCELED);
    return greenlet_raise(&CHILD_ERROR, "clean-up %d", (int)INT(value));
}

TEST(SCOPE_later_failures_are_counted_and_reported) {
    gevent_set_unhandled(count_unhandled);
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_fail_when_cancelled, V(1), NULL));
    CHECK_OK(gevent_scope_spawn(&scope, run_fail, V(100), NULL));
    CHECK_CODE(gevent_scope_close(&scope, GREENLET_OK), GREENLET_EUSER);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "after 100");
    CHECK_INT(gevent_scope_failures(&scope), 2);
    CHECK_LOG("fails unhandled:clean-up 1");
    gevent_set_unhandled(NULL);
}

TEST(SCOPE_a_body_that_fails_cancels_the_children_and_wins) {
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_sleep, V(500), NULL));
    CHECK_OK(gevent_yield());
    int code = greenlet_raise(&CHILD_ERROR, "body");
    CHECK_CODE(gevent_scope_close(&scope, code), GREENLET_EUSER);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "body");
    CHECK_INT(gevent_scope_failures(&scope), 0);
    CHECK_LOG("500:GREENLET_ECANCELED");
}

TEST(SCOPE_a_failure_reaches_the_body_where_it_waits) {
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_fail, V(100), NULL));
    int start = now_ms();
    int code = gevent_sleep(10);
    CHECK_CODE(code, GREENLET_ECANCELED);
    CHECK_INT(now_ms() - start, 100);
    CHECK_CODE(gevent_scope_close(&scope, code), GREENLET_EUSER);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "after 100");
    CHECK_LOG("fails");
}

// ---- cancelling ---------------------------------------------------------------------------------

TEST(SCOPE_cancelled_children_that_have_not_started_never_run) {
    gevent_scope_t scope;
    gevent_task_t *task;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_sleep, V(1), &task));
    gevent_scope_cancel(&scope);
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_INT(greenlet_error_code(gevent_value(task)), GREENLET_ECANCELED);
    CHECK_CODE(gevent_scope_spawn(&scope, run_sleep, V(2), NULL), GREENLET_ECANCELED);
    CHECK_INT(gevent_scope_close(&scope, GREENLET_OK), GEVENT_CANCELLED);
    CHECK_INT(gevent_scope_is_cancelled(&scope), 1);
    CHECK_INT(gevent_scope_expired(&scope), 0);
    CHECK_LOG("");
    gevent_task_unref(task);
}

// A loop that ignores errors, as C is full of.
static int run_stubborn(void *value, void **result) {
    (void)result;
    for (int i = 0; i < 3; i++) log_add("%s", greenlet_error_name(gevent_sleep(1)));
    *(int *)value = 1;
    return GREENLET_OK;
}

TEST(SCOPE_cancellation_stays_until_the_scope_is_left) {
    gevent_scope_t scope;
    int is_done = 0;
    int start = now_ms();
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_stubborn, &is_done, NULL));
    CHECK_OK(gevent_sleep(0.5));
    gevent_scope_cancel(&scope);
    CHECK_CODE(gevent_sleep(0), GREENLET_ECANCELED);
    CHECK_CODE(gevent_check_cancelled(), GREENLET_ECANCELED);
    CHECK_INT(gevent_scope_close(&scope, GREENLET_ECANCELED), GEVENT_CANCELLED);
    CHECK_INT(is_done, 1);
    CHECK_LOG("GREENLET_ECANCELED GREENLET_ECANCELED GREENLET_ECANCELED");
    CHECK_OK(gevent_check_cancelled());
    CHECK_OK(gevent_sleep(0.1));
    CHECK_INT(now_ms() - start, 600);
}

static int run_nested(void *value, void **result) {
    (void)result;
    gevent_scope_t inner;
    CHECK_OK(gevent_scope_open(&inner, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&inner, run_sleep, value, NULL));
    CHECK_OK(gevent_scope_spawn(&inner, run_sleep, V(100), NULL));
    int code = gevent_scope_close(&inner, GREENLET_OK);
    log_add("inner:%s", greenlet_error_name(code));
    CHECK_INT(gevent_scope_is_cancelled(&inner), 1);
    return code;
}

TEST(SCOPE_cancellation_reaches_scopes_within_scopes_of_children) {
    gevent_scope_t scope;
    gevent_task_t *task;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_nested, V(500), &task));
    CHECK_OK(gevent_scope_spawn(&scope, run_sleep, V(600), NULL));
    CHECK_OK(gevent_sleep(0.2));
    gevent_scope_cancel(&scope);
    CHECK_INT(gevent_scope_close(&scope, GREENLET_OK), GEVENT_CANCELLED);
    CHECK_LOG("100 600:GREENLET_ECANCELED 500:GREENLET_ECANCELED inner:GREENLET_ECANCELED");
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    gevent_task_unref(task);
}

static int run_cancel(void *value, void **result) {
    (void)result;
    gevent_scope_cancel(value);
    return GREENLET_OK;
}

static int run_close_with_child(void *value, void **result) {
    (void)result;
    gevent_scope_t inner;
    CHECK_OK(gevent_scope_open(&inner, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&inner, run_sleep, value, NULL));
    int code = gevent_scope_close(&inner, GREENLET_OK);
    CHECK_CODE(code, GREENLET_ECANCELED);
    return code;
}

TEST(SCOPE_closing_says_that_it_was_cancelled_though_no_child_had_started) {
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_close_with_child, V(100), NULL));
    CHECK_OK(gevent_yield()); // the child's child is queued behind this
    gevent_scope_cancel(&scope);
    CHECK_INT(gevent_scope_close(&scope, GREENLET_OK), GEVENT_CANCELLED);
}

TEST(SCOPE_others_may_cancel_it) {
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_spawn(run_cancel, &scope, NULL));
    int code = gevent_sleep(10);
    CHECK_CODE(code, GREENLET_ECANCELED);
    CHECK_INT(gevent_scope_close(&scope, code), GEVENT_CANCELLED);
}

TEST(SCOPE_one_that_nobody_noticed_the_cancellation_of_is_ok) {
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    gevent_scope_cancel(&scope);
    CHECK_OK(gevent_scope_close(&scope, GREENLET_OK));
}

// ---- deadlines ----------------------------------------------------------------------------------

TEST(SCOPE_a_deadline_fails_the_stretch_and_its_children) {
    gevent_scope_t scope;
    int start = now_ms();
    CHECK_OK(gevent_scope_open(&scope, 0.3));
    CHECK_OK(gevent_scope_spawn(&scope, run_sleep, V(500), NULL));
    int code = gevent_sleep(10);
    CHECK_CODE(code, GREENLET_EEXPIRED);
    CHECK_CODE(gevent_scope_close(&scope, code), GREENLET_EEXPIRED);
    CHECK_PTR(greenlet_error_data(greenlet_last_error()), &scope);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "a scope of 0.3 s expired");
    CHECK_INT(gevent_scope_expired(&scope), 1);
    CHECK_INT(now_ms() - start, 300);
    CHECK_LOG("500:GREENLET_ECANCELED");
}

TEST(SCOPE_a_deadline_while_it_is_closing_ends_the_children) {
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, 0.3));
    CHECK_OK(gevent_scope_spawn(&scope, run_sleep, V(500), NULL));
    CHECK_OK(gevent_scope_spawn(&scope, run_sleep, V(200), NULL));
    CHECK_CODE(gevent_scope_close(&scope, GREENLET_OK), GREENLET_EEXPIRED);
    CHECK_LOG("200 500:GREENLET_ECANCELED");
}

TEST(SCOPE_a_deadline_that_stopped_nothing_is_no_failure) {
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, 0.3));
    CHECK_OK(gevent_sleep(0.2));
    CHECK_OK(gevent_scope_close(&scope, GREENLET_OK));
    CHECK_OK(gevent_sleep(1));
    CHECK_INT(gevent_scope_expired(&scope), 0);
}

TEST(SCOPE_the_nearest_deadline_counts_and_keeps_its_identity) {
    gevent_scope_t outer, inner;
    CHECK_OK(gevent_scope_open(&outer, 0.1));
    CHECK_OK(gevent_scope_open(&inner, 0.5));
    CHECK_INT(gevent_time_left() * 1000 + 0.5, 100);
    int code = gevent_sleep(10);
    CHECK_CODE(code, GREENLET_EEXPIRED);
    code = gevent_scope_close(&inner, code);
    CHECK_CODE(code, GREENLET_EEXPIRED);
    CHECK_INT(gevent_scope_expired(&inner), 0);
    CHECK_PTR(greenlet_error_data(greenlet_last_error()), &outer);
    CHECK_CODE(gevent_scope_close(&outer, code), GREENLET_EEXPIRED);
    CHECK_INT(gevent_scope_expired(&outer), 1);
    CHECK(gevent_time_left() == GEVENT_FOREVER);
}

TEST(SCOPE_the_inner_deadline_leaves_the_outer_scope_alone) {
    gevent_scope_t outer, inner;
    CHECK_OK(gevent_scope_open(&outer, 0.5));
    CHECK_OK(gevent_scope_open(&inner, 0.1));
    CHECK_CODE(gevent_scope_close(&inner, gevent_sleep(10)), GREENLET_EEXPIRED);
    CHECK_OK(gevent_sleep(0.3));
    CHECK_OK(gevent_scope_close(&outer, GREENLET_OK));
}

TEST(SCOPE_time_left_is_the_nearest_of_timeouts_and_scopes) {
    gevent_scope_t scope, shield;
    gevent_timeout_t timeout;
    CHECK_OK(gevent_timeout_start(&timeout, 0.2));
    CHECK_OK(gevent_scope_open(&scope, 0.4));
    CHECK_INT(gevent_time_left() * 1000 + 0.5, 200);
    CHECK_OK(gevent_scope_open_shielded(&shield, 3));
    CHECK_INT(gevent_time_left() * 1000 + 0.5, 3000);
    CHECK_OK(gevent_scope_close(&shield, GREENLET_OK));
    gevent_timeout_cancel(&timeout);
    CHECK_INT(gevent_time_left() * 1000 + 0.5, 400);
    CHECK_OK(gevent_scope_close(&scope, GREENLET_OK));
}

// ---- shields ------------------------------------------------------------------------------------

static int run_clean_up(void *value, void **result) {
    (void)result, (void)value;
    int code = gevent_sleep(10);
    log_add("%s", greenlet_error_name(code));
    greenlet_error_t *pending = greenlet_error_take();
    gevent_scope_t shield;
    CHECK_OK(gevent_scope_open_shielded(&shield, 1));
    CHECK_OK(gevent_sleep(0.2));
    log_add("goodbye");
    CHECK_OK(gevent_scope_close(&shield, GREENLET_OK));
    return greenlet_error_restore(pending);
}

TEST(SCOPE_clean_up_in_a_shield_may_wait) {
    gevent_scope_t scope;
    int start = now_ms();
    CHECK_OK(gevent_scope_open(&scope, 0.1));
    CHECK_OK(gevent_scope_spawn(&scope, run_clean_up, NULL, NULL));
    CHECK_CODE(gevent_scope_close(&scope, GREENLET_OK), GREENLET_EEXPIRED);
    CHECK_LOG("GREENLET_ECANCELED goodbye");
    CHECK_INT(now_ms() - start, 300);
}

TEST(SCOPE_a_shield_has_its_own_deadline) {
    gevent_scope_t scope, shield;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    gevent_scope_cancel(&scope);
    CHECK_OK(gevent_scope_open_shielded(&shield, 0.2));
    CHECK_OK(gevent_check_cancelled());
    int code = gevent_sleep(10);
    CHECK_CODE(gevent_scope_close(&shield, code), GREENLET_EEXPIRED);
    CHECK_INT(gevent_scope_expired(&shield), 1);
    CHECK_CODE(gevent_sleep(1), GREENLET_ECANCELED);
    CHECK_INT(gevent_scope_close(&scope, GREENLET_ECANCELED), GEVENT_CANCELLED);
}

static int run_in_shield(void *value, void **result) {
    (void)value, (void)result;
    gevent_scope_t shield;
    CHECK_OK(gevent_scope_open_shielded(&shield, GEVENT_FOREVER));
    CHECK_OK(gevent_sleep(0.5));
    log_add("shielded");
    CHECK_OK(gevent_scope_close(&shield, GREENLET_OK));
    log_add("left");
    int code = gevent_sleep(10);
    log_add("%s", greenlet_error_name(code));
    return code;
}

TEST(SCOPE_a_kill_waits_until_the_shield_is_left) {
    gevent_task_t *task;
    int start = now_ms();
    CHECK_OK(gevent_spawn(run_in_shield, NULL, &task));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_CODE(gevent_kill(task, NULL, 0.1), GREENLET_ETIMEDOUT);
    CHECK_INT(gevent_status(task), GEVENT_PENDING);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_LOG("shielded left GREENLET_EEXIT");
    CHECK_INT(now_ms() - start, 500);
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    gevent_task_unref(task);
}

TEST(SCOPE_a_timeout_of_outside_waits_and_one_of_inside_does_not) {
    gevent_scope_t shield;
    gevent_timeout_t outside, inside;
    CHECK_OK(gevent_timeout_start(&outside, 0.1));
    CHECK_OK(gevent_scope_open_shielded(&shield, GEVENT_FOREVER));
    CHECK_OK(gevent_timeout_start(&inside, 0.2));
    CHECK_CODE(gevent_sleep(10), GREENLET_EEXPIRED);
    CHECK_INT(gevent_timed_out_by(&inside), 1);
    CHECK_INT(gevent_timeout_pending(&outside), 1);
    CHECK_OK(gevent_scope_close(&shield, GREENLET_OK));
    CHECK_CODE(gevent_sleep(10), GREENLET_EEXPIRED);
    CHECK_INT(gevent_timed_out_by(&outside), 1);
}

TEST(SCOPE_a_timeout_held_off_can_be_cancelled) {
    gevent_scope_t shield;
    gevent_timeout_t outside;
    CHECK_OK(gevent_timeout_start(&outside, 0.1));
    CHECK_OK(gevent_scope_open_shielded(&shield, GEVENT_FOREVER));
    CHECK_OK(gevent_sleep(1));
    gevent_timeout_cancel(&outside);
    CHECK_OK(gevent_scope_close(&shield, GREENLET_OK));
    CHECK_OK(gevent_sleep(1));
}

// ---- interruption while closing -----------------------------------------------------------------

static int run_closing(void *value, void **result) {
    (void)result;
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, value ? run_clean_up : run_sleep, V(500), NULL));
    int code = gevent_scope_close(&scope, GREENLET_OK);
    log_add("closed:%s", greenlet_error_name(code));
    return code;
}

TEST(SCOPE_a_kill_while_it_closes_cancels_the_children_and_waits_for_them) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_closing, V(1), &task));
    CHECK_OK(gevent_sleep(0.1));
    int start = now_ms();
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(now_ms() - start, 200);
    CHECK_LOG("GREENLET_ECANCELED goodbye closed:GREENLET_EEXIT");
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    gevent_task_unref(task);
}

static int run_for_ever_in_shield(void *value, void **result) {
    (void)value, (void)result;
    gevent_scope_t shield;
    CHECK_OK(gevent_scope_open_shielded(&shield, GEVENT_FOREVER));
    gevent_event_t never = {0};
    gevent_event_wait(&never, GEVENT_FOREVER);
    FAIL("nobody can get here");
    return gevent_scope_close(&shield, GREENLET_OK);
}

TEST(SCOPE_children_that_nobody_could_end_are_killed_hard) {
    gevent_scope_t scope;
    gevent_task_t *task;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_for_ever_in_shield, NULL, &task));
    CHECK_CODE(gevent_scope_close(&scope, GREENLET_OK), GREENLET_EDEADLK);
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_INT(greenlet_dead(gevent_task_greenlet(task)), 1);
    gevent_task_unref(task);
}

// ---- misuse -------------------------------------------------------------------------------------

static int run_close_foreign(void *value, void **result) {
    (void)result;
    CHECK_CODE(gevent_scope_close(value, GREENLET_OK), GREENLET_EINVAL);
    return GREENLET_OK;
}

TEST(SCOPE_only_the_innermost_of_the_current_greenlet_can_be_closed) {
    gevent_scope_t outer, inner;
    CHECK_CODE(gevent_scope_open(NULL, 1), GREENLET_EINVAL);
    CHECK_CODE(gevent_scope_spawn(NULL, run_sleep, NULL, NULL), GREENLET_EINVAL);
    CHECK_OK(gevent_scope_open(&outer, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_open(&inner, GEVENT_FOREVER));
    CHECK_CODE(gevent_scope_close(&outer, GREENLET_OK), GREENLET_EINVAL);
    CHECK_CODE(gevent_scope_spawn(&outer, NULL, NULL, NULL), GREENLET_EINVAL);
    CHECK_OK(gevent_scope_spawn(&outer, run_close_foreign, &inner, NULL));
    CHECK_OK(gevent_scope_close(&inner, GREENLET_OK));
    CHECK_CODE(gevent_scope_close(&inner, GREENLET_OK), GREENLET_EINVAL);
    CHECK_OK(gevent_scope_close(&outer, GREENLET_OK));
}
