// Mutexes of each type.
//
// SPDX-License-Identifier: MIT
#include "threads_test.h"

static void make_mutex(pthread_mutex_t *mutex, int type) {
    pthread_mutexattr_t attr;
    int kept = -1;
    CHECK_INT(pthread_mutexattr_init(&attr), 0);
    CHECK_INT(pthread_mutexattr_settype(&attr, type), 0);
    CHECK_INT(pthread_mutexattr_gettype(&attr, &kept), 0);
    CHECK_INT(kept, type);
    CHECK_INT(pthread_mutex_init(mutex, &attr), 0);
    CHECK_INT(pthread_mutexattr_destroy(&attr), 0);
}

static void *try_lock(void *mutex) {
    return V(pthread_mutex_trylock(mutex));
}

static void *unlock(void *mutex) {
    return V(pthread_mutex_unlock(mutex));
}

static void *lock_for_a_moment(void *mutex) {
    const struct timespec soon = from_now(CLOCK_REALTIME, 5);
    return V(pthread_mutex_timedlock(mutex, &soon));
}

static void *lock_and_unlock(void *mutex) {
    int error = pthread_mutex_lock(mutex);
    return V(error ? error : pthread_mutex_unlock(mutex));
}

TEST(PTHREAD_MUTEX_one_has_it_at_a_time) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    CHECK_INT(INT(end_of(start(try_lock, &mutex))), EBUSY);
    CHECK_INT(pthread_mutex_trylock(&mutex), EBUSY);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
    CHECK_INT(pthread_mutex_trylock(&mutex), 0);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
    CHECK_INT(pthread_mutex_destroy(&mutex), 0);
}

TEST(PTHREAD_MUTEX_who_waits_gets_it) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    pthread_t waiting[] = {start(lock_and_unlock, &mutex), start(lock_and_unlock, &mutex)};
    let_others_run();
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
    CHECK_INT(INT(end_of(waiting[0])), 0);
    CHECK_INT(INT(end_of(waiting[1])), 0);
}

TEST(PTHREAD_MUTEX_an_errorcheck_one_says_what_is_wrong) {
    pthread_mutex_t mutex;
    make_mutex(&mutex, PTHREAD_MUTEX_ERRORCHECK);
    CHECK_INT(pthread_mutex_unlock(&mutex), EPERM);
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    CHECK_INT(pthread_mutex_lock(&mutex), EDEADLK);
    CHECK_INT(pthread_mutex_trylock(&mutex), EBUSY);
    CHECK_INT(INT(end_of(start(unlock, &mutex))), EPERM);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
    CHECK_INT(pthread_mutex_destroy(&mutex), 0);
}

TEST(PTHREAD_MUTEX_a_recursive_one_is_unlocked_as_often) {
    pthread_mutex_t mutex;
    make_mutex(&mutex, PTHREAD_MUTEX_RECURSIVE);
    CHECK_INT(pthread_mutex_unlock(&mutex), EPERM);
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    CHECK_INT(pthread_mutex_trylock(&mutex), 0);
    CHECK_INT(INT(end_of(start(unlock, &mutex))), EPERM);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
    CHECK_INT(INT(end_of(start(try_lock, &mutex))), EBUSY);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
    CHECK_INT(INT(end_of(start(lock_and_unlock, &mutex))), 0);
}

TEST(PTHREAD_MUTEX_timedlock_waits_until_a_time_of_the_clock) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    CHECK_INT(INT(end_of(start(lock_for_a_moment, &mutex))), ETIMEDOUT);
    const struct timespec past = {0, 0}, wrong = {0, 1000000000};
    CHECK_INT(pthread_mutex_timedlock(&mutex, &past), ETIMEDOUT);
    CHECK_INT(pthread_mutex_timedlock(&mutex, &wrong), EINVAL);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
    CHECK_INT(pthread_mutex_timedlock(&mutex, &past), 0);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
}

TEST(PTHREAD_MUTEX_one_that_is_locked_is_not_destroyed) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    CHECK_INT(pthread_mutex_destroy(&mutex), EBUSY);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
    CHECK_INT(pthread_mutex_destroy(&mutex), 0);
}

TEST(PTHREAD_MUTEX_attributes_are_checked) {
    pthread_mutexattr_t attr;
    int value = -1;
    CHECK_INT(pthread_mutexattr_init(&attr), 0);
    CHECK_INT(pthread_mutexattr_settype(&attr, 99), EINVAL);
    CHECK_INT(pthread_mutexattr_setpshared(&attr, 99), EINVAL);
    CHECK_INT(pthread_mutexattr_getpshared(&attr, &value), 0);
    CHECK_INT(value, PTHREAD_PROCESS_PRIVATE);
    CHECK_INT(pthread_mutexattr_getprotocol(&attr, &value), 0);
    CHECK_INT(value, PTHREAD_PRIO_NONE);
    CHECK_INT(pthread_mutexattr_getrobust(&attr, &value), 0);
    CHECK_INT(value, PTHREAD_MUTEX_STALLED);
}

#ifdef __wasm__
static void *take_in_turn(void *mutex) {
    for (int i = 0; i < 3; i++) {
        (void)pthread_mutex_lock(mutex);
        log_add("%d", i);
        let_others_run();
        (void)pthread_mutex_unlock(mutex);
    }
    return NULL;
}

TEST(PTHREAD_MUTEX_nobody_is_kept_out_by_who_takes_it_again) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_t one = start(take_in_turn, &mutex), other = start(take_in_turn, &mutex);
    (void)end_of(one);
    (void)end_of(other);
    CHECK_LOG("0 0 1 1 2 2");
}
#endif
