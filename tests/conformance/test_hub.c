// The hub: order, time, and the end of work (H).
//
// SPDX-License-Identifier: MIT
#include <string.h>

#include "check.h"
#include "gevent.h"

static gevent_event_t event;

static void spawn(greenlet_run_fn run, int argument) {
    CHECK_OK(gevent_spawn(run, V(argument), NULL));
}

static gevent_task_t *spawn_named(greenlet_run_fn run, const char *name) {
    gevent_task_t *task = NULL;
    CHECK_OK(gevent_spawn(run, NULL, &task));
    CHECK_OK(greenlet_set_name(gevent_task_greenlet(task), name));
    return task;
}

static int run_log_number(void *value, void **result) {
    (void)result;
    log_add("%d", (int)INT(value));
    return GREENLET_OK;
}

// ---- tree and start -----------------------------------------------------------------------------

static int run_spawn_nested(void *value, void **result) {
    (void)result;
    CHECK_PTR(greenlet_parent(greenlet_current()), gevent_hub());
    if (value) spawn(run_spawn_nested, 0);
    log_add("%d", (int)INT(value));
    return GREENLET_OK;
}

TEST(H_01_the_hub_is_the_parent_of_every_task) {
    CHECK_PTR(greenlet_parent(gevent_hub()), greenlet_main());
    CHECK_STR(greenlet_name(gevent_hub()), "hub");
    spawn(run_spawn_nested, 1);
    CHECK_OK(gevent_run());
    CHECK_LOG("1 0");
}

static int run_start_mid_end(void *value, void **result) {
    static const char *const steps[] = {"start", "mid", "end"};
    (void)result;
    for (int i = 0; i < 3; i++) {
        log_add("%s%d", steps[i], (int)INT(value));
        int code = gevent_yield();
        if (code < 0) return code;
    }
    return GREENLET_OK;
}

TEST(H_02_tasks_start_in_order_when_the_spawner_waits) {
    for (int i = 0; i < 3; i++) spawn(run_start_mid_end, i);
    log_add("spawned");
    CHECK_OK(gevent_run());
    CHECK_LOG("spawned start0 start1 start2 mid0 mid1 mid2 end0 end1 end2");
}

TEST(H_02_a_queued_task_is_new) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_log_number, V(1), &task));
    CHECK_INT(greenlet_started(gevent_task_greenlet(task)), 0);
    CHECK_INT(gevent_status(task), GEVENT_PENDING);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_LOG("1");
    gevent_task_unref(task);
}

TEST(H_03_without_waiting_no_task_runs) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_log_number, V(1), &task));
    log_add("main");
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("main");
    gevent_task_unref(task);
}

TEST(H_02_spawn_needs_a_function) {
    gevent_task_t *task = NULL;
    CHECK_CODE(gevent_spawn(NULL, NULL, &task), GREENLET_EINVAL);
    CHECK_PTR(task, NULL);
}

// ---- sleep --------------------------------------------------------------------------------------

static int run_sleep_ms(void *value, void **result) {
    (void)result;
    int code = gevent_sleep((double)INT(value) / 1000);
    log_add("%d", (int)INT(value));
    return code;
}

TEST(H_05_no_sleep_comes_before_any_timer) {
    spawn(run_sleep_ms, 20);
    spawn(run_sleep_ms, 10);
    spawn(run_sleep_ms, 0);
    spawn(run_sleep_ms, -1);
    CHECK_OK(gevent_run());
    CHECK_LOG("0 -1 10 20");
}

TEST(H_05_a_yield_lets_all_who_are_ready_go_first) {
    spawn(run_log_number, 1);
    spawn(run_log_number, 2);
    CHECK_OK(gevent_yield());
    log_add("main");
    spawn(run_log_number, 3);
    CHECK_OK(gevent_sleep(0));
    log_add("main");
    CHECK_LOG("1 2 main 3 main");
}

static int run_sleep_three_times(void *value, void **result) {
    (void)result;
    for (int i = 0; i < 3; i++) {
        int code = gevent_sleep(0.01);
        if (code < 0) return code;
        log_add("%d", (int)INT(value));
    }
    return GREENLET_OK;
}

TEST(H_06_equal_deadlines_in_the_order_they_were_set) {
    for (int i = 0; i < 10; i++) spawn(run_sleep_three_times, i);
    CHECK_OK(gevent_run());
    CHECK_LOG("0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9");
}

TEST(H_05_time_is_virtual_and_exact) {
    int start = now_ms();
    CHECK_OK(gevent_sleep(0.25));
    CHECK_INT(now_ms() - start, 250);
    CHECK_OK(gevent_sleep(3600));
    CHECK_INT(now_ms() - start, 3600250);
    CHECK_OK(gevent_yield());
    CHECK_INT(now_ms() - start, 3600250);
    CHECK_CODE(gevent_use_virtual_clock(), GREENLET_ESTARTED);
}

