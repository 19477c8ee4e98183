// SPDX-License-Identifier: MIT
#include "threads_test.h"

#include <sched.h>

pthread_t start(void *(*run)(void *), void *argument) {
    pthread_t thread;
    CHECK_INT(pthread_create(&thread, NULL, run, argument), 0);
    return thread;
}

void *end_of(pthread_t thread) {
    void *result = NULL;
    CHECK_INT(pthread_join(thread, &result), 0);
    return result;
}

void cancel(pthread_t thread) {
    CHECK_INT(pthread_cancel(thread), 0);
    CHECK_PTR(end_of(thread), PTHREAD_CANCELED);
}

void let_others_run(void) {
    for (int i = 0; i < 4; i++) (void)sched_yield();
}

struct timespec from_now(clockid_t clock, long milliseconds) {
    struct timespec time;
    (void)clock_gettime(clock, &time);
    long nanoseconds = time.tv_nsec + milliseconds % 1000 * 1000000;
    time.tv_sec += milliseconds / 1000 + nanoseconds / 1000000000;
    time.tv_nsec = nanoseconds % 1000000000;
    return time;
}

// Whoever is cancelled in there is through, too.
static void leave(void *argument) {
    gate_t *gate = argument;
    gate->through++;
    (void)pthread_cond_broadcast(&gate->changed);
    (void)pthread_mutex_unlock(&gate->mutex);
}

void pass_gate(gate_t *gate) {
    (void)pthread_mutex_lock(&gate->mutex);
    pthread_cleanup_push(leave, gate);
    while (!gate->is_open) (void)pthread_cond_wait(&gate->changed, &gate->mutex);
    pthread_cleanup_pop(1);
}

void open_gate(gate_t *gate) {
    (void)pthread_mutex_lock(&gate->mutex);
    gate->is_open = 1;
    (void)pthread_cond_broadcast(&gate->changed);
    (void)pthread_mutex_unlock(&gate->mutex);
}

void leave_gate(gate_t *gate, int threads) {
    (void)pthread_mutex_lock(&gate->mutex);
    while (gate->through < threads) (void)pthread_cond_wait(&gate->changed, &gate->mutex);
    (void)pthread_mutex_unlock(&gate->mutex);
    let_others_run(); // who is detached ends
    CHECK_INT(pthread_cond_destroy(&gate->changed), 0);
    CHECK_INT(pthread_mutex_destroy(&gate->mutex), 0);
}
