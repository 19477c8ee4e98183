// Mapping by a pool (gevent.md, table 1.6): map, imap, imap_unordered.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

static gevent_pool_t pool;

static int began_ms;

static void begin(size_t size) {
    gevent_pool_init(&pool, size);
    began_ms = now_ms();
}

// Sleeps so many milliseconds and gives that; logs when it begins. Odd ones fail.
static int run_job(void *value, void **result) {
    int ms = (int)INT(value);
    log_add("%d@%d", ms, now_ms() - began_ms);
    int code = gevent_sleep((double)ms / 1000);
    if (code >= 0 && ms % 2 == 1) code = greenlet_raise(&E1, "after %d", ms);
    *result = value;
    return code;
}

#define ITEMS(...)                                                                                 \
    (void *const[]) {                                                                              \
        __VA_ARGS__                                                                                \
    }

// Logs what the iterator gives until its end, as "=30" or "!1" for the failure of item 1.
static int log_all(gevent_imap_t *imap) {
    void *value = NULL;
    int code;
    while ((code = gevent_imap_next(imap, &value)) != GEVENT_DONE) {
        if (code >= 0)
            log_add("%s%d", gevent_imap_item_failed(imap) ? "?" : "=", (int)INT(value));
        else if (gevent_imap_item_failed(imap))
            log_add("!%d", (int)gevent_imap_index(imap));
        else
            return code;
    }
    return code;
}

// ---- map ----------------------------------------------------------------------------------------

TEST(POOL_map_gives_results_in_the_order_of_the_items) {
    void *results[4] = {NULL, NULL, NULL, NULL};
    begin(2);
    CHECK_OK(gevent_pool_map(&pool, run_job, ITEMS(V(30), V(10), V(50), V(20)), results, 4));
    CHECK_INT(INT(results[0]), 30);
    CHECK_INT(INT(results[1]), 10);
    CHECK_INT(INT(results[2]), 50);
    CHECK_INT(INT(results[3]), 20);
    CHECK_LOG("30@0 10@0 50@10 20@30");
    CHECK_INT(now_ms() - began_ms, 60);
    CHECK_INT(gevent_pool_free_count(&pool), 2);
}

static int run_double(void *value, void **result) {
    *result = V(INT(value) * 2);
    return gevent_yield();
}

TEST(POOL_map_may_put_results_where_the_items_were) {
    void *items[] = {V(1), V(2), V(3)};
    begin(1);
    CHECK_OK(gevent_pool_map(&pool, run_double, items, items, 3));
    CHECK_INT(INT(items[0]) + 10 * INT(items[1]) + 100 * INT(items[2]), 642);
    CHECK_OK(gevent_pool_map(&pool, run_double, items, NULL, 3));
}

TEST(POOL_map_of_nothing_and_of_what_is_wrong) {
    gevent_imap_t *imap;
    begin(1);
    CHECK_OK(gevent_pool_map(&pool, run_job, NULL, NULL, 0));
    CHECK_CODE(gevent_pool_map(&pool, run_job, NULL, NULL, 1), GREENLET_EINVAL);
    CHECK_CODE(gevent_pool_map(&pool, NULL, ITEMS(V(2)), NULL, 1), GREENLET_EINVAL);
    CHECK_OK(gevent_pool_imap(&pool, run_job, NULL, 0, 1, &imap));
    CHECK_INT(gevent_imap_next(imap, NULL), GEVENT_DONE);
    CHECK_OK(gevent_imap_end(imap, GEVENT_DONE));
    CHECK_CODE(gevent_pool_imap(NULL, run_job, ITEMS(V(2)), 1, 0, &imap), GREENLET_EINVAL);
    CHECK_CODE(gevent_pool_imap(&pool, run_job, ITEMS(V(2)), 1, 0, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_pool_imap(&pool, run_job, ITEMS(V(2)), SIZE_MAX / 8, 0, &imap),
               GREENLET_ENOMEM);
    CHECK_LOG("");
}

TEST(POOL_map_fails_with_the_first_error_in_the_order_of_the_items) {
    void *results[4] = {NULL, NULL, NULL, NULL};
    gevent_set_unhandled(ignore_error);
    begin(3);
    CHECK_CODE(gevent_pool_map(&pool, run_job, ITEMS(V(20), V(31), V(11), V(100)), results, 4),
               CODE_E1);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "after 31");
    CHECK_LOG("20@0 31@0 11@0 100@11");
    CHECK_INT(now_ms() - began_ms, 31); // the last one was killed
    CHECK_INT(INT(results[0]), 20);
    CHECK_PTR(results[2], NULL);
    CHECK_INT(gevent_pool_free_count(&pool), 3);
    gevent_set_unhandled(NULL);
}

