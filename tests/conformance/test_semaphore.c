// Semaphores, bounded and fair ones.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"
#include "gevent/hub_internal.h"

static gevent_semaphore_t semaphore;

static int run_acquire(void *value, void **result) {
    (void)result;
    int code = gevent_semaphore_acquire(&semaphore, GEVENT_FOREVER);
    log_add("%d%s", (int)INT(value), code < 0 ? greenlet_error_name(code) : "");
    return code;
}

static gevent_task_t *spawn_acquire(int number) {
    gevent_task_t *task = NULL;
    CHECK_OK(gevent_spawn(run_acquire, V(number), &task));
    return task;
}

// One without permits, and tasks that wait for it.
static void make_wanted(int count, unsigned flags) {
    CHECK_OK(gevent_semaphore_init(&semaphore, 0, flags));
    for (int i = 1; i <= count; i++) gevent_task_unref(spawn_acquire(i));
    CHECK_OK(gevent_yield());
}

static void release(int count) {
    for (int i = 0; i < count; i++) CHECK_OK(gevent_semaphore_release(&semaphore));
}

TEST(SEM_counts_permits) {
    CHECK_OK(gevent_semaphore_init(&semaphore, 2, 0));
    CHECK_OK(gevent_semaphore_acquire(&semaphore, GEVENT_FOREVER));
    CHECK_INT(gevent_semaphore_count(&semaphore), 1);
    CHECK_INT(gevent_semaphore_is_locked(&semaphore), 0);
    CHECK_OK(gevent_semaphore_acquire(&semaphore, GEVENT_NOWAIT));
    CHECK_INT(gevent_semaphore_count(&semaphore), 0);
    CHECK_INT(gevent_semaphore_is_locked(&semaphore), 1);
    release(3);
    CHECK_INT(gevent_semaphore_count(&semaphore), 3);
}

TEST(SEM_negative_init_is_refused) {
    CHECK_OK(gevent_semaphore_init(&semaphore, 7, 0));
    CHECK_CODE(gevent_semaphore_init(&semaphore, -1, 0), GREENLET_EINVAL);
    CHECK_INT(gevent_semaphore_count(&semaphore), 7);
}

