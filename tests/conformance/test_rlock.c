// Locks that their holder may take again.
//
// SPDX-License-Identifier: MIT
#include <string.h>

#include "check.h"
#include "gevent.h"

static gevent_rlock_t lock;

static int run_locked(void *value, void **result) {
    (void)result;
    int code = gevent_rlock_acquire(&lock, GEVENT_FOREVER);
    log_add("%d%s", (int)INT(value), code < 0 ? greenlet_error_name(code) : "");
    if (code < 0) return code;
    code = gevent_sleep(0.1);
    (void)gevent_rlock_release(&lock);
    return code;
}

static void spawn_named(greenlet_run_fn run, int number, const char *name) {
    gevent_task_t *task = NULL;
    CHECK_OK(gevent_spawn(run, V(number), &task));
    CHECK_OK(greenlet_set_name(gevent_task_greenlet(task), name));
    gevent_task_unref(task);
}

TEST(RLOCK_its_owner_may_take_it_again) {
    gevent_rlock_init(&lock, 0);
    CHECK_PTR(gevent_rlock_owner(&lock), NULL);
    CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_FOREVER));
    CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_NOWAIT));
    CHECK_PTR(gevent_rlock_owner(&lock), greenlet_current());
    CHECK_OK(gevent_spawn(run_locked, V(1), NULL));
    CHECK_OK(gevent_rlock_release(&lock));
    CHECK_OK(gevent_yield());
    CHECK_LOG(""); // once is not enough
    CHECK_OK(gevent_rlock_release(&lock));
    CHECK_OK(gevent_run());
    CHECK_LOG("1");
    CHECK_PTR(gevent_rlock_owner(&lock), NULL);
}

static int run_release(void *value, void **result) {
    (void)value, (void)result;
    CHECK_CODE(gevent_rlock_release(&lock), GREENLET_ENOTHELD);
    log_add("%s", greenlet_error_message(greenlet_last_error()));
    return GREENLET_OK;
}

TEST(RLOCK_a_foreign_release_is_refused_and_names_the_owner) {
    gevent_rlock_init(&lock, 0);
    spawn_named(run_locked, 1, "alice");
    spawn_named(run_release, 0, "bob");
    CHECK_OK(gevent_run());
    CHECK_LOG("1 the lock is held by alice, not bob");
    CHECK_CODE(gevent_rlock_release(&lock), GREENLET_ENOTHELD);
    CHECK_STR(greenlet_error_message(greenlet_last_error()),
              "the lock is held by nobody, not main");
}

TEST(RLOCK_waiters_go_on_in_order) {
    gevent_rlock_init(&lock, 0);
    for (int i = 1; i <= 3; i++) CHECK_OK(gevent_spawn(run_locked, V(i), NULL));
    CHECK_OK(gevent_yield());
    CHECK_CODE(gevent_rlock_acquire(&lock, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_rlock_acquire(&lock, 0.05), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_run());
    CHECK_LOG("1 2 3");
}

static void release_and_try(unsigned flags, int expected) {
    gevent_rlock_init(&lock, flags);
    CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_NOWAIT));
    CHECK_OK(gevent_spawn(run_locked, V(1), NULL));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_rlock_release(&lock));
    int code = gevent_rlock_acquire(&lock, GEVENT_NOWAIT);
    CHECK_INT(code, expected);
    if (code >= 0) CHECK_OK(gevent_rlock_release(&lock));
    CHECK_OK(gevent_run());
    CHECK_LOG("1");
}

TEST(RLOCK_the_releaser_may_barge_unless_it_is_fair) {
    release_and_try(0, GREENLET_OK);
    release_and_try(GEVENT_FAIR, GREENLET_ETIMEDOUT);
}

TEST(RLOCK_the_dump_says_who_holds_it_now) {
    char text[512];
    gevent_rlock_init(&lock, 0);
    spawn_named(run_locked, 1, "alice");
    spawn_named(run_locked, 2, "bob");
    spawn_named(run_locked, 3, "carol");
    CHECK_OK(gevent_yield());
    gevent_waiting(text, sizeof text);
    CHECK(strstr(text, "bob waits in rlock for alice since"));
    CHECK(strstr(text, "carol waits in rlock for alice since"));
    CHECK_OK(gevent_sleep(0.15));
    gevent_waiting(text, sizeof text);
    CHECK(!strstr(text, "for alice"));
    CHECK(strstr(text, "carol waits in rlock for bob since"));
    CHECK_OK(gevent_run());
    log_clear();
}

