// Cancellation. Who is to end is thrown out of the wait that he is in, and ends himself: there, or
// in the next call in which he may.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include "cancel.h"

#include <errno.h>

#include "../../src/gevent/scope_internal.h"
#include "thread.h"

static int is_due(const thread_t *thread) {
    return thread->is_cancelled && !thread->is_uncancellable;
}

// ---- of others ----------------------------------------------------------------------------------

static int can_be_thrown_out(const thread_t *thread) {
    if (!is_due(thread) || thread->has_ended || !thread->greenlet->wait) return 0;
    return thread->is_at_point || thread->is_asynchronous;
}

static void throw_out(callback_t *callback) {
    thread_t *thread = LIST_ITEM(callback, thread_t, canceller);
    if (!can_be_thrown_out(thread)) return;
    if (scope_defers(thread->greenlet, NULL, callback)) return;
    hub_throw(thread->greenlet, &greenlet_exit_error);
}

int pthread_cancel(pthread_t name) {
    thread_t *thread = thread_find(name);
    if (!thread) return ESRCH;
    if (thread->has_ended) return 0;
    thread->is_cancelled = 1;
    thread->canceller.run = throw_out;
    if (name == thread_self_if_any()) {
        if (thread->is_asynchronous) pthread_testcancel();
    } else {
        hub_call(hub_get(), &thread->canceller);
    }
    return 0;
}

// ---- of the current one -------------------------------------------------------------------------

void pthread_testcancel(void) {
    thread_t *self = thread_self_if_any();
    if (self && is_due(self)) thread_exit(self, PTHREAD_CANCELED);
}

int pthread_setcancelstate(int state, int *previous) {
    thread_t *self = pthread_self();
    if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE) return EINVAL;
    if (previous)
        *previous = self->is_uncancellable ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
    self->is_uncancellable = state == PTHREAD_CANCEL_DISABLE;
    if (self->is_asynchronous) pthread_testcancel();
    return 0;
}

int pthread_setcanceltype(int type, int *previous) {
    thread_t *self = pthread_self();
    if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS) return EINVAL;
    if (previous)
        *previous = self->is_asynchronous ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED;
    self->is_asynchronous = type == PTHREAD_CANCEL_ASYNCHRONOUS;
    if (self->is_asynchronous) pthread_testcancel();
    return 0;
}

// ---- points -------------------------------------------------------------------------------------

int park_at_point(void *address, const parking_t *parking, double seconds,
                  void (*clean_up)(void *argument), void *argument) {
    thread_t *self = thread_self_if_any();
    if (!self) return park(address, parking, seconds);
    self->is_at_point = 1;
    int error = park(address, parking, seconds);
    self->is_at_point = 0;
    if (error != ECANCELED || !is_due(self)) return error;
    if (clean_up) clean_up(argument);
    thread_exit(self, PTHREAD_CANCELED);
}

int cancel_select(gevent_case_t *cases, size_t count, double seconds) {
    thread_t *self = thread_self_if_any();
    if (!self) return gevent_select(cases, count, seconds);
    pthread_testcancel();
    self->is_at_point = 1;
    int chosen = gevent_select(cases, count, seconds);
    self->is_at_point = 0;
    if (chosen < 0) pthread_testcancel();
    return chosen;
}
