// Waiting for several things without doing any: gevent_wait and gevent_iwait.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

enum { COUNT = 4 };

static gevent_event_t event;
static gevent_queue_t queue;
static gevent_channel_t channel;
static gevent_task_t *tasks[COUNT];

static int run_sleep(void *value, void **result) {
    *result = value;
    return gevent_sleep(0.1 * (double)INT(value));
}

// Cases of tasks that sleep 0.3, 0.1, 0.4 and 0.2 s.
static void spawn_all(gevent_case_t *cases) {
    static const int tenths[COUNT] = {3, 1, 4, 2};
    for (int i = 0; i < COUNT; i++) {
        CHECK_OK(gevent_spawn(run_sleep, V(tenths[i]), &tasks[i]));
        cases[i] = gevent_task_case(tasks[i]);
    }
}

static void forget_all(void) {
    CHECK_OK(gevent_run());
    for (int i = 0; i < COUNT; i++) gevent_task_unref(tasks[i]);
}

static void log_order(const size_t *order, int count) {
    for (int i = 0; i < count; i++) log_add("%d", (int)order[i]);
}

static void init_all(void) {
    gevent_event_init(&event);
    gevent_queue_init(&queue, 0);
    gevent_channel_init(&channel);
}

// ---- wait ---------------------------------------------------------------------------------------

TEST(WAIT_for_all_in_the_order_in_which_they_finish) {
    gevent_case_t cases[COUNT];
    size_t order[COUNT];
    spawn_all(cases);
    double start = gevent_now();
    CHECK_INT(gevent_wait(cases, COUNT, COUNT, GEVENT_FOREVER, order), 4);
    log_order(order, 4);
    CHECK_LOG("1 3 0 2");
    CHECK_INT((gevent_now() - start) * 1000 + 0.5, 400);
    CHECK_INT(gevent_wait(cases, COUNT, 99, GEVENT_FOREVER, NULL), 4); // all have
    forget_all();
}

TEST(WAIT_for_some) {
    gevent_case_t cases[COUNT];
    size_t order[COUNT];
    spawn_all(cases);
    CHECK_INT(gevent_wait(cases, COUNT, 2, GEVENT_FOREVER, order), 2);
    log_order(order, 2);
    CHECK_LOG("1 3");
    CHECK_INT(gevent_wait(cases, COUNT, 3, GEVENT_FOREVER, order), 3);
    log_order(order, 3);
    CHECK_LOG("1 3 0"); // who was ready before comes first, as in the array
    CHECK_INT(gevent_wait(cases, COUNT, 0, GEVENT_FOREVER, NULL), 0);
    forget_all();
}

TEST(WAIT_when_time_is_over_for_those_that_are_ready) {
    gevent_case_t cases[COUNT];
    size_t order[COUNT];
    spawn_all(cases);
    CHECK_INT(gevent_wait(cases, COUNT, COUNT, 0.25, order), 2);
    log_order(order, 2);
    CHECK_LOG("1 3");
    CHECK_PTR(greenlet_last_error(), NULL); // that is no failure
    CHECK_INT(gevent_wait(cases, COUNT, COUNT, GEVENT_NOWAIT, order), 2);
    forget_all();
}

static int run_set(void *value, void **result) {
    (void)value, (void)result;
    gevent_event_set(&event);
    return GREENLET_OK;
}

TEST(WAIT_without_time_lets_those_go_who_are_ready) {
    init_all();
    gevent_case_t set = gevent_event_case(&event);
    CHECK_OK(gevent_spawn(run_set, NULL, NULL));
    CHECK_INT(gevent_wait(&set, 1, 1, GEVENT_NOWAIT, NULL), 1);
}

TEST(WAIT_for_nothing_and_for_nothing_possible) {
    gevent_case_t never = gevent_never_case();
    CHECK_INT(gevent_wait(NULL, 0, 1, GEVENT_FOREVER, NULL), 0);
    CHECK_CODE(gevent_wait(NULL, 1, 1, GEVENT_FOREVER, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_wait(&never, 1, 1, GEVENT_FOREVER, NULL), GREENLET_EDEADLK);
    CHECK_INT(gevent_wait(&never, 1, 1, 1, NULL), 0);
}

TEST(WAIT_one_that_is_listed_twice_counts_twice) {
    gevent_case_t cases[COUNT];
    size_t order[COUNT];
    spawn_all(cases);
    cases[1] = cases[0];
    CHECK_INT(gevent_wait(cases, COUNT, COUNT, GEVENT_FOREVER, order), 4);
    log_order(order, 4);
    CHECK_LOG("3 0 1 2");
    forget_all();
}

static int run_use_all(void *value, void **result) {
    (void)value, (void)result;
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_queue_put(&queue, V(8), GEVENT_NOWAIT));
    CHECK_OK(gevent_sleep(0.2));
    gevent_event_set(&event);
    gevent_event_clear(&event);
    int code = gevent_channel_put(&channel, V(9), GEVENT_FOREVER);
    log_add("put%d", code);
    return code;
}

