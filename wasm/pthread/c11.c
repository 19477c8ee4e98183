// C11's threads.h, by the functions of pthread.h.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <threads.h>

#include "../../src/memory.h"

static int status_of(int error) {
    switch (error) {
    case 0:
        return thrd_success;
    case EBUSY:
        return thrd_busy;
    case ETIMEDOUT:
        return thrd_timedout;
    case ENOMEM:
    case EAGAIN:
        return thrd_nomem;
    default:
        return thrd_error;
    }
}

// ---- threads ------------------------------------------------------------------------------------

typedef struct start {
    thrd_start_t run;
    void *argument;
} start_t;

static void *run(void *argument) {
    start_t start = *(start_t *)argument;
    memory_free(argument);
    return (void *)(intptr_t)start.run(start.argument);
}

int thrd_create(thrd_t *thread, thrd_start_t function, void *argument) {
    start_t *start = memory_alloc(sizeof *start);
    if (!start) return thrd_nomem;
    *start = (start_t){function, argument};
    int error = pthread_create(thread, NULL, run, start);
    if (error) memory_free(start);
    return status_of(error);
}

void thrd_exit(int result) {
    pthread_exit((void *)(intptr_t)result);
}

int thrd_join(thrd_t thread, int *result) {
    void *value = NULL;
    int error = pthread_join(thread, &value);
    if (!error && result) *result = (int)(intptr_t)value;
    return status_of(error);
}

int thrd_detach(thrd_t thread) {
    return status_of(pthread_detach(thread));
}

thrd_t thrd_current(void) {
    return pthread_self();
}

int(thrd_equal)(thrd_t one, thrd_t other) {
    return one == other;
}

void thrd_yield(void) {
    (void)sched_yield();
}

// ---- mutexes ------------------------------------------------------------------------------------

_Static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t), "they are the same");

static pthread_mutex_t *mutex_in(mtx_t *mutex) {
    return (pthread_mutex_t *)(void *)mutex;
}

int mtx_init(mtx_t *mutex, int kind) {
    pthread_mutexattr_t attr;
    (void)pthread_mutexattr_init(&attr);
    if (kind & mtx_recursive) (void)pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    return status_of(pthread_mutex_init(mutex_in(mutex), &attr));
}

void mtx_destroy(mtx_t *mutex) {
    (void)pthread_mutex_destroy(mutex_in(mutex));
}

int mtx_lock(mtx_t *mutex) {
    return status_of(pthread_mutex_lock(mutex_in(mutex)));
}

int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until) {
    return status_of(pthread_mutex_timedlock(mutex_in(mutex), until));
}

int mtx_trylock(mtx_t *mutex) {
    return status_of(pthread_mutex_trylock(mutex_in(mutex)));
}

int mtx_unlock(mtx_t *mutex) {
    return status_of(pthread_mutex_unlock(mutex_in(mutex)));
}

// ---- condition variables ------------------------------------------------------------------------

_Static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t), "they are the same");

static pthread_cond_t *cond_in(cnd_t *cond) {
    return (pthread_cond_t *)(void *)cond;
}

int cnd_init(cnd_t *cond) {
    return status_of(pthread_cond_init(cond_in(cond), NULL));
}

void cnd_destroy(cnd_t *cond) {
    (void)pthread_cond_destroy(cond_in(cond));
}

int cnd_signal(cnd_t *cond) {
    return status_of(pthread_cond_signal(cond_in(cond)));
}

int cnd_broadcast(cnd_t *cond) {
    return status_of(pthread_cond_broadcast(cond_in(cond)));
}

int cnd_wait(cnd_t *cond, mtx_t *mutex) {
    return status_of(pthread_cond_wait(cond_in(cond), mutex_in(mutex)));
}

int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex,
                  const struct timespec *restrict until) {
    return status_of(pthread_cond_timedwait(cond_in(cond), mutex_in(mutex), until));
}

// ---- values of a thread's own; once -------------------------------------------------------------

int tss_create(tss_t *key, tss_dtor_t destructor) {
    return pthread_key_create(key, destructor) ? thrd_error : thrd_success;
}

void tss_delete(tss_t key) {
    (void)pthread_key_delete(key);
}

void *tss_get(tss_t key) {
    return pthread_getspecific(key);
}

int tss_set(tss_t key, void *value) {
    return status_of(pthread_setspecific(key, value));
}

void call_once(once_flag *flag, void (*function)(void)) {
    (void)pthread_once(flag, function);
}
