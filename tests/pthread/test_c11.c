// C11's threads.h.
//
// SPDX-License-Identifier: MIT
#include "threads_test.h"

#include <threads.h>

static mtx_t mutex;
static cnd_t changed;
static int state;

static int wait_for_state(void *wanted) {
    (void)mtx_lock(&mutex);
    while (state != INT(wanted)) CHECK_INT(cnd_wait(&changed, &mutex), thrd_success);
    state++;
    CHECK_INT(cnd_broadcast(&changed), thrd_success);
    return mtx_unlock(&mutex);
}

TEST(C11_threads_wait_for_each_other) {
    thrd_t threads[2];
    int result = -1;
    state = 0;
    CHECK_INT(mtx_init(&mutex, mtx_plain), thrd_success);
    CHECK_INT(cnd_init(&changed), thrd_success);
    CHECK_INT(thrd_create(&threads[0], wait_for_state, V(2)), thrd_success);
    CHECK_INT(thrd_create(&threads[1], wait_for_state, V(1)), thrd_success);
    thrd_yield();
    CHECK_INT(wait_for_state(V(0)), thrd_success);
    CHECK_INT(thrd_join(threads[0], &result), thrd_success);
    CHECK_INT(result, thrd_success);
    CHECK_INT(thrd_join(threads[1], NULL), thrd_success);
    CHECK_INT(state, 3);
    cnd_destroy(&changed);
    mtx_destroy(&mutex);
}

static int leave_with(void *result) {
    thrd_exit((int)INT(result));
}

TEST(C11_a_result_is_an_int) {
    thrd_t thread;
    int result = 0;
    CHECK_INT(thrd_create(&thread, leave_with, V(-7)), thrd_success);
    CHECK_INT(thrd_join(thread, &result), thrd_success);
    CHECK_INT(result, -7);
    CHECK(thrd_equal(thrd_current(), thrd_current()));
}

static int try_it(void *argument) {
    (void)argument;
    return mtx_trylock(&mutex);
}

static int try_until(void *argument) {
    const struct timespec soon = from_now(CLOCK_REALTIME, 5);
    (void)argument;
    return mtx_timedlock(&mutex, &soon);
}

static int result_of(thrd_start_t run) {
    thrd_t thread;
    int result = -1;
    CHECK_INT(thrd_create(&thread, run, NULL), thrd_success);
    CHECK_INT(thrd_join(thread, &result), thrd_success);
    return result;
}

TEST(C11_mutexes_say_why_not) {
    CHECK_INT(mtx_init(&mutex, mtx_timed | mtx_recursive), thrd_success);
    CHECK_INT(mtx_lock(&mutex), thrd_success);
    CHECK_INT(mtx_lock(&mutex), thrd_success);
    CHECK_INT(result_of(try_it), thrd_busy);
    CHECK_INT(result_of(try_until), thrd_timedout);
    CHECK_INT(mtx_unlock(&mutex), thrd_success);
    CHECK_INT(mtx_unlock(&mutex), thrd_success);
    mtx_destroy(&mutex);
}

TEST(C11_a_condition_can_be_waited_for_until_a_time) {
    const struct timespec soon = from_now(CLOCK_REALTIME, 5);
    CHECK_INT(mtx_init(&mutex, mtx_plain), thrd_success);
    CHECK_INT(cnd_init(&changed), thrd_success);
    CHECK_INT(mtx_lock(&mutex), thrd_success);
    CHECK_INT(cnd_timedwait(&changed, &mutex, &soon), thrd_timedout);
    CHECK_INT(mtx_unlock(&mutex), thrd_success);
}

static tss_t key;
static int destroyed;

static void destroy(void *value) {
    destroyed += (int)INT(value);
}

static int set_value(void *argument) {
    (void)argument;
    CHECK_INT(tss_set(key, V(3)), thrd_success);
    return (int)INT(tss_get(key));
}

TEST(C11_each_thread_has_its_own_value) {
    CHECK_INT(tss_create(&key, destroy), thrd_success);
    CHECK_INT(result_of(set_value), 3);
    CHECK_PTR(tss_get(key), NULL);
    CHECK_INT(destroyed, 3);
    tss_delete(key);
}

static once_flag flag = ONCE_FLAG_INIT;
static int runs;

static void count(void) {
    runs++;
}

TEST(C11_once_is_once) {
    call_once(&flag, count);
    call_once(&flag, count);
    CHECK_INT(runs, 1);
}

static int sleep_a_little(void *argument) {
    const struct timespec time = {0, 1000000};
    (void)argument;
    return thrd_sleep(&time, NULL);
}

TEST(C11_threads_sleep) {
    CHECK_INT(result_of(sleep_a_little), 0);
}
