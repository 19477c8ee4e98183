// Conditions.
//
// SPDX-License-Identifier: MIT
#include <string.h>

#include "check.h"
#include "gevent.h"

static gevent_rlock_t lock;
static gevent_condition_t condition;

static void make_condition(void) {
    gevent_rlock_init(&lock, 0);
    gevent_condition_init(&condition, &lock);
}

// Whether it has the lock as often as before; then lets go.
static void leave(void) {
    CHECK_OK(gevent_rlock_release(&lock));
    CHECK_OK(gevent_rlock_release(&lock));
    CHECK(gevent_rlock_owner(&lock) != greenlet_current());
}

static int wait_logged(int number, double seconds) {
    CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_FOREVER));
    CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_FOREVER));
    int code = gevent_condition_wait(&condition, seconds);
    log_add("%d%s", number, code < 0 ? greenlet_error_name(code) : "");
    greenlet_error_t *pending = greenlet_error_take();
    leave();
    (void)greenlet_error_restore(pending);
    return code;
}

static int run_wait(void *value, void **result) {
    (void)result;
    return wait_logged((int)INT(value), GEVENT_FOREVER);
}

static gevent_task_t *tasks[4];

static void spawn_waiters(int count) {
    make_condition();
    for (int i = 1; i <= count; i++) CHECK_OK(gevent_spawn(run_wait, V(i), &tasks[i]));
    CHECK_OK(gevent_yield());
}

static void end_waiters(int count) {
    CHECK_OK(gevent_run());
    for (int i = 1; i <= count; i++) gevent_task_unref(tasks[i]);
    CHECK_PTR(gevent_rlock_owner(&lock), NULL);
}

static void notify(size_t count) {
    CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_NOWAIT));
    CHECK_OK(gevent_condition_notify(&condition, count));
    CHECK_OK(gevent_rlock_release(&lock));
}

TEST(COND_notify_wakes_the_first_that_wait) {
    spawn_waiters(3);
    notify(1);
    CHECK_OK(gevent_yield());
    CHECK_LOG("1");
    notify(2);
    CHECK_OK(gevent_yield());
    CHECK_LOG("2 3");
    end_waiters(3);
}

TEST(COND_notify_all_wakes_all_and_notify_none_nobody) {
    spawn_waiters(3);
    notify(0);
    CHECK_OK(gevent_yield());
    CHECK_LOG("");
    CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_NOWAIT));
    CHECK_OK(gevent_condition_notify_all(&condition));
    CHECK_OK(gevent_sleep(1));
    CHECK_LOG(""); // not before they have the lock
    CHECK_OK(gevent_rlock_release(&lock));
    end_waiters(3);
    CHECK_LOG("1 2 3");
}

TEST(COND_a_notification_is_not_kept_for_later) {
    make_condition();
    notify(5);
    CHECK_CODE(wait_logged(1, 0.1), GREENLET_ETIMEDOUT);
    CHECK_LOG("1GREENLET_ETIMEDOUT");
}

TEST(COND_more_notifications_than_waiters_are_not_kept) {
    spawn_waiters(1);
    notify(3);
    notify(3);
    CHECK_CODE(wait_logged(2, 0.1), GREENLET_ETIMEDOUT);
    end_waiters(1);
    CHECK_LOG("1 2GREENLET_ETIMEDOUT");
}

TEST(COND_without_the_lock_it_is_refused) {
    make_condition();
    CHECK_CODE(gevent_condition_wait(&condition, GEVENT_FOREVER), GREENLET_ENOTHELD);
    CHECK_CODE(gevent_condition_notify(&condition, 1), GREENLET_ENOTHELD);
    CHECK_CODE(gevent_condition_notify_all(&condition), GREENLET_ENOTHELD);
}

static int run_hold_lock(void *value, void **result) {
    (void)value, (void)result;
    CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_FOREVER));
    int code = gevent_sleep(0.5);
    CHECK_OK(gevent_rlock_release(&lock));
    return code;
}

