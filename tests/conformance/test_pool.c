// Pools (gevent.md, table 1.6): places, and who waits for them.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

static gevent_pool_t pool;

static int began_ms; // what the log counts from

static void begin(size_t size) {
    gevent_pool_init(&pool, size);
    began_ms = now_ms();
}

// Sleeps so many milliseconds, and logs that and when it began to.
static int run_sleep(void *value, void **result) {
    log_add("%d@%d", (int)INT(value), now_ms() - began_ms);
    *result = value;
    return gevent_sleep((double)INT(value) / 1000);
}

static int run_fail(void *value, void **result) {
    (void)result;
    int code = gevent_sleep((double)INT(value) / 1000);
    return code < 0 ? code : greenlet_raise(&E1, "after %d", (int)INT(value));
}

static int spawn(int ms) {
    return gevent_pool_spawn(&pool, run_sleep, V(ms), GEVENT_FOREVER, NULL);
}

static int run_spawn(void *value, void **result) {
    (void)result;
    int code = spawn((int)INT(value));
    if (code < 0) log_add("%d:%s", (int)INT(value), greenlet_error_name(code));
    return code;
}

// ---- places -------------------------------------------------------------------------------------

TEST(POOL_spawn_blocks_while_it_is_full) {
    begin(2);
    for (int i = 0; i < 4; i++) CHECK_OK(spawn(50));
    CHECK_INT(now_ms() - began_ms, 50);
    CHECK_OK(gevent_group_join(&pool.group, GEVENT_FOREVER, 0));
    CHECK_LOG("50@0 50@0 50@50 50@50");
    CHECK_INT(now_ms() - began_ms, 100);
}

TEST(POOL_it_counts_its_places) {
    begin(2);
    CHECK_INT(gevent_pool_free_count(&pool), 2);
    CHECK_INT(gevent_pool_is_full(&pool), 0);
    CHECK_OK(spawn(100));
    CHECK_OK(spawn(200));
    CHECK_INT(gevent_pool_free_count(&pool), 0);
    CHECK_INT(gevent_pool_is_full(&pool), 1);
    CHECK_OK(gevent_sleep(0.15));
    CHECK_INT(gevent_pool_free_count(&pool), 1);
    CHECK_OK(gevent_run());
    CHECK_INT(gevent_pool_free_count(&pool), 2);
    CHECK_LOG("100@0 200@0");
}

TEST(POOL_of_size_0_lets_nobody_in) {
    begin(0);
    gevent_task_t *task;
    CHECK_INT(gevent_pool_is_full(&pool), 1);
    CHECK_OK(gevent_spawn(run_spawn, V(1), &task));
    CHECK_CODE(gevent_join(task, 1e6), GREENLET_ETIMEDOUT);
    CHECK_CODE(spawn(2), GREENLET_EDEADLK);
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("1:GREENLET_EEXIT");
    gevent_task_unref(task);
}

TEST(POOL_unbounded_always_has_a_place) {
    begin(GEVENT_UNBOUNDED);
    for (int i = 0; i < 1000; i++)
        CHECK_OK(gevent_pool_spawn(&pool, run_nothing, NULL, GEVENT_NOWAIT, NULL));
    CHECK_INT(gevent_group_length(&pool.group), 1000);
    CHECK_INT(gevent_pool_is_full(&pool), 0);
    CHECK_OK(gevent_group_join(&pool.group, GEVENT_FOREVER, 0));
}

static int spawn_in_hub(gevent_task_t *task, void *argument) {
    (void)task, (void)argument;
    CHECK_OK(gevent_pool_spawn(&pool, run_sleep, V(2), GEVENT_NOWAIT, NULL));
    CHECK_CODE(gevent_pool_spawn(&pool, run_sleep, V(3), GEVENT_NOWAIT, NULL), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_pool_spawn(&pool, run_sleep, V(3), 1, NULL), GREENLET_EHUB);
    greenlet_error_unref(greenlet_error_take());
    return GREENLET_OK;
}

