// Groups (gevent.md, table 1.6).
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

static gevent_group_t group;

// Sleeps so many milliseconds and logs how that went.
static int run_sleep(void *value, void **result) {
    int code = gevent_sleep((double)INT(value) / 1000);
    if (code < 0)
        log_add("%d:%s", (int)INT(value), greenlet_error_name(code));
    else
        log_add("%d", (int)INT(value));
    *result = value;
    return code;
}

static int run_fail(void *value, void **result) {
    (void)result;
    int code = gevent_sleep((double)INT(value) / 1000);
    return code < 0 ? code : greenlet_raise(&E1, "after %d", (int)INT(value));
}

static void spawn_sleepers(int count, int step) {
    for (int i = 1; i <= count; i++)
        CHECK_OK(gevent_group_spawn(&group, run_sleep, V(i * step), NULL));
}

// ---- members ------------------------------------------------------------------------------------

TEST(GROUP_members_leave_when_they_are_done) {
    spawn_sleepers(3, 100);
    CHECK_INT(gevent_group_length(&group), 3);
    CHECK_OK(gevent_sleep(0.15));
    CHECK_INT(gevent_group_length(&group), 2);
    CHECK_OK(gevent_run());
    CHECK_INT(gevent_group_length(&group), 0);
    CHECK_LOG("100 200 300");
}

static int run_length_after_join(void *value, void **result) {
    (void)result;
    CHECK_OK(gevent_join(value, GEVENT_FOREVER));
    log_add("%d", (int)gevent_group_length(&group));
    return GREENLET_OK;
}

TEST(GROUP_a_member_has_left_when_those_who_joined_it_go_on) {
    gevent_task_t *task;
    CHECK_OK(gevent_group_spawn(&group, run_sleep, V(100), &task));
    CHECK_OK(gevent_spawn(run_length_after_join, task, NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("100 0");
    gevent_task_unref(task);
}

TEST(GROUP_members_are_listed_in_the_order_in_which_they_came) {
    gevent_task_t *tasks[4], *members[4] = {NULL, NULL, NULL, NULL};
    for (int i = 0; i < 4; i++) CHECK_OK(gevent_spawn(run_sleep, V(100), &tasks[i]));
    CHECK_INT(gevent_group_members(&group, NULL, 0), 0);
    for (int i = 3; i > 0; i--) CHECK_OK(gevent_group_add(&group, tasks[i]));
    CHECK_OK(gevent_group_add(&group, tasks[2])); // is one
    CHECK_INT(gevent_group_members(&group, members, 2), 3);
    CHECK_PTR(members[0], tasks[3]);
    CHECK_PTR(members[1], tasks[2]);
    CHECK_PTR(members[2], NULL);
    CHECK_INT(gevent_group_members(&group, members, 4), 3);
    CHECK_PTR(members[2], tasks[1]);
    CHECK_PTR(members[3], NULL);
    CHECK_INT(gevent_group_has(&group, tasks[1]), 1);
    CHECK_INT(gevent_group_has(&group, tasks[0]), 0);
    CHECK_INT(gevent_group_has(&group, NULL), 0);
    CHECK_OK(gevent_run());
    CHECK_INT(gevent_group_length(&group), 0);
    CHECK_LOG("100 100 100 100");
    for (int i = 0; i < 4; i++) gevent_task_unref(tasks[i]);
}

TEST(GROUP_what_is_discarded_goes_on_without_it) {
    gevent_task_t *task;
    CHECK_OK(gevent_group_spawn(&group, run_sleep, V(100), &task));
    CHECK_OK(gevent_group_spawn(&group, run_sleep, V(200), NULL));
    gevent_group_discard(&group, task);
    gevent_group_discard(&group, task);
    gevent_group_discard(&group, NULL);
    CHECK_INT(gevent_group_length(&group), 1);
    CHECK_INT(gevent_group_has(&group, task), 0);
    CHECK_OK(gevent_group_kill(&group, NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_run());
    CHECK_LOG("100");
    CHECK_INT(gevent_status(task), GEVENT_RETURNED);
    gevent_task_unref(task);
}

TEST(GROUP_one_that_has_finished_leaves_soon) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_nothing, NULL, &task));
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_OK(gevent_group_add(&group, task));
    CHECK_INT(gevent_group_length(&group), 1);
    CHECK_OK(gevent_group_join(&group, GEVENT_FOREVER, 0));
    CHECK_INT(gevent_group_length(&group), 0);
    gevent_task_unref(task);
}

