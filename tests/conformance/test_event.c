// Events (H-17).
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

static gevent_event_t event;

static int run_wait(void *value, void **result) {
    (void)result;
    int code = gevent_event_wait(&event, GEVENT_FOREVER);
    if (code < 0)
        log_add("%s", greenlet_error_name(code));
    else
        log_add("%d", (int)INT(value));
    return code;
}

static void spawn_waiters(int count) {
    gevent_event_init(&event);
    for (int i = 0; i < count; i++) CHECK_OK(gevent_spawn(run_wait, V(i), NULL));
    CHECK_OK(gevent_yield());
}

TEST(H_17_waiters_wake_in_order_after_the_setter_has_gone_on) {
    spawn_waiters(3);
    CHECK_INT(gevent_event_is_set(&event), 0);
    gevent_event_set(&event);
    log_add("set");
    CHECK_INT(gevent_event_is_set(&event), 1);
    CHECK_OK(gevent_run());
    CHECK_LOG("set 0 1 2");
}

TEST(H_17_a_late_wait_returns_even_if_those_who_were_woken_are_killed_first) {
    gevent_task_t *task;
    gevent_event_init(&event);
    CHECK_OK(gevent_spawn(run_wait, V(1), &task));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(task, NULL, GEVENT_NOWAIT));
    gevent_event_set(&event);
    CHECK_OK(gevent_event_wait(&event, GEVENT_FOREVER)); // in gevent it would wait for ever
    CHECK_LOG("GREENLET_EEXIT");
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    gevent_task_unref(task);
}

static int run_own_event(void *value, void **result) {
    gevent_event_t own;
    (void)result;
    gevent_event_init(&own);
    *(gevent_event_t **)value = &own;
    CHECK_OK(gevent_event_wait(&own, GEVENT_FOREVER));
    return GREENLET_OK;
}

TEST(H_17_an_event_may_go_with_the_last_who_waited_for_it) {
    gevent_event_t *own = NULL;
    CHECK_OK(gevent_spawn(run_own_event, (void *)&own, NULL));
    CHECK_OK(gevent_yield());
    gevent_event_set(own);
    CHECK_OK(gevent_run());
}

static int run_own_event_killed(void *value, void **result) {
    gevent_event_t own;
    (void)result;
    gevent_event_init(&own);
    *(gevent_event_t **)value = &own;
    CHECK_CODE(gevent_event_wait(&own, GEVENT_FOREVER), GREENLET_EEXIT);
    return GREENLET_EEXIT;
}

TEST(H_17_nobody_is_resumed_if_the_last_was_killed_first) {
    gevent_event_t *own = NULL;
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_own_event_killed, (void *)&own, &task));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(task, NULL, GEVENT_NOWAIT));
    gevent_event_set(own);
    CHECK_OK(gevent_run());
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    gevent_task_unref(task);
}

static int run_answer(void *value, void **result) {
    (void)value, (void)result;
    for (int i = 0; i < 100; i++) {
        gevent_event_clear(&event);
        CHECK_OK(gevent_event_wait(&event, GEVENT_FOREVER));
        gevent_event_set(&event);
    }
    log_add("done");
    return GREENLET_OK;
}

TEST(H_17_who_wakes_each_other_keeps_nobody_from_running) {
    gevent_event_init(&event);
    CHECK_OK(gevent_spawn(run_answer, NULL, NULL));
    CHECK_OK(gevent_spawn(run_answer, NULL, NULL));
    CHECK_OK(gevent_yield());
    gevent_event_set(&event);
    CHECK_OK(gevent_yield());
    log_add("other");
    gevent_event_set(&event);
    (void)gevent_run();
    for (int i = 0; i < 200; i++) gevent_event_set(&event), CHECK_OK(gevent_yield());
    CHECK_LOG("other done done");
}

static int run_log(void *value, void **result) {
    (void)value, (void)result;
    log_add("other");
    return GREENLET_OK;
}

TEST(H_17_set_before_it_returns_at_once) {
    gevent_event_init(&event);
    gevent_event_set(&event);
    gevent_event_set(&event);
    CHECK_OK(gevent_spawn(run_log, NULL, NULL));
    CHECK_OK(gevent_event_wait(&event, GEVENT_FOREVER));
    CHECK_LOG(""); // nobody else ran
    CHECK_OK(gevent_run());
    CHECK_LOG("other");
}

TEST(H_17_a_late_wait_returns_after_those_who_were_woken_and_before_all_else) {
    spawn_waiters(3);
    gevent_event_set(&event);
    CHECK_OK(gevent_spawn(run_log, NULL, NULL));
    CHECK_OK(gevent_event_wait(&event, GEVENT_NOWAIT));
    log_add("late");
    CHECK_OK(gevent_event_wait(&event, GEVENT_NOWAIT)); // which takes its turn
    log_add("later");
    CHECK_OK(gevent_run());
    CHECK_LOG("0 1 2 late other later");
}

TEST(H_17_cleared_it_makes_one_wait) {
    gevent_event_init(&event);
    gevent_event_set(&event);
    gevent_event_clear(&event);
    CHECK_INT(gevent_event_is_set(&event), 0);
    CHECK_CODE(gevent_event_wait(&event, 0.1), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_event_wait(&event, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_event_wait(&event, -1), GREENLET_ETIMEDOUT);
}

TEST(H_17_cleared_at_once_those_who_waited_still_wake) {
    spawn_waiters(2);
    gevent_event_set(&event);
    gevent_event_clear(&event);
    CHECK_CODE(gevent_event_wait(&event, 0.1), GREENLET_ETIMEDOUT); // later ones do not
    CHECK_LOG("0 1");
}

static gevent_task_t *second;

TEST(H_17_a_killed_waiter_does_not_hold_up_the_others) {
    gevent_event_init(&event);
    CHECK_OK(gevent_spawn(run_wait, V(1), NULL));
    CHECK_OK(gevent_spawn(run_wait, V(2), &second));
    CHECK_OK(gevent_spawn(run_wait, V(3), NULL));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(second, NULL, GEVENT_FOREVER));
    gevent_event_set(&event);
    CHECK_OK(gevent_run());
    CHECK_LOG("GREENLET_EEXIT 1 3");
    gevent_task_unref(second);
}

TEST(H_17_a_waiter_killed_after_it_was_woken_wakes) {
    gevent_event_init(&event);
    CHECK_OK(gevent_spawn(run_wait, V(1), &second));
    CHECK_OK(gevent_yield());
    gevent_event_set(&event);
    CHECK_OK(gevent_kill(second, NULL, GEVENT_FOREVER));
    CHECK_LOG("1");
    CHECK_INT(gevent_status(second), GEVENT_RETURNED);
    gevent_task_unref(second);
}

static int run_set_later(void *value, void **result) {
    (void)value, (void)result;
    int code = gevent_sleep(0.2);
    gevent_event_set(&event);
    return code;
}

TEST(H_17_set_in_time_it_is_no_time_out) {
    double start = gevent_now();
    gevent_event_init(&event);
    CHECK_OK(gevent_spawn(run_set_later, NULL, NULL));
    CHECK_OK(gevent_event_wait(&event, 0.3));
    CHECK_INT((gevent_now() - start) * 1000 + 0.5, 200);
    CHECK_OK(gevent_sleep(1)); // its deadline is gone
}
