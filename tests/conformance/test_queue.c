// Queues. The orders are those that gevent 22.10 shows for the same program.
//
// SPDX-License-Identifier: MIT
#include "worker.h"

static gevent_queue_t queue;

static int put_item(void *item, double seconds) {
    return gevent_queue_put(&queue, item, seconds);
}

static int get_item(double seconds, void **item) {
    return gevent_queue_get(&queue, seconds, item);
}

static int run_put(void *worker, void **result) {
    (void)result;
    return worker_put(worker, put_item);
}

static int run_get(void *worker, void **result) {
    (void)result;
    return worker_get(worker, get_item);
}

static int run_peek(void *argument, void **result) {
    const worker_t *self = argument;
    void *item;
    (void)result;
    int code = gevent_queue_peek(&queue, self->seconds, &item);
    log_add("%s%d", self->name, code < 0 ? code : (int)INT(item));
    return code < 0 ? code : GREENLET_OK;
}

static int got(void) {
    void *item = V(-1);
    CHECK_OK(gevent_queue_get(&queue, GEVENT_NOWAIT, &item));
    return (int)INT(item);
}

static void put(int item) {
    CHECK_OK(gevent_queue_put(&queue, V(item), GEVENT_NOWAIT));
}

static worker_t a = {"a", 1, GEVENT_FOREVER}, b = {"b", 1, GEVENT_FOREVER};
static worker_t dots = {".", 5, 0};

// ---- order --------------------------------------------------------------------------------------

TEST(QUEUE_items_come_out_as_they_went_in) {
    gevent_queue_init(&queue, 0);
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 100; i++) put(round * 100 + i);
        for (int i = 0; i < 60; i++) CHECK_INT(got(), round * 60 + i);
    }
    CHECK_INT(gevent_queue_size(&queue), 200);
    for (int i = 300; i < 500; i++) CHECK_INT(got(), i);
    CHECK_INT(gevent_queue_is_empty(&queue), 1);
    gevent_queue_free(&queue);
}

TEST(QUEUE_all_zero_is_one_without_a_limit) {
    gevent_queue_t zero = {.maxsize = 0};
    CHECK_OK(gevent_queue_put(&zero, NULL, GEVENT_NOWAIT));
    void *item = V(1);
    CHECK_INT(gevent_queue_is_full(&zero), 0);
    CHECK_OK(gevent_queue_get(&zero, GEVENT_NOWAIT, &item));
    CHECK_PTR(item, NULL); // an item like any other
    gevent_queue_free(&zero);
}

TEST(QUEUE_put_does_not_switch_and_getters_are_served_in_order) {
    gevent_queue_init(&queue, 0);
    start(run_get, &a);
    start(run_get, &b);
    CHECK_OK(gevent_yield());
    put(1);
    put(2);
    log_add("put");
    CHECK_OK(gevent_run());
    CHECK_LOG("put a1 b2");
    gevent_queue_free(&queue);
}

TEST(QUEUE_get_right_after_put_steals_from_a_waiting_getter) {
    gevent_queue_init(&queue, 0);
    start(run_get, &a);
    CHECK_OK(gevent_yield());
    put(1);
    CHECK_INT(got(), 1);
    CHECK_OK(gevent_yield());
    CHECK_LOG(""); // it goes on waiting
    put(2);
    CHECK_OK(gevent_run());
    CHECK_LOG("a2");
    gevent_queue_free(&queue);
}

TEST(QUEUE_items_of_waiting_putters_enter_in_order) {
    worker_t putters[] = {{"p", 1, GEVENT_FOREVER}, {"q", 1, GEVENT_FOREVER}, {"r", 1, 9}};
    gevent_queue_init(&queue, 1);
    for (int i = 0; i < 3; i++) start(run_put, &putters[i]);
    CHECK_OK(gevent_yield());
    CHECK_INT(gevent_queue_is_full(&queue), 1);
    CHECK_LOG("+p0");
    for (int i = 0; i < 3; i++) {
        got();
        CHECK_OK(gevent_yield());
    }
    CHECK_LOG("+q0 +r0");
    CHECK_INT(gevent_queue_size(&queue), 0);
    gevent_queue_free(&queue);
}

