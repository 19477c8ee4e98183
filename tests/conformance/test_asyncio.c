// asyncio's nouns (gevent.md, table 2.4).
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

// Sleeps so many milliseconds and gives that; odd ones then fail.
static int run_job(void *value, void **result) {
    int ms = (int)INT(value);
    int code = gevent_sleep((double)ms / 1000);
    if (code >= 0 && ms % 2 == 1) code = greenlet_raise(&E1, "after %d", ms);
    log_add("%d%s", ms, code == GREENLET_EEXIT ? ":killed" : "");
    *result = value;
    return code;
}

static void spawn_jobs(gevent_task_t **tasks, const int *ms, int count) {
    for (int i = 0; i < count; i++) CHECK_OK(gevent_spawn(run_job, V(ms[i]), &tasks[i]));
}

static void drop_tasks(gevent_task_t **tasks, int count) {
    for (int i = 0; i < count; i++) gevent_task_unref(tasks[i]);
}

// ---- run_until_complete -------------------------------------------------------------------------

TEST(ASYNCIO_run_until_complete_gives_the_result_and_leaves_others_running) {
    void *value = NULL;
    gevent_set_unhandled(ignore_error);
    CHECK_OK(gevent_spawn(run_job, V(500), NULL));
    CHECK_OK(gevent_run_until_complete(run_job, V(100), &value));
    CHECK_INT(INT(value), 100);
    CHECK_CODE(gevent_run_until_complete(run_job, V(101), &value), CODE_E1);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "after 101");
    CHECK_CODE(gevent_run_until_complete(NULL, NULL, &value), GREENLET_EINVAL);
    CHECK_LOG("100 101");
    CHECK_OK(gevent_run());
    CHECK_LOG("500");
    gevent_set_unhandled(NULL);
}

static int run_for_ever(void *value, void **result) {
    (void)value, (void)result;
    gevent_event_t never = {0};
    int code = gevent_event_wait(&never, GEVENT_FOREVER);
    log_add("%s", greenlet_error_name(code));
    return code;
}

TEST(ASYNCIO_run_until_complete_of_what_nothing_can_complete) {
    CHECK_CODE(gevent_run_until_complete(run_for_ever, NULL, NULL), GREENLET_EDEADLK);
    CHECK_LOG("GREENLET_EEXIT");
}

static int run_main(void *value, void **result) {
    (void)value;
    return gevent_run_until_complete(run_job, V(1000), result);
}

TEST(ASYNCIO_run_until_complete_may_be_killed) {
    gevent_task_t *tasks[2];
    for (int i = 0; i < 2; i++) CHECK_OK(gevent_spawn(run_main, NULL, &tasks[i]));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_kill(tasks[0], NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_kill_hard(tasks[1]));
    CHECK_OK(gevent_run());
    CHECK_LOG("1000:killed");
    drop_tasks(tasks, 2);
}

// ---- wait_for -----------------------------------------------------------------------------------

TEST(ASYNCIO_wait_for_gives_what_comes_in_time) {
    const int ms[] = {100, 101};
    gevent_task_t *tasks[2];
    void *value = NULL;
    gevent_set_unhandled(ignore_error);
    spawn_jobs(tasks, ms, 2);
    CHECK_OK(gevent_wait_for(tasks[0], 1, &value));
    CHECK_INT(INT(value), 100);
    CHECK_CODE(gevent_wait_for(tasks[1], 1, &value), CODE_E1);
    CHECK_CODE(gevent_wait_for(tasks[1], GEVENT_NOWAIT, &value), CODE_E1);
    CHECK_OK(gevent_wait_for(tasks[0], GEVENT_NOWAIT, NULL));
    CHECK_CODE(gevent_wait_for(NULL, 1, NULL), GREENLET_EINVAL);
    CHECK_INT(INT(value), 100);
    CHECK_LOG("100 101");
    drop_tasks(tasks, 2);
    gevent_set_unhandled(NULL);
}

// Takes 100 ms to end when it is killed, and then does as it is told.
static int run_end_slowly(void *value, void **result) {
    int code = gevent_sleep(10);
    log_add("%s", greenlet_error_name(code));
    CHECK_OK(gevent_sleep(0.1));
    *result = value;
    return INT(value) == 0 ? code : INT(value) == 1 ? greenlet_raise(&E1, "end") : GREENLET_OK;
}

TEST(ASYNCIO_wait_for_kills_and_waits_for_the_end) {
    gevent_task_t *tasks[3];
    void *value = NULL;
    gevent_set_unhandled(ignore_error);
    int start = now_ms();
    for (int i = 0; i < 3; i++) CHECK_OK(gevent_spawn(run_end_slowly, V(i), &tasks[i]));
    CHECK_CODE(gevent_wait_for(tasks[0], 0.1, &value), GREENLET_ETIMEDOUT);
    CHECK_INT(now_ms() - start, 200);
    CHECK_INT(gevent_status(tasks[0]), GEVENT_KILLED);
    CHECK_CODE(gevent_wait_for(tasks[1], 0.1, &value), CODE_E1);
    CHECK_PTR(value, NULL);
    CHECK_OK(gevent_wait_for(tasks[2], 0.1, &value)); // it swallowed the kill
    CHECK_INT(INT(value), 2);
    CHECK_INT(now_ms() - start, 600);
    CHECK_LOG("GREENLET_EEXIT GREENLET_EEXIT GREENLET_EEXIT");
    drop_tasks(tasks, 3);
    gevent_set_unhandled(NULL);
}

