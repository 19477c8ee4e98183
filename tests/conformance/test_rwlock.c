// Locks to read and to write.
//
// SPDX-License-Identifier: MIT
#include <string.h>

#include "check.h"
#include "gevent.h"

static gevent_rwlock_t lock;

static int run_read(void *value, void **result) {
    (void)result;
    int code = gevent_rwlock_acquire_read(&lock, GEVENT_FOREVER);
    if (code < 0) return code;
    log_add("r%d", (int)INT(value));
    code = gevent_sleep(1);
    log_add("/r%d", (int)INT(value));
    CHECK_OK(gevent_rwlock_release_read(&lock));
    return code;
}

static int run_write(void *value, void **result) {
    (void)result;
    int code = gevent_rwlock_acquire_write(&lock, GEVENT_FOREVER);
    if (code < 0) return code;
    log_add("w%d", (int)INT(value));
    code = gevent_sleep(1);
    log_add("/w%d", (int)INT(value));
    CHECK_OK(gevent_rwlock_release_write(&lock));
    return code;
}

static gevent_task_t *spawn_one(greenlet_run_fn run, int number) {
    gevent_task_t *task = NULL;
    CHECK_OK(gevent_spawn(run, V(number), &task));
    CHECK_OK(gevent_yield());
    return task;
}

static void spawn(greenlet_run_fn run, int number) {
    gevent_task_unref(spawn_one(run, number));
}

static void check_free(void) {
    CHECK_OK(gevent_rwlock_acquire_write(&lock, GEVENT_NOWAIT));
    CHECK_OK(gevent_rwlock_release_write(&lock));
}

TEST(RW_readers_share_it_and_a_writer_has_it_alone) {
    gevent_rwlock_init(&lock);
    spawn(run_read, 1);
    spawn(run_read, 2);
    CHECK_LOG("r1 r2");
    CHECK_CODE(gevent_rwlock_acquire_write(&lock, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_rwlock_acquire_read(&lock, GEVENT_NOWAIT));
    CHECK_OK(gevent_rwlock_release_read(&lock));
    spawn(run_write, 3);
    spawn(run_write, 4);
    CHECK_OK(gevent_run());
    CHECK_LOG("/r1 /r2 w3 /w3 w4 /w4");
    check_free();
}

TEST(RW_readers_that_come_later_do_not_keep_a_writer_away) {
    gevent_rwlock_init(&lock);
    spawn(run_read, 1);
    spawn(run_write, 2);
    spawn(run_read, 3);
    spawn(run_read, 4);
    CHECK_CODE(gevent_rwlock_acquire_read(&lock, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    spawn(run_write, 5);
    CHECK_OK(gevent_run());
    CHECK_LOG("r1 /r1 w2 /w2 r3 r4 /r3 /r4 w5 /w5");
    check_free();
}

TEST(RW_a_writer_that_gives_up_lets_the_readers_behind_it_in) {
    gevent_rwlock_init(&lock);
    spawn(run_read, 1);
    gevent_task_t *writer = spawn_one(run_write, 2);
    spawn(run_read, 3);
    CHECK_LOG("r1");
    CHECK_OK(gevent_kill(writer, NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_yield());
    CHECK_LOG("r3");
    gevent_task_unref(writer);
    writer = spawn_one(run_write, 4);
    spawn(run_read, 5);
    CHECK_OK(gevent_kill_hard(writer));
    CHECK_OK(gevent_run());
    CHECK_LOG("r5 /r1 /r3 /r5");
    gevent_task_unref(writer);
    check_free();
}

static int run_read_timed_out(void *value, void **result) {
    (void)value, (void)result;
    CHECK_CODE(gevent_rwlock_acquire_write(&lock, 0.5), GREENLET_ETIMEDOUT);
    log_add("timed-out");
    return GREENLET_OK;
}

TEST(RW_a_writer_that_timed_out_lets_the_readers_behind_it_in) {
    gevent_rwlock_init(&lock);
    spawn(run_read, 1);
    spawn(run_read_timed_out, 0);
    spawn(run_read, 2);
    CHECK_OK(gevent_run());
    CHECK_LOG("r1 timed-out r2 /r1 /r2");
    check_free();
}

TEST(RW_a_release_without_holding_it_is_refused) {
    gevent_rwlock_init(&lock);
    CHECK_CODE(gevent_rwlock_release_read(&lock), GREENLET_ENOTHELD);
    CHECK_CODE(gevent_rwlock_release_write(&lock), GREENLET_ENOTHELD);
    spawn(run_write, 1);
    CHECK_CODE(gevent_rwlock_release_write(&lock), GREENLET_ENOTHELD);
    CHECK_OK(gevent_run());
    CHECK_LOG("w1 /w1");
    check_free();
}

TEST(RW_who_writes_cannot_wait_for_himself) {
    gevent_rwlock_init(&lock);
    CHECK_OK(gevent_rwlock_acquire_write(&lock, GEVENT_FOREVER));
    CHECK_CODE(gevent_rwlock_acquire_write(&lock, GEVENT_FOREVER), GREENLET_EDEADLK);
    CHECK_CODE(gevent_rwlock_acquire_read(&lock, GEVENT_FOREVER), GREENLET_EDEADLK);
    CHECK_CODE(gevent_rwlock_acquire_read(&lock, 0.1), GREENLET_ETIMEDOUT);
    CHECK_OK(gevent_rwlock_release_write(&lock));
    check_free();
}

TEST(RW_the_dump_says_who_writes) {
    char text[512];
    gevent_rwlock_init(&lock);
    gevent_task_t *task = spawn_one(run_write, 1);
    CHECK_OK(greenlet_set_name(gevent_task_greenlet(task), "alice"));
    spawn(run_read, 2);
    gevent_waiting(text, sizeof text);
    CHECK(strstr(text, "waits in rwlock for alice since"));
    gevent_task_unref(task);
    CHECK_OK(gevent_run());
    log_clear();
}

static int run_hold(void *writes, void **result) {
    (void)result;
    gevent_cleanup_t held;
    int code = writes ? gevent_rwlock_hold_write(&lock, GEVENT_FOREVER, &held)
                      : gevent_rwlock_hold_read(&lock, GEVENT_FOREVER, &held);
    if (code < 0) return code;
    code = gevent_sleep(1);
    gevent_cleanup_pop(&held, 1);
    return code;
}

static void kill_holder(int writes, int is_hard) {
    gevent_rwlock_init(&lock);
    gevent_task_t *holder = spawn_one(run_hold, writes);
    spawn(run_write, 1);
    CHECK_OK(is_hard ? gevent_kill_hard(holder) : gevent_kill(holder, NULL, GEVENT_FOREVER));
    CHECK_OK(gevent_run());
    CHECK_LOG("w1 /w1");
    gevent_task_unref(holder);
    check_free();
}

TEST(RW_with_a_killed_holder_releases) {
    for (int i = 0; i < 4; i++) kill_holder(i & 1, i >> 1);
}

TEST(RW_without_memory_it_is_not_lost) {
    int failed = 1;
    for (size_t n = 1; failed; n++) {
        gevent_rwlock_init(&lock);
        memory_fail_at(n);
        (void)gevent_spawn(run_read, V(1), NULL);
        (void)gevent_spawn(run_write, V(2), NULL);
        (void)gevent_yield();
        int code = gevent_rwlock_acquire_read(&lock, 5);
        failed = memory_has_failed();
        memory_fail_at(0);
        if (code >= 0) CHECK_OK(gevent_rwlock_release_read(&lock));
        CHECK_OK(gevent_run());
        check_free();
        log_clear();
    }
}
