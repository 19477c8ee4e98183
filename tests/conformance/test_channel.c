// Channels. The orders are those that gevent 22.10 shows for the same program.
//
// SPDX-License-Identifier: MIT
#include "worker.h"

static gevent_channel_t channel;

static int put_item(void *item, double seconds) {
    return gevent_channel_put(&channel, item, seconds);
}

static int get_item(double seconds, void **item) {
    return gevent_channel_get(&channel, seconds, item);
}

static int run_put(void *worker, void **result) {
    (void)result;
    return worker_put(worker, put_item);
}

static int run_get(void *worker, void **result) {
    (void)result;
    return worker_get(worker, get_item);
}

static worker_t a = {"a", 1, GEVENT_FOREVER}, b = {"b", 1, GEVENT_FOREVER};
static worker_t x = {"x", 1, GEVENT_FOREVER}, y = {"y", 1, GEVENT_FOREVER};
static worker_t dots = {".", 3, 0};

// ---- order --------------------------------------------------------------------------------------

static int run_put_said(void *argument, void **result) {
    (void)argument, (void)result;
    log_add("put");
    CHECK_OK(gevent_channel_put(&channel, V(1), GEVENT_FOREVER));
    log_add("putdone");
    return GREENLET_OK;
}

static int run_get_said(void *argument, void **result) {
    void *item = NULL;
    (void)argument, (void)result;
    log_add("get");
    CHECK_OK(gevent_channel_get(&channel, GEVENT_FOREVER, &item));
    log_add("%d getdone", (int)INT(item));
    return GREENLET_OK;
}

TEST(CHANNEL_the_getter_goes_on_before_the_putter) {
    gevent_channel_init(&channel);
    CHECK_OK(gevent_spawn(run_put_said, NULL, NULL));
    CHECK_OK(gevent_spawn(run_get_said, NULL, NULL));
    start(run_noise, &dots);
    CHECK_OK(gevent_run());
    CHECK_LOG("put get . 1 getdone putdone . .");
    CHECK_OK(gevent_spawn(run_get_said, NULL, NULL));
    CHECK_OK(gevent_spawn(run_put_said, NULL, NULL));
    start(run_noise, &dots);
    CHECK_OK(gevent_run());
    CHECK_LOG("get put . 1 getdone putdone . .");
}

TEST(CHANNEL_both_sides_meet_in_the_order_of_coming) {
    worker_t puts[] = {{"x", 3, GEVENT_FOREVER}, {"y", 3, GEVENT_FOREVER}};
    worker_t gets[] = {{"a", 4, GEVENT_FOREVER}, {"b", 2, GEVENT_FOREVER}};
    gevent_channel_init(&channel);
    for (int i = 0; i < 2; i++) start(run_put, &puts[i]);
    for (int i = 0; i < 2; i++) start(run_get, &gets[i]);
    start(run_noise, &dots);
    CHECK_OK(gevent_yield());
    CHECK_INT(gevent_channel_balance(&channel), 0);
    CHECK_OK(gevent_run());
    CHECK_LOG(". a0 +x0 b0 +y0 a1 +x1 b1 +y1 a2 +x2 a2 +y2 . .");
}

TEST(CHANNEL_balance_is_how_many_more_put_than_get) {
    gevent_channel_init(&channel);
    CHECK_INT(gevent_channel_balance(&channel), 0);
    start(run_put, &x);
    start(run_put, &y);
    CHECK_OK(gevent_yield());
    CHECK_INT(gevent_channel_balance(&channel), 2);
    start(run_get, &a);
    start(run_get, &b);
    CHECK_OK(gevent_run());
    CHECK_INT(gevent_channel_balance(&channel), 0);
    start(run_get, &a);
    CHECK_OK(gevent_yield());
    CHECK_INT(gevent_channel_balance(&channel), -1);
    CHECK_OK(gevent_channel_put(&channel, V(5), GEVENT_FOREVER));
    CHECK_OK(gevent_run());
    CHECK_LOG("a0 +x0 b0 +y0 a5");
}