static int run_wait_for(void *value, void **result) {
    int code = gevent_wait_for(value, GEVENT_FOREVER, result);
    log_add("waiter:%s", greenlet_error_name(code));
    return code;
}

TEST(ASYNCIO_wait_for_that_is_killed_kills_and_waits_for_the_end) {
    gevent_task_t *inner, *waiter;
    int start = now_ms();
    CHECK_OK(gevent_spawn(run_end_slowly, V(2), &inner));
    CHECK_OK(gevent_spawn(run_wait_for, inner, &waiter));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_kill(waiter, NULL, GEVENT_FOREVER));
    CHECK_INT(now_ms() - start, 200);
    CHECK_LOG("GREENLET_EEXIT waiter:GREENLET_EEXIT");
    CHECK_INT(gevent_status(waiter), GEVENT_KILLED);
    gevent_task_unref(inner);
    gevent_task_unref(waiter);
}

TEST(ASYNCIO_wait_for_in_a_scope_that_expires) {
    gevent_task_t *inner;
    gevent_scope_t scope;
    int start = now_ms();
    CHECK_OK(gevent_spawn(run_end_slowly, V(2), &inner));
    CHECK_OK(gevent_scope_open(&scope, 0.1));
    int code = gevent_wait_for(inner, GEVENT_FOREVER, NULL);
    CHECK_INT(now_ms() - start, 200);
    CHECK_CODE(gevent_scope_close(&scope, code), GREENLET_EEXPIRED);
    CHECK_LOG("GREENLET_EEXIT");
    gevent_task_unref(inner);
}

static int run_wait_for_itself(void *value, void **result) {
    (void)value, (void)result;
    CHECK_CODE(gevent_wait_for(gevent_current_task(), 1, NULL), GREENLET_EINVAL);
    return GREENLET_OK;
}

TEST(ASYNCIO_nobody_waits_for_himself) {
    CHECK_OK(gevent_run_until_complete(run_wait_for_itself, NULL, NULL));
}

TEST(ASYNCIO_wait_for_that_is_killed_twice_kills_hard) {
    gevent_task_t *inner, *waiters[2];
    CHECK_OK(gevent_spawn(run_end_slowly, V(2), &inner));
    for (int i = 0; i < 2; i++) CHECK_OK(gevent_spawn(run_wait_for, inner, &waiters[i]));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_CODE(gevent_kill(waiters[0], NULL, 0.05), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_kill(waiters[0], NULL, GEVENT_NOWAIT));
    CHECK_OK(gevent_join(inner, GEVENT_FOREVER));
    CHECK_INT(gevent_status(inner), GEVENT_KILLED);
    CHECK_OK(gevent_join(waiters[1], GEVENT_FOREVER));
    CHECK_LOG("GREENLET_EEXIT waiter:GREENLET_EEXIT waiter:GREENLET_EEXIT");
    gevent_task_unref(inner);
    drop_tasks(waiters, 2);
}

// ---- gather -------------------------------------------------------------------------------------

TEST(ASYNCIO_gather_gives_results_in_the_order_of_its_arguments) {
    const int ms[] = {300, 100, 200};
    gevent_task_t *tasks[4];
    void *values[4];
    int start = now_ms();
    spawn_jobs(tasks, ms, 3);
    tasks[3] = gevent_task_ref(tasks[1]); // twice
    CHECK_OK(gevent_gather(tasks, 4, values, NULL));
    CHECK_INT(now_ms() - start, 300);
    for (int i = 0; i < 3; i++) CHECK_INT(INT(values[i]), ms[i]);
    CHECK_INT(INT(values[3]), 100);
    CHECK_LOG("100 200 300");
    CHECK_OK(gevent_gather(tasks, 4, NULL, NULL));
    CHECK_OK(gevent_gather(NULL, 0, NULL, NULL));
    CHECK_CODE(gevent_gather(NULL, 1, NULL, NULL), GREENLET_EINVAL);
    drop_tasks(tasks, 4);
}

TEST(ASYNCIO_gather_raises_the_first_error_in_time_and_the_others_go_on) {
    const int ms[] = {301, 400, 101};
    gevent_task_t *tasks[3];
    void *values[] = {NULL, NULL, NULL};
    gevent_set_unhandled(ignore_error);
    int start = now_ms();
    spawn_jobs(tasks, ms, 3);
    CHECK_CODE(gevent_gather(tasks, 3, values, NULL), CODE_E1);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "after 101");
    CHECK_INT(now_ms() - start, 101);
    CHECK_PTR(values[1], NULL);
    CHECK_OK(gevent_run());
    CHECK_LOG("101 301 400");
    drop_tasks(tasks, 3);
    gevent_set_unhandled(NULL);
}