TEST(QUEUE_both_sides_of_a_full_queue_take_turns) {
    worker_t x = {"x", 4, GEVENT_FOREVER}, y = {"y", 4, GEVENT_FOREVER};
    worker_t five = {"a", 5, GEVENT_FOREVER}, three = {"b", 3, GEVENT_FOREVER};
    gevent_queue_init(&queue, 1);
    start(run_put, &x);
    start(run_put, &y);
    start(run_get, &five);
    start(run_get, &three);
    start(run_noise, &dots);
    CHECK_OK(gevent_run());
    CHECK_LOG("+x0 a0 . +x1 a1 +y0 b0 +x2 a2 +y1 b1 +x3 a3 +y2 b2 +y3 a3 . . . .");
    gevent_queue_free(&queue);
}

TEST(QUEUE_a_greenlet_that_goes_on_fills_and_empties_as_far_as_it_can) {
    worker_t putter = {"", 8, GEVENT_FOREVER};
    worker_t getters[] = {{"a", 4, GEVENT_FOREVER}, {"b", 4, GEVENT_FOREVER}};
    gevent_queue_init(&queue, 2);
    start(run_get, &getters[0]);
    start(run_get, &getters[1]);
    CHECK_OK(gevent_yield());
    start(run_put, &putter);
    CHECK_OK(gevent_run());
    CHECK_LOG("+0 +1 a0 a1 +2 +3 b2 b3 +4 +5 a4 a5 +6 +7 b6 b7");
    gevent_queue_free(&queue);
}

static int run_put_2(void *argument, void **result) {
    (void)result;
    CHECK_OK(gevent_queue_put(&queue, argument, GEVENT_FOREVER));
    log_add("+%d", (int)INT(argument));
    return GREENLET_OK;
}

static int run_get_and_spawn(void *argument, void **result) {
    (void)argument, (void)result;
    log_add("late%d", got());
    return gevent_spawn(run_put_2, V(5), NULL);
}

TEST(QUEUE_putters_and_getters_that_wait_at_once) {
    gevent_queue_init(&queue, 2);
    start(run_get, &a);
    start(run_get, &b);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_spawn(run_put_2, V(3), NULL));
    CHECK_OK(gevent_spawn(run_put_2, V(4), NULL));
    put(1);
    put(2);
    log_add("put");
    CHECK_OK(gevent_spawn(run_get_and_spawn, NULL, NULL));
    CHECK_OK(gevent_yield());
    log_add("main");
    CHECK_OK(gevent_yield());
    CHECK_LOG("put a1 +3 b2 +4 late3 main +5");
    gevent_queue_free(&queue);
}

// ---- not waiting --------------------------------------------------------------------------------

