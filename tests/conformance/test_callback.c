// What the hub calls: callbacks, timers, hooks; their order, and what keeps the hub going (HUB).
//
// SPDX-License-Identifier: MIT
#include <string.h>

#include "check.h"
#include "gevent.h"

static int start_ms;

static int log_letter(void *letter) {
    log_add("%s", (const char *)letter);
    CHECK_PTR(greenlet_current(), gevent_hub());
    return GREENLET_OK;
}

static int log_time(void *letter) {
    log_add("%s@%d", (const char *)letter, now_ms() - start_ms);
    return GREENLET_OK;
}

// ---- callbacks ----------------------------------------------------------------------------------

static gevent_callback_t callback_a, callback_b, callback_c;

static int queue_b(void *letter) {
    CHECK_INT(gevent_callback_pending(&callback_a), 0); // from right before it runs
    CHECK_OK(gevent_run_callback(&callback_b, log_letter, "b"));
    return log_letter(letter);
}

TEST(HUB_run_callback_what_is_queued_in_a_pass_runs_in_it_before_due_timers) {
    gevent_timer_t timer = {0};
    CHECK_OK(gevent_timer_start(&timer, 0, 0, log_letter, "timer"));
    CHECK_OK(gevent_run_callback(&callback_a, queue_b, "a"));
    CHECK_OK(gevent_run_callback(&callback_c, log_letter, "c"));
    CHECK_INT(gevent_callback_pending(&callback_a), 1);
    CHECK_LOG("");
    CHECK_OK(gevent_run());
    CHECK_LOG("a c b timer");
    CHECK_INT(gevent_callback_pending(&callback_b), 0);
}

static int stop_c(void *letter) {
    gevent_callback_stop(&callback_c);
    return log_letter(letter);
}

TEST(HUB_run_callback_that_is_stopped_does_not_run) {
    CHECK_OK(gevent_run_callback(&callback_a, stop_c, "a"));
    CHECK_OK(gevent_run_callback(&callback_b, log_letter, "b"));
    CHECK_OK(gevent_run_callback(&callback_c, log_letter, "c"));
    CHECK_CODE(gevent_run_callback(&callback_b, log_letter, "b"), GREENLET_ESTARTED);
    gevent_callback_stop(&callback_b);
    gevent_callback_stop(&callback_b);
    CHECK_INT(gevent_callback_pending(&callback_b), 0);
    CHECK_OK(gevent_run());
    CHECK_LOG("a");
    CHECK_OK(gevent_run_callback(&callback_b, log_letter, "b"));
    CHECK_OK(gevent_yield());
    CHECK_LOG("b");
    CHECK_CODE(gevent_run_callback(&callback_a, NULL, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_run_callback(NULL, log_letter, NULL), GREENLET_EINVAL);
}

static int rounds;

static int queue_self(void *argument) {
    if (++rounds == 1000) return GREENLET_OK;
    return gevent_run_callback(argument, queue_self, argument);
}

TEST(HUB_run_callback_may_queue_itself) {
    gevent_timer_t timer = {0};
    rounds = 0;
    CHECK_OK(gevent_timer_start(&timer, 0.001, 0, log_time, "timer"));
    start_ms = now_ms();
    CHECK_OK(gevent_run_callback(&callback_a, queue_self, &callback_a));
    CHECK_OK(gevent_run());
    CHECK_INT(rounds, 1000);
    CHECK_LOG("timer@1");
}

static void note_report(greenlet_t *greenlet, const greenlet_error_t *error) {
    log_add("%s!%s", greenlet_name(greenlet), greenlet_error_type(error)->name);
}

static int sleep_in_hub(void *argument) {
    (void)argument;
    return gevent_sleep(1);
}

TEST(HUB_blocking_in_a_callback_is_reported_and_not_fatal) {
    gevent_set_unhandled(note_report);
    CHECK_OK(gevent_run_callback(&callback_a, sleep_in_hub, NULL));
    CHECK_OK(gevent_run_callback(&callback_b, log_letter, "b"));
    CHECK_OK(gevent_run());
    CHECK_LOG("hub!BlockingInHub b");
    gevent_set_unhandled(NULL);
}

// ---- timers -------------------------------------------------------------------------------------

TEST(HUB_timer_equal_deadlines_in_the_order_they_were_started) {
    static const char *const letters[] = {"a", "b", "c", "d"};
    gevent_timer_t timers[4];
    memset(timers, 0, sizeof timers);
    start_ms = now_ms();
    for (int i = 3; i >= 0; i--)
        CHECK_OK(gevent_timer_start(&timers[i], 0.01, 0, log_time, (void *)letters[i]));
    CHECK_OK(gevent_run());
    CHECK_LOG("d@10 c@10 b@10 a@10");
}

TEST(HUB_timer_counts_from_its_start_whatever_was_computed_before) {
    gevent_timer_t timer = {0};
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_advance_clock(0.05)); // a burst of the CPU
    start_ms = now_ms();
    CHECK_OK(gevent_timer_start(&timer, 0.02, 0, log_time, "timer"));
    CHECK_INT(gevent_timer_pending(&timer), 1);
    CHECK_OK(gevent_run());
    CHECK_LOG("timer@20");
    CHECK_INT(gevent_timer_pending(&timer), 0);
}