// ---- not waiting --------------------------------------------------------------------------------

TEST(CHANNEL_without_waiting_there_must_be_somebody) {
    void *item = V(7);
    gevent_channel_init(&channel);
    start(run_noise, &dots);
    CHECK_CODE(gevent_channel_put(&channel, V(1), GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_channel_get(&channel, GEVENT_NOWAIT, &item), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_channel_get(&channel, -1, &item), GREENLET_ETIMEDOUT);
    CHECK_INT(INT(item), 7);
    CHECK_LOG("");
    CHECK_OK(gevent_run());
    CHECK_LOG(". . .");
}

TEST(CHANNEL_without_waiting_from_a_waiting_putter) {
    void *item = V(7);
    gevent_channel_init(&channel);
    start(run_put, &x);
    start(run_put, &y);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_channel_get(&channel, GEVENT_NOWAIT, &item));
    CHECK_INT(INT(item), 0);
    CHECK_INT(gevent_channel_balance(&channel), 1); // one who has been served waits no longer
    CHECK_OK(gevent_channel_get(&channel, GEVENT_NOWAIT, NULL));
    CHECK_CODE(gevent_channel_get(&channel, GEVENT_NOWAIT, &item), GREENLET_ETIMEDOUT);
    log_add("got");
    CHECK_OK(gevent_run());
    CHECK_LOG("got +x0 +y0");
}

static void use_in_hub(void) {
    void *item = V(7);
    CHECK_OK(gevent_channel_put(&channel, V(3), GEVENT_NOWAIT));
    CHECK_CODE(gevent_channel_put(&channel, V(4), GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_channel_put(&channel, V(4), 1), GREENLET_EHUB);
    CHECK_CODE(gevent_channel_get(&channel, GEVENT_FOREVER, &item), GREENLET_EHUB);
    CHECK_INT(INT(item), 7);
    CHECK_INT(gevent_channel_balance(&channel), 0);
}

TEST(CHANNEL_in_a_hub_callback_it_never_blocks) {
    gevent_channel_init(&channel);
    start(run_get, &a);
    CHECK_OK(gevent_yield());
    call_in_hub(use_in_hub);
    CHECK_OK(gevent_run());
    CHECK_LOG("a3");
}

// ---- closing ------------------------------------------------------------------------------------

TEST(CHANNEL_CLOSE_all_who_wait_fail_and_all_who_come) {
    gevent_set_unhandled(ignore_error);
    gevent_channel_init(&channel);
    start(run_get, &a);
    start(run_get, &b);
    CHECK_OK(gevent_yield());
    gevent_channel_close(&channel);
    gevent_channel_close(&channel);
    log_add("closed");
    CHECK_OK(gevent_run());
    CHECK_LOG("closed a:GREENLET_ECLOSED b:GREENLET_ECLOSED");
    CHECK_INT(gevent_channel_is_closed(&channel), 1);
    CHECK_CODE(gevent_channel_put(&channel, V(1), GEVENT_FOREVER), GREENLET_ECLOSED);
    CHECK_CODE(gevent_channel_put(&channel, V(1), GEVENT_NOWAIT), GREENLET_ECLOSED);
    CHECK_CODE(gevent_channel_get(&channel, 1, NULL), GREENLET_ECLOSED);
    gevent_channel_init(&channel);
    start(run_put, &x);
    start(run_put, &y);
    CHECK_OK(gevent_yield());
    gevent_channel_close(&channel);
    CHECK_OK(gevent_run());
    CHECK_LOG("x:GREENLET_ECLOSED y:GREENLET_ECLOSED");
}

TEST(CHANNEL_CLOSE_ends_an_iteration) {
    worker_t writer = {"", 3, GEVENT_FOREVER};
    worker_t reader = {"r", 9, GEVENT_FOREVER};
    gevent_set_unhandled(ignore_error);
    gevent_channel_init(&channel);
    gevent_task_t *task = spawn(run_put, &writer);
    start(run_get, &reader);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    gevent_channel_close(&channel);
    CHECK_OK(gevent_run());
    CHECK_LOG("r0 +0 r1 +1 r2 +2 r:GREENLET_ECLOSED");
    gevent_task_unref(task);
}

// ---- nothing is lost ----------------------------------------------------------------------------

TEST(CHANNEL_who_timed_out_has_neither_put_nor_got) {
    worker_t late = {"late", 1, 0.1};
    gevent_set_unhandled(ignore_error);
    gevent_channel_init(&channel);
    start(run_put, &late);
    start(run_put, &y);
    CHECK_OK(gevent_sleep(1));
    start(run_get, &a);
    CHECK_OK(gevent_run());
    CHECK_LOG("late:GREENLET_ETIMEDOUT a0 +y0");
    start(run_get, &late);
    start(run_get, &b);
    CHECK_OK(gevent_sleep(1));
    start(run_put, &x);
    CHECK_OK(gevent_run());
    CHECK_LOG("late:GREENLET_ETIMEDOUT b0 +x0");
}

TEST(CHANNEL_a_putter_killed_before_they_meet_has_put_nothing) {
    gevent_channel_init(&channel);
    gevent_task_t *victim = spawn(run_put, &x);
    gevent_task_t *getter = spawn(run_get, &a);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill_hard(victim)); // both wait, and the hub has not been there
    CHECK_OK(gevent_yield());
    CHECK_LOG("");
    CHECK_OK(gevent_channel_put(&channel, V(2), 1));
    CHECK_OK(gevent_run());
    CHECK_LOG("a2");
    gevent_task_unref(victim);
    gevent_task_unref(getter);
}

