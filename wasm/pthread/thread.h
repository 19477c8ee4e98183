// A thread: a task that runs the function of pthread_create. Other greenlets that call pthreads get
// one of their own, which nobody joins.
#ifndef GREENLET_PTHREAD_THREAD_H
#define GREENLET_PTHREAD_THREAD_H

#include <pthread.h>

#include "../../src/gevent/hub_internal.h"

typedef struct __pthread {
    list_t all;           // in the list of threads
    greenlet_t *greenlet; // owned where it is a task's
    gevent_task_t *task;  // owned; NULL: not made by pthread_create
    void *(*start)(void *argument);
    void *argument;
    void *result;
    void **values;           // of keys, by key; NULL: none was set
    struct __ptcb *cleanups; // the last pushed
    callback_t canceller;
    unsigned char has_ended;
    unsigned char is_detached;
    unsigned char is_being_joined;
    unsigned char is_cancelled;     // somebody has asked for it
    unsigned char is_uncancellable; // it does not want it now
    unsigned char is_asynchronous;  // it may happen in every call that waits
    unsigned char is_at_point;      // it waits where it may happen
} thread_t;

// The current one. NULL without memory, for a greenlet that had none yet; NULL if it has none.
thread_t *thread_self(void);
thread_t *thread_self_if_any(void);

// One that is joinable or still runs; NULL: there is none of that name.
thread_t *thread_find(pthread_t name);

// The first of all, and the one after; NULL: there are no more.
thread_t *thread_first(void);
thread_t *thread_next(const thread_t *thread);

// Of one that has ended, and that nobody will join any more.
void thread_free(thread_t *thread);

// How many made by pthread_create still run. Whoever parks at it is unparked when none does.
extern size_t thread_count;

// Ends the current one: its clean-up, its keys, its frames.
_Noreturn void thread_exit(thread_t *self, void *result);

// Calls the destructors of the current one's keys, and frees its values.
void keys_destroy(thread_t *thread);

#endif
