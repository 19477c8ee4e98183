// Cancellation and clean-up.
//
// SPDX-License-Identifier: MIT
#include "threads_test.h"

#include <semaphore.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static sem_t empty, begun;

static void log_it(void *text) {
    log_add("%s", (const char *)text);
}

static void unlock(void *held) {
    log_add("unlock %d", pthread_mutex_unlock(held));
}

static void *wait_in_cond(void *argument) {
    (void)argument;
    (void)pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock, &mutex);
    for (;;) (void)pthread_cond_wait(&never, &mutex);
    pthread_cleanup_pop(0);
    return NULL;
}

static void *wait_in_sem(void *argument) {
    (void)argument;
    (void)sem_wait(&empty);
    return NULL;
}

static void *wait_in_sleep(void *argument) {
    pthread_cleanup_push(log_it, argument);
    for (;;) (void)sleep(1000);
    pthread_cleanup_pop(0);
    return NULL;
}

static void *join_it(void *argument) {
    (void)pthread_join(*(pthread_t *)argument, NULL);
    return NULL;
}

static void *test_again_and_again(void *argument) {
    (void)argument;
    for (;;) {
        pthread_testcancel();
        let_others_run();
    }
    return NULL;
}

TEST(PTHREAD_CANCEL_ends_who_waits_in_a_point) {
    (void)sem_init(&empty, 0, 0);
    void *(*const waits[])(void *) = {wait_in_sem, wait_in_cond, wait_in_sleep};
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        pthread_t thread = start(waits[i], "awake");
        let_others_run();
        cancel(thread);
    }
    CHECK_INT(pthread_mutex_trylock(&mutex), 0);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
    CHECK_INT(sem_destroy(&empty), 0);
    log_clear();
}

TEST(PTHREAD_CANCEL_ends_who_joins_and_not_whom_he_joins) {
    (void)sem_init(&empty, 0, 0);
    pthread_t thread = start(wait_in_sem, NULL);
    pthread_t joiner = start(join_it, &thread);
    let_others_run();
    cancel(joiner);
    CHECK_INT(sem_post(&empty), 0);
    CHECK_PTR(end_of(thread), NULL);
}

TEST(PTHREAD_CANCEL_ends_who_asks) {
    cancel(start(test_again_and_again, NULL));
}

static void *do_not_want(void *argument) {
    int state = -1, type = -1;
    (void)argument;
    CHECK_INT(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state), 0);
    CHECK_INT(state, PTHREAD_CANCEL_ENABLE);
    CHECK_INT(pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type), 0);
    CHECK_INT(type, PTHREAD_CANCEL_DEFERRED);
    CHECK_INT(pthread_setcancelstate(99, NULL), EINVAL);
    CHECK_INT(pthread_setcanceltype(99, NULL), EINVAL);
    (void)sem_post(&begun);
    (void)sem_wait(&empty);
    pthread_testcancel();
    log_add("on");
    CHECK_INT(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state), 0);
    CHECK_INT(state, PTHREAD_CANCEL_DISABLE);
    pthread_testcancel();
    log_add("further");
    return NULL;
}

TEST(PTHREAD_CANCEL_waits_until_it_is_wanted) {
    (void)sem_init(&empty, 0, 0);
    (void)sem_init(&begun, 0, 0);
    pthread_t thread = start(do_not_want, NULL);
    (void)sem_wait(&begun);
    CHECK_INT(pthread_cancel(thread), 0);
    let_others_run();
    (void)sem_post(&empty);
    CHECK_PTR(end_of(thread), PTHREAD_CANCELED);
    CHECK_LOG("on");
}

static void *clean_up_in_order(void *argument) {
    pthread_cleanup_push(log_it, "first");
    pthread_cleanup_push(log_it, "second");
    pthread_cleanup_push(log_it, "third");
    pthread_cleanup_pop(1);
    if (argument) pthread_exit(argument);
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(1);
    return NULL;
}

TEST(PTHREAD_CANCEL_clean_up_is_done_the_last_pushed_first) {
    (void)end_of(start(clean_up_in_order, NULL));
    CHECK_LOG("third first");
    (void)end_of(start(clean_up_in_order, V(1)));
    CHECK_LOG("third second first");
}

static void *cancel_self(void *argument) {
    (void)argument;
    CHECK_INT(pthread_cancel(pthread_self()), 0);
    log_add("asked");
    pthread_testcancel();
    log_add("further");
    return NULL;
}

TEST(PTHREAD_CANCEL_who_cancels_himself_ends_in_the_next_point) {
    CHECK_PTR(end_of(start(cancel_self, NULL)), PTHREAD_CANCELED);
    CHECK_LOG("asked");
}

#ifdef __wasm__
static void *lock_it(void *argument) {
    (void)argument;
    int error = pthread_mutex_lock(&mutex);
    log_add("locked %d", error);
    (void)pthread_mutex_unlock(&mutex);
    pthread_testcancel();
    return NULL;
}

TEST(PTHREAD_CANCEL_a_mutex_is_not_a_point) {
    (void)pthread_mutex_lock(&mutex);
    pthread_t thread = start(lock_it, NULL);
    let_others_run();
    CHECK_INT(pthread_cancel(thread), 0);
    let_others_run();
    (void)pthread_mutex_unlock(&mutex);
    CHECK_PTR(end_of(thread), PTHREAD_CANCELED);
    CHECK_LOG("locked 0");
}

TEST(PTHREAD_CANCEL_a_signal_is_not_lost_on_who_is_cancelled) {
    (void)sem_init(&empty, 0, 0);
    pthread_t first = start(wait_in_sem, NULL), second = start(wait_in_sem, NULL);
    let_others_run();
    CHECK_INT(sem_post(&empty), 0);
    CHECK_INT(pthread_cancel(first), 0); // it has got it already
    CHECK_PTR(end_of(first), NULL);
    cancel(second);
}
#endif
