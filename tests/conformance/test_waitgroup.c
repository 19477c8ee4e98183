// Wait groups.
//
// SPDX-License-Identifier: MIT
#include <limits.h>

#include "check.h"
#include "gevent.h"

static gevent_waitgroup_t group;

static int run_work(void *value, void **result) {
    (void)result;
    int code = gevent_sleep((double)INT(value));
    log_add("%d", (int)INT(value));
    CHECK_OK(gevent_waitgroup_done(&group));
    return code;
}

static int run_wait(void *value, void **result) {
    (void)result;
    int code = gevent_waitgroup_wait(&group, GEVENT_FOREVER);
    log_add("%s%s", (const char *)value, code < 0 ? greenlet_error_name(code) : "");
    return code;
}

static void spawn_wait(const char *name) {
    CHECK_OK(gevent_spawn(run_wait, (void *)(uintptr_t)name, NULL));
}

TEST(WG_waits_until_all_is_done) {
    gevent_waitgroup_init(&group);
    CHECK_OK(gevent_waitgroup_add(&group, 3));
    for (int i = 3; i > 0; i--) CHECK_OK(gevent_spawn(run_work, V(i), NULL));
    spawn_wait("a");
    spawn_wait("b");
    CHECK_OK(gevent_waitgroup_wait(&group, GEVENT_FOREVER));
    CHECK_INT(gevent_waitgroup_count(&group), 0);
    CHECK_OK(gevent_run());
    CHECK_LOG("1 2 3 a b");
}

TEST(WG_with_nothing_to_do_it_does_not_wait) {
    static gevent_waitgroup_t zero;
    spawn_wait("other");
    CHECK_OK(gevent_waitgroup_wait(&zero, GEVENT_FOREVER));
    CHECK_OK(gevent_waitgroup_add(&zero, 0));
    CHECK_LOG("");
    CHECK_OK(gevent_run());
    log_clear();
}

TEST(WG_less_than_none_and_too_many_are_refused) {
    gevent_waitgroup_init(&group);
    CHECK_CODE(gevent_waitgroup_done(&group), GREENLET_EINVAL);
    CHECK_OK(gevent_waitgroup_add(&group, INT_MAX));
    CHECK_CODE(gevent_waitgroup_add(&group, 1), GREENLET_EINVAL);
    CHECK_CODE(gevent_waitgroup_add(&group, INT_MIN), GREENLET_EINVAL);
    CHECK_INT(gevent_waitgroup_count(&group), INT_MAX);
    CHECK_OK(gevent_waitgroup_add(&group, -INT_MAX));
    CHECK_INT(gevent_waitgroup_count(&group), 0);
}

TEST(WG_used_again_at_once_it_frees_those_who_waited_and_no_others) {
    gevent_waitgroup_init(&group);
    CHECK_OK(gevent_waitgroup_add(&group, 1));
    spawn_wait("a");
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_waitgroup_done(&group));
    CHECK_OK(gevent_waitgroup_add(&group, 1));
    CHECK_CODE(gevent_waitgroup_wait(&group, 0.1), GREENLET_ETIMEDOUT);
    CHECK_LOG("a");
    CHECK_OK(gevent_waitgroup_done(&group));
}

TEST(WG_a_killed_waiter_is_gone) {
    gevent_task_t *task;
    gevent_waitgroup_init(&group);
    CHECK_OK(gevent_waitgroup_add(&group, 1));
    CHECK_OK(gevent_spawn(run_wait, "a", &task));
    spawn_wait("b");
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill_hard(task));
    CHECK_OK(gevent_waitgroup_done(&group));
    CHECK_OK(gevent_run());
    CHECK_LOG("b");
    gevent_task_unref(task);
}