static int run_log_then_spawn(void *value, void **result) {
    (void)result;
    log_add("%d", (int)INT(value));
    spawn(run_log_number, (int)INT(value) * 10);
    return GREENLET_OK;
}

TEST(H_05_what_is_queued_in_a_pass_runs_before_due_timers) {
    spawn(run_sleep_ms, 1);
    CHECK_OK(gevent_yield());
    spawn(run_log_then_spawn, 2);
    spawn(run_log_then_spawn, 3);
    CHECK_OK(gevent_sleep(0.001));
    CHECK_LOG("2 3 20 30 1");
}

// ---- nothing can wake ---------------------------------------------------------------------------

static int run_wait_for_event(void *value, void **result) {
    (void)value, (void)result;
    int code = gevent_event_wait(&event, GEVENT_FOREVER);
    log_add("%s", greenlet_error_name(code));
    return code;
}

static int last_message_has(const char *text) {
    return strstr(greenlet_error_message(greenlet_last_error()), text) != NULL;
}

static void check_hub_works(void) {
    int start = now_ms();
    CHECK_OK(gevent_sleep(0.5));
    CHECK_INT(now_ms() - start, 500);
}

TEST(H_07_switching_to_a_hub_with_nothing_to_do) {
    CHECK_CODE(greenlet_switch(gevent_hub(), NULL, NULL), GREENLET_EDEADLK);
    check_hub_works();
}

TEST(H_07_waiting_for_an_event_that_nobody_can_set) {
    gevent_event_init(&event);
    CHECK_CODE(gevent_event_wait(&event, GEVENT_FOREVER), GREENLET_EDEADLK);
    CHECK(last_message_has("main waits in event"));
    check_hub_works();
    gevent_event_set(&event); // no waiter was left in it
}

TEST(HUB_says_what_an_event_is_a_part_of) {
    gevent_waitgroup_t waitgroup;
    gevent_group_t group = {0};
    gevent_queue_t queue;
    gevent_event_init(&event);
    gevent_waitgroup_init(&waitgroup);
    gevent_queue_init(&queue, 0);
    CHECK_OK(gevent_waitgroup_add(&waitgroup, 1));
    CHECK_CODE(gevent_waitgroup_wait(&waitgroup, GEVENT_FOREVER), GREENLET_EDEADLK);
    CHECK(last_message_has("main waits in waitgroup"));
    CHECK_OK(gevent_queue_put(&queue, NULL, GEVENT_FOREVER));
    CHECK_CODE(gevent_queue_join(&queue, GEVENT_FOREVER), GREENLET_EDEADLK);
    CHECK(last_message_has("main waits in queue join"));
    gevent_queue_free(&queue);
    gevent_task_t *task = spawn_named(run_wait_for_event, "stuck");
    CHECK_OK(gevent_group_add(&group, task));
    CHECK_CODE(gevent_group_join(&group, GEVENT_FOREVER, 0), GREENLET_EDEADLK);
    CHECK(last_message_has("main waits in group"));
    CHECK_OK(gevent_group_kill(&group, NULL, GEVENT_FOREVER));
    CHECK_LOG("GREENLET_EEXIT");
    gevent_task_unref(task);
}

TEST(H_07_joining_one_that_waits_for_ever) {
    gevent_event_init(&event);
    gevent_task_t *task = spawn_named(run_wait_for_event, "stuck");
    CHECK_CODE(gevent_join(task, GEVENT_FOREVER), GREENLET_EDEADLK);
    CHECK(last_message_has("main waits in join for stuck"));
    CHECK(last_message_has("stuck waits in event"));
    CHECK_INT(gevent_status(task), GEVENT_PENDING); // it stays where it is
    CHECK_INT(greenlet_active(gevent_task_greenlet(task)), 1);
    check_hub_works();
    CHECK_CODE(gevent_run(), GREENLET_EDEADLK);
    CHECK(last_message_has("stuck waits in event"));
    CHECK_LOG("");
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("GREENLET_EEXIT");
    gevent_task_unref(task);
}

static int run_join_self(void *value, void **result) {
    (void)value, (void)result;
    gevent_task_t *self = gevent_current_task();
    CHECK_CODE(gevent_join(self, GEVENT_FOREVER), GREENLET_EDEADLK);
    CHECK_CODE(gevent_join(self, 0.1), GREENLET_ETIMEDOUT);
    return GREENLET_OK;
}

TEST(H_07_waiting_for_oneself) {
    gevent_task_t *task = spawn_named(run_join_self, "narcissus");
    CHECK_OK(gevent_get(task, GEVENT_FOREVER, NULL));
    gevent_task_unref(task);
}