static int run_slow_end(void *value, void **result) {
    (void)result;
    int code = gevent_sleep(10);
    if (code < 0) log_add("%d:%s", *(int *)value, greenlet_error_name(code));
    CHECK_OK(gevent_sleep(0.1));
    log_add("end%d", *(int *)value);
    return code;
}

static int run_map_locals(void *value, void **result) {
    (void)value, (void)result;
    int locals[] = {1, 2, 3};
    void *items[] = {&locals[0], &locals[1], &locals[2]};
    int code = gevent_pool_map(&pool, run_slow_end, items, items, 3);
    log_add("map:%s@%d", greenlet_error_name(code), now_ms() - began_ms);
    return code;
}

TEST(POOL_map_that_is_killed_sees_to_the_end_of_what_runs) {
    gevent_task_t *task;
    begin(2);
    CHECK_OK(gevent_spawn(run_map_locals, NULL, &task));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("1:GREENLET_EEXIT 2:GREENLET_EEXIT end1 end2 map:GREENLET_EEXIT@200");
    CHECK_INT(gevent_pool_free_count(&pool), 2);
    CHECK_OK(gevent_spawn(run_map_locals, NULL, NULL));
    CHECK_OK(gevent_sleep(0.1));
    gevent_task_unref(task);
    CHECK_OK(gevent_group_kill(&pool.group, NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_run());
    CHECK_LOG("1:GREENLET_EEXIT 2:GREENLET_EEXIT end1 end2 map:GREENLET_EEXIT@400");
}

TEST(POOL_map_that_is_killed_hard_takes_what_runs_along) {
    gevent_task_t *task;
    begin(2);
    CHECK_OK(gevent_spawn(run_map_locals, NULL, &task));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_kill_hard(task));
    CHECK_OK(gevent_run());
    CHECK_LOG("");
    CHECK_INT(gevent_pool_free_count(&pool), 2);
    gevent_task_unref(task);
}

TEST(POOL_map_in_a_scope_that_expires_sees_to_the_end_of_what_runs) {
    int locals[] = {1, 2, 3};
    gevent_scope_t scope;
    begin(2);
    CHECK_OK(gevent_scope_open(&scope, 0.1));
    int code =
        gevent_pool_map(&pool, run_slow_end, ITEMS(&locals[0], &locals[1], &locals[2]), NULL, 3);
    CHECK_CODE(gevent_scope_close(&scope, code), GREENLET_EEXPIRED);
    CHECK_LOG("1:GREENLET_EEXIT 2:GREENLET_EEXIT end1 end2");
    CHECK_INT(now_ms() - began_ms, 200);
}

static int run_map_inside(void *value, void **result) {
    int depth = (int)INT(value);
    if (depth == 0) return run_job(V(10), result);
    void *results[2];
    int code =
        gevent_pool_map(&pool, run_map_inside, ITEMS(V(depth - 1), V(depth - 1)), results, 2);
    *result = V(INT(results[0]) + INT(results[1]));
    return code;
}

TEST(POOL_a_worker_that_maps_does_not_wait_for_its_own_place) {
    void *results[2];
    begin(2);
    CHECK_OK(gevent_pool_map(&pool, run_map_inside, ITEMS(V(2), V(1)), results, 2));
    CHECK_INT(INT(results[0]), 40);
    CHECK_INT(INT(results[1]), 20);
    CHECK_LOG("10@0 10@0 10@10 10@10 10@20 10@30");
}

// ---- imap ---------------------------------------------------------------------------------------