static gevent_timer_t ticker;

static int tick(void *letter) {
    CHECK_INT(gevent_timer_pending(&ticker), 1); // for the next time
    CHECK_OK(gevent_advance_clock(0.004));
    if (++rounds == 3) gevent_timer_stop(&ticker);
    return log_time(letter);
}

TEST(HUB_timer_repeats_without_drifting_until_it_is_stopped) {
    rounds = 0;
    start_ms = now_ms();
    CHECK_OK(gevent_timer_start(&ticker, 0.01, 0.02, tick, "t"));
    CHECK_CODE(gevent_timer_start(&ticker, 0.01, 0.02, tick, "t"), GREENLET_ESTARTED);
    CHECK_OK(gevent_run());
    CHECK_LOG("t@14 t@34 t@54");
    CHECK_INT(gevent_timer_pending(&ticker), 0);
}

static int tick_late(void *letter) {
    if (++rounds == 1) CHECK_OK(gevent_advance_clock(0.05));
    if (rounds == 3) gevent_timer_stop(&ticker);
    return log_time(letter);
}

TEST(HUB_timer_does_not_make_up_for_what_it_missed) {
    rounds = 0;
    start_ms = now_ms();
    CHECK_OK(gevent_timer_start(&ticker, 0.01, 0.02, tick_late, "t"));
    CHECK_OK(gevent_sleep(0.01));
    CHECK_OK(gevent_run());
    CHECK_LOG("t@60 t@60 t@70");
}

TEST(HUB_timer_again_begins_anew) {
    gevent_timer_t timer = {0};
    start_ms = now_ms();
    CHECK_CODE(gevent_timer_again(&timer), GREENLET_EINVAL);
    CHECK_OK(gevent_timer_start(&timer, 0.01, 0.03, log_time, "t"));
    CHECK_OK(gevent_sleep(0.005));
    CHECK_OK(gevent_timer_again(&timer));
    CHECK_OK(gevent_sleep(0.04));
    CHECK_LOG("t@35");
    gevent_timer_stop(&timer);
    CHECK_OK(gevent_timer_again(&timer));
    CHECK_INT(gevent_timer_pending(&timer), 1);
    gevent_timer_stop(&timer);
    CHECK_OK(gevent_timer_start(&timer, 0.01, 0, log_time, "t"));
    CHECK_OK(gevent_timer_again(&timer)); // it does not repeat
    CHECK_INT(gevent_timer_pending(&timer), 0);
    CHECK_OK(gevent_run());
    CHECK_INT(now_ms() - start_ms, 45);
    CHECK_LOG("");
}

static gevent_timer_t second;

static int stop_second(void *letter) {
    gevent_timer_stop(&second);
    return log_letter(letter);
}

TEST(HUB_timer_that_is_due_can_still_be_stopped) {
    gevent_timer_t timer = {0};
    CHECK_OK(gevent_timer_start(&timer, 0.01, 0, stop_second, "first"));
    CHECK_OK(gevent_timer_start(&second, 0.01, 0, log_letter, "second"));
    CHECK_OK(gevent_run());
    CHECK_LOG("first");
}