// ---- run and dump -------------------------------------------------------------------------------

static int run_run(void *value, void **result) {
    (void)value, (void)result;
    CHECK_CODE(gevent_run(), GREENLET_EINVAL);
    return GREENLET_OK;
}

TEST(HUB_has_its_own_number_and_is_not_counted) {
    size_t before = greenlet_live_count();
    CHECK_INT(greenlet_id(greenlet_main()), 1);
    CHECK_INT(greenlet_id(gevent_hub()), 2);
    CHECK_INT(greenlet_live_count(), before);
}

TEST(HUB_run_is_for_main_and_waits_for_all) {
    int start = now_ms();
    CHECK_OK(gevent_run());
    spawn(run_run, 0);
    spawn(run_sleep_ms, 30);
    spawn(run_sleep_ms, 20);
    CHECK_OK(gevent_run());
    CHECK_LOG("20 30");
    CHECK_INT(now_ms() - start, 30);
}

TEST(HUB_who_waits_for_what) {
    char text[256], small[16];
    gevent_event_init(&event);
    gevent_task_t *stuck = spawn_named(run_wait_for_event, "stuck");
    gevent_task_t *sleeper = spawn_named(run_sleep_three_times, "sleeper");
    CHECK_OK(gevent_sleep(0.005));
    size_t length = gevent_waiting(text, sizeof text);
    CHECK_INT(length, strlen(text));
    CHECK_STR(text,
              "stuck waits in event since 0.005 s ago\nsleeper waits in sleep since 0.005 s ago");
    CHECK_INT(gevent_waiting(small, sizeof small), strlen(text));
    CHECK_STR(small, "stuck waits in ");
    CHECK_OK(gevent_kill(stuck, NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_kill(sleeper, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_waiting(text, sizeof text), 0);
    CHECK_STR(text, "");
    CHECK_LOG("GREENLET_EEXIT");
    gevent_task_unref(stuck);
    gevent_task_unref(sleeper);
}

// ---- what the hub refuses -----------------------------------------------------------------------

static void wait_in_hub(greenlet_t *greenlet, const greenlet_error_t *error) {
    log_add("%s!%s", greenlet_name(greenlet), greenlet_error_type(error)->name);
    CHECK_PTR(greenlet_current(), gevent_hub());
    CHECK_CODE(gevent_sleep(1), GREENLET_EHUB);
    CHECK_CODE(gevent_yield(), GREENLET_EHUB);
    CHECK_CODE(gevent_event_wait(&event, 1), GREENLET_EHUB);
    greenlet_error_unref(greenlet_error_take());
}

static int run_switch_to_failing(void *value, void **result) {
    (void)value;
    greenlet_t *failing = make_under(run_fail_e1, gevent_hub());
    int code = greenlet_switch(failing, NULL, result); // its error goes to the hub
    greenlet_unref(failing);
    return code;
}

TEST(H_15_a_hub_callback_must_not_wait) {
    gevent_event_init(&event);
    gevent_set_unhandled(wait_in_hub);
    gevent_task_t *task = spawn_named(run_switch_to_failing, "task");
    CHECK_OK(gevent_yield());
    CHECK_LOG("task!E1");
    CHECK_INT(gevent_status(task), GEVENT_PENDING);
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    check_hub_works();
    gevent_task_unref(task);
}

static int run_sleep_disturbed(void *value, void **result) {
    (void)value, (void)result;
    CHECK_CODE(gevent_sleep(10), GREENLET_ESWITCH);
    log_add("disturbed");
    int code = gevent_sleep(0.1); // the old timer is gone
    log_add("slept");
    return code;
}

static int run_disturb(void *value, void **result) {
    return greenlet_switch(gevent_task_greenlet(value), V(1), result);
}

TEST(H_16_a_waiter_takes_only_its_own_wake_up) {
    gevent_task_t *sleeper = spawn_named(run_sleep_disturbed, "sleeper");
    gevent_task_t *disturber;
    CHECK_OK(gevent_spawn(run_disturb, sleeper, &disturber));
    int start = now_ms();
    CHECK_OK(gevent_join(sleeper, GEVENT_FOREVER));
    CHECK_INT(now_ms() - start, 100);
    CHECK_LOG("disturbed slept");
    CHECK_INT(gevent_status(sleeper), GEVENT_RETURNED);
    CHECK_INT(gevent_status(disturber), GEVENT_PENDING); // nobody came back to it
    CHECK_OK(gevent_kill(disturber, NULL, GEVENT_FOREVER));
    gevent_task_unref(sleeper);
    gevent_task_unref(disturber);
}