TEST(POOL_imap_gives_results_in_order_and_goes_on_after_an_error) {
    gevent_imap_t *imap;
    gevent_set_unhandled(ignore_error);
    begin(GEVENT_UNBOUNDED);
    CHECK_OK(gevent_pool_imap(&pool, run_job, ITEMS(V(30), V(11), V(40), V(51)), 4, 0, &imap));
    CHECK_INT(log_all(imap), GEVENT_DONE);
    CHECK_LOG("30@0 11@0 40@0 51@0 =30 !1 =40 !3");
    CHECK_INT(gevent_imap_next(imap, NULL), GEVENT_DONE);
    CHECK_OK(gevent_imap_end(imap, GEVENT_DONE));
    gevent_set_unhandled(NULL);
}

TEST(POOL_imap_gives_each_result_as_soon_as_it_is_its_turn) {
    gevent_imap_t *imap;
    begin(2);
    CHECK_OK(gevent_pool_imap(&pool, run_job, ITEMS(V(30), V(10), V(40)), 3, 0, &imap));
    for (int i = 0; i < 3; i++) {
        CHECK_OK(gevent_imap_next(imap, NULL));
        log_add("#%d@%d", (int)gevent_imap_index(imap), now_ms() - began_ms);
    }
    CHECK_LOG("30@0 10@0 40@10 #0@30 #1@30 #2@50");
    CHECK_OK(gevent_imap_end(imap, GREENLET_OK));
}

static void log_unordered(void) {
    gevent_imap_t *imap;
    begin(3);
    CHECK_OK(gevent_pool_imap_unordered(
        &pool, run_job, ITEMS(V(30), V(11), V(20), V(20), V(51), V(10)), 6, 0, &imap));
    CHECK_INT(log_all(imap), GEVENT_DONE);
    CHECK_OK(gevent_imap_end(imap, GEVENT_DONE));
}

TEST(POOL_imap_unordered_gives_results_as_they_come_and_always_in_the_same_order) {
    gevent_set_unhandled(ignore_error);
    for (int i = 0; i < 2; i++) {
        log_unordered();
        CHECK_LOG("30@0 11@0 20@0 !1 20@11 =20 51@20 =30 10@30 =20 =10 !4");
    }
    gevent_set_unhandled(NULL);
}

static void check_ahead(gevent_imap_t *imap) {
    CHECK_OK(gevent_sleep(0.1));
    CHECK_LOG("2@0 4@0");
    CHECK_OK(gevent_imap_next(imap, NULL));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_LOG("6@100");
    CHECK_OK(gevent_imap_next(imap, NULL));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_LOG("8@200");
    CHECK_OK(gevent_imap_end(imap, GREENLET_OK));
    CHECK_OK(gevent_run());
    CHECK_LOG("");
}

TEST(POOL_imap_starts_no_more_than_it_may_ahead) {
    gevent_imap_t *imap;
    begin(10);
    CHECK_OK(gevent_pool_imap(&pool, run_job, ITEMS(V(2), V(4), V(6), V(8), V(10)), 5, 2, &imap));
    check_ahead(imap);
    began_ms = now_ms();
    CHECK_OK(gevent_pool_imap_unordered(&pool, run_job, ITEMS(V(2), V(4), V(6), V(8), V(10)), 5, 2,
                                        &imap));
    check_ahead(imap);
}

TEST(POOL_imap_waits_in_line_with_others) {
    gevent_imap_t *imap;
    begin(1);
    CHECK_OK(gevent_pool_spawn(&pool, run_job, V(100), GEVENT_FOREVER, NULL));
    CHECK_OK(gevent_pool_imap(&pool, run_job, ITEMS(V(2), V(4)), 2, 0, &imap));
    CHECK_OK(gevent_pool_apply_async(&pool, run_job, V(6), NULL));
    CHECK_INT(log_all(imap), GEVENT_DONE);
    CHECK_OK(gevent_imap_end(imap, GEVENT_DONE));
    CHECK_OK(gevent_run());
    CHECK_LOG("100@0 2@100 =2 6@102 4@108 =4");
}

