// How threads end before their function returns, and the clean-up that is done then.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <errno.h>
#include <stdlib.h>

#include "../../src/fatal.h"
#include "../../src/gevent/task_internal.h"
#include "park.h"
#include "thread.h"

// ---- clean-up -----------------------------------------------------------------------------------

void _pthread_cleanup_push(struct __ptcb *cleanup, void (*run)(void *), void *argument) {
    thread_t *self = pthread_self();
    *cleanup = (struct __ptcb){run, argument, self->cleanups};
    self->cleanups = cleanup;
}

void _pthread_cleanup_pop(struct __ptcb *cleanup, int runs) {
    pthread_self()->cleanups = cleanup->__next;
    if (runs) cleanup->__f(cleanup->__x);
}

// ---- the end ------------------------------------------------------------------------------------

static void clean_up(thread_t *self) {
    while (self->cleanups) _pthread_cleanup_pop(self->cleanups, 1);
    keys_destroy(self);
}

static void drop_frames(callback_t *callback) {
    wait_t *wait = LIST_ITEM(callback, wait_t, callback);
    (void)gevent_kill_hard(task_of(wait->greenlet));
}

// In the hub, for nobody can drop the stack that he stands on.
static _Noreturn void end_task(void) {
    wait_t wait = {.what = "its end", .ignores_cancel = 1, .callback.run = drop_frames};
    hub_call(hub_get(), &wait.callback);
    (void)wait_until(&wait, LOOP_NEVER);
    fatal(GREENLET_EJSFRAME, "%s cannot end here: JavaScript has called it",
          greenlet_name(greenlet_current()));
}

// The program goes on until all threads have ended.
static _Noreturn void end_main(void) {
    const parking_t parking = {.what = "pthread_exit", .insists = 1};
    int error = 0;
    while (thread_count > 0 && error != EDEADLK)
        error = park(&thread_count, &parking, GEVENT_FOREVER);
    exit(EXIT_SUCCESS);
}

void thread_exit(thread_t *self, void *result) {
    self->is_uncancellable = 1;
    self->result = result;
    clean_up(self);
    if (gevent_current_task()) end_task();
    if (greenlet_current() == greenlet_main()) end_main();
    fatal(GREENLET_EINVAL, "pthread_exit was called in a greenlet that is neither main nor a task");
}

void pthread_exit(void *value) {
    thread_exit(pthread_self(), value);
}
