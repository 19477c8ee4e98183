// Callbacks that the hub makes: once, in turn with everybody else; or around each wait.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_CALLBACK_H
#define GEVENT_CALLBACK_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// Lives where the caller puts it, all zero before its first use, for as long as it is pending.
typedef struct gevent_hub_callback gevent_callback_t;

// Queues a call of `run(argument)`, behind all who are ready. One that is queued by another runs in
// the same pass, before the timers that are due. From anywhere. GREENLET_ESTARTED if it is pending,
// GREENLET_EINVAL (no run), GREENLET_ENOMEM. (gevent: loop.run_callback)
int gevent_run_callback(gevent_callback_t *callback, gevent_callback_fn run, void *argument);
// Takes it out of the queue, if it is there. (gevent: callback.stop)
void gevent_callback_stop(gevent_callback_t *callback);
// 1 from when it is queued until right before it runs, else 0. (gevent: callback.pending)
int gevent_callback_pending(const gevent_callback_t *callback);

typedef enum gevent_hook_kind {
    GEVENT_PREPARE, // nobody is ready and no timer is due: before the hub waits
    GEVENT_CHECK,   // after it has waited
    GEVENT_IDLE     // nobody is ready, and the hub does not wait as long as there is one of these
} gevent_hook_kind_t;

// A callback that is made again and again. Lives where the caller puts it, all zero before its
// first use, until it is stopped.
typedef struct gevent_hook gevent_hook_t;

// Calls `run(argument)` from now on, after the hooks of that kind that were started before. What is
// ready after a GEVENT_PREPARE runs before the hub waits. Only a GEVENT_IDLE keeps the hub going;
// under the virtual clock time stands still meanwhile. From anywhere. GREENLET_ESTARTED if it has
// been started, GREENLET_EINVAL (no run), GREENLET_ENOMEM. (gevent: loop.prepare, check, idle)
int gevent_hook_start(gevent_hook_t *hook, gevent_hook_kind_t kind, gevent_callback_fn run,
                      void *argument);
void gevent_hook_stop(gevent_hook_t *hook);

// ---- private ------------------------------------------------------------------------------------

struct gevent_hub_callback {
    struct gevent_callback callback;
    gevent_callback_fn run;
    void *argument;
};
struct gevent_hook {
    struct gevent_link link;
    gevent_callback_fn run;
    void *argument;
};

#ifdef __cplusplus
}
#endif
#endif