TEST(POOL_imap_left_early_ends_what_it_started) {
    gevent_imap_t *imap;
    begin(2);
    CHECK_OK(gevent_pool_imap(&pool, run_job, ITEMS(V(10), V(1000), V(2), V(4)), 4, 0, &imap));
    CHECK_OK(gevent_imap_next(imap, NULL));
    CHECK_CODE(gevent_imap_end(imap, greenlet_raise(&E1, "enough")), CODE_E1);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "enough");
    CHECK_OK(gevent_yield());
    CHECK_INT(gevent_pool_free_count(&pool), 2);
    CHECK_INT(now_ms() - began_ms, 10);
    CHECK_LOG("10@0 1000@0");
    CHECK_OK(gevent_pool_imap(&pool, run_job, ITEMS(V(10), V(20)), 2, 0, &imap));
    CHECK_OK(gevent_imap_end(imap, GREENLET_OK)); // nothing has started
    CHECK_OK(gevent_run());
    CHECK_LOG("");
}

static gevent_imap_t *shared;

static int run_log_all(void *value, void **result) {
    (void)value, (void)result;
    int code = log_all(shared);
    log_add("%s", code < 0 ? greenlet_error_name(code) : "done");
    return code;
}

TEST(POOL_imap_loses_no_result_with_who_waited_for_it) {
    gevent_task_t *tasks[3];
    gevent_timeout_t timeout;
    begin(2);
    CHECK_OK(gevent_pool_imap(&pool, run_job, ITEMS(V(100), V(200)), 2, 0, &shared));
    for (int i = 0; i < 3; i++) CHECK_OK(gevent_spawn(run_log_all, NULL, &tasks[i]));
    CHECK_OK(gevent_sleep(0.05));
    CHECK_OK(gevent_kill(tasks[0], NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_kill_hard(tasks[1]));
    CHECK_OK(gevent_timeout_start(&timeout, 0.01));
    CHECK_INT(gevent_timeout_end(&timeout, gevent_imap_next(shared, NULL)), GEVENT_EXPIRED);
    CHECK_INT(gevent_imap_item_failed(shared), 0);
    CHECK_OK(gevent_join(tasks[2], GEVENT_FOREVER));
    CHECK_LOG("100@0 200@0 GREENLET_EEXIT =100 =200 done");
    CHECK_OK(gevent_imap_end(shared, GREENLET_OK));
    for (int i = 0; i < 3; i++) gevent_task_unref(tasks[i]);
}

static int next_in_hub(gevent_task_t *task, void *argument) {
    (void)task, (void)argument;
    CHECK_CODE(gevent_imap_next(shared, NULL), GREENLET_EHUB);
    CHECK_INT(gevent_imap_item_failed(shared), 0);
    greenlet_error_unref(greenlet_error_take());
    return GREENLET_OK;
}

TEST(POOL_imap_loses_no_result_where_nobody_can_wait) {
    gevent_task_t *task;
    gevent_scope_t scope;
    begin(1);
    CHECK_OK(gevent_spawn(run_job, V(2), &task));
    CHECK_OK(gevent_rawlink(task, next_in_hub, NULL));
    CHECK_OK(gevent_pool_imap(&pool, run_job, ITEMS(V(100), V(200)), 2, 0, &shared));
    CHECK_OK(gevent_scope_open(&scope, 0.05));
    CHECK_CODE(gevent_scope_close(&scope, gevent_imap_next(shared, NULL)), GREENLET_EEXPIRED);
    CHECK_INT(log_all(shared), GEVENT_DONE);
    CHECK_LOG("2@0 100@0 =100 200@100 =200");
    CHECK_OK(gevent_imap_end(shared, GREENLET_OK));
    gevent_task_unref(task);
}

TEST(POOL_imap_goes_on_after_a_member_that_was_killed_hard) {
    gevent_task_t *member;
    gevent_imap_t *imap;
    begin(1);
    CHECK_OK(gevent_pool_imap(&pool, run_job, ITEMS(V(100), V(200)), 2, 0, &imap));
    CHECK_OK(gevent_sleep(0.05));
    CHECK_INT(gevent_group_members(&pool.group, &member, 1), 1);
    CHECK_OK(gevent_kill_hard(member));
    CHECK_INT(log_all(imap), GEVENT_DONE);
    CHECK_LOG("100@0 !0 200@50 =200");
    CHECK_OK(gevent_imap_end(imap, GEVENT_DONE));
}

TEST(POOL_imap_ends_members_that_were_discarded) {
    gevent_task_t *member;
    gevent_imap_t *imap;
    begin(1);
    CHECK_OK(gevent_pool_imap(&pool, run_job, ITEMS(V(1000)), 1, 0, &imap));
    CHECK_OK(gevent_sleep(0.05));
    CHECK_INT(gevent_group_members(&pool.group, &member, 1), 1);
    gevent_group_discard(&pool.group, member);
    CHECK_OK(gevent_imap_end(imap, GREENLET_OK));
    CHECK_INT(now_ms() - began_ms, 50);
    CHECK_LOG("1000@0");
}

TEST(POOL_imap_of_many_more_than_fit) {
    enum { MANY = 2000 };
    static void *items[MANY];
    gevent_imap_t *imap;
    for (int i = 0; i < MANY; i++) items[i] = V(i);
    begin(10);
    CHECK_OK(gevent_pool_imap_unordered(&pool, run_double, items, MANY, 20, &imap));
    intptr_t sum = 0;
    void *value;
    while (gevent_imap_next(imap, &value) == GREENLET_OK) sum += INT(value);
    CHECK_INT(sum, (intptr_t)MANY * (MANY - 1));
    CHECK_OK(gevent_imap_end(imap, GEVENT_DONE));
}

TEST(POOL_imap_may_be_shared) {
    begin(2);
    CHECK_OK(gevent_pool_imap_unordered(&pool, run_job, ITEMS(V(10), V(20), V(30)), 3, 0, &shared));
    for (int i = 0; i < 3; i++) CHECK_OK(gevent_spawn(run_log_all, NULL, NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("10@0 20@0 =10 30@10 =20 =30 done done done");
    CHECK_OK(gevent_imap_end(shared, GREENLET_OK));
}

TEST(POOL_imap_of_a_pool_that_is_killed_goes_on_after_that) {
    gevent_imap_t *imap;
    begin(2);
    CHECK_OK(gevent_pool_imap(&pool, run_job, ITEMS(V(100), V(200), V(300)), 3, 0, &imap));
    CHECK_OK(gevent_sleep(0.05));
    CHECK_OK(gevent_group_kill(&pool.group, NULL, GEVENT_FOREVER));
    CHECK_INT(log_all(imap), GEVENT_DONE);
    CHECK_LOG("100@0 200@0 !0 !1 300@50 =300");
    CHECK_OK(gevent_imap_end(imap, GEVENT_DONE));
}

TEST(POOL_imap_of_a_pool_that_is_closed_fails_for_the_rest) {
    gevent_imap_t *imap;
    begin(1);
    CHECK_OK(gevent_pool_imap(&pool, run_job, ITEMS(V(10), V(20), V(30)), 3, 0, &imap));
    CHECK_OK(gevent_yield());
    gevent_group_close(&pool.group);
    CHECK_OK(gevent_imap_next(imap, NULL));
    CHECK_CODE(gevent_imap_next(imap, NULL), GREENLET_ECLOSED);
    CHECK_CODE(gevent_imap_next(imap, NULL), GREENLET_ECLOSED);
    CHECK_INT(gevent_imap_index(imap), 2);
    CHECK_INT(gevent_imap_next(imap, NULL), GEVENT_DONE);
    CHECK_OK(gevent_imap_end(imap, GREENLET_OK));
    CHECK_LOG("10@0");
}

static int run_imap_inside(void *value, void **result) {
    (void)value, (void)result;
    gevent_imap_t *imap;
    CHECK_OK(gevent_pool_imap(&pool, run_job, ITEMS(V(10), V(11), V(20)), 3, 1, &imap));
    return gevent_imap_end(imap, log_all(imap));
}

TEST(POOL_a_worker_that_iterates_does_not_wait_for_its_own_place) {
    gevent_set_unhandled(ignore_error);
    begin(1);
    CHECK_OK(gevent_pool_apply(&pool, run_imap_inside, NULL, NULL));
    CHECK_LOG("10@0 =10 11@10 !1 20@21 =20");
    CHECK_OK(gevent_pool_apply_async(&pool, run_imap_inside, NULL, NULL));
    CHECK_OK(gevent_sleep(0.005));
    CHECK_OK(gevent_group_kill(&pool.group, NULL, GEVENT_FOREVER));
    CHECK_LOG("10@41"); // it was the caller that was killed, and not the item that failed
    gevent_set_unhandled(NULL);
}

TEST(POOL_imap_does_not_wait_for_its_end_for_ever) {
    int one = 1;
    gevent_imap_t *imap;
    gevent_timeout_t timeout;
    begin(1);
    CHECK_OK(gevent_pool_imap(&pool, run_slow_end, ITEMS(&one), 1, 0, &imap));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_timeout_start(&timeout, 0.05));
    CHECK_CODE(gevent_imap_end(imap, GREENLET_OK), GREENLET_EEXPIRED);
    CHECK_INT(gevent_timed_out_by(&timeout), 1);
    CHECK_INT(now_ms() - began_ms, 200); // it waited on after that
    CHECK_LOG("1:GREENLET_EEXIT end1");
}

static int run_end_imap(void *imap, void **result) {
    (void)result;
    return gevent_imap_end(imap, GREENLET_OK);
}

TEST(POOL_imap_ends_with_who_is_killed_hard_while_he_ends_it) {
    int one = 1;
    gevent_imap_t *imap;
    gevent_task_t *victim;
    begin(1);
    CHECK_OK(gevent_pool_imap(&pool, run_slow_end, ITEMS(&one), 1, 0, &imap));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_spawn(run_end_imap, imap, &victim));
    CHECK_OK(gevent_sleep(0.05));
    CHECK_OK(gevent_kill_hard(victim));
    CHECK_OK(gevent_sleep(1));
    CHECK_INT(gevent_pool_free_count(&pool), 1);
    CHECK_LOG("1:GREENLET_EEXIT"); // and no more of it
    gevent_task_unref(victim);
}

// ---- memory -------------------------------------------------------------------------------------

static int map_some(void) {
    void *results[3] = {NULL, NULL, NULL};
    begin(2);
    int code = gevent_pool_map(&pool, run_job, ITEMS(V(30), V(10), V(20)), results, 3);
    CHECK(code < 0 || INT(results[2]) == 20);
    while (gevent_group_length(&pool.group) > 0) gevent_sleep(1);
    log_clear();
    return code;
}

static int iterate_some(void) {
    gevent_imap_t *imap;
    begin(1);
    int code = gevent_pool_imap_unordered(&pool, run_job, ITEMS(V(30), V(10), V(20)), 3, 1, &imap);
    if (code < 0) return code;
    int count = 0, failed = 0, next;
    while ((next = gevent_imap_next(imap, NULL)) != GEVENT_DONE) {
        CHECK(next >= 0 || gevent_imap_item_failed(imap));
        failed += next < 0;
        count++;
    }
    CHECK_INT(count, 3);
    CHECK(failed <= 1);
    code = gevent_imap_end(imap, GEVENT_DONE);
    while (gevent_group_length(&pool.group) > 0) gevent_sleep(1);
    log_clear();
    return failed ? GREENLET_ENOMEM : code;
}

static int leave_early(void) {
    gevent_imap_t *imap;
    begin(2);
    int code = gevent_pool_imap(&pool, run_job, ITEMS(V(10), V(50), V(20)), 3, 0, &imap);
    if (code < 0) return code;
    code = gevent_imap_end(imap, gevent_imap_next(imap, NULL));
    while (gevent_group_length(&pool.group) > 0) gevent_sleep(1);
    greenlet_error_unref(greenlet_error_take());
    log_clear();
    return memory_has_failed() ? GREENLET_ENOMEM : code;
}

TEST(POOL_mapping_loses_nothing_without_memory) {
    gevent_set_unhandled(ignore_error);
    fail_each_allocation(map_some);
    fail_each_allocation(iterate_some);
    fail_each_allocation(leave_early);
    gevent_set_unhandled(NULL);
}