TEST(QUEUE_without_waiting_empty_and_full_are_said_at_once) {
    gevent_queue_init(&queue, 2);
    void *item = V(7);
    start(run_noise, &dots);
    CHECK_CODE(gevent_queue_get(&queue, GEVENT_NOWAIT, &item), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_queue_get(&queue, -1, &item), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_queue_peek(&queue, GEVENT_NOWAIT, &item), GREENLET_ETIMEDOUT);
    put(1);
    put(2);
    CHECK_CODE(gevent_queue_put(&queue, V(3), GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_queue_put(&queue, V(3), -1), GREENLET_ETIMEDOUT);
    CHECK_INT(INT(item), 7);
    CHECK_LOG(""); // nobody else has run
    CHECK_OK(gevent_queue_peek(&queue, GEVENT_NOWAIT, &item));
    CHECK_INT(INT(item), 1);
    CHECK_OK(gevent_queue_get(&queue, GEVENT_NOWAIT, NULL));
    CHECK_INT(got(), 2);
    CHECK_OK(gevent_run());
    CHECK_LOG(". . . . .");
    gevent_queue_free(&queue);
}

static void use_in_hub(void) {
    void *item = V(7);
    CHECK_PTR(greenlet_current(), gevent_hub());
    CHECK_CODE(gevent_queue_get(&queue, GEVENT_NOWAIT, &item), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_queue_get(&queue, 1, &item), GREENLET_EHUB);
    CHECK_OK(gevent_queue_put(&queue, V(1), 1));
    CHECK_CODE(gevent_queue_put(&queue, V(2), GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_queue_put(&queue, V(2), GEVENT_FOREVER), GREENLET_EHUB);
    CHECK_INT(INT(item), 7);
}

TEST(QUEUE_in_a_hub_callback_it_never_blocks) {
    gevent_queue_init(&queue, 1);
    start(run_get, &a);
    start(run_get, &b);
    CHECK_OK(gevent_yield());
    call_in_hub(use_in_hub);
    CHECK_OK(gevent_yield());
    CHECK_LOG("a1");
    put(3);
    CHECK_OK(gevent_run());
    CHECK_LOG("b3");
    gevent_queue_free(&queue);
}

TEST(QUEUE_timed_out_nothing_was_got_or_put) {
    worker_t late = {"late", 1, 0.1};
    gevent_queue_init(&queue, 1);
    CHECK_CODE(gevent_queue_get(&queue, 0.5, NULL), GREENLET_ETIMEDOUT);
    put(7);
    gevent_set_unhandled(ignore_error);
    start(run_put, &late);
    start(run_put, &b);
    CHECK_OK(gevent_sleep(1));
    CHECK_LOG("late:GREENLET_ETIMEDOUT");
    CHECK_INT(got(), 7);
    CHECK_OK(gevent_run());
    CHECK_LOG("+b0");
    CHECK_INT(gevent_queue_size(&queue), 1);
    CHECK_INT(gevent_queue_unfinished(&queue), 2);
    gevent_queue_free(&queue);
}

TEST(QUEUE_a_getter_that_timed_out_takes_nothing_from_the_next) {
    worker_t late = {"late", 1, 0.1};
    gevent_queue_init(&queue, 0);
    gevent_set_unhandled(ignore_error);
    start(run_get, &late);
    start(run_get, &b);
    CHECK_OK(gevent_sleep(1));
    put(1);
    CHECK_OK(gevent_run());
    CHECK_LOG("late:GREENLET_ETIMEDOUT b1");
    gevent_queue_free(&queue);
}

// ---- peek ---------------------------------------------------------------------------------------

TEST(QUEUE_who_peeks_before_who_gets_is_served_too) {
    worker_t peeker = {"peek", 1, GEVENT_FOREVER};
    gevent_queue_init(&queue, 0);
    start(run_peek, &peeker);
    start(run_get, &a);
    CHECK_OK(gevent_yield());
    put(1);
    CHECK_OK(gevent_run());
    CHECK_LOG("peek1 a1");
    gevent_queue_free(&queue);
}

TEST(QUEUE_who_peeks_after_who_gets_goes_on_waiting) {
    worker_t peeker = {"peek", 1, GEVENT_FOREVER};
    gevent_queue_init(&queue, 0);
    start(run_get, &a);
    start(run_peek, &peeker);
    CHECK_OK(gevent_yield());
    put(1);
    CHECK_OK(gevent_yield());
    CHECK_LOG("a1");
    put(2);
    CHECK_OK(gevent_run());
    CHECK_LOG("peek2");
    CHECK_INT(got(), 2);
    gevent_queue_free(&queue);
}

// ---- last in, first out; and by priority --------------------------------------------------------

TEST(QUEUE_LIFO_the_last_comes_out_first) {
    worker_t putter = {"", 4, GEVENT_FOREVER};
    void *item;
    gevent_queue_init_lifo(&queue, 2);
    start(run_put, &putter);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_queue_peek(&queue, GEVENT_NOWAIT, &item));
    CHECK_INT(INT(item), 1);
    CHECK_INT(got(), 1);
    CHECK_INT(got(), 0);
    CHECK_OK(gevent_run());
    CHECK_INT(got(), 3);
    CHECK_INT(got(), 2);
    CHECK_LOG("+0 +1 +2 +3");
    gevent_queue_free(&queue);
}

TEST(QUEUE_LIFO_without_a_limit) {
    gevent_queue_init_lifo(&queue, 0);
    for (int i = 0; i < 50; i++) put(i);
    for (int i = 49; i >= 20; i--) CHECK_INT(got(), i);
    for (int i = 20; i < 90; i++) put(i);
    for (int i = 89; i >= 0; i--) CHECK_INT(got(), i);
    gevent_queue_free(&queue);
}

enum { COUNT = 500, PER_PRIORITY = 1000 };

static int by_priority(const void *left, const void *right) {
    return (int)(INT(left) / PER_PRIORITY - INT(right) / PER_PRIORITY);
}

// 50 priorities, in no order; within each the numbers grow.
static void put_in_disorder(void) {
    unsigned random = 1;
    for (int i = 0; i < COUNT; i++) {
        random = random * 1103515245 + 12345;
        put((int)((random >> 16) % 50 * PER_PRIORITY) + i);
    }
}

TEST(QUEUE_PRIORITY_the_least_comes_out_first_and_equals_as_they_went_in) {
    gevent_queue_init_priority(&queue, 0, by_priority);
    put_in_disorder();
    int last = -1, inversions = 0;
    for (int i = 0; i < COUNT; i++) {
        int item = got();
        inversions += item <= last; // they are all different
        last = item;
    }
    CHECK_INT(inversions, 0);
    CHECK_INT(gevent_queue_size(&queue), 0);
    gevent_queue_free(&queue);
}

TEST(QUEUE_PRIORITY_a_waiting_getter_gets_what_is_least_when_it_goes_on) {
    gevent_queue_init_priority(&queue, 0, by_priority);
    start(run_get, &a);
    CHECK_OK(gevent_yield());
    put(2000);
    put(1000);
    CHECK_OK(gevent_run());
    CHECK_LOG("a1000");
    gevent_queue_free(&queue);
}

// ---- done and join ------------------------------------------------------------------------------

static int run_join(void *argument, void **result) {
    (void)argument, (void)result;
    int code = gevent_queue_join(&queue, GEVENT_FOREVER);
    log_add("joined%d", code);
    return code;
}

TEST(QUEUE_JOINABLE_join_waits_until_all_are_done) {
    gevent_queue_init(&queue, 0);
    CHECK_OK(gevent_queue_join(&queue, GEVENT_NOWAIT));
    put(1);
    put(2);
    CHECK_INT(gevent_queue_unfinished(&queue), 2);
    CHECK_CODE(gevent_queue_join(&queue, 0.5), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_spawn(run_join, NULL, NULL));
    got();
    got();
    CHECK_OK(gevent_queue_task_done(&queue));
    CHECK_OK(gevent_yield());
    CHECK_LOG(""); // one is not done
    CHECK_OK(gevent_queue_task_done(&queue));
    put(3); // who waited when all were done has been freed
    CHECK_OK(gevent_yield());
    CHECK_LOG("joined0");
    CHECK_CODE(gevent_queue_join(&queue, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_queue_task_done(&queue));
    CHECK_OK(gevent_queue_join(&queue, GEVENT_FOREVER));
    gevent_queue_free(&queue);
}

TEST(QUEUE_JOINABLE_more_done_than_put_is_refused_by_name) {
    gevent_queue_init(&queue, 0);
    CHECK_CODE(gevent_queue_task_done(&queue), GREENLET_EINVAL);
    CHECK_STR(greenlet_error_message(greenlet_last_error()),
              "gevent_queue_task_done was called more often than items were put");
    CHECK_INT(gevent_queue_unfinished(&queue), 0);
}

// ---- closing ------------------------------------------------------------------------------------

TEST(QUEUE_CLOSE_getters_drain_it_and_then_fail) {
    worker_t reader = {"", 9, GEVENT_FOREVER};
    gevent_queue_init(&queue, 0);
    put(1);
    put(2);
    gevent_queue_close(&queue);
    CHECK_INT(gevent_queue_is_closed(&queue), 1);
    gevent_set_unhandled(ignore_error);
    start(run_get, &reader);
    CHECK_OK(gevent_run());
    CHECK_LOG("1 2 :GREENLET_ECLOSED");
    CHECK_CODE(gevent_queue_get(&queue, GEVENT_NOWAIT, NULL), GREENLET_ECLOSED);
    CHECK_CODE(gevent_queue_peek(&queue, 1, NULL), GREENLET_ECLOSED);
    CHECK_CODE(gevent_queue_put(&queue, V(1), 1), GREENLET_ECLOSED);
    gevent_queue_close(&queue);
    gevent_queue_free(&queue);
}

TEST(QUEUE_CLOSE_all_who_wait_fail) {
    gevent_queue_init(&queue, 1);
    gevent_set_unhandled(ignore_error);
    start(run_get, &a);
    start(run_get, &b);
    CHECK_OK(gevent_yield());
    gevent_queue_close(&queue);
    log_add("closed");
    CHECK_OK(gevent_run());
    CHECK_LOG("closed a:GREENLET_ECLOSED b:GREENLET_ECLOSED");
    gevent_queue_init(&queue, 1);
    put(9);
    start(run_put, &a);
    start(run_put, &b);
    CHECK_OK(gevent_yield());
    gevent_queue_close(&queue);
    CHECK_OK(gevent_run());
    CHECK_LOG("a:GREENLET_ECLOSED b:GREENLET_ECLOSED");
    CHECK_INT(got(), 9);
    gevent_queue_free(&queue);
}

static void log_dropped(void *item) {
    log_add("drop%d", (int)INT(item));
}

TEST(QUEUE_CLOSE_at_once_drops_what_is_left) {
    gevent_queue_init(&queue, 0);
    put(1);
    put(2);
    CHECK_OK(gevent_spawn(run_join, NULL, NULL));
    CHECK_OK(gevent_yield());
    gevent_queue_close_now(&queue, log_dropped);
    CHECK_CODE(gevent_queue_get(&queue, 1, NULL), GREENLET_ECLOSED);
    CHECK_INT(gevent_queue_unfinished(&queue), 0);
    CHECK_OK(gevent_run());
    CHECK_LOG("drop1 drop2 joined0");
    gevent_queue_close_now(&queue, NULL);
    gevent_queue_free(&queue);
}

// ---- nothing is lost ----------------------------------------------------------------------------

TEST(QUEUE_killed_after_an_item_came_it_is_the_next_who_gets_it) {
    gevent_queue_init(&queue, 0);
    gevent_task_t *victim = spawn(run_get, &a);
    start(run_get, &b);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(victim, NULL, GEVENT_NOWAIT)); // queued before the item
    put(1);
    CHECK_OK(gevent_run());
    CHECK_LOG("a:GREENLET_EEXIT b1");
    gevent_task_unref(victim);
    gevent_queue_free(&queue);
}

TEST(QUEUE_killed_after_it_was_told_it_has_the_item) {
    gevent_queue_init(&queue, 0);
    gevent_task_t *victim = spawn(run_get, &a);
    start(run_get, &b);
    CHECK_OK(gevent_yield());
    put(1);
    CHECK_OK(gevent_kill(victim, NULL, GEVENT_FOREVER));
    CHECK_LOG("a1");
    put(2);
    CHECK_OK(gevent_run());
    CHECK_LOG("b2");
    gevent_task_unref(victim);
    gevent_queue_free(&queue);
}

TEST(QUEUE_a_killed_putter_leaves_no_item) {
    gevent_queue_init(&queue, 1);
    put(7);
    gevent_task_t *victim = spawn(run_put, &a);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(victim, NULL, GEVENT_FOREVER));
    CHECK_INT(got(), 7);
    CHECK_OK(gevent_run());
    CHECK_INT(gevent_queue_size(&queue), 0);
    CHECK_LOG("a:GREENLET_EEXIT");
    gevent_task_unref(victim);
    gevent_queue_free(&queue);
}

