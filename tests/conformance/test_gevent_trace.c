// Traces, their hash, and orders that are shuffled by a seed (HUB).
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

// ---- the ring -----------------------------------------------------------------------------------

static int run_sleep(void *value, void **result) {
    (void)result;
    return gevent_sleep((double)INT(value) / 1000);
}

static int run_fail(void *value, void **result) {
    (void)value, (void)result;
    return greenlet_raise(&E1, "on purpose");
}

static int first_id;

// Of those that are made from now on, the first will be 3; main is 1, the hub 2.
static void begin_ids(void) {
    greenlet_t *greenlet = make(run_nothing);
    first_id = (int)greenlet_id(greenlet) + 1;
    drop(&greenlet);
}

static int number_of(uint64_t id) {
    return (int)id < first_id ? (int)id : (int)id - first_id + 3;
}

static void log_trace(void) {
    static const char *const kinds[] = {"", "switch", "throw", "end"};
    gevent_trace_event_t event;
    uint64_t position = 0;
    while (gevent_trace_next(&position, &event))
        log_add("%s:%d>%d@%d", kinds[event.kind], number_of(event.origin), number_of(event.target),
                (int)(event.time * 1000 + 0.5));
}

TEST(HUB_trace_has_every_switch_in_order_with_its_time) {
    gevent_task_t *task;
    CHECK_OK(gevent_sleep(1)); // times are from the start on
    begin_ids();
    CHECK_OK(gevent_trace_start(100));
    CHECK_OK(gevent_spawn(run_sleep, V(5), &task));
    CHECK_CODE(gevent_join(task, 0.002), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    log_trace();
    CHECK_LOG("switch:1>2@0 switch:2>3@0 switch:3>2@0 switch:2>1@2 switch:1>2@2 throw:2>3@2 "
              "end:3>2@2 switch:2>1@2");
    CHECK_INT(gevent_trace_count(), 8);
    gevent_trace_stop();
    log_trace();
    CHECK_LOG("");
    CHECK_OK(gevent_yield());
    CHECK_INT(gevent_trace_count(), 8);
    gevent_task_unref(task);
}

TEST(HUB_trace_keeps_the_last_and_goes_on_while_it_is_read) {
    gevent_trace_event_t event;
    uint64_t position = 0;
    begin_ids();
    CHECK_OK(gevent_trace_start(3));
    CHECK_INT(gevent_trace_next(&position, &event), 0);
    CHECK_OK(gevent_sleep(0.001));
    CHECK_OK(gevent_sleep(0.001));
    log_trace();
    CHECK_LOG("switch:2>1@1 switch:1>2@1 switch:2>1@2");
    CHECK_INT(gevent_trace_next(&position, &event), 1);
    CHECK_INT(position, 2);
    CHECK_OK(gevent_sleep(0.001));
    int left = 0;
    while (gevent_trace_next(&position, &event)) left++;
    CHECK_INT(left, 3);
    CHECK_INT(position, 6);
    CHECK_INT(gevent_trace_next(&position, &event), 0);
    gevent_trace_stop();
}

TEST(HUB_trace_works_beside_that_of_the_program) {
    begin_ids();
    CHECK_OK(gevent_trace_start(10));
    greenlet_set_trace(trace_log, NULL);
    CHECK_OK(gevent_yield());
    greenlet_set_trace(NULL, NULL);
    CHECK_LOG("s:main>hub s:hub>main");
    log_trace();
    CHECK_LOG("switch:1>2@0 switch:2>1@0");
    gevent_trace_stop();
}

static int start_trace(void) {
    int code = gevent_trace_start(10);
    gevent_trace_stop();
    return code;
}

TEST(HUB_trace_without_memory) {
    CHECK(gevent_hub() != NULL);
    memory_fail_at(1);
    CHECK_CODE(start_trace(), GREENLET_ENOMEM);
    memory_fail_at(0);
    CHECK_CODE(gevent_trace_start(SIZE_MAX / 2), GREENLET_ENOMEM);
    CHECK_OK(start_trace());
}

// ---- the hash -----------------------------------------------------------------------------------

static gevent_event_t event;

static int run_wait(void *value, void **result) {
    (void)value, (void)result;
    return gevent_event_wait(&event, GEVENT_FOREVER);
}

// Tasks that sleep, wait, fail and are killed, at times of `unit` milliseconds.
static uint64_t hash_of_program(int unit) {
    gevent_unhandled_fn previous = gevent_set_unhandled(ignore_error);
    gevent_task_t *victim;
    gevent_event_init(&event);
    CHECK_OK(gevent_trace_start(0));
    for (int i = 0; i < 5; i++) CHECK_OK(gevent_spawn(run_sleep, V(i % 3 * unit), NULL));
    for (int i = 0; i < 3; i++) CHECK_OK(gevent_spawn(run_wait, NULL, NULL));
    CHECK_OK(gevent_spawn(run_fail, NULL, NULL));
    CHECK_OK(gevent_spawn(run_sleep, V(100 * unit), &victim));
    CHECK_OK(gevent_sleep(0.001));
    CHECK_OK(gevent_kill(victim, NULL, GEVENT_FOREVER));
    gevent_event_set(&event);
    CHECK_OK(gevent_run());
    gevent_task_unref(victim);
    gevent_trace_stop();
    gevent_set_unhandled(previous);
    return gevent_trace_hash();
}

TEST(HUB_trace_hash_is_the_same_on_every_host) {
    CHECK_INT(hash_of_program(1), INT64_C(4669053932561766618));
    CHECK_INT(gevent_trace_count(), 44);
}

TEST(HUB_trace_hash_knows_times_and_not_what_was_before) {
    uint64_t first = hash_of_program(1);
    CHECK_INT(hash_of_program(1), first);
    CHECK(first != hash_of_program(2));
}

// ---- seeds --------------------------------------------------------------------------------------

enum { LETTERS = 6 };

static int run_log(void *value, void **result) {
    (void)result;
    log_add("%c", 'a' + (int)INT(value));
    return GREENLET_OK;
}

static void run_letters(uint64_t seed) {
    CHECK_OK(gevent_set_seed(seed));
    for (int i = 0; i < LETTERS; i++) CHECK_OK(gevent_spawn(run_log, V(i), NULL));
    CHECK_OK(gevent_run());
    CHECK_OK(gevent_set_seed(0));
}

TEST(HUB_seed_0_is_first_come_first_served) {
    run_letters(0);
    CHECK_LOG("a b c d e f");
}

TEST(HUB_seed_makes_an_order_that_is_the_same_on_every_host) {
    run_letters(1);
    CHECK_LOG("d a c e b f");
    run_letters(2);
    CHECK_LOG("f a b c e d");
    run_letters(1);
    CHECK_LOG("d a c e b f");
    run_letters(0);
    CHECK_LOG("a b c d e f");
}

static int order[3];
static int place;

static int run_note(void *value, void **result) {
    (void)result;
    order[place++] = (int)INT(value);
    return GREENLET_OK;
}

// Which of the six orders of three.
static int order_of_three(uint64_t seed) {
    place = 0;
    CHECK_OK(gevent_set_seed(seed));
    for (int i = 0; i < 3; i++) CHECK_OK(gevent_spawn(run_note, V(i), NULL));
    CHECK_OK(gevent_run());
    CHECK_INT(place, 3);
    return order[0] * 2 + (order[1] > order[2]);
}

TEST(HUB_seed_finds_every_order_about_as_often) {
    int times[6] = {0};
    for (uint64_t seed = 1; seed <= 600; seed++) times[order_of_three(seed)]++;
    CHECK_OK(gevent_set_seed(0));
    for (int i = 0; i < 6; i++) CHECK(times[i] > 60 && times[i] < 140);
}

static int run_after(void *value, void **result) {
    int code = run_log(value, result);
    return code < 0 ? code : gevent_spawn(run_log, V(INT(value) + 1), NULL);
}

TEST(HUB_seed_leaves_what_is_queued_later_for_later) {
    for (uint64_t seed = 1; seed < 20; seed++) {
        CHECK_OK(gevent_set_seed(seed));
        for (int i = 0; i < 3; i++) CHECK_OK(gevent_spawn(run_after, V(0), NULL));
        CHECK_OK(gevent_run());
        CHECK_LOG("a a a b b b");
    }
    CHECK_OK(gevent_set_seed(0));
}

TEST(HUB_seed_shuffles_timers_that_are_due_at_once) {
    begin_ids();
    CHECK_OK(gevent_set_seed(3));
    for (int i = 0; i < LETTERS; i++) CHECK_OK(gevent_spawn(run_sleep, V(10), NULL));
    CHECK_OK(gevent_trace_start(100));
    CHECK_OK(gevent_run());
    gevent_trace_event_t switched;
    uint64_t position = 0;
    while (gevent_trace_next(&position, &switched))
        if (switched.origin == 2 && switched.time > 0 && switched.target > 2)
            log_add("%c", 'a' + number_of(switched.target) - 3);
    CHECK_LOG("d c f e b a");
    gevent_trace_stop();
    CHECK_OK(gevent_set_seed(0));
}

// What a user does to find an order in which something goes wrong: one seed after the other.
static int shared;

static int run_add_one(void *value, void **result) {
    (void)value, (void)result;
    int mine = shared;
    int code = gevent_yield(); // in the wrong place
    shared = mine + 1;
    return code;
}

static int run_reset(void *value, void **result) {
    (void)value, (void)result;
    shared = 100;
    return gevent_yield();
}

static int sum_with(uint64_t seed) {
    shared = 0;
    CHECK_OK(gevent_set_seed(seed));
    CHECK_OK(gevent_spawn(run_reset, NULL, NULL));
    CHECK_OK(gevent_spawn(run_add_one, NULL, NULL));
    CHECK_OK(gevent_run());
    CHECK_OK(gevent_set_seed(0));
    return shared;
}

TEST(HUB_seed_finds_a_bad_order_and_shows_it_again) {
    CHECK_INT(sum_with(0), 101);
    uint64_t seed = 1;
    while (seed < 100 && sum_with(seed) == 101) seed++;
    CHECK(seed < 100);
    CHECK_INT(sum_with(seed), 1);
    CHECK_INT(sum_with(seed), 1);
}

TEST(HUB_seed_stops_what_is_queued_in_a_batch) {
    gevent_task_t *tasks[LETTERS];
    CHECK_OK(gevent_set_seed(4));
    for (int i = 0; i < LETTERS; i++) CHECK_OK(gevent_spawn(run_log, V(i), &tasks[i]));
    CHECK_OK(gevent_yield());
    for (int i = 0; i < LETTERS; i++) {
        CHECK_OK(gevent_kill(tasks[i], NULL, GEVENT_FOREVER));
        gevent_task_unref(tasks[i]);
    }
    CHECK_OK(gevent_run());
    CHECK_LOG("a e b f");
    CHECK_OK(gevent_set_seed(0));
}