TEST(WAIT_for_all_kinds_without_doing_anything) {
    size_t order[6];
    init_all();
    CHECK_OK(gevent_spawn(run_use_all, NULL, &tasks[0]));
    gevent_case_t cases[] = {gevent_task_case(tasks[0]),    gevent_channel_get_case(&channel),
                             gevent_event_case(&event),     gevent_timer_case(0.2),
                             gevent_queue_get_case(&queue), gevent_queue_put_case(&queue, V(1))};
    CHECK_INT(gevent_wait(cases, 6, 5, GEVENT_FOREVER, order), 5);
    log_order(order, 5);
    CHECK_LOG("5 4 3 2 1");
    void *item = NULL;
    CHECK_INT(gevent_queue_size(&queue), 1);
    CHECK_INT(gevent_channel_balance(&channel), 1);
    CHECK_OK(gevent_channel_get(&channel, GEVENT_FOREVER, &item));
    CHECK_INT(INT(item), 9);
    CHECK_OK(gevent_run());
    CHECK_LOG("put0");
    gevent_task_unref(tasks[0]);
    gevent_queue_free(&queue);
}

static int run_release(void *value, void **result) {
    (void)result;
    return gevent_semaphore_release(value);
}

TEST(WAIT_for_a_semaphore_does_not_acquire_it) {
    gevent_semaphore_t semaphore;
    gevent_result_t *result;
    size_t order[2];
    CHECK_OK(gevent_semaphore_init(&semaphore, 0, 0));
    CHECK_OK(gevent_result_new(&result));
    gevent_case_t cases[] = {gevent_result_case(result), gevent_semaphore_case(&semaphore)};
    CHECK_OK(gevent_spawn(run_release, &semaphore, NULL));
    CHECK_INT(gevent_wait(cases, 2, 1, GEVENT_FOREVER, order), 1);
    CHECK_INT(order[0], 1);
    CHECK_INT(gevent_semaphore_count(&semaphore), 1);
    gevent_result_set(result, NULL);
    CHECK_INT(gevent_wait(cases, 2, 2, GEVENT_FOREVER, order), 2);
    CHECK_INT(gevent_semaphore_count(&semaphore), 1);
    gevent_result_unref(result);
}

static int run_wait_for_channel(void *value, void **result) {
    gevent_case_t cases[] = {gevent_channel_get_case(&channel),
                             gevent_channel_put_case(&channel, V(1))};
    size_t index;
    (void)result;
    int code = gevent_wait(cases, 2, 1, 1, &index);
    if (code > 0) log_add("%d:%d", (int)INT(value), (int)index);
    if (code == 0) log_add("%d:none", (int)INT(value));
    return GREENLET_OK;
}

TEST(WAIT_two_who_only_wait_for_a_channel_do_not_meet) {
    init_all();
    CHECK_OK(gevent_spawn(run_wait_for_channel, V(1), NULL));
    CHECK_OK(gevent_spawn(run_wait_for_channel, V(2), NULL));
    CHECK_OK(gevent_sleep(0.5));
    CHECK_INT(gevent_channel_balance(&channel), 0);
    CHECK_CODE(gevent_channel_put(&channel, V(1), 0.1), GREENLET_ETIMEDOUT);
    CHECK_LOG("1:0 2:0"); // both have heard of it, and nobody took it
}

static int run_get(void *value, void **result) {
    void *item = NULL;
    (void)value, (void)result;
    int code = gevent_queue_get(&queue, GEVENT_FOREVER, &item);
    log_add("got%d", (int)INT(item));
    return code;
}

static int run_wait_for_queue(void *value, void **result) {
    gevent_case_t get = gevent_queue_get_case(&queue);
    (void)value, (void)result;
    int code = gevent_wait(&get, 1, 1, GEVENT_FOREVER, NULL);
    log_add("ready%d", code);
    return code;
}

TEST(WAIT_for_a_queue_leaves_the_item_to_the_next) {
    init_all();
    CHECK_OK(gevent_spawn(run_wait_for_queue, NULL, NULL));
    CHECK_OK(gevent_spawn(run_get, NULL, NULL));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_queue_put(&queue, V(1), GEVENT_NOWAIT));
    CHECK_OK(gevent_run());
    CHECK_LOG("ready1 got1");
    gevent_queue_free(&queue);
}

// ---- iwait --------------------------------------------------------------------------------------

TEST(WAIT_ITERATION_one_at_a_time_in_the_order_in_which_they_finish) {
    gevent_case_t cases[COUNT + 1];
    gevent_iwait_t iwait;
    size_t i;
    spawn_all(cases);
    cases[COUNT] = gevent_timer_case(0.25);
    CHECK_OK(gevent_iwait_begin(&iwait, cases, COUNT + 1, GEVENT_FOREVER));
    while (gevent_iwait_next(&iwait, &i) == GREENLET_OK) log_add("%d", (int)i);
    CHECK_INT(gevent_iwait_next(&iwait, &i), GEVENT_IWAIT_DONE);
    CHECK_LOG("1 3 4 0 2");
    gevent_iwait_end(&iwait);
    gevent_iwait_end(&iwait);
    forget_all();
}