TEST(QUEUE_killed_hard_it_is_in_no_list_any_more) {
    gevent_queue_init(&queue, 0);
    gevent_task_t *victim = spawn(run_get, &a);
    start(run_get, &b);
    CHECK_OK(gevent_yield());
    put(1);
    CHECK_OK(gevent_kill_hard(victim));
    CHECK_OK(gevent_run());
    CHECK_LOG("b1");
    gevent_task_unref(victim);
    gevent_queue_free(&queue);
}

TEST(QUEUE_a_cancelled_getter_takes_nothing) {
    gevent_scope_t scope;
    gevent_queue_init(&queue, 0);
    CHECK_OK(gevent_scope_open(&scope, 0.5));
    CHECK_OK(gevent_scope_spawn(&scope, run_get, &a, NULL));
    CHECK_CODE(gevent_queue_get(&queue, GEVENT_FOREVER, NULL), GREENLET_EEXPIRED);
    put(1);
    CHECK_CODE(gevent_scope_close(&scope, GREENLET_OK), GREENLET_EEXPIRED);
    CHECK_LOG("a:GREENLET_ECANCELED");
    CHECK_INT(got(), 1);
    gevent_queue_free(&queue);
}

// The queue may go when nobody waits for it any more.
static int run_get_and_leave(void *argument, void **result) {
    gevent_queue_t *own = argument;
    void *item;
    (void)result;
    int code = gevent_queue_get(own, GEVENT_FOREVER, &item);
    log_add("%d", (int)INT(item));
    gevent_queue_free(own);
    for (size_t i = 0; i < sizeof *own; i++) ((unsigned char *)own)[i] = 0xa5;
    return code;
}

