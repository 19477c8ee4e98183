// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <errno.h>

#include "cancel.h"
#include "deadline.h"
#include "thread.h"

static void give_up(void *argument) {
    thread_t *thread = argument;
    thread->is_being_joined = 0;
}

static int wait_for_end(thread_t *thread, double seconds) {
    const parking_t parking = {.what = "pthread_join", .whom = thread->greenlet};
    thread->is_being_joined = 1;
    int error = thread->has_ended ? 0 : park_at_point(thread, &parking, seconds, give_up, thread);
    thread->is_being_joined = 0;
    return error;
}

static int check(const thread_t *thread) {
    if (!thread) return ESRCH;
    if (thread == thread_self_if_any()) return EDEADLK;
    return thread->is_detached || thread->is_being_joined || !thread->task ? EINVAL : 0;
}

static int join(pthread_t name, double seconds, void **result) {
    pthread_testcancel();
    thread_t *thread = thread_find(name);
    int error = check(thread);
    if (!error) error = wait_for_end(thread, seconds);
    if (error) return error;
    if (result) *result = thread->result;
    thread_free(thread);
    return 0;
}

int pthread_join(pthread_t name, void **result) {
    return join(name, GEVENT_FOREVER, result);
}

int pthread_timedjoin_np(pthread_t name, void **result, const struct timespec *until) {
    double seconds;
    int error = deadline_seconds(CLOCK_REALTIME, until, &seconds);
    return error ? error : join(name, seconds, result);
}

int pthread_tryjoin_np(pthread_t name, void **result) {
    const thread_t *thread = thread_find(name);
    if (thread && !thread->has_ended) return EBUSY;
    return join(name, GEVENT_NOWAIT, result);
}

int pthread_detach(pthread_t name) {
    thread_t *thread = thread_find(name);
    if (!thread) return ESRCH;
    if (thread->is_detached || !thread->task) return EINVAL;
    thread->is_detached = 1;
    if (thread->has_ended) thread_free(thread);
    return 0;
}
