// Clean-up and hard kills (gevent.md section 0: hard kill; section 3: cleanup_push).
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

static void log_argument(void *argument) {
    log_add("%s", (const char *)argument);
}

TEST(CLEANUP_pop_takes_it_off_and_runs_it_if_asked) {
    gevent_cleanup_t a, b, c;
    gevent_cleanup_push(&a, log_argument, "a");
    gevent_cleanup_push(&b, log_argument, "b");
    gevent_cleanup_pop(&b, 0);
    CHECK_LOG("");
    gevent_cleanup_push(&b, log_argument, "b");
    gevent_cleanup_push(&c, log_argument, "c");
    gevent_cleanup_pop(&b, 1);
    CHECK_LOG("c b");
    gevent_cleanup_pop(&c, 1);
    CHECK_LOG("");
    gevent_cleanup_pop(&a, 1);
    CHECK_LOG("a");
}

static void try_to_wait(void *argument) {
    (void)argument;
    CHECK_CODE(gevent_sleep(1), GREENLET_EFORBIDDEN);
    log_add("waits not");
}

static int run_swallow(void *value, void **result) {
    (void)value, (void)result;
    gevent_cleanup_t first, second;
    gevent_cleanup_push(&first, log_argument, "first");
    gevent_cleanup_push(&second, try_to_wait, NULL);
    while (first.run) log_add("%s", greenlet_error_name(gevent_sleep(100)));
    return GREENLET_OK;
}

TEST(CLEANUP_a_hard_kill_ends_who_swallows_kills) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_swallow, NULL, &task));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_CODE(gevent_kill(task, NULL, 0.1), GREENLET_ETIMEDOUT);
    CHECK_LOG("GREENLET_EEXIT");
    CHECK_OK(gevent_kill_hard(task));
    CHECK_LOG("waits not first");
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_INT(greenlet_dead(gevent_task_greenlet(task)), 1);
    CHECK_OK(gevent_kill_hard(task));
    CHECK_OK(gevent_join(task, GEVENT_NOWAIT));
    CHECK_OK(gevent_run());
    gevent_task_unref(task);
}

static int run_join(void *value, void **result) {
    (void)result;
    CHECK_OK(gevent_join(value, GEVENT_FOREVER));
    log_add("joined");
    return GREENLET_OK;
}

TEST(CLEANUP_a_hard_kill_wakes_who_joins) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_swallow, NULL, &task));
    CHECK_OK(gevent_spawn(run_join, task, NULL));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill_hard(task));
    CHECK_LOG("waits not first");
    CHECK_OK(gevent_run());
    CHECK_LOG("joined");
    gevent_task_unref(task);
}

static gevent_event_t event;

static int run_wait(void *value, void **result) {
    (void)result;
    CHECK_OK(gevent_event_wait(&event, GEVENT_FOREVER));
    log_add("%d", (int)INT(value));
    return GREENLET_OK;
}

TEST(CLEANUP_what_it_waited_for_forgets_a_task_that_was_killed_hard) {
    gevent_task_t *tasks[3];
    gevent_event_init(&event);
    for (int i = 0; i < 3; i++) CHECK_OK(gevent_spawn(run_wait, V(i), &tasks[i]));
    CHECK_OK(gevent_yield());
    gevent_event_set(&event);
    CHECK_OK(gevent_kill_hard(tasks[1]));
    CHECK_OK(gevent_run());
    CHECK_LOG("0 2");
    for (int i = 0; i < 3; i++) gevent_task_unref(tasks[i]);
}

static int run_kill_who_came(void *task, void **result) {
    (void)result;
    CHECK_OK(gevent_kill_hard(task));
    log_add("killed");
    CHECK_OK(greenlet_switch(greenlet_main(), NULL, NULL));
    log_add("goes on");
    return GREENLET_OK;
}

static int run_go_to_killer(void *killer, void **result) {
    int code = greenlet_switch(killer, gevent_current_task(), result);
    log_add("not reached");
    return code;
}

TEST(CLEANUP_a_task_is_killed_hard_by_whom_it_has_switched_to) {
    greenlet_t *killer = make(run_kill_who_came);
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_go_to_killer, killer, &task));
    CHECK_CODE(gevent_yield(), GREENLET_ESWITCH); // it came to main
    CHECK_LOG("killed");
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    gevent_task_unref(task);
    CHECK_OK(greenlet_switch(killer, NULL, NULL));
    CHECK_LOG("goes on");
    CHECK_INT(greenlet_dead(killer), 1);
    greenlet_unref(killer);
}

TEST(CLEANUP_a_task_that_never_started_is_killed_hard_without_running) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_wait, V(1), &task));
    CHECK_OK(gevent_kill_hard(task));
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_OK(gevent_run());
    CHECK_LOG("");
    gevent_task_unref(task);
}

static int run_kill_itself(void *value, void **result) {
    (void)value, (void)result;
    CHECK_CODE(gevent_kill_hard(gevent_current_task()), GREENLET_EINVAL);
    return GREENLET_OK;
}

TEST(CLEANUP_nobody_kills_himself_hard) {
    CHECK_CODE(gevent_kill_hard(NULL), GREENLET_EINVAL);
    CHECK_OK(gevent_spawn(run_kill_itself, NULL, NULL));
    CHECK_OK(gevent_run());
}

static int run_owner(void *value, void **result) {
    (void)value, (void)result;
    gevent_scope_t scope;
    gevent_timeout_t timeout;
    CHECK_OK(gevent_scope_open(&scope, 50));
    CHECK_OK(gevent_timeout_start(&timeout, 60));
    CHECK_OK(gevent_scope_spawn(&scope, run_swallow, NULL, NULL));
    return gevent_scope_close(&scope, GREENLET_OK);
}

TEST(CLEANUP_a_hard_kill_takes_the_tasks_of_open_scopes_along) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_owner, NULL, &task));
    CHECK_OK(gevent_sleep(0.1));
    CHECK_OK(gevent_kill_hard(task));
    CHECK_LOG("waits not first");
    CHECK_OK(gevent_run());
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    gevent_task_unref(task);
}