TEST(QUEUE_it_may_go_with_the_last_who_waits) {
    gevent_queue_t own = {.maxsize = 0};
    CHECK_OK(gevent_spawn(run_get_and_leave, &own, NULL));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_queue_put(&own, V(1), GEVENT_NOWAIT));
    CHECK_OK(gevent_run());
    CHECK_LOG("1");
}

TEST(QUEUE_nobody_who_could_put_is_a_deadlock) {
    gevent_queue_init(&queue, 0);
    CHECK_CODE(gevent_queue_get(&queue, GEVENT_FOREVER, NULL), GREENLET_EDEADLK);
    CHECK_STR(greenlet_error_message(greenlet_last_error()),
              "this would wait for ever: main waits in queue get since 0.000 s ago");
}

// ---- memory -------------------------------------------------------------------------------------

static int fill_and_empty(void) {
    int code = GREENLET_OK, count = 0;
    gevent_queue_init_priority(&queue, 0, by_priority);
    while (code >= 0 && count < 20) {
        code = gevent_queue_put(&queue, V(count), GEVENT_NOWAIT);
        count += code >= 0;
    }
    CHECK_INT(gevent_queue_size(&queue), count); // what was refused is not in it
    for (int i = 0; i < count; i++) CHECK_INT(got(), i);
    gevent_queue_free(&queue);
    return code;
}

static int pass_on(void) {
    worker_t putter = {"", 12, GEVENT_FOREVER};
    int sum = 0;
    gevent_task_t *task;
    gevent_queue_init(&queue, 11);
    int code = gevent_spawn(run_put, &putter, &task);
    if (code < 0) return code;
    code = gevent_join(task, 1);
    for (void *item; gevent_queue_get(&queue, 1, &item) >= 0;) sum += (int)INT(item);
    if (code == GREENLET_ETIMEDOUT) code = gevent_join(task, GEVENT_FOREVER);
    if (code >= 0) code = gevent_get(task, 1, NULL);
    CHECK(code < 0 || sum == 66);
    gevent_task_unref(task);
    gevent_queue_free(&queue);
    log_clear();
    return code;
}

TEST(MEMORY_queues) {
    gevent_set_unhandled(ignore_error);
    fail_each_allocation(fill_and_empty);
    fail_each_allocation(pass_on);
}
