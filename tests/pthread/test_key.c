// Values of a thread's own, and what is done once.
//
// SPDX-License-Identifier: MIT
#include "threads_test.h"

static pthread_key_t key, other_key;
static int destroyed;

static void destroy(void *value) {
    destroyed += (int)INT(value);
}

static void set_again(void *value) {
    destroyed++;
    CHECK_INT(pthread_setspecific(key, value), 0);
}

static void *set_value(void *value) {
    CHECK_PTR(pthread_getspecific(key), NULL);
    CHECK_INT(pthread_setspecific(key, value), 0);
    let_others_run();
    return pthread_getspecific(key);
}

TEST(PTHREAD_KEY_each_thread_has_its_own_value) {
    destroyed = 0;
    CHECK_INT(pthread_key_create(&key, destroy), 0);
    pthread_t one = start(set_value, V(1)), other = start(set_value, V(20));
    CHECK_PTR(end_of(one), V(1));
    CHECK_PTR(end_of(other), V(20));
    CHECK_INT(destroyed, 21);
    CHECK_INT(pthread_key_delete(key), 0);
}

TEST(PTHREAD_KEY_destructors_are_called_again_a_few_times) {
    destroyed = 0;
    CHECK_INT(pthread_key_create(&key, set_again), 0);
    (void)end_of(start(set_value, V(1)));
    CHECK_INT(destroyed, PTHREAD_DESTRUCTOR_ITERATIONS);
    CHECK_INT(pthread_key_delete(key), 0);
}

static void *set_and_exit(void *value) {
    (void)pthread_setspecific(key, value);
    pthread_exit(NULL);
}

TEST(PTHREAD_KEY_destructors_are_called_at_pthread_exit) {
    destroyed = 0;
    CHECK_INT(pthread_key_create(&key, destroy), 0);
    (void)end_of(start(set_and_exit, V(5)));
    CHECK_INT(destroyed, 5);
    CHECK_INT(pthread_key_delete(key), 0);
}

static void *set_and_delete(void *value) {
    (void)pthread_setspecific(key, value);
    CHECK_INT(pthread_key_delete(key), 0);
    CHECK_INT(pthread_key_create(&other_key, destroy), 0);
    return pthread_getspecific(other_key);
}

TEST(PTHREAD_KEY_one_that_is_deleted_destroys_nothing) {
    destroyed = 0;
    CHECK_INT(pthread_key_create(&key, destroy), 0);
    CHECK_PTR(end_of(start(set_and_delete, V(5))), NULL);
    CHECK_INT(destroyed, 0);
    CHECK_INT(pthread_key_delete(other_key), 0);
    CHECK_INT(pthread_key_delete(other_key), EINVAL);
    CHECK_INT(pthread_setspecific(other_key, V(1)), EINVAL);
}

TEST(PTHREAD_KEY_there_are_not_any_number) {
    static pthread_key_t keys[PTHREAD_KEYS_MAX + 1];
    int made = 0;
    while (made <= PTHREAD_KEYS_MAX && pthread_key_create(&keys[made], NULL) == 0) made++;
    CHECK(made <= PTHREAD_KEYS_MAX);
    CHECK_INT(pthread_key_create(&keys[made], NULL), EAGAIN);
    while (made > 0) CHECK_INT(pthread_key_delete(keys[--made]), 0);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int runs;

static void run_slowly(void) {
    let_others_run();
    runs++;
}

static void *do_once(void *argument) {
    (void)argument;
    CHECK_INT(pthread_once(&once, run_slowly), 0);
    return V(runs);
}

TEST(PTHREAD_ONCE_all_wait_until_one_has_done_it) {
    pthread_t one = start(do_once, NULL), other = start(do_once, NULL);
    CHECK_INT(INT(end_of(one)), 1);
    CHECK_INT(INT(end_of(other)), 1);
    CHECK_INT(INT(do_once(NULL)), 1);
}

static pthread_once_t interrupted = PTHREAD_ONCE_INIT;

static void ask(void) {
    runs++;
    pthread_testcancel();
}

static void *be_cancelled_in_once(void *argument) {
    (void)argument;
    (void)pthread_cancel(pthread_self());
    (void)pthread_once(&interrupted, ask);
    return NULL;
}

TEST(PTHREAD_ONCE_what_is_cancelled_was_not_done) {
    runs = 0;
    CHECK_PTR(end_of(start(be_cancelled_in_once, NULL)), PTHREAD_CANCELED);
    CHECK_INT(pthread_once(&interrupted, ask), 0);
    CHECK_INT(pthread_once(&interrupted, ask), 0);
    CHECK_INT(runs, 2);
}