TEST(RLOCK_it_is_not_lost_to_a_waiter_killed_hard) {
    gevent_task_t *first;
    gevent_rlock_init(&lock, 0);
    CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_NOWAIT));
    CHECK_OK(gevent_spawn(run_locked, V(1), &first));
    CHECK_OK(gevent_spawn(run_locked, V(2), NULL));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_rlock_release(&lock));
    CHECK_OK(gevent_kill_hard(first));
    CHECK_OK(gevent_run());
    CHECK_LOG("2");
    gevent_task_unref(first);
}

static int run_hold_twice(void *value, void **result) {
    (void)result;
    gevent_cleanup_t held, again;
    int code = gevent_rlock_hold(&lock, GEVENT_FOREVER, &held);
    if (code < 0) return code;
    CHECK_OK(gevent_rlock_hold(&lock, GEVENT_FOREVER, &again));
    log_add("%d", (int)INT(value));
    code = gevent_sleep(1);
    gevent_cleanup_pop(&again, 1);
    CHECK_PTR(gevent_rlock_owner(&lock), greenlet_current());
    gevent_cleanup_pop(&held, 1);
    return code;
}

static void kill_holder(int is_hard) {
    gevent_task_t *holder;
    gevent_rlock_init(&lock, 0);
    CHECK_OK(gevent_spawn(run_hold_twice, V(1), &holder));
    CHECK_OK(gevent_spawn(run_hold_twice, V(2), NULL));
    CHECK_OK(gevent_yield());
    CHECK_OK(is_hard ? gevent_kill_hard(holder) : gevent_kill(holder, NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_run());
    CHECK_LOG("1 2");
    CHECK_PTR(gevent_rlock_owner(&lock), NULL);
    gevent_task_unref(holder);
}

TEST(RLOCK_with_a_killed_holder_releases) {
    kill_holder(0);
}

TEST(RLOCK_with_a_holder_killed_hard_releases_all_that_it_took) {
    kill_holder(1);
}

static int run_keep(void *value, void **result) {
    (void)value, (void)result;
    return gevent_rlock_acquire(&lock, GEVENT_NOWAIT);
}

TEST(RLOCK_one_that_ended_with_it_is_still_named) {
    gevent_rlock_init(&lock, 0);
    spawn_named(run_keep, 0, "late");
    CHECK_OK(gevent_run());
    CHECK_CODE(gevent_rlock_acquire(&lock, GEVENT_FOREVER), GREENLET_EDEADLK);
    CHECK(strstr(greenlet_error_message(greenlet_last_error()), "main waits in rlock for late"));
    test_may_leak();
}

// ---- circles ------------------------------------------------------------------------------------

static gevent_rlock_t other;

static int run_take_both(void *value, void **result) {
    (void)result;
    gevent_rlock_t *first = value ? &lock : &other;
    CHECK_OK(gevent_rlock_acquire(first, GEVENT_FOREVER));
    int code = gevent_sleep(0.1);
    if (code >= 0) code = gevent_rlock_acquire(value ? &other : &lock, GEVENT_FOREVER);
    if (code >= 0) CHECK_OK(gevent_rlock_release(value ? &other : &lock));
    CHECK_OK(gevent_rlock_release(first));
    return code;
}

TEST(RLOCK_two_who_want_what_the_other_holds_are_found) {
    gevent_task_t *tasks[2];
    greenlet_t *stuck[3] = {NULL};
    gevent_rlock_init(&lock, 0);
    gevent_rlock_init(&other, 0);
    for (int i = 0; i < 2; i++) CHECK_OK(gevent_spawn(run_take_both, V(i), &tasks[i]));
    CHECK_OK(gevent_yield());
    CHECK_INT(gevent_find_stuck(stuck, 3), 0); // they sleep yet
    CHECK_OK(gevent_sleep(0.2));
    CHECK_INT(gevent_find_stuck(stuck, 3), 2);
    CHECK_PTR(stuck[0], gevent_task_greenlet(tasks[0]));
    CHECK_PTR(stuck[1], gevent_task_greenlet(tasks[1]));
    CHECK_OK(gevent_kill(tasks[0], NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_join(tasks[1], GEVENT_FOREVER)); // has got both
    CHECK_INT(gevent_status(tasks[1]), GEVENT_RETURNED);
    CHECK_PTR(gevent_rlock_owner(&lock), NULL);
    for (int i = 0; i < 2; i++) gevent_task_unref(tasks[i]);
}