TEST(POOL_spawn_that_may_not_wait_fails_while_it_is_full) {
    gevent_task_t *task, *none = (gevent_task_t *)&pool;
    begin(1);
    CHECK_OK(gevent_pool_spawn(&pool, run_sleep, V(100), GEVENT_NOWAIT, &task));
    CHECK_CODE(gevent_pool_spawn(&pool, run_sleep, V(1), GEVENT_NOWAIT, &none), GREENLET_ETIMEDOUT);
    CHECK_LOG(""); // nobody has run
    CHECK_CODE(gevent_pool_spawn(&pool, run_sleep, V(1), 0.05, &none), GREENLET_ETIMEDOUT);
    CHECK_INT(now_ms() - began_ms, 50);
    CHECK_PTR(none, (gevent_task_t *)&pool);
    CHECK_OK(gevent_rawlink(task, spawn_in_hub, NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("100@0 2@100");
    gevent_task_unref(task);
}

TEST(POOL_add_and_start_wait_for_a_place) {
    gevent_task_t *tasks[2];
    begin(1);
    CHECK_OK(spawn(100));
    for (int i = 0; i < 2; i++) CHECK_OK(gevent_new(run_sleep, V(i + 1), &tasks[i]));
    CHECK_CODE(gevent_pool_start(&pool, tasks[0], GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_pool_start(&pool, tasks[0], 0.05), GREENLET_ETIMEDOUT);
    CHECK_INT(gevent_started(tasks[0]), 0);
    CHECK_OK(gevent_pool_start(&pool, tasks[0], GEVENT_FOREVER));
    CHECK_OK(gevent_start(tasks[1]));
    CHECK_OK(gevent_pool_add(&pool, tasks[1], GEVENT_FOREVER));
    CHECK_OK(gevent_pool_add(&pool, tasks[1], GEVENT_NOWAIT)); // is one
    CHECK_OK(gevent_run());
    CHECK_LOG("100@0 1@100 2@100");
    CHECK_INT(gevent_pool_free_count(&pool), 1);
    for (int i = 0; i < 2; i++) gevent_task_unref(tasks[i]);
}

TEST(POOL_refuses_what_is_no_task) {
    begin(1);
    CHECK_CODE(gevent_pool_spawn(&pool, NULL, NULL, 1, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_pool_add(&pool, NULL, 1), GREENLET_EINVAL);
    CHECK_CODE(gevent_pool_start(&pool, NULL, 1), GREENLET_EINVAL);
    CHECK_CODE(gevent_pool_apply(&pool, NULL, NULL, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_pool_apply_async(&pool, NULL, NULL, NULL), GREENLET_EINVAL);
    CHECK_INT(gevent_pool_free_count(&pool), 1);
}

// ---- who waits ----------------------------------------------------------------------------------

TEST(POOL_who_waits_gets_in_in_the_order_in_which_he_came) {
    begin(1);
    for (int i = 1; i <= 4; i++) CHECK_OK(gevent_spawn(run_spawn, V(i * 10), NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("10@0 20@10 30@30 40@60");
}

static int run_wait(void *value, void **result) {
    (void)result;
    int code = gevent_pool_wait(&pool, GEVENT_FOREVER);
    log_add("w%d%s@%d", (int)INT(value), code < 0 ? greenlet_error_name(code) : "",
            now_ms() - began_ms);
    return code;
}

TEST(POOL_wait_available_takes_no_place) {
    begin(1);
    CHECK_OK(gevent_pool_wait(&pool, GEVENT_NOWAIT));
    CHECK_OK(spawn(100));
    CHECK_CODE(gevent_pool_wait(&pool, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_pool_wait(&pool, 0.05), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_spawn(run_wait, V(1), NULL));
    CHECK_OK(gevent_spawn(run_wait, V(2), NULL));
    CHECK_OK(gevent_spawn(run_spawn, V(10), NULL));
    CHECK_OK(gevent_spawn(run_wait, V(3), NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("100@0 w1@100 w2@100 10@100 w3@110");
}

// One who waits is ended, and in the same moment the place that he waited for becomes free.
static void check_place_goes_to_next(int (*end)(gevent_task_t *)) {
    gevent_task_t *member, *first, *second;
    begin(1);
    CHECK_OK(gevent_pool_spawn(&pool, run_sleep, V(100), GEVENT_FOREVER, &member));
    CHECK_OK(gevent_spawn(run_spawn, V(1), &first));
    CHECK_OK(gevent_spawn(run_spawn, V(2), &second));
    CHECK_OK(gevent_sleep(0.05));
    CHECK_OK(gevent_kill(member, NULL, GEVENT_NOWAIT));
    CHECK_OK(end(first));
    CHECK_OK(gevent_run());
    CHECK_INT(gevent_status(first), GEVENT_KILLED);
    CHECK_INT(gevent_status(second), GEVENT_RETURNED);
    CHECK_INT(gevent_pool_free_count(&pool), 1);
    gevent_task_unref(member);
    gevent_task_unref(first);
    gevent_task_unref(second);
}

static int kill(gevent_task_t *task) {
    return gevent_kill(task, NULL, GEVENT_NOWAIT);
}

TEST(POOL_a_place_is_not_lost_with_who_waited_for_it) {
    check_place_goes_to_next(kill);
    CHECK_LOG("100@0 1:GREENLET_EEXIT 2@50");
    check_place_goes_to_next(gevent_kill_hard);
    CHECK_LOG("100@0 2@50");
}

static int run_spawn_in_time(void *value, void **result) {
    (void)result;
    gevent_timeout_t timeout;
    CHECK_OK(gevent_timeout_start(&timeout, 0.1));
    int code = gevent_timeout_end(&timeout, spawn((int)INT(value)));
    log_add("%d:%d", (int)INT(value), code);
    return GREENLET_OK;
}

static int run_spawn_in_scope(void *value, void **result) {
    (void)result;
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, 0.1));
    int code = gevent_scope_close(&scope, spawn((int)INT(value)));
    log_add("%d:%s", (int)INT(value), greenlet_error_name(code));
    return GREENLET_OK;
}

TEST(POOL_who_waits_may_be_timed_out_and_cancelled) {
    begin(1);
    CHECK_OK(spawn(100));
    CHECK_OK(gevent_spawn(run_spawn_in_time, V(1), NULL));
    CHECK_OK(gevent_spawn(run_spawn_in_scope, V(2), NULL));
    CHECK_CODE(gevent_pool_spawn(&pool, run_sleep, V(3), 0.1, NULL), GREENLET_ETIMEDOUT);
    CHECK_OK(spawn(4));
    CHECK_OK(gevent_run());
    CHECK_LOG("100@0 1:2 2:GREENLET_EEXPIRED 4@100");
    CHECK_INT(gevent_pool_free_count(&pool), 1);
}

TEST(POOL_a_failed_member_gives_its_place_back) {
    gevent_set_unhandled(ignore_error);
    begin(1);
    CHECK_OK(gevent_pool_spawn(&pool, run_fail, V(100), GEVENT_FOREVER, NULL));
    CHECK_OK(spawn(1));
    CHECK_OK(gevent_run());
    CHECK_LOG("1@100");
    gevent_set_unhandled(NULL);
}

TEST(POOL_a_member_that_is_killed_hard_gives_its_place_back) {
    gevent_task_t *task;
    begin(1);
    CHECK_OK(gevent_pool_spawn(&pool, run_sleep, V(1000), GEVENT_FOREVER, &task));
    CHECK_OK(gevent_spawn(run_spawn, V(1), NULL));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_kill_hard(task));
    CHECK_OK(gevent_run());
    CHECK_LOG("1000@0 1@100");
    CHECK_INT(gevent_pool_free_count(&pool), 1);
    gevent_task_unref(task);
}

TEST(POOL_who_waits_for_a_place_without_taking_it_may_be_cancelled_or_killed) {
    gevent_scope_t scope;
    gevent_task_t *task;
    begin(1);
    CHECK_OK(spawn(1000));
    CHECK_OK(gevent_spawn(run_wait, V(1), &task));
    CHECK_OK(gevent_scope_open(&scope, 0.1));
    CHECK_CODE(gevent_scope_close(&scope, gevent_pool_wait(&pool, GEVENT_FOREVER)),
               GREENLET_EEXPIRED);
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("1000@0 w1GREENLET_EEXIT@100");
    CHECK_OK(gevent_run());
    gevent_task_unref(task);
}

// ---- kill and close -----------------------------------------------------------------------------

static void check_spawner_outlives_kill(int size) {
    begin((size_t)size);
    for (int i = 0; i < size; i++) CHECK_OK(spawn(1000));
    CHECK_OK(gevent_spawn(run_spawn, V(10), NULL));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_group_kill(&pool.group, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_group_length(&pool.group), 0);
    CHECK_OK(gevent_yield());
    CHECK_INT(gevent_group_length(&pool.group), 1);
    CHECK_OK(gevent_run());
    CHECK_INT(gevent_group_length(&pool.group), 0);
}

TEST(POOL_who_waits_while_it_is_killed_gets_in_after_that) {
    check_spawner_outlives_kill(1);
    CHECK_LOG("1000@0 10@100");
    check_spawner_outlives_kill(3);
    CHECK_LOG("1000@0 1000@0 1000@0 10@100");
}

static int run_die_slowly(void *value, void **result) {
    (void)value, (void)result;
    CHECK_CODE(gevent_sleep(10), GREENLET_EEXIT);
    CHECK_OK(gevent_sleep(0.5));
    return GREENLET_EEXIT;
}

TEST(POOL_who_waits_gets_in_when_the_kill_is_given_up) {
    begin(2);
    CHECK_OK(spawn(1000));
    CHECK_OK(gevent_pool_spawn(&pool, run_die_slowly, NULL, GEVENT_FOREVER, NULL));
    CHECK_OK(gevent_spawn(run_spawn, V(10), NULL));
    CHECK_OK(gevent_yield());
    CHECK_CODE(gevent_group_kill(&pool.group, NULL, 0.1), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_group_join(&pool.group, GEVENT_FOREVER, 0));
    CHECK_INT(now_ms() - began_ms, 500);
    CHECK_LOG("1000@0 10@100");
}

TEST(POOL_closed_it_refuses_who_waits) {
    gevent_set_unhandled(ignore_error);
    begin(1);
    CHECK_OK(spawn(100));
    CHECK_OK(gevent_spawn(run_spawn, V(1), NULL));
    CHECK_OK(gevent_spawn(run_wait, V(2), NULL));
    CHECK_OK(gevent_sleep(0.05));
    gevent_group_close(&pool.group);
    CHECK_CODE(gevent_pool_wait(&pool, GEVENT_FOREVER), GREENLET_ECLOSED);
    CHECK_CODE(spawn(3), GREENLET_ECLOSED);
    CHECK_CODE(gevent_pool_apply(&pool, run_sleep, V(3), NULL), GREENLET_ECLOSED);
    CHECK_CODE(gevent_pool_apply_async(&pool, run_sleep, V(3), NULL), GREENLET_ECLOSED);
    CHECK_OK(gevent_run());
    CHECK_LOG("100@0 1:GREENLET_ECLOSED w2GREENLET_ECLOSED@50");
    CHECK_INT(now_ms() - began_ms, 100);
    gevent_set_unhandled(NULL);
}

// ---- apply --------------------------------------------------------------------------------------

TEST(POOL_apply_gives_what_the_function_returns) {
    void *value = NULL;
    gevent_set_unhandled(ignore_error);
    begin(1);
    CHECK_OK(spawn(100));
    CHECK_OK(gevent_pool_apply(&pool, run_sleep, V(50), &value));
    CHECK_INT(INT(value), 50);
    CHECK_OK(gevent_pool_apply(&pool, run_sleep, V(50), NULL));
    CHECK_INT(now_ms() - began_ms, 200);
    CHECK_CODE(gevent_pool_apply(&pool, run_fail, V(10), &value), CODE_E1);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "after 10");
    CHECK_INT(INT(value), 50);
    CHECK_LOG("100@0 50@100 50@150");
    gevent_set_unhandled(NULL);
}

static int run_kill_members(void *value, void **result) {
    (void)value, (void)result;
    return gevent_group_kill(&pool.group, NULL, GEVENT_FOREVER);
}

TEST(POOL_apply_fails_if_its_member_is_killed) {
    begin(1);
    CHECK_OK(gevent_spawn(run_kill_members, NULL, NULL));
    CHECK_OK(gevent_spawn(run_nothing, NULL, NULL));
    CHECK_CODE(gevent_pool_apply(&pool, run_sleep, V(1000), NULL), GREENLET_EEXIT);
    CHECK_INT(now_ms() - began_ms, 0);
    CHECK_OK(gevent_run());
}

static int run_apply_inside(void *value, void **result) {
    int depth = (int)INT(value);
    if (depth == 0) return run_sleep(V(10), result);
    log_add("%d", depth);
    return gevent_pool_apply(&pool, run_apply_inside, V(depth - 1), result);
}

TEST(POOL_a_worker_that_applies_does_not_wait_for_its_own_place) {
    void *value = NULL;
    begin(1);
    CHECK_OK(gevent_pool_apply(&pool, run_apply_inside, V(3), &value));
    CHECK_INT(INT(value), 10);
    CHECK_LOG("3 2 1 10@0");
    CHECK_INT(gevent_pool_free_count(&pool), 1);
}

static int run_log_end(void *value, void **result) {
    (void)result;
    int code = gevent_sleep(10);
    log_add("member:%s", greenlet_error_name(code));
    if (gevent_sleep(0.1) < 0) log_add("again");
    *(int *)value = 1;
    return code;
}

static int run_apply_local(void *value, void **result) {
    (void)value, (void)result;
    int local = 0;
    int code = gevent_pool_apply(&pool, run_log_end, &local, NULL);
    log_add("applier:%s,%d@%d", greenlet_error_name(code), local, now_ms() - began_ms);
    return code;
}

TEST(POOL_apply_that_is_killed_sees_to_the_end_of_its_member) {
    gevent_task_t *task;
    begin(1);
    CHECK_OK(gevent_spawn(run_apply_local, NULL, &task));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("member:GREENLET_EEXIT applier:GREENLET_EEXIT,1@200");
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_INT(gevent_pool_free_count(&pool), 1);
    gevent_task_unref(task);
}

TEST(POOL_apply_that_is_killed_twice_kills_its_member_hard) {
    gevent_task_t *task;
    begin(1);
    CHECK_OK(gevent_spawn(run_apply_local, NULL, &task));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_CODE(gevent_kill(task, NULL, 0.05), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("member:GREENLET_EEXIT applier:GREENLET_EEXIT,0@150");
    CHECK_OK(gevent_yield());
    CHECK_INT(gevent_pool_free_count(&pool), 1);
    gevent_task_unref(task);
}

TEST(POOL_apply_that_is_killed_hard_takes_its_member_along) {
    gevent_task_t *task;
    begin(1);
    CHECK_OK(gevent_spawn(run_apply_local, NULL, &task));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_kill_hard(task));
    CHECK_OK(gevent_yield());
    CHECK_INT(gevent_pool_free_count(&pool), 1);
    CHECK_LOG("");
    CHECK_OK(gevent_run());
    gevent_task_unref(task);
}

TEST(POOL_apply_in_a_scope_that_expires_sees_to_the_end_of_its_member) {
    int local = 0;
    gevent_scope_t scope;
    begin(1);
    CHECK_OK(gevent_scope_open(&scope, 0.1));
    int code = gevent_pool_apply(&pool, run_log_end, &local, NULL);
    CHECK_INT(local, 1);
    CHECK_CODE(gevent_scope_close(&scope, code), GREENLET_EEXPIRED);
    CHECK_LOG("member:GREENLET_EEXIT");
    CHECK_INT(now_ms() - began_ms, 200);
}

TEST(POOL_apply_async_never_waits) {
    gevent_task_t *tasks[3];
    void *value;
    begin(1);
    for (int i = 0; i < 3; i++)
        CHECK_OK(gevent_pool_apply_async(&pool, run_sleep, V(i + 1), &tasks[i]));
    CHECK_OK(gevent_pool_apply_async(&pool, run_sleep, V(4), NULL));
    CHECK_LOG("");
    CHECK_INT(gevent_group_length(&pool.group), 1);
    CHECK_OK(gevent_get(tasks[2], GEVENT_FOREVER, &value));
    CHECK_INT(INT(value), 3);
    CHECK_OK(gevent_run());
    CHECK_LOG("1@0 2@1 3@3 4@6");
    for (int i = 0; i < 3; i++) gevent_task_unref(tasks[i]);
}

TEST(POOL_apply_async_killed_in_line_never_runs_and_takes_no_place) {
    gevent_task_t *tasks[3];
    begin(1);
    for (int i = 0; i < 3; i++)
        CHECK_OK(gevent_pool_apply_async(&pool, run_sleep, V(i + 1), &tasks[i]));
    CHECK_OK(gevent_kill(tasks[1], NULL, GEVENT_NOWAIT));
    CHECK_INT(gevent_status(tasks[1]), GEVENT_KILLED);
    CHECK_OK(gevent_run());
    CHECK_LOG("1@0 3@1");
    for (int i = 0; i < 3; i++) gevent_task_unref(tasks[i]);
}

TEST(POOL_apply_async_killed_in_line_leaves_nothing_there) {
    gevent_task_t *task;
    begin(0);
    CHECK_OK(gevent_pool_apply_async(&pool, run_sleep, V(1), &task));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_yield());
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    gevent_task_unref(task);
    CHECK_LOG("");
}

TEST(POOL_apply_async_fails_if_the_pool_is_closed_before_its_turn) {
    gevent_task_t *task;
    gevent_set_unhandled(ignore_error);
    begin(1);
    CHECK_OK(spawn(100));
    CHECK_OK(gevent_pool_apply_async(&pool, run_sleep, V(1), &task));
    gevent_group_close(&pool.group);
    CHECK_CODE(gevent_get(task, GEVENT_FOREVER, NULL), GREENLET_ECLOSED);
    CHECK_OK(gevent_run());
    CHECK_LOG("100@0");
    gevent_task_unref(task);
    gevent_set_unhandled(NULL);
}

// ---- memory -------------------------------------------------------------------------------------

static void finish_pool(void) {
    while (gevent_group_length(&pool.group) > 0) gevent_sleep(1);
    CHECK_INT(gevent_pool_free_count(&pool), 1);
    log_clear();
}

static int spawn_more_than_fit(void) {
    begin(1);
    int code = GREENLET_OK;
    for (int i = 0; i < 3 && code >= 0; i++) code = spawn(10);
    finish_pool();
    return code;
}

static int apply_twice(void) {
    void *value = NULL;
    begin(1);
    int code = gevent_pool_apply(&pool, run_sleep, V(10), NULL);
    if (code >= 0) code = gevent_pool_apply(&pool, run_sleep, V(20), &value);
    CHECK_INT(INT(value), code < 0 ? 0 : 20);
    finish_pool();
    return code;
}

static int apply_in_line(void) {
    gevent_task_t *task = NULL;
    begin(1);
    int code = spawn(10);
    if (code >= 0) code = gevent_pool_apply_async(&pool, run_sleep, V(20), &task);
    if (code >= 0) code = gevent_get(task, GEVENT_FOREVER, NULL);
    while (task && gevent_status(task) == GEVENT_PENDING) gevent_sleep(1);
    gevent_task_unref(task);
    finish_pool();
    return code;
}

static int apply_and_time_out(void) {
    int local = 0;
    gevent_timeout_t timeout;
    begin(1);
    int code = gevent_timeout_start(&timeout, 0.1);
    if (code < 0) return code;
    code = gevent_timeout_end(&timeout, gevent_pool_apply(&pool, run_log_end, &local, NULL));
    CHECK(code < 0 || local);
    finish_pool();
    return code == GEVENT_EXPIRED ? GREENLET_OK : code;
}

TEST(POOL_no_place_is_lost_without_memory) {
    gevent_set_unhandled(ignore_error);
    fail_each_allocation(spawn_more_than_fit);
    fail_each_allocation(apply_twice);
    fail_each_allocation(apply_in_line);
    fail_each_allocation(apply_and_time_out);
    gevent_set_unhandled(NULL);
}