TEST(GROUP_a_task_may_belong_to_two) {
    gevent_group_t other = {0};
    gevent_task_t *task;
    CHECK_OK(gevent_group_spawn(&group, run_sleep, V(100), &task));
    CHECK_OK(gevent_group_add(&other, task));
    gevent_group_discard(&group, task);
    CHECK_INT(gevent_group_has(&other, task), 1);
    CHECK_OK(gevent_group_add(&group, task));
    CHECK_OK(gevent_group_kill(&other, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_group_length(&group), 0);
    CHECK_LOG("");
    gevent_task_unref(task);
}

TEST(GROUP_start_adds_and_starts) {
    gevent_task_t *task;
    CHECK_OK(gevent_new(run_sleep, V(100), &task));
    CHECK_OK(gevent_group_add(&group, task));
    CHECK_CODE(gevent_group_join(&group, 1, 0), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_group_start(&group, task));
    CHECK_OK(gevent_group_join(&group, GEVENT_FOREVER, 0));
    CHECK_LOG("100");
    gevent_task_unref(task);
}

TEST(GROUP_refuses_what_is_no_task) {
    CHECK_CODE(gevent_group_spawn(&group, NULL, NULL, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_group_add(&group, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_group_start(&group, NULL), GREENLET_EINVAL);
    CHECK_INT(gevent_group_length(&group), 0);
}

TEST(GROUP_closed_it_lets_nothing_in) {
    gevent_task_t *task;
    gevent_group_t closed = {0};
    CHECK_OK(gevent_spawn(run_sleep, V(100), &task));
    CHECK_OK(gevent_group_add(&closed, task));
    gevent_group_close(&closed);
    CHECK_CODE(gevent_group_spawn(&closed, run_sleep, V(1), NULL), GREENLET_ECLOSED);
    CHECK_OK(gevent_group_add(&closed, task)); // is one
    gevent_group_discard(&closed, task);
    CHECK_CODE(gevent_group_add(&closed, task), GREENLET_ECLOSED);
    CHECK_OK(gevent_run());
    CHECK_LOG("100");
    gevent_task_unref(task);
}

// ---- join ---------------------------------------------------------------------------------------

TEST(GROUP_join_waits_until_it_is_empty) {
    int start = now_ms();
    CHECK_OK(gevent_spawn(run_sleep, V(0), NULL));
    CHECK_OK(gevent_group_join(&group, GEVENT_FOREVER, 0));
    CHECK_LOG(""); // there was nothing to wait for
    spawn_sleepers(3, 100);
    CHECK_CODE(gevent_group_join(&group, 0.25, 0), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_group_join(&group, GEVENT_NOWAIT, 0), GREENLET_ETIMEDOUT);
    CHECK_INT(now_ms() - start, 250);
    CHECK_OK(gevent_group_join(&group, GEVENT_FOREVER, 0));
    CHECK_INT(now_ms() - start, 300);
    CHECK_LOG("0 100 200 300");
}

static int run_spawn_next(void *value, void **result) {
    (void)result;
    CHECK_OK(gevent_sleep(0.1));
    if (INT(value) > 1)
        CHECK_OK(gevent_group_spawn(&group, run_spawn_next, V(INT(value) - 1), NULL));
    return GREENLET_OK;
}

TEST(GROUP_join_waits_for_what_members_add) {
    int start = now_ms();
    CHECK_OK(gevent_group_spawn(&group, run_spawn_next, V(3), NULL));
    CHECK_OK(gevent_group_join(&group, GEVENT_FOREVER, 0));
    CHECK_INT(now_ms() - start, 300);
}

TEST(GROUP_join_raises_the_first_failure_in_time_once_all_are_done) {
    gevent_set_unhandled(ignore_error);
    int start = now_ms();
    CHECK_OK(gevent_group_spawn(&group, run_fail, V(200), NULL));
    CHECK_OK(gevent_group_spawn(&group, run_fail, V(100), NULL));
    CHECK_OK(gevent_group_spawn(&group, run_sleep, V(300), NULL));
    CHECK_CODE(gevent_group_join(&group, GEVENT_FOREVER, GEVENT_RAISE), CODE_E1);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "after 100");
    CHECK_INT(now_ms() - start, 300);
    CHECK_OK(gevent_group_spawn(&group, run_fail, V(100), NULL));
    CHECK_OK(gevent_group_join(&group, GEVENT_FOREVER, 0));
    CHECK_OK(gevent_group_join(&group, GEVENT_FOREVER, GEVENT_RAISE));
    CHECK_LOG("300");
    gevent_set_unhandled(NULL);
}

TEST(GROUP_join_raises_also_when_its_time_is_over) {
    gevent_set_unhandled(ignore_error);
    CHECK_OK(gevent_group_spawn(&group, run_fail, V(100), NULL));
    CHECK_OK(gevent_group_spawn(&group, run_sleep, V(1000), NULL));
    CHECK_CODE(gevent_group_join(&group, 0.2, GEVENT_RAISE), CODE_E1);
    CHECK_CODE(gevent_group_join(&group, 0.2, GEVENT_RAISE), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_group_kill(&group, NULL, GEVENT_FOREVER));
    CHECK_LOG("1000:GREENLET_EEXIT");
    gevent_set_unhandled(NULL);
}

static int run_join(void *value, void **result) {
    (void)result;
    int code = gevent_group_join(&group, GEVENT_FOREVER, value ? GEVENT_RAISE : 0);
    log_add("%s", greenlet_error_name(code));
    return code;
}

// With a member that fails while others wait, and one that goes on.
static void spawn_joiners(gevent_task_t *tasks[4]) {
    CHECK_OK(gevent_group_spawn(&group, run_fail, V(100), NULL));
    CHECK_OK(gevent_group_spawn(&group, run_sleep, V(500), NULL));
    for (int i = 0; i < 4; i++) CHECK_OK(gevent_spawn(run_join, V(i % 2), &tasks[i]));
    CHECK_OK(gevent_sleep(0.2));
}

TEST(GROUP_who_joins_may_be_killed) {
    gevent_task_t *tasks[4];
    gevent_set_unhandled(ignore_error);
    spawn_joiners(tasks);
    CHECK_OK(gevent_kill(tasks[0], NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_kill(tasks[1], NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_kill_hard(tasks[2]));
    CHECK_OK(gevent_kill_hard(tasks[3]));
    CHECK_LOG("GREENLET_EEXIT GREENLET_EEXIT");
    CHECK_OK(gevent_group_join(&group, GEVENT_FOREVER, GEVENT_RAISE));
    CHECK_LOG("500");
    for (int i = 0; i < 4; i++) gevent_task_unref(tasks[i]);
    gevent_set_unhandled(NULL);
}

TEST(GROUP_who_joins_may_be_cancelled) {
    gevent_set_unhandled(ignore_error);
    gevent_scope_t scope;
    CHECK_OK(gevent_group_spawn(&group, run_fail, V(100), NULL));
    CHECK_OK(gevent_group_spawn(&group, run_sleep, V(500), NULL));
    CHECK_OK(gevent_scope_open(&scope, 0.2));
    int code = gevent_group_join(&group, GEVENT_FOREVER, GEVENT_RAISE);
    CHECK_CODE(gevent_scope_close(&scope, code), GREENLET_EEXPIRED);
    CHECK_OK(gevent_group_join(&group, GEVENT_FOREVER, GEVENT_RAISE));
    CHECK_LOG("500");
    gevent_set_unhandled(NULL);
}

// ---- kill ---------------------------------------------------------------------------------------

static int run_swallow_once(void *value, void **result) {
    int code = gevent_sleep(10);
    log_add("%d:%s", (int)INT(value), greenlet_error_name(code));
    code = gevent_sleep((double)INT(value) / 1000);
    log_add("%d:%s", (int)INT(value), code < 0 ? greenlet_error_name(code) : "slept");
    *result = value;
    return code;
}

TEST(GROUP_kill_kills_each_member_once_and_waits) {
    gevent_task_t *task;
    CHECK_OK(gevent_group_spawn(&group, run_swallow_once, V(200), &task));
    CHECK_OK(gevent_group_spawn(&group, run_sleep, V(1000), NULL));
    CHECK_OK(gevent_sleep(0.1));
    int start = now_ms();
    CHECK_CODE(gevent_group_kill(&group, NULL, 0.05), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_group_kill(&group, NULL, GEVENT_NOWAIT));
    CHECK_OK(gevent_group_kill_one(&group, task, NULL, GEVENT_NOWAIT));
    CHECK_INT(gevent_group_length(&group), 1);
    CHECK_OK(gevent_group_kill(&group, NULL, GEVENT_FOREVER));
    CHECK_INT(now_ms() - start, 200);
    CHECK_INT(gevent_group_length(&group), 0);
    CHECK_LOG("200:GREENLET_EEXIT 1000:GREENLET_EEXIT 200:slept");
    CHECK_INT(gevent_status(task), GEVENT_RETURNED);
    gevent_task_unref(task);
}

TEST(GROUP_kill_of_an_empty_one_does_not_wait) {
    CHECK_OK(gevent_spawn(run_sleep, V(0), NULL));
    CHECK_OK(gevent_group_kill(&group, NULL, GEVENT_FOREVER));
    CHECK_LOG("");
    CHECK_OK(gevent_run());
    CHECK_LOG("0");
}

TEST(GROUP_killed_members_that_have_not_started_never_run) {
    spawn_sleepers(3, 100);
    CHECK_OK(gevent_group_kill(&group, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_group_length(&group), 0);
    CHECK_LOG("");
}

TEST(GROUP_kill_throws_what_it_is_told_to) {
    gevent_set_unhandled(ignore_error);
    greenlet_error_t *error = greenlet_error_new(&E1, "enough");
    spawn_sleepers(2, 100);
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_group_kill(&group, error, GEVENT_FOREVER));
    CHECK_LOG("100:GREENLET_EUSER 200:GREENLET_EUSER");
    greenlet_error_unref(error);
    gevent_set_unhandled(NULL);
}

static int run_spawn_while_dying(void *value, void **result) {
    (void)result;
    CHECK_CODE(gevent_sleep(10), GREENLET_EEXIT);
    gevent_task_t *task;
    CHECK_OK(gevent_group_spawn(&group, run_sleep, V(1), &task));
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_OK(gevent_group_add(&group, value));
    CHECK_OK(gevent_sleep(0.1));
    gevent_task_unref(task);
    return GREENLET_EEXIT;
}

TEST(GROUP_what_is_added_while_it_is_killed_is_killed) {
    gevent_task_t *outsider;
    CHECK_OK(gevent_spawn(run_sleep, V(500), &outsider));
    CHECK_OK(gevent_group_spawn(&group, run_spawn_while_dying, outsider, NULL));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_group_kill(&group, NULL, GEVENT_FOREVER));
    CHECK_INT(gevent_group_length(&group), 0);
    CHECK_LOG("500:GREENLET_EEXIT");
    spawn_sleepers(1, 100); // that is over
    CHECK_OK(gevent_run());
    CHECK_LOG("100");
    gevent_task_unref(outsider);
}

static int run_kill_all(void *value, void **result) {
    (void)value, (void)result;
    int code = gevent_group_kill(&group, NULL, GEVENT_FOREVER);
    log_add("killer:%s", greenlet_error_name(code));
    return code;
}

TEST(GROUP_a_member_may_kill_its_group) {
    gevent_task_t *task;
    spawn_sleepers(1, 100);
    CHECK_OK(gevent_group_spawn(&group, run_kill_all, NULL, &task));
    CHECK_OK(gevent_group_join(&group, GEVENT_FOREVER, 0));
    CHECK_LOG("100:GREENLET_EEXIT killer:GREENLET_EEXIT");
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    spawn_sleepers(1, 100);
    CHECK_OK(gevent_run());
    CHECK_LOG("100");
    gevent_task_unref(task);
}

TEST(GROUP_who_kills_it_may_be_killed) {
    gevent_task_t *killers[2];
    CHECK_OK(gevent_group_spawn(&group, run_swallow_once, V(300), NULL));
    CHECK_OK(gevent_yield());
    for (int i = 0; i < 2; i++) CHECK_OK(gevent_spawn(run_kill_all, NULL, &killers[i]));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_kill(killers[0], NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_kill_hard(killers[1]));
    spawn_sleepers(1, 100); // nobody kills it any more
    CHECK_OK(gevent_group_join(&group, GEVENT_FOREVER, 0));
    CHECK_LOG("300:GREENLET_EEXIT killer:GREENLET_EEXIT 100 300:slept");
    for (int i = 0; i < 2; i++) gevent_task_unref(killers[i]);
}

TEST(GROUP_a_kill_may_be_cancelled) {
    gevent_scope_t scope;
    CHECK_OK(gevent_group_spawn(&group, run_swallow_once, V(300), NULL));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_scope_open(&scope, 0.1));
    int code = gevent_group_kill(&group, NULL, GEVENT_FOREVER);
    CHECK_CODE(gevent_scope_close(&scope, code), GREENLET_EEXPIRED);
    spawn_sleepers(1, 50); // nobody kills it any more
    CHECK_OK(gevent_group_join(&group, GEVENT_FOREVER, 0));
    CHECK_LOG("300:GREENLET_EEXIT 50 300:slept");
}

TEST(GROUP_kill_one_waits_for_that_one) {
    gevent_task_t *task;
    CHECK_OK(gevent_group_spawn(&group, run_swallow_once, V(100), &task));
    spawn_sleepers(1, 500);
    CHECK_OK(gevent_yield());
    int start = now_ms();
    CHECK_OK(gevent_group_kill_one(&group, task, NULL, GEVENT_FOREVER));
    CHECK_INT(now_ms() - start, 100);
    CHECK_INT(gevent_group_length(&group), 1);
    CHECK_OK(gevent_group_kill_one(&group, task, NULL, GEVENT_FOREVER)); // is none
    CHECK_OK(gevent_run());
    CHECK_LOG("100:GREENLET_EEXIT 100:slept 500");
    gevent_task_unref(task);
}

// ---- memory -------------------------------------------------------------------------------------

static int spawn_and_kill(void) {
    gevent_group_t own = {0};
    int code = GREENLET_OK;
    for (int i = 0; i < 3 && code >= 0; i++)
        code = gevent_group_spawn(&own, run_sleep, V(1000000), NULL);
    if (code >= 0) code = gevent_yield();
    int start = now_ms();
    int killed = gevent_group_kill(&own, NULL, GEVENT_FOREVER);
    while (gevent_group_length(&own) > 0)
        if (gevent_group_kill(&own, NULL, GEVENT_FOREVER) < 0) gevent_sleep(1);
    CHECK(now_ms() - start < 10000); // asked again, it killed those that it had not
    log_clear();
    return code < 0 ? code : killed;
}

static int join_and_raise(void) {
    gevent_group_t own = {0};
    int code = gevent_group_spawn(&own, run_fail, V(100), NULL);
    if (code < 0) return code;
    code = gevent_group_join(&own, GEVENT_FOREVER, GEVENT_RAISE);
    CHECK(code == CODE_E1 || code == GREENLET_ENOMEM);
    while (gevent_group_length(&own) > 0) gevent_sleep(1);
    return code == CODE_E1 ? GREENLET_OK : code;
}

TEST(GROUP_nothing_is_lost_without_memory) {
    gevent_set_unhandled(ignore_error);
    fail_each_allocation(spawn_and_kill);
    fail_each_allocation(join_and_raise);
    gevent_set_unhandled(NULL);
}
