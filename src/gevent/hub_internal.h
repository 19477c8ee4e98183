// The hub from within: one queue and one heap of timers. What the rest of gevent and the hosts'
// drivers are built on.
#ifndef GREENLET_HUB_INTERNAL_H
#define GREENLET_HUB_INTERNAL_H

#include "../gevent.h"
#include "../greenlet_internal.h"
#include "list.h"
#include "loop.h"
#include "pace.h"
#include "ready.h"
#include "timer_heap.h"

typedef struct gevent_callback callback_t;

typedef struct wait wait_t;
typedef struct gevent_waiters waiters_t;

// What somebody has noted of a task, and frees when it has ended. At the end of the thread nobody
// is told of that any more, and what it was noted for may be gone.
typedef struct note {
    list_t all;                        // in the hub's list
    void (*forget)(struct note *note); // frees it, and touches nothing but the task
} note_t;

typedef struct hub {
    greenlet_t *greenlet;
    const loop_t *loop;
    ready_t ready; // of callbacks
    list_t waits;
    list_t due_tasks;     // to be started; or with links to be called, to which nobody refers
    list_t unstarted_raw; // greenlets without a task
    list_t notes;
    timer_heap_t timers;
    list_t hooks[3];         // by gevent_hook_kind_t
    waiters_t idlers;        // who waits in gevent_idle
    size_t timer_count;      // in the heap
    size_t uncounted_timers; // of those, which do not keep the hub going
    int64_t now;             // cached per pass
    int64_t slice;           // how long a pass may take
    int64_t pass_end;        // when the one that is going on is over; LOOP_NEVER: there is none
    pace_t pace;             // in that one
    uint64_t callbacks_made;
    size_t tasks;               // that have not finished
    size_t outstanding;         // what somebody outside will wake somebody for
    struct descriptors *fds;    // that somebody has waited for, or NULL (fd.c)
    size_t watched;             // descriptors that somebody waits for
    list_t signals;             // that the program has handlers for (signal.c)
    wait_t *runner;             // main in gevent_run, or NULL
    const wait_t *guest;        // whose host is running: nobody else runs meanwhile; or NULL
    const waiters_t *notifying; // one of whose waiters has been told and goes on now
    int anybody_is_left;        // in that list, which may be gone otherwise
    greenlet_t *resumed;        // owned: to whom the hub has gone, until he comes back
    int is_running;
    int has_been_left;  // since the last pass the host may have waited
    int is_asking_loop; // which may use calls of libc that are patched
    int is_synchronous; // main runs a call that must not wait, or does not run at all
    gevent_unhandled_fn unhandled;
} hub_t;

typedef enum hub_state {
    HUB_IDLE,     // nothing to do and no deadline that counts
    HUB_DEADLINE, // nothing to do until *deadline
    HUB_MORE,     // the slice is over
    HUB_GUEST     // hub->guest is to be waited for
} hub_state_t;

// This thread's hub, made on first use; NULL without memory.
hub_t *hub_get(void);
// NULL until it has been used.
hub_t *hub_if_any(void);

// Runs what is ready, in the hub's greenlet, for at most `slice` nanoseconds (LOOP_NEVER: until
// nothing is ready). Never waits.
hub_state_t hub_run(hub_t *hub, int64_t slice, int64_t *deadline);

// The same for a host that waits in C: a slice, and then the loop's wait, or the end of work.
void hub_drive(hub_t *hub);

// Appends to the ready queue; once, however often it is asked. From anywhere.
void hub_call(hub_t *hub, callback_t *callback);
// Puts it before all others, even if it is in the queue already.
void hub_call_next(hub_t *hub, callback_t *callback);
void hub_cancel_call(callback_t *callback);

int64_t hub_update_now(hub_t *hub);

// now + seconds, saturated; LOOP_NEVER for GEVENT_FOREVER (and not-a-number). Never too early.
int64_t hub_deadline(hub_t *hub, double seconds);
int64_t hub_add_seconds(int64_t time, double seconds);

// Calls `run` of the timer's callback, from the ready queue, once `deadline` has come.
void hub_start_timer(hub_t *hub, timer_node_t *timer, int64_t deadline,
                     void (*run)(callback_t *callback));
void hub_stop_timer(timer_node_t *timer);

// Calls what a program has given; a failure is reported.
void hub_call_back(gevent_callback_fn run, void *argument);

// Calls the hooks of a kind, if there are any (callback.c).
int hub_run_hooks(hub_t *hub, gevent_hook_kind_t kind);

// Goes to a greenlet from a hub callback; what comes back as an error is reported.
void hub_switch(greenlet_t *target, void *value);
void hub_throw(greenlet_t *target, const greenlet_error_t *error);

void hub_report_unhandled(greenlet_t *greenlet, const greenlet_error_t *error);

// Nobody can ever wake anybody: ends gevent_run if main is in it, else fails main's blocked call.
void hub_end_of_work(hub_t *hub);

// Writes who waits for what; as gevent_waiting, with another separator.
size_t hub_describe_waits(const hub_t *hub, char *buffer, size_t size, const char *separator);

// At the end of the thread: ends the tasks that have not been started, as killed, and drops links
// that have not been called (task.c), and drops the greenlets likewise (raw.c).
void task_forget_due(hub_t *hub);
void raw_forget_unstarted(hub_t *hub);

// At the end of the thread: forgets the descriptors that have been waited for (fd.c).
void fd_forget_all(hub_t *hub);
// And the signals that the program has handlers for (signal.c).
void signal_forget_all(hub_t *hub);

// Before a greenlet's frames are dropped: ends the stretches that it is watched in (monitor.c).
void monitor_forget(const greenlet_t *greenlet);

// cleanup.c: runs the clean-up of a greenlet whose frames are about to be dropped, and forgets what
// lies on them.
void cleanup_before_drop(greenlet_t *greenlet);

// Frees the timeouts of a greenlet whose run has ended (timeout.c).
void timeout_forget_all(greenlet_t *greenlet);

#endif