TEST(COND_timed_out_it_has_the_lock_again) {
    make_condition();
    CHECK_OK(gevent_spawn(run_hold_lock, NULL, NULL));
    double start = gevent_now();
    CHECK_CODE(wait_logged(1, 0.1), GREENLET_ETIMEDOUT);
    CHECK_INT((gevent_now() - start) * 1000 + 0.5, 500);
    CHECK_OK(gevent_run());
    log_clear();
}

TEST(COND_a_killed_waiter_has_the_lock_again_before_it_fails) {
    spawn_waiters(2);
    CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_NOWAIT));
    CHECK_OK(gevent_kill(tasks[1], NULL, GEVENT_NOWAIT));
    CHECK_OK(gevent_sleep(1));
    CHECK_LOG("");
    CHECK_OK(gevent_kill(tasks[1], NULL, GEVENT_NOWAIT)); // no second one makes it give up
    CHECK_OK(gevent_sleep(1));
    CHECK_LOG("");
    CHECK_OK(gevent_condition_notify(&condition, 1));
    CHECK_OK(gevent_rlock_release(&lock));
    end_waiters(2);
    CHECK_LOG("2 1GREENLET_EEXIT"); // the second was told first
}

TEST(COND_killed_while_it_takes_the_lock_back_it_passes_the_notification_on) {
    spawn_waiters(2);
    CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_NOWAIT));
    CHECK_OK(gevent_condition_notify(&condition, 1));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(tasks[1], NULL, GEVENT_NOWAIT));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_rlock_release(&lock));
    end_waiters(2);
    CHECK_LOG("1GREENLET_EEXIT 2");
}

static int run_wait_briefly(void *value, void **result) {
    (void)result;
    return wait_logged((int)INT(value), 0.1);
}

TEST(COND_killed_after_it_timed_out_it_fails_as_killed) {
    make_condition();
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run_wait_briefly, V(1), &task));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_NOWAIT));
    CHECK_OK(gevent_sleep(0.2));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_NOWAIT));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_rlock_release(&lock));
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_LOG("1GREENLET_EEXIT");
    gevent_task_unref(task);
}

TEST(COND_a_cancelled_scope_does_not_keep_it_from_the_lock) {
    make_condition();
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_wait, V(1), NULL));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_NOWAIT));
    gevent_scope_cancel(&scope);
    CHECK_CODE(gevent_yield(), GREENLET_ECANCELED);
    CHECK_CODE(gevent_condition_wait(&condition, GEVENT_FOREVER), GREENLET_ECANCELED);
    CHECK_PTR(gevent_rlock_owner(&lock), greenlet_current());
    CHECK_OK(gevent_rlock_release(&lock));
    CHECK_CODE(gevent_scope_close(&scope, GREENLET_OK), GEVENT_CANCELLED);
    CHECK_LOG("1GREENLET_ECANCELED");
    CHECK_PTR(gevent_rlock_owner(&lock), NULL);
}

TEST(COND_a_waiter_killed_hard_does_not_use_up_a_notification) {
    spawn_waiters(2);
    notify(1);
    CHECK_OK(gevent_kill_hard(tasks[1]));
    end_waiters(2);
    CHECK_LOG("2");
}

TEST(COND_main_that_waits_alone_is_told_so_and_has_the_lock) {
    make_condition();
    CHECK_CODE(wait_logged(1, GEVENT_FOREVER), GREENLET_EDEADLK);
    CHECK_LOG("1GREENLET_EDEADLK");
}

TEST(COND_without_memory_the_lock_is_not_lost) {
    int failed = 1;
    for (size_t n = 1; failed; n++) {
        spawn_waiters(2);
        memory_fail_at(n);
        CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_NOWAIT));
        (void)gevent_condition_wait(&condition, 0.1);
        failed = memory_has_failed();
        memory_fail_at(0);
        if (gevent_rlock_owner(&lock) != greenlet_current())
            CHECK_OK(gevent_rlock_acquire(&lock, GEVENT_FOREVER));
        CHECK_OK(gevent_condition_notify_all(&condition));
        CHECK_OK(gevent_rlock_release(&lock));
        end_waiters(2);
        log_clear();
    }
}