static int run_kill(void *argument, void **result) {
    (void)result;
    return gevent_kill(argument, NULL, GEVENT_FOREVER);
}

TEST(CHANNEL_a_getter_killed_before_they_meet_has_got_nothing) {
    gevent_channel_init(&channel);
    gevent_task_t *victim = spawn(run_get, &a);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_spawn(run_kill, victim, NULL));
    CHECK_OK(gevent_yield()); // its death is queued
    start(run_put, &x);
    start(run_get, &b);
    CHECK_OK(gevent_run());
    CHECK_LOG("a:GREENLET_EEXIT b0 +x0");
    gevent_task_unref(victim);
}

TEST(CHANNEL_a_getter_that_was_given_an_item_keeps_it_and_dies_later) {
    worker_t two = {"a", 2, GEVENT_FOREVER};
    gevent_channel_init(&channel);
    gevent_task_t *victim = spawn(run_get, &two);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(victim, NULL, GEVENT_NOWAIT));
    CHECK_OK(gevent_channel_put(&channel, V(1), GEVENT_NOWAIT));
    CHECK_OK(gevent_run());
    CHECK_LOG("a1 a:GREENLET_EEXIT");
    CHECK_INT(gevent_status(victim), GEVENT_KILLED);
    gevent_task_unref(victim);
}

TEST(CHANNEL_a_putter_whose_item_was_taken_has_put_it_and_dies_later) {
    worker_t two = {"x", 2, 0.5};
    void *item;
    gevent_channel_init(&channel);
    gevent_task_t *victim = spawn(run_put, &two);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(victim, NULL, GEVENT_NOWAIT));
    CHECK_OK(gevent_channel_get(&channel, GEVENT_NOWAIT, &item));
    CHECK_OK(gevent_run());
    CHECK_LOG("+x0 x:GREENLET_EEXIT");
    gevent_task_unref(victim);
}

static int run_get_in_time(void *argument, void **result) {
    gevent_timeout_t timeout;
    void *item;
    (void)argument, (void)result;
    CHECK_OK(gevent_timeout_start(&timeout, 1));
    CHECK_OK(gevent_channel_get(&channel, 1, &item));
    log_add("%d", (int)INT(item));
    CHECK_CODE(gevent_sleep(5), GREENLET_EEXPIRED);
    CHECK_INT(gevent_timed_out_by(&timeout), 1);
    return GREENLET_OK;
}