TEST(HUB_timer_refuses) {
    gevent_timer_t timer = {0};
    CHECK_CODE(gevent_timer_start(NULL, 0, 0, log_letter, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_timer_start(&timer, 0, 0, NULL, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_timer_start(&timer, 0, -1, log_letter, NULL), GREENLET_EINVAL);
    CHECK_OK(gevent_timer_start(&timer, GEVENT_FOREVER, 0, log_letter, NULL));
    CHECK_INT(gevent_timer_pending(&timer), 0);
}

// ---- what keeps the hub going -------------------------------------------------------------------

static int run_sleep_ms(void *value, void **result) {
    (void)result;
    int code = gevent_sleep((double)INT(value) / 1000);
    log_add("slept%d", (int)INT(value));
    return code;
}

TEST(HUB_ref_a_timer_that_does_not_count_does_not_keep_the_hub_going) {
    gevent_timer_t watcher = {0};
    start_ms = now_ms();
    CHECK_INT(gevent_timer_set_counted(&watcher, 0), 1);
    CHECK_OK(gevent_timer_start(&watcher, 0.01, 0.01, log_time, "w"));
    CHECK_OK(gevent_run());
    CHECK_INT(now_ms() - start_ms, 0);
    CHECK_OK(gevent_spawn(run_sleep_ms, V(25), NULL)); // while somebody else does, it is called
    CHECK_OK(gevent_run());
    CHECK_LOG("w@10 w@20 slept25");
    CHECK_INT(gevent_timer_set_counted(&watcher, 1), 0);
    CHECK_CODE(gevent_run_for(0.03), GREENLET_ETIMEDOUT);
    CHECK_LOG("w@30 w@40 w@50");
    CHECK_INT(gevent_timer_set_counted(&watcher, 0), 1);
    CHECK_OK(gevent_run());
    gevent_timer_stop(&watcher);
    CHECK_INT(now_ms() - start_ms, 55);
}

TEST(HUB_join_says_whether_all_is_done_or_the_time_is_over) {
    start_ms = now_ms();
    CHECK_OK(gevent_run_for(1));
    CHECK_INT(now_ms() - start_ms, 0);
    CHECK_OK(gevent_spawn(run_sleep_ms, V(30), NULL));
    CHECK_CODE(gevent_run_for(0.01), GREENLET_ETIMEDOUT);
    CHECK_INT(now_ms() - start_ms, 10);
    CHECK_CODE(gevent_run_for(0), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_run_for(1));
    CHECK_INT(now_ms() - start_ms, 30);
    CHECK_LOG("slept30");
    CHECK_OK(gevent_run_for(0));
}

static int run_wait_for_ever(void *event, void **result) {
    (void)result;
    return gevent_event_wait(event, GEVENT_FOREVER);
}

TEST(HUB_join_tells_of_tasks_that_nobody_can_wake_and_does_not_wait_for_them) {
    gevent_event_t event = {0};
    gevent_task_t *task;
    start_ms = now_ms();
    CHECK_OK(gevent_spawn(run_wait_for_ever, &event, &task));
    CHECK_CODE(gevent_run_for(5), GREENLET_EDEADLK);
    CHECK(strstr(greenlet_error_message(greenlet_last_error()), "waits in event") != NULL);
    CHECK_INT(now_ms() - start_ms, 0);
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    gevent_task_unref(task);
}

static int run_join(void *value, void **result) {
    (void)value, (void)result;
    CHECK_CODE(gevent_run_for(1), GREENLET_EINVAL);
    return GREENLET_OK;
}

TEST(HUB_join_is_for_main) {
    CHECK_OK(gevent_spawn(run_join, NULL, NULL));
    CHECK_OK(gevent_run());
}

TEST(HUB_hold_balances) {
    gevent_release(); // without a hold it does nothing
    CHECK_OK(gevent_hold());
    CHECK_OK(gevent_hold());
    gevent_release();
    gevent_release();
    CHECK_CODE(greenlet_switch(gevent_hub(), NULL, NULL), GREENLET_EDEADLK);
}

// ---- hooks --------------------------------------------------------------------------------------

static gevent_hook_t prepare, check, idle;

TEST(HUB_prepare_and_check_are_around_each_wait) {
    CHECK_OK(gevent_hook_start(&prepare, GEVENT_PREPARE, log_letter, "prepare"));
    CHECK_OK(gevent_hook_start(&check, GEVENT_CHECK, log_letter, "check"));
    CHECK_CODE(gevent_hook_start(&check, GEVENT_CHECK, log_letter, "check"), GREENLET_ESTARTED);
    CHECK_OK(gevent_spawn(run_sleep_ms, V(1), NULL));
    CHECK_OK(gevent_spawn(run_sleep_ms, V(2), NULL));
    CHECK_OK(gevent_yield());
    CHECK_LOG(""); // somebody was ready all the time
    CHECK_OK(gevent_sleep(0.005));
    CHECK_LOG("prepare check slept1 prepare check slept2 prepare check");
    gevent_hook_stop(&prepare);
    gevent_hook_stop(&check);
    CHECK_OK(gevent_sleep(0.005));
    CHECK_LOG("");
}

static int call_b_once(void *letter) {
    gevent_hook_stop(&prepare);
    CHECK_OK(gevent_run_callback(&callback_b, log_letter, "b"));
    return log_letter(letter);
}

TEST(HUB_prepare_what_it_makes_ready_runs_before_the_hub_waits) {
    start_ms = now_ms();
    gevent_timer_t timer = {0};
    CHECK_OK(gevent_hook_start(&prepare, GEVENT_PREPARE, call_b_once, "prepare"));
    CHECK_OK(gevent_timer_start(&timer, 0.01, 0, log_time, "timer"));
    CHECK_OK(gevent_run());
    CHECK_LOG("prepare b timer@10");
}

static int count_idle(void *letter) {
    if (++rounds == 3) gevent_hook_stop(&idle);
    return log_time(letter);
}

TEST(HUB_idle_hooks_are_called_while_nobody_is_ready) {
    rounds = 0;
    start_ms = now_ms();
    CHECK_OK(gevent_hook_start(&idle, GEVENT_IDLE, count_idle, "idle"));
    CHECK_OK(gevent_spawn(run_sleep_ms, V(1), NULL));
    CHECK_OK(gevent_spawn(run_sleep_ms, V(0), NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("slept0 idle@0 idle@0 idle@0 slept1");
}

TEST(HUB_hooks_refuse) {
    CHECK_CODE(gevent_hook_start(&prepare, GEVENT_PREPARE, NULL, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_hook_start(NULL, GEVENT_PREPARE, log_letter, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_hook_start(&prepare, (gevent_hook_kind_t)3, log_letter, NULL),
               GREENLET_EINVAL);
    gevent_hook_stop(&prepare);
}

// ---- yielding -----------------------------------------------------------------------------------

static int run_idle(void *value, void **result) {
    (void)result;
    int code = gevent_idle();
    log_add("idle%d", (int)INT(value));
    return code;
}

static int run_yield_twice(void *value, void **result) {
    (void)result;
    for (int i = 0; i < 2; i++) {
        log_add("%s%d", (const char *)value, i);
        int code = gevent_yield();
        if (code < 0) return code;
    }
    return GREENLET_OK;
}

TEST(HUB_idle_waits_until_nobody_is_ready) {
    gevent_timer_t due = {0}, later = {0};
    start_ms = now_ms();
    CHECK_OK(gevent_timer_start(&due, 0, 0, log_time, "due"));
    CHECK_OK(gevent_timer_start(&later, 0.001, 0, log_time, "later"));
    CHECK_OK(gevent_spawn(run_idle, V(1), NULL));
    CHECK_OK(gevent_spawn(run_idle, V(2), NULL));
    CHECK_OK(gevent_spawn(run_yield_twice, "y", NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("y0 y1 due@0 idle1 idle2 later@1");
}

TEST(HUB_idle_can_be_killed_or_time_out) {
    gevent_timeout_t timeout;
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_idle, V(1), &task));
    CHECK_OK(gevent_timeout_start(&timeout, 0));
    CHECK_CODE(gevent_idle(), GREENLET_EEXPIRED); // what is due comes first
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_idle());
    gevent_task_unref(task);
    log_clear();
}

TEST(HUB_sleep_0_order_of_callbacks_main_and_timers) {
    gevent_timer_t timer = {0};
    CHECK_OK(gevent_spawn(run_sleep_ms, V(0), NULL));
    CHECK_OK(gevent_timer_start(&timer, 0, 0, log_letter, "timer"));
    CHECK_OK(gevent_run_callback(&callback_a, log_letter, "a"));
    CHECK_OK(gevent_sleep(0));
    log_add("main");
    CHECK_OK(gevent_run());
    CHECK_LOG("a main slept0 timer");
}

static int run_compute(void *value, void **result) {
    (void)result;
    for (int i = 0; i < 640; i++) {
        if (i % 64 == 0) CHECK_OK(gevent_advance_clock(0.001));
        int code = gevent_maybe_yield();
        if (code < 0) return code;
        if (i % 128 == 127) log_add("%s%d", (const char *)value, i / 128);
    }
    return GREENLET_OK;
}

TEST(HUB_maybe_yield_lets_others_run_when_the_slice_is_over) {
    CHECK_OK(gevent_set_slice(0.004));
    CHECK_OK(gevent_spawn(run_compute, "a", NULL));
    CHECK_OK(gevent_spawn(run_compute, "b", NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("a0 a1 b0 b1 a2 a3 b2 b3 a4 b4");
    CHECK_CODE(gevent_set_slice(-1), GREENLET_EINVAL);
    CHECK_OK(gevent_set_slice(GEVENT_FOREVER));
    CHECK_OK(gevent_spawn(run_compute, "a", NULL));
    CHECK_OK(gevent_spawn(run_compute, "b", NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("a0 a1 a2 a3 a4 b0 b1 b2 b3 b4");
}

TEST(HUB_the_virtual_clock_can_be_turned_forward_only) {
    gevent_timer_t timer = {0};
    start_ms = now_ms();
    CHECK_OK(gevent_timer_start(&timer, 1, 0, log_time, "timer"));
    CHECK_OK(gevent_advance_clock(5));
    CHECK_CODE(gevent_advance_clock(-1), GREENLET_EINVAL);
    CHECK_CODE(gevent_advance_clock(GEVENT_FOREVER), GREENLET_EINVAL);
    CHECK_INT(now_ms() - start_ms, 5000);
    CHECK_OK(gevent_run());
    CHECK_LOG("timer@5000");
}