TEST(WAIT_ITERATION_keeps_the_order_of_what_came_while_nobody_asked) {
    gevent_case_t cases[COUNT + 1];
    gevent_iwait_t iwait;
    size_t i;
    spawn_all(cases);
    cases[COUNT] = gevent_timer_case(0.25);
    CHECK_OK(gevent_iwait_begin(&iwait, cases, COUNT + 1, 1));
    CHECK_OK(gevent_sleep(0.35));
    while (gevent_iwait_next(&iwait, &i) == GREENLET_OK) log_add("%d", (int)i);
    CHECK_LOG("1 3 4 0 2");
    gevent_iwait_end(&iwait);
    forget_all();
}

TEST(WAIT_ITERATION_has_one_time_for_all) {
    gevent_case_t cases[COUNT];
    gevent_iwait_t iwait;
    size_t i = 9;
    spawn_all(cases);
    CHECK_OK(gevent_iwait_begin(&iwait, cases, COUNT, 0.15));
    CHECK_OK(gevent_iwait_next(&iwait, &i));
    CHECK_INT(i, 1);
    CHECK_CODE(gevent_iwait_next(&iwait, &i), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_iwait_next(&iwait, NULL)); // the next is ready all the same
    CHECK_CODE(gevent_iwait_next(&iwait, &i), GREENLET_ETIMEDOUT);
    CHECK_INT(i, 1);
    gevent_iwait_end(&iwait);
    CHECK_CODE(gevent_iwait_begin(NULL, cases, 1, 1), GREENLET_EINVAL);
    CHECK_CODE(gevent_iwait_begin(&iwait, NULL, 1, 1), GREENLET_EINVAL);
    forget_all();
}

TEST(WAIT_ITERATION_left_early_listens_no_longer) {
    gevent_iwait_t iwait;
    size_t i;
    init_all();
    gevent_event_t own;
    gevent_event_init(&own);
    {
        gevent_case_t cases[] = {gevent_event_case(&event), gevent_queue_get_case(&queue),
                                 gevent_event_case(&own)};
        CHECK_OK(gevent_iwait_begin(&iwait, cases, 3, GEVENT_FOREVER));
        gevent_event_set(&own);
        CHECK_OK(gevent_iwait_next(&iwait, &i));
        CHECK_INT(i, 2);
        CHECK_OK(gevent_queue_put(&queue, V(1), GEVENT_NOWAIT));
        CHECK_OK(gevent_yield()); // told, but not asked for
        gevent_iwait_end(&iwait);
        CHECK_PTR(event.waiters.list.next, &event.waiters.list);
    }
    gevent_event_set(&event);
    CHECK_OK(gevent_yield());
    gevent_queue_free(&queue);
}

static int run_iterate(void *value, void **result) {
    gevent_case_t cases[] = {gevent_event_case(&event), gevent_queue_get_case(&queue)};
    gevent_iwait_t iwait;
    size_t i;
    (void)value, (void)result;
    CHECK_OK(gevent_iwait_begin(&iwait, cases, 2, GEVENT_FOREVER));
    int code;
    while ((code = gevent_iwait_next(&iwait, &i)) == GREENLET_OK) log_add("%d", (int)i);
    gevent_iwait_end(&iwait);
    return code < 0 ? code : GREENLET_OK;
}

static void end_iteration(int (*end)(gevent_task_t *task)) {
    init_all();
    CHECK_OK(gevent_spawn(run_iterate, NULL, &tasks[0]));
    CHECK_OK(gevent_yield());
    CHECK_OK(end(tasks[0]));
    CHECK_INT(gevent_status(tasks[0]), GEVENT_KILLED);
    CHECK_PTR(event.waiters.list.next, &event.waiters.list); // nobody is left in it
    gevent_event_set(&event);
    CHECK_OK(gevent_queue_put(&queue, V(1), GEVENT_NOWAIT));
    CHECK_OK(gevent_run());
    CHECK_LOG("");
    gevent_task_unref(tasks[0]);
    gevent_queue_free(&queue);
}

static int kill_softly(gevent_task_t *task) {
    return gevent_kill(task, NULL, GEVENT_FOREVER);
}

TEST(WAIT_ITERATION_killed_it_listens_no_longer) {
    end_iteration(kill_softly);
    end_iteration(gevent_kill_hard);
}

static int wait_for_both(void) {
    gevent_task_t *task;
    init_all();
    int code = gevent_spawn(run_sleep, V(1), &task);
    if (code < 0) return code;
    gevent_case_t cases[] = {gevent_task_case(task), gevent_timer_case(1)};
    code = gevent_wait(cases, 2, 2, GEVENT_FOREVER, NULL);
    CHECK(code < 0 || code == 2);
    int got = gevent_get(task, 1, NULL);
    gevent_task_unref(task);
    return code < 0 ? code : got;
}

TEST(MEMORY_wait) {
    gevent_set_unhandled(ignore_error);
    fail_each_allocation(wait_for_both);
}
