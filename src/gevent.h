// gevent: a hub that turns time, promises and other greenlets into wake-ups, and the calls that
// wait for them. A call that waits parks only the greenlet that made it.
//
// The tree is the same on every host: the main greenlet is the root, the hub is its child, tasks
// are children of the hub. Wake-ups go through one FIFO queue, so that the order is the same
// everywhere. Which calls wait is said at each; on the path on which they need not, they do not
// switch. Where a call has `seconds`, it waits at most that long; 0 or less: until all who are
// ready have run.
//
// A call that waits can fail with, besides what is said at it:
//   the error of gevent_kill (GREENLET_EEXIT as a rule), of a gevent_timeout_t (GREENLET_EEXPIRED),
//   or any that is thrown into the greenlet meanwhile; GREENLET_EHUB from a hub callback;
//   GREENLET_EWOULDBLOCK in a synchronous call from JavaScript; GREENLET_EDEADLK in the main
//   greenlet when nothing is left that could ever wake anybody; GREENLET_ESWITCH when somebody else
//   switched to the waiter; GREENLET_ENOMEM.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_H
#define GEVENT_H

#include <float.h>
#include <stddef.h>
#include <stdint.h>

#include "gevent_door.h"
#include "greenlet.h"

#ifdef __cplusplus
extern "C" {
#endif

// Times are in seconds, as double. A time that never ends, and one that is over at once.
#define GEVENT_FOREVER DBL_MAX
#define GEVENT_NOWAIT 0.0

// ---- tasks --------------------------------------------------------------------------------------

// A greenlet run by the hub, with its outcome. Reference-counted; the hub owns those that have not
// finished, so that to drop the handle ends nothing. (gevent: Greenlet)
typedef struct gevent_task gevent_task_t;

// Makes a task that will run `run(argument, &value)`, after the caller has next waited; tasks start
// in the order in which they were spawned. May be called from anywhere, hub callbacks included.
//   argument  the program's; for as long as the task runs
//   task      gets a handle that the caller owns; NULL: the task is left to the hub
// GREENLET_EINVAL (no run), GREENLET_ENOMEM. (gevent: spawn)
int gevent_spawn(greenlet_run_fn run, void *argument, gevent_task_t **task);

// Adds a reference and returns its argument; drops one. NULL is allowed. From anywhere: neither
// switches, and a task that has not finished goes on without handles.
gevent_task_t *gevent_task_ref(gevent_task_t *task);
void gevent_task_unref(gevent_task_t *task);

// The task's greenlet: borrowed. Its name and its stack size can be set before it starts.
greenlet_t *gevent_task_greenlet(const gevent_task_t *task);

// The task that is running; borrowed, NULL outside of tasks.
gevent_task_t *gevent_current_task(void);

typedef enum gevent_status {
    GEVENT_PENDING,  // has not finished
    GEVENT_RETURNED, // with a value
    GEVENT_KILLED,   // by GREENLET_EXIT, which is a success; the value is the exit object
    GEVENT_FAILED    // with an error
} gevent_status_t;
// Whether and how it has ended. From anywhere.
gevent_status_t gevent_status(const gevent_task_t *task);

// What it left: borrowed, for as long as the task lives. The value is that of one that returned,
// the exit object (a greenlet_error_t *) of one that was killed, else NULL; the error is that of
// one that failed, else NULL. (gevent: value, exception)
void *gevent_value(const gevent_task_t *task);
const greenlet_error_t *gevent_error(const gevent_task_t *task);

// Waits until the task has finished, however it did. GREENLET_OK, or GREENLET_ETIMEDOUT after
// `seconds`; GREENLET_EDEADLK at once for a task that waits for itself for ever; GREENLET_EINVAL
// (no task). (gevent: join)
int gevent_join(gevent_task_t *task, double seconds);

// Waits likewise, and fails with the task's own error if it failed; else stores gevent_value.
// GREENLET_EPENDING if it has not finished after `seconds`. (gevent: get)
int gevent_get(gevent_task_t *task, double seconds, void **value);

// Ends a task: `error` (borrowed; NULL: GREENLET_EXIT) is thrown into it, through the queue; one
// that has not started never runs. Waits until it is dead, at most `seconds` (GEVENT_NOWAIT: not at
// all). With GEVENT_NOWAIT it may be called from anywhere. GREENLET_OK also for one that had
// finished; GREENLET_ETIMEDOUT if it lives on; GREENLET_EINVAL (no task), GREENLET_ENOMEM. (gevent:
// kill)
int gevent_kill(gevent_task_t *task, const greenlet_error_t *error, double seconds);

// ---- time ---------------------------------------------------------------------------------------

// Waits at least that long. 0 or less, and gevent_yield: lets everybody else who is ready go first.
// (gevent: sleep)
int gevent_sleep(double seconds);
int gevent_yield(void);

// Monotonic seconds from an arbitrary start; virtual ones under the virtual clock. From anywhere.
double gevent_now(void);

// From here on time stands still while anybody can run and jumps to the next deadline when nobody
// can. Before the first call that waits; GREENLET_ESTARTED after. (trio: MockClock; ours)
int gevent_use_virtual_clock(void);

// A time limit for a stretch of code of the greenlet that starts it, wherever it waits meanwhile.
// When it expires, the pending call fails with GREENLET_EEXPIRED. Lives where the caller puts it;
// its address is what tells it from others. All calls are for the greenlet that started it.
// (gevent: Timeout)
typedef struct gevent_timeout gevent_timeout_t;

// Starts the clock. GEVENT_FOREVER never expires; 0 or less expires when the greenlet next waits
// for longer than a yield. GREENLET_ESTARTED if it is pending, GREENLET_ENOMEM, GREENLET_EINVAL.
int gevent_timeout_start(gevent_timeout_t *timeout, double seconds);
// Stops it. No error, and no effect, when it is not pending. One that is left pending goes on until
// it expires or its greenlet ends.
void gevent_timeout_cancel(gevent_timeout_t *timeout);
// 1 from the start until it is delivered or cancelled, else 0.
int gevent_timeout_pending(const gevent_timeout_t *timeout);
// 1 if it is this timeout, not an outer or inner one, that the current greenlet's last error is of.
int gevent_timed_out_by(const gevent_timeout_t *timeout);

// ---- event --------------------------------------------------------------------------------------

// A flag that greenlets wait for. Lives where the caller puts it, for as long as anybody waits for
// it; there is nothing to free. All but the wait may be called from anywhere. (gevent: Event)
typedef struct gevent_event gevent_event_t;

// Makes it one that is not set. Before any other use.
void gevent_event_init(gevent_event_t *event);
// Wakes all who wait, in the order in which they came; the caller goes on first.
void gevent_event_set(gevent_event_t *event);
// Who has been woken already stays so.
void gevent_event_clear(gevent_event_t *event);
int gevent_event_is_set(const gevent_event_t *event);
// Waits until it is set, not at all if it is; GREENLET_ETIMEDOUT after `seconds`. It may have been
// cleared again by the time this returns.
int gevent_event_wait(gevent_event_t *event, double seconds);

// ---- hub ----------------------------------------------------------------------------------------

// The hub's greenlet: borrowed. Its parent is the main greenlet.
greenlet_t *gevent_hub(void);

// From main (else GREENLET_EINVAL): waits until every task has finished and no timer is left.
// GREENLET_EDEADLK, with a report, if tasks are left that nobody can wake. (gevent: hub.join)
int gevent_run(void);

// Writes who waits for what, a line each, NUL-terminated, into `size` bytes (0: `buffer` may be
// NULL). Returns the length that it has or would have, as snprintf. From anywhere.
size_t gevent_dump(char *buffer, size_t size);

// Told of each task that fails, when it does, whether or not somebody will ask for its error, and
// of errors that reach the hub. Called in that task or in the hub, so it must not wait; both
// arguments are borrowed for the call. The default prints a line. (gevent: hub.handle_error)
typedef void (*gevent_unhandled_fn)(greenlet_t *greenlet, const greenlet_error_t *error);
// Sets the hook (NULL: the default) and returns the previous one.
gevent_unhandled_fn gevent_set_unhandled(gevent_unhandled_fn hook);

// ---- private ------------------------------------------------------------------------------------
// Laid open so that callers can put these where they like; not to be touched.

struct gevent_link {
    struct gevent_link *next, *previous;
};
struct gevent_callback {
    struct gevent_link link;
    void (*run)(struct gevent_callback *callback);
};
struct gevent_timer {
    struct gevent_callback callback;
    struct gevent_timer *child, *sibling, **place;
    int64_t deadline;
    uint64_t sequence;
};
struct gevent_timeout {
    char address;
};
struct gevent_event {
    struct gevent_link waiters;
    int is_set;
};

#ifdef __cplusplus
}
#endif
#endif