static int run_put_at_the_last_moment(void *argument, void **result) {
    (void)argument, (void)result;
    CHECK_OK(gevent_sleep(1));
    return gevent_channel_put(&channel, V(1), GEVENT_NOWAIT);
}

TEST(CHANNEL_times_that_are_over_with_the_item_given_come_later) {
    gevent_channel_init(&channel);
    CHECK_OK(gevent_spawn(run_put_at_the_last_moment, NULL, NULL)); // due first
    CHECK_OK(gevent_spawn(run_get_in_time, NULL, NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("1");
}

static int run_get_in_scope(void *argument, void **result) {
    void *item;
    (void)argument, (void)result;
    int code = gevent_channel_get(&channel, GEVENT_FOREVER, &item);
    if (code >= 0) log_add("%d", (int)INT(item));
    code = gevent_sleep(1);
    log_add("%s", greenlet_error_name(code));
    return code;
}

TEST(CHANNEL_cancelled_with_the_item_given_it_has_it) {
    gevent_scope_t scope;
    gevent_channel_init(&channel);
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_get_in_scope, NULL, NULL));
    CHECK_OK(gevent_yield());
    gevent_scope_cancel(&scope);
    CHECK_OK(gevent_channel_put(&channel, V(1), GEVENT_NOWAIT));
    CHECK_INT(gevent_scope_close(&scope, GREENLET_OK), GEVENT_CANCELLED);
    CHECK_LOG("1 GREENLET_ECANCELED");
}

static int run_kill_hard(void *argument, void **result) {
    gevent_task_t *victim = argument;
    (void)result;
    CHECK_OK(gevent_channel_get(&channel, 1, NULL));
    CHECK_OK(gevent_kill_hard(victim)); // it has put, and does not live to hear of it
    log_add("killed");
    return GREENLET_OK;
}

TEST(CHANNEL_the_getter_may_kill_the_putter_hard) {
    gevent_channel_init(&channel);
    gevent_task_t *victim = spawn(run_put, &x);
    CHECK_OK(gevent_spawn(run_kill_hard, victim, NULL));
    start(run_put, &y);
    CHECK_OK(gevent_yield());
    start(run_get, &a);
    CHECK_OK(gevent_run());
    CHECK_LOG("killed a0 +y0");
    gevent_task_unref(victim);
}

// Hands 7 to a task that waits, and kills it hard before it can go on.
static void hand_over_and_kill(gevent_task_t *victim) {
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_channel_put(&channel, V(7), GEVENT_NOWAIT));
    CHECK_OK(gevent_kill_hard(victim));
    gevent_task_unref(victim);
}

TEST(CHANNEL_killed_hard_with_the_item_given_the_next_has_it) {
    gevent_channel_init(&channel);
    gevent_task_t *victim = spawn(run_get, &a);
    start(run_get, &b);
    hand_over_and_kill(victim);
    CHECK_OK(gevent_run());
    CHECK_LOG("b7");
}

TEST(CHANNEL_killed_hard_with_the_item_given_and_nobody_there_it_is_gone) {
    gevent_channel_init(&channel);
    hand_over_and_kill(spawn(run_get, &a));
    CHECK_INT(gevent_channel_balance(&channel), 0);
    start(run_put, &x);
    start(run_get, &b);
    CHECK_OK(gevent_run());
    CHECK_LOG("b0 +x0");
}

static int pass_on(void) {
    gevent_task_t *task;
    void *item;
    worker_t three = {"", 3, GEVENT_FOREVER};
    gevent_channel_init(&channel);
    int code = gevent_spawn(run_put, &three, &task);
    if (code < 0) return code;
    for (int i = 0; code >= 0 && i < 3; i++) {
        code = gevent_channel_get(&channel, 1, &item);
        if (code >= 0) CHECK_INT(INT(item), i);
    }
    int joined = gevent_get(task, 1, NULL);
    gevent_task_unref(task);
    log_clear();
    return joined < 0 ? joined : code;
}

TEST(MEMORY_channels) {
    gevent_set_unhandled(ignore_error);
    fail_each_allocation(pass_on);
}
