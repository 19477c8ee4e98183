// Pthreads among greenlets: their clock, their memory, and what happens to them from outside.
//
// SPDX-License-Identifier: MIT
#include "threads_test.h"

#include <semaphore.h>
#include <unistd.h>

#include "gevent.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t semaphore;

static void *sleep_there(void *seconds) {
    return V(sleep((unsigned)INT(seconds)));
}

TEST(PTHREAD_GREENLETS_threads_sleep_side_by_side) {
    double before = gevent_now();
    pthread_t one = start(sleep_there, V(2)), other = start(sleep_there, V(3));
    (void)end_of(one);
    (void)end_of(other);
    CHECK_INT((gevent_now() - before) * 10, 30);
}

TEST(PTHREAD_GREENLETS_time_limits_are_on_the_clock_of_the_hub) {
    const struct timespec then = from_now(CLOCK_REALTIME, 1000000);
    double before = gevent_now();
    (void)sem_init(&semaphore, 0, 0);
    CHECK_INT(sem_timedwait(&semaphore, &then), -1);
    CHECK((gevent_now() - before) > 990 && (gevent_now() - before) <= 1000);
}

static int make_and_join(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, sleep_there, V(0)) != 0) return GREENLET_ENOMEM;
    (void)pthread_join(thread, NULL);
    return GREENLET_OK;
}

static int create_only(void) {
    pthread_t thread;
    int error = pthread_create(&thread, NULL, sleep_there, V(0));
    CHECK(error == 0 || error == EAGAIN);
    if (error) return greenlet_fail(GREENLET_ENOMEM);
    memory_fail_at(0);
    (void)pthread_join(thread, NULL);
    return GREENLET_OK;
}

TEST(PTHREAD_GREENLETS_without_memory_no_thread_is_made) {
    CHECK_OK(make_and_join());
    fail_each_allocation(create_only);
}

// What happens to a thread that has no stack is told to the hub, and it can be joined.
TEST(PTHREAD_GREENLETS_without_memory_for_its_stack_a_thread_has_failed) {
    pthread_attr_t attr;
    pthread_t thread;
    gevent_unhandled_fn before = gevent_set_unhandled(check_no_memory);
    (void)pthread_attr_init(&attr);
    CHECK_INT(pthread_attr_setstacksize(&attr, SIZE_MAX / 2), 0);
    CHECK_INT(pthread_create(&thread, &attr, sleep_there, V(0)), 0);
    CHECK_PTR(end_of(thread), NULL);
    (void)gevent_set_unhandled(before);
}

static pthread_key_t key;

static void *set_without_memory(void *argument) {
    (void)argument;
    memory_fail_at(1);
    int error = pthread_setspecific(key, V(1));
    CHECK_INT(pthread_setspecific(key, V(2)), 0);
    return V(error);
}

TEST(PTHREAD_GREENLETS_without_memory_no_value_is_set) {
    CHECK_INT(pthread_key_create(&key, NULL), 0);
    CHECK_INT(INT(end_of(start(set_without_memory, NULL))), ENOMEM);
    CHECK_INT(pthread_key_delete(key), 0);
}

static int lock_in_task(void *argument, void **result) {
    (void)argument, (void)result;
    CHECK_INT(pthread_mutex_lock(&mutex), ECANCELED);
    CHECK_INT(pthread_mutex_lock(&mutex), ECANCELED);
    return GREENLET_OK;
}

TEST(PTHREAD_GREENLETS_who_is_killed_gets_no_lock) {
    gevent_task_t *task = NULL;
    CHECK_OK(gevent_spawn(lock_in_task, NULL, &task));
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    let_others_run();
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    gevent_task_unref(task);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
}

static void free_value(void *value) {
    log_add("free %d", (int)INT(value));
}

static int set_in_task(void *argument, void **result) {
    (void)argument, (void)result;
    CHECK_INT(pthread_setspecific(key, V(8)), 0);
    CHECK(pthread_equal(pthread_self(), pthread_self()));
    CHECK_INT(pthread_join(pthread_self(), NULL), EDEADLK);
    return GREENLET_OK;
}

TEST(PTHREAD_GREENLETS_any_task_has_values_of_keys) {
    gevent_task_t *task = NULL;
    CHECK_INT(pthread_key_create(&key, free_value), 0);
    CHECK_OK(gevent_spawn(set_in_task, NULL, &task));
    CHECK_OK(gevent_get(task, GEVENT_FOREVER, NULL));
    gevent_task_unref(task);
    CHECK_LOG("free 8");
    CHECK_INT(pthread_key_delete(key), 0);
}

static int exit_in_task(void *argument, void **result) {
    (void)argument, (void)result;
    pthread_exit(NULL);
}

TEST(PTHREAD_GREENLETS_any_task_can_exit) {
    gevent_task_t *task = NULL;
    CHECK_OK(gevent_spawn(exit_in_task, NULL, &task));
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    gevent_task_unref(task);
}

static gevent_task_t *task_of_first;

static void *lock_and_unlock(void *is_first) {
    if (is_first) task_of_first = gevent_current_task();
    int error = pthread_mutex_lock(&mutex);
    return V(error ? error : pthread_mutex_unlock(&mutex));
}

TEST(PTHREAD_GREENLETS_who_is_ended_hard_passes_on_what_he_was_given) {
    (void)pthread_mutex_lock(&mutex);
    pthread_t first = start(lock_and_unlock, V(1)), second = start(lock_and_unlock, NULL);
    let_others_run();
    CHECK_INT(pthread_mutex_unlock(&mutex), 0); // it is the first one's now, who has not run yet
    CHECK_OK(gevent_kill_hard(task_of_first));
    CHECK_INT(INT(end_of(second)), 0);
    (void)end_of(first);
    CHECK_INT(pthread_mutex_trylock(&mutex), 0);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
}

static void lock_in_callback(void) {
    CHECK_INT(pthread_mutex_lock(&mutex), EDEADLK);
}

TEST(PTHREAD_GREENLETS_a_callback_cannot_wait) {
    CHECK_INT(pthread_mutex_lock(&mutex), 0);
    call_in_hub(lock_in_callback);
    CHECK_INT(pthread_mutex_unlock(&mutex), 0);
}