TEST(SEM_all_zero_it_has_no_permit) {
    static gevent_semaphore_t zero;
    CHECK_CODE(gevent_semaphore_acquire(&zero, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_semaphore_release(&zero));
    CHECK_OK(gevent_semaphore_acquire(&zero, GEVENT_NOWAIT));
}

static int run_log(void *value, void **result) {
    (void)result;
    log_add("%d", (int)INT(value));
    return GREENLET_OK;
}

TEST(SEM_a_free_one_is_taken_without_a_switch_and_nowait_never_switches) {
    CHECK_OK(gevent_semaphore_init(&semaphore, 1, 0));
    CHECK_OK(gevent_spawn(run_log, V(1), NULL));
    CHECK_OK(gevent_semaphore_acquire(&semaphore, GEVENT_FOREVER));
    CHECK_CODE(gevent_semaphore_acquire(&semaphore, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_semaphore_acquire(&semaphore, -1), GREENLET_ETIMEDOUT);
    CHECK_LOG("");
    CHECK_OK(gevent_run());
    CHECK_LOG("1");
}

TEST(SEM_waiters_are_served_in_order_after_the_releaser_has_gone_on) {
    make_wanted(3, 0);
    release(3);
    log_add("released");
    CHECK_OK(gevent_run());
    CHECK_LOG("released 1 2 3");
    CHECK_INT(gevent_semaphore_count(&semaphore), 0);
}

TEST(SEM_one_permit_wakes_one) {
    make_wanted(3, 0);
    release(1);
    CHECK_OK(gevent_yield());
    CHECK_LOG("1");
    release(2);
    CHECK_OK(gevent_run());
    CHECK_LOG("2 3");
}

TEST(SEM_barging_lets_the_releaser_take_it_again) {
    make_wanted(1, 0);
    release(1);
    CHECK_OK(gevent_semaphore_acquire(&semaphore, GEVENT_NOWAIT));
    CHECK_OK(gevent_yield());
    CHECK_LOG("");
    release(1);
    CHECK_OK(gevent_run());
    CHECK_LOG("1");
}

TEST(SEM_barging_lets_who_runs_before_the_notifier_win) {
    make_wanted(1, 0);
    gevent_task_unref(spawn_acquire(2));
    release(1);
    CHECK_OK(gevent_yield());
    CHECK_LOG("2");
    release(1);
    CHECK_OK(gevent_run());
    CHECK_LOG("1");
}

TEST(SEM_fair_nobody_barges) {
    make_wanted(1, GEVENT_FAIR);
    gevent_task_unref(spawn_acquire(2));
    release(1);
    CHECK_CODE(gevent_semaphore_acquire(&semaphore, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_yield());
    CHECK_LOG("1");
    release(1);
    CHECK_OK(gevent_run());
    CHECK_LOG("2");
    release(1);
    CHECK_OK(gevent_semaphore_acquire(&semaphore, GEVENT_NOWAIT)); // nobody waits
}

static int run_hog(void *value, void **result) {
    (void)result;
    int code = GREENLET_OK;
    for (int i = 0; i < 3 && code >= 0; i++) {
        code = gevent_semaphore_acquire(&semaphore, GEVENT_FOREVER);
        if (code < 0) break;
        log_add("%d", (int)INT(value));
        code = gevent_yield();
        CHECK_OK(gevent_semaphore_release(&semaphore));
    }
    return code;
}

static void run_two_hogs(unsigned flags) {
    CHECK_OK(gevent_semaphore_init(&semaphore, 1, flags));
    CHECK_OK(gevent_spawn(run_hog, V(1), NULL));
    CHECK_OK(gevent_spawn(run_hog, V(2), NULL));
    CHECK_OK(gevent_run());
    CHECK_INT(gevent_semaphore_count(&semaphore), 1);
}

TEST(SEM_fair_two_that_release_and_acquire_take_turns) {
    run_two_hogs(GEVENT_FAIR);
    CHECK_LOG("1 2 1 2 1 2");
    run_two_hogs(0);
    CHECK_LOG("1 1 1 2 2 2");
}

TEST(SEM_bounded_an_over_release_is_refused) {
    CHECK_OK(gevent_semaphore_init(&semaphore, 1, GEVENT_BOUNDED));
    CHECK_CODE(gevent_semaphore_release(&semaphore), GREENLET_ENOTHELD);
    CHECK_INT(gevent_semaphore_count(&semaphore), 1);
    CHECK_OK(gevent_semaphore_acquire(&semaphore, GEVENT_NOWAIT));
    CHECK_OK(gevent_semaphore_release(&semaphore));
    CHECK_CODE(gevent_semaphore_release(&semaphore), GREENLET_ENOTHELD);
}

TEST(SEM_bounded_with_nothing_it_can_never_be_released) {
    CHECK_OK(gevent_semaphore_init(&semaphore, 0, GEVENT_BOUNDED | GEVENT_FAIR));
    CHECK_CODE(gevent_semaphore_release(&semaphore), GREENLET_ENOTHELD);
}

static int run_wait(void *value, void **result) {
    (void)result;
    int code = gevent_semaphore_wait(&semaphore, GEVENT_FOREVER);
    log_add("wait%d:%d", (int)INT(value), gevent_semaphore_count(&semaphore));
    return code;
}

TEST(SEM_wait_does_not_acquire) {
    CHECK_OK(gevent_semaphore_init(&semaphore, 0, 0));
    CHECK_OK(gevent_spawn(run_wait, V(1), NULL));
    gevent_task_unref(spawn_acquire(2));
    CHECK_OK(gevent_spawn(run_wait, V(3), NULL));
    CHECK_OK(gevent_yield());
    CHECK_CODE(gevent_semaphore_wait(&semaphore, 0.1), GREENLET_ETIMEDOUT);
    release(1);
    CHECK_OK(gevent_semaphore_wait(&semaphore, GEVENT_FOREVER)); // without a switch
    CHECK_OK(gevent_yield());
    CHECK_LOG("wait1:1 2"); // the third finds none
    release(1);
    CHECK_OK(gevent_run());
    CHECK_LOG("wait3:1");
    CHECK_INT(gevent_semaphore_count(&semaphore), 1);
}

TEST(SEM_a_wait_takes_as_long_as_it_may) {
    CHECK_OK(gevent_semaphore_init(&semaphore, 0, 0));
    double start = gevent_now();
    CHECK_CODE(gevent_semaphore_acquire(&semaphore, 0.25), GREENLET_ETIMEDOUT);
    CHECK_INT((gevent_now() - start) * 1000 + 0.5, 250);
    release(1);
    CHECK_OK(gevent_semaphore_acquire(&semaphore, GEVENT_NOWAIT));
}

// ---- nothing is lost ----------------------------------------------------------------------------

static void check_second_gets_it(gevent_task_t *first, const char *log) {
    CHECK_OK(gevent_run());
    CHECK_LOG(log);
    CHECK_INT(gevent_status(first), GEVENT_KILLED);
    CHECK_INT(gevent_semaphore_count(&semaphore), 0);
    gevent_task_unref(first);
}

static gevent_task_t *make_two_wanting(void) {
    CHECK_OK(gevent_semaphore_init(&semaphore, 0, 0));
    gevent_task_t *first = spawn_acquire(1);
    gevent_task_unref(spawn_acquire(2));
    CHECK_OK(gevent_yield());
    return first;
}

TEST(SEM_no_permit_is_lost_to_a_waiter_killed_before_it_is_released) {
    gevent_task_t *first = make_two_wanting();
    CHECK_OK(gevent_kill(first, NULL, GEVENT_NOWAIT));
    release(1);
    check_second_gets_it(first, "1GREENLET_EEXIT 2");
}

TEST(SEM_no_permit_is_lost_to_a_waiter_killed_hard_after_it_was_released) {
    gevent_task_t *first = make_two_wanting();
    release(1);
    CHECK_OK(gevent_kill_hard(first));
    check_second_gets_it(first, "2");
}

TEST(SEM_a_waiter_killed_after_the_release_has_got_it) {
    gevent_task_t *first = make_two_wanting();
    release(1);
    CHECK_OK(gevent_kill(first, NULL, GEVENT_NOWAIT));
    CHECK_OK(gevent_yield());
    CHECK_LOG("1");
    CHECK_INT(gevent_status(first), GEVENT_RETURNED);
    release(1);
    CHECK_OK(gevent_run());
    CHECK_LOG("2");
    gevent_task_unref(first);
}

static int run_acquire_briefly(void *value, void **result) {
    (void)value, (void)result;
    int code = gevent_semaphore_acquire(&semaphore, 0.1);
    log_add("%s", greenlet_error_name(code));
    return code == GREENLET_ETIMEDOUT ? GREENLET_OK : code;
}

TEST(SEM_no_permit_is_lost_to_a_waiter_that_has_timed_out) {
    CHECK_OK(gevent_semaphore_init(&semaphore, 0, GEVENT_FAIR));
    CHECK_OK(gevent_spawn(run_acquire_briefly, NULL, NULL));
    gevent_task_unref(spawn_acquire(2));
    CHECK_OK(gevent_sleep(0.2));
    release(1);
    CHECK_OK(gevent_run());
    CHECK_LOG("GREENLET_ETIMEDOUT 2");
    CHECK_INT(gevent_semaphore_count(&semaphore), 0);
}

TEST(SEM_no_permit_is_lost_to_a_cancelled_scope) {
    CHECK_OK(gevent_semaphore_init(&semaphore, 0, 0));
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_acquire, V(1), NULL));
    gevent_task_unref(spawn_acquire(2));
    CHECK_OK(gevent_yield());
    gevent_scope_cancel(&scope);
    release(1);
    CHECK_CODE(gevent_scope_close(&scope, GREENLET_OK), GEVENT_CANCELLED);
    CHECK_OK(gevent_run());
    CHECK_LOG("1GREENLET_ECANCELED 2");
    CHECK_INT(gevent_semaphore_count(&semaphore), 0);
}

// Each allocation of it fails in turn.
TEST(SEM_no_permit_is_lost_without_memory) {
    int failed = 1;
    for (size_t n = 1; failed; n++) {
        CHECK_OK(gevent_semaphore_init(&semaphore, 1, 0));
        memory_fail_at(n);
        for (int i = 0; i < 3; i++) (void)gevent_spawn(run_hog, V(i), NULL);
        if (gevent_semaphore_acquire(&semaphore, 5) >= 0) {
            (void)gevent_sleep(0.1);
            release(1);
        }
        failed = memory_has_failed();
        memory_fail_at(0);
        CHECK_OK(gevent_run());
        CHECK_INT(gevent_semaphore_count(&semaphore), 1);
    }
    log_clear();
}

// ---- from anywhere ------------------------------------------------------------------------------

static int codes[3];

static void release_in_hub(callback_t *callback) {
    (void)callback;
    codes[0] = gevent_semaphore_release(&semaphore);
    codes[1] = gevent_semaphore_acquire(&semaphore, GEVENT_NOWAIT);
    codes[2] = gevent_semaphore_acquire(&semaphore, 1);
    CHECK_OK(gevent_semaphore_release(&semaphore));
    (void)greenlet_error_restore(NULL);
}

TEST(SEM_a_hub_callback_may_release_and_try) {
    callback_t callback = {.run = release_in_hub};
    make_wanted(1, 0);
    hub_call(hub_get(), &callback);
    CHECK_OK(gevent_run());
    CHECK_INT(codes[0], GREENLET_OK);
    CHECK_INT(codes[1], GREENLET_OK);
    CHECK_INT(codes[2], GREENLET_EHUB);
    CHECK_LOG("1");
}

TEST(SEM_main_that_waits_alone_is_told_so) {
    CHECK_OK(gevent_semaphore_init(&semaphore, 0, 0));
    CHECK_CODE(gevent_semaphore_acquire(&semaphore, GEVENT_FOREVER), GREENLET_EDEADLK);
}

// ---- with and kill ------------------------------------------------------------------------------

static int run_hold(void *value, void **result) {
    (void)result;
    gevent_cleanup_t held;
    int code = gevent_semaphore_hold(&semaphore, GEVENT_FOREVER, &held);
    if (code < 0) return code;
    log_add("%d", (int)INT(value));
    code = gevent_sleep(1);
    gevent_cleanup_pop(&held, 1);
    return code;
}

static void kill_holder(int (*kill)(gevent_task_t *task)) {
    gevent_task_t *holder;
    CHECK_OK(gevent_semaphore_init(&semaphore, 1, GEVENT_BOUNDED));
    CHECK_OK(gevent_spawn(run_hold, V(1), &holder));
    CHECK_OK(gevent_spawn(run_hold, V(2), NULL));
    CHECK_OK(gevent_spawn(run_hold, V(3), NULL));
    CHECK_OK(gevent_yield());
    CHECK_LOG("1");
    CHECK_OK(kill(holder));
    CHECK_OK(gevent_run());
    CHECK_LOG("2 3");
    CHECK_INT(gevent_status(holder), GEVENT_KILLED);
    CHECK_INT(gevent_semaphore_count(&semaphore), 1);
    gevent_task_unref(holder);
}

static int kill_softly(gevent_task_t *task) {
    return gevent_kill(task, NULL, GEVENT_FOREVER);
}

TEST(SEM_with_a_killed_holder_releases_and_waiters_go_on_in_order) {
    kill_holder(kill_softly);
}

TEST(SEM_with_a_holder_killed_hard_releases) {
    kill_holder(gevent_kill_hard);
}

TEST(SEM_hold_that_fails_leaves_nothing_to_clean_up) {
    gevent_cleanup_t held;
    CHECK_OK(gevent_semaphore_init(&semaphore, 0, GEVENT_BOUNDED));
    CHECK_CODE(gevent_semaphore_hold(&semaphore, GEVENT_NOWAIT, &held), GREENLET_ETIMEDOUT);
    gevent_cleanup_pop(&held, 1);
    CHECK_INT(gevent_semaphore_count(&semaphore), 0);
}
