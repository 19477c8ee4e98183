// What the runtime asks of the JavaScript host.
#ifndef GREENLET_HOST_H
#define GREENLET_HOST_H

#include <stdint.h>

#include "../src/gevent/loop.h"
#include "../src/gevent/slot.h"
#include "../src/gevent/task.h"
#include "wasm.h"

// Monotonic milliseconds.
HOST_IMPORT("now") double host_now(void);
// The end of the instance: makes an error of the code and the UTF-8 message. Does not return.
HOST_IMPORT("fatal") _Noreturn void host_fatal(int code, const char *message);
// A spawned call has ended: its status, and its error if it failed or was killed.
HOST_IMPORT("task_finished")
void host_task_finished(gevent_task_t *task, int status, greenlet_error_t *error);
// A task or another greenlet failed and nobody else was told.
HOST_IMPORT("unhandled") void host_unhandled(const char *name, const greenlet_error_t *error);
// A function of JavaScript that is a greenlet: starts it, in that greenlet. Nothing leaves it
// thrown. 0: it cannot be started yet; after gevent_wasm_resume_function it is to be tried again.
typedef struct function function_t;
HOST_IMPORT("function_start") int host_function_start(gevent_task_t *task, function_t *function);
// What it has asked for: a value in a cell, or an error, both borrowed. If it has not asked for
// anything, it is to end, or somebody's patience with it is over.
HOST_IMPORT("function_answer")
void host_function_answer(gevent_task_t *task, int type, const gevent_cell_t *value,
                          const greenlet_error_t *error);
// main() has returned. 1: the instance ends with it.
HOST_IMPORT("main_finished") int host_main_finished(int code);
// Nobody waits for the promise of this slot any more.
HOST_IMPORT("abandon") void host_abandon(slot_handle_t handle);
// Calls gevent_wasm_signal with `signal` whenever the process gets the one of this name, until it
// is unwatched. 0: this host has no signals.
HOST_IMPORT("watch_signal") int host_watch_signal(const char *name, loop_signal_t *signal);
HOST_IMPORT("unwatch_signal") void host_unwatch_signal(loop_signal_t *signal);
// What of `events` can be done with a descriptor without waiting. Negative: none of this number is
// open; or nothing can be done, and it cannot be waited for either.
enum { PROBE_NOT_OPEN = -1, PROBE_CANNOT_WAIT = -2 };
HOST_IMPORT("probe_fd") int host_probe_fd(int fd, unsigned events);
// Calls gevent_wasm_fd_ready with `watch` once one of `events` can be done; 0: no longer. Only
// while there are some does it keep the host going.
HOST_IMPORT("watch_fd") void host_watch_fd(int fd, unsigned events, loop_watch_t *watch);
// C no longer has the value with this number: the reason of an error, an async context.
HOST_IMPORT("release") void host_release(int number);

// The descriptors that can be waited for; NULL: there are none.
const loop_fds_t *host_fds(void);

// An import's raw function answers with one of these, or with a code whose error is the current
// greenlet's last one.
enum { ANSWER_DONE = 0, ANSWER_PENDING = 1 };

// A cell to write a value into before it is settled or asked for.
gevent_cell_t *gevent_wasm_mailbox(void);

#endif
