// Condition variables.
//
// SPDX-License-Identifier: MIT
#include "threads_test.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int tickets, waiting;

static void *take_ticket(void *argument) {
    (void)argument;
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    waiting++;
    while (tickets == 0) CHECK_INT(pthread_cond_wait(&changed, &mutex), 0);
    tickets--;
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
    return NULL;
}

static void give(int count, int (*tell)(pthread_cond_t *)) {
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    tickets += count;
    CHECK_INT(tell(&changed), 0);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
}

static void until_they_wait(int count) {
    for (int now = -1; now < count;) {
        let_others_run();
        (void)pthread_mutex_lock(&mutex);
        now = waiting;
        (void)pthread_mutex_unlock(&mutex);
    }
}

TEST(PTHREAD_COND_signal_wakes_one) {
    waiting = 0;
    pthread_t threads[] = {start(take_ticket, NULL), start(take_ticket, NULL)};
    until_they_wait(2);
    give(1, pthread_cond_signal);
    give(1, pthread_cond_signal);
    (void)end_of(threads[0]);
    (void)end_of(threads[1]);
    CHECK_INT(tickets, 0);
}

TEST(PTHREAD_COND_broadcast_wakes_all) {
    waiting = 0;
    pthread_t threads[] = {start(take_ticket, NULL), start(take_ticket, NULL)};
    until_they_wait(2);
    give(2, pthread_cond_broadcast);
    (void)end_of(threads[0]);
    (void)end_of(threads[1]);
    CHECK_INT(tickets, 0);
}

static int wait_until(clockid_t clock, long milliseconds) {
    pthread_condattr_t attr;
    pthread_cond_t cond;
    const struct timespec then = from_now(clock, milliseconds);
    clockid_t kept;
    CHECK_INT(pthread_condattr_init(&attr), 0);
    CHECK_INT(pthread_condattr_setclock(&attr, clock), 0);
    CHECK_INT(pthread_condattr_getclock(&attr, &kept), 0);
    CHECK(kept == clock);
    CHECK_INT(pthread_cond_init(&cond, &attr), 0);
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    int error = pthread_cond_timedwait(&cond, &mutex, &then);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
    CHECK_INT(pthread_cond_destroy(&cond), 0);
    return error;
}

TEST(PTHREAD_COND_timedwait_ends_at_a_time_of_its_clock) {
    CHECK_INT(wait_until(CLOCK_REALTIME, 5), ETIMEDOUT);
    CHECK_INT(wait_until(CLOCK_MONOTONIC, 5), ETIMEDOUT);
    CHECK_INT(wait_until(CLOCK_REALTIME, -1000), ETIMEDOUT);
}

TEST(PTHREAD_COND_timedwait_refuses_what_is_no_time) {
    const struct timespec wrong = {0, -1};
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    CHECK_INT(pthread_cond_timedwait(&changed, &mutex, &wrong), EINVAL);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
}

TEST(PTHREAD_COND_wait_needs_the_mutex) {
    pthread_mutexattr_t attr;
    pthread_mutex_t checked;
    (void)pthread_mutexattr_init(&attr);
    (void)pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
    (void)pthread_mutex_init(&checked, &attr);
    CHECK_INT(pthread_cond_wait(&changed, &checked), EPERM);
}

#ifdef __wasm__
TEST(PTHREAD_COND_one_that_is_waited_for_is_not_destroyed) {
    waiting = 0;
    pthread_t thread = start(take_ticket, NULL);
    until_they_wait(1);
    CHECK_INT(pthread_cond_destroy(&changed), EBUSY);
    give(1, pthread_cond_signal);
    (void)end_of(thread);
}

static pthread_mutex_t recursive;

static void *signal_it(void *argument) {
    (void)argument;
    CHECK_INT(pthread_mutex_trylock(&recursive), 0);
    CHECK_INT(pthread_cond_signal(&changed), 0);
    CHECK_INT(pthread_mutex_unlock(&recursive), 0);
    return NULL;
}

TEST(PTHREAD_COND_wait_gives_up_a_recursive_mutex_altogether) {
    pthread_mutexattr_t attr;
    (void)pthread_mutexattr_init(&attr);
    (void)pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    (void)pthread_mutex_init(&recursive, &attr);
    (void)pthread_mutex_lock(&recursive);
    (void)pthread_mutex_lock(&recursive);
    pthread_t thread = start(signal_it, NULL);
    CHECK_INT(pthread_cond_wait(&changed, &recursive), 0);
    CHECK_INT(pthread_mutex_unlock(&recursive), 0);
    CHECK_INT(pthread_mutex_unlock(&recursive), 0);
    CHECK_INT(pthread_mutex_unlock(&recursive), EPERM);
    (void)end_of(thread);
}
#endif