TEST(ASYNCIO_gather_returns_errors_if_asked_to) {
    const int ms[] = {300, 101, 200};
    gevent_task_t *tasks[3];
    void *values[3];
    greenlet_error_t *errors[3];
    gevent_set_unhandled(ignore_error);
    spawn_jobs(tasks, ms, 3);
    CHECK_OK(gevent_sleep(0.05));
    CHECK_OK(gevent_kill(tasks[2], NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_gather(tasks, 3, values, errors));
    CHECK_INT(INT(values[0]), 300);
    CHECK_PTR(values[1], NULL);
    CHECK_PTR(values[2], NULL);
    CHECK_PTR(errors[0], NULL);
    CHECK_STR(greenlet_error_message(errors[1]), "after 101");
    CHECK_INT(greenlet_error_code(errors[2]), GREENLET_EEXIT);
    CHECK_CODE(gevent_gather(&tasks[2], 1, values, NULL), GREENLET_EEXIT);
    for (int i = 0; i < 3; i++) greenlet_error_unref(errors[i]);
    CHECK_LOG("200:killed 101 300");
    drop_tasks(tasks, 3);
    gevent_set_unhandled(NULL);
}

typedef struct gathering {
    gevent_task_t *tasks[2];
    int returns_errors;
    int start; // in milliseconds
} gathering_t;

static int run_gather(void *value, void **result) {
    gathering_t *all = value;
    (void)result;
    greenlet_error_t *errors[2];
    int code = gevent_gather(all->tasks, 2, NULL, all->returns_errors ? errors : NULL);
    log_add("gather:%s@%d", greenlet_error_name(code), now_ms() - all->start);
    return code;
}

static void check_killed_gather(int returns_errors) {
    const int ms[] = {300, 400};
    gathering_t all = {.returns_errors = returns_errors, .start = now_ms()};
    gevent_task_t *gatherer;
    spawn_jobs(all.tasks, ms, 2);
    CHECK_OK(gevent_spawn(run_gather, &all, &gatherer));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_kill(gatherer, NULL, GEVENT_FOREVER));
    drop_tasks(all.tasks, 2);
    gevent_task_unref(gatherer);
}

TEST(ASYNCIO_gather_that_is_killed_kills_the_others) {
    check_killed_gather(0);
    CHECK_LOG("300:killed 400:killed gather:GREENLET_EEXIT@100");
    check_killed_gather(1);
    CHECK_LOG("300:killed 400:killed gather:GREENLET_EEXIT@100");
}

TEST(ASYNCIO_gather_in_a_scope_that_expires_kills_the_others) {
    const int ms[] = {300, 400};
    gevent_task_t *tasks[2];
    gevent_scope_t scope;
    spawn_jobs(tasks, ms, 2);
    CHECK_OK(gevent_scope_open(&scope, 0.1));
    CHECK_CODE(gevent_scope_close(&scope, gevent_gather(tasks, 2, NULL, NULL)), GREENLET_EEXPIRED);
    CHECK_INT(gevent_status(tasks[1]), GEVENT_KILLED);
    CHECK_LOG("300:killed 400:killed");
    drop_tasks(tasks, 2);
}

// ---- memory -------------------------------------------------------------------------------------

static int run_to_the_end(void) {
    void *value = NULL;
    int code = gevent_run_until_complete(run_job, V(100), &value);
    CHECK_INT(INT(value), code < 0 ? 0 : 100);
    log_clear();
    return code;
}

static int wait_in_vain(void) {
    gevent_task_t *task;
    int code = gevent_spawn(run_job, V(1000), &task);
    if (code < 0) return code;
    code = gevent_wait_for(task, 0.1, NULL);
    CHECK(gevent_status(task) != GEVENT_PENDING);
    gevent_task_unref(task);
    log_clear();
    return code == GREENLET_ETIMEDOUT || memory_has_failed() ? gevent_yield() : code;
}

static int gather_two(void) {
    gevent_task_t *tasks[2] = {NULL, NULL};
    int code = GREENLET_OK;
    for (int i = 0; i < 2 && code >= 0; i++) code = gevent_spawn(run_job, V(100), &tasks[i]);
    if (code >= 0) code = gevent_gather(tasks, 2, NULL, NULL);
    for (int i = 0; i < 2; i++) {
        if (tasks[i]) CHECK_OK(gevent_kill(tasks[i], NULL, GEVENT_FOREVER));
        gevent_task_unref(tasks[i]);
    }
    log_clear();
    return code;
}

TEST(ASYNCIO_nothing_is_lost_without_memory) {
    gevent_set_unhandled(ignore_error);
    fail_each_allocation(run_to_the_end);
    fail_each_allocation(wait_in_vain);
    fail_each_allocation(gather_two);
    gevent_set_unhandled(NULL);
}
