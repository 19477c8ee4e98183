// What the runtime asks of the JavaScript host, and the entries from it.
//
// Every call from JavaScript that runs code of the program is an entry. At rest, between entries,
// nothing of wasm is on the engine's stack. An entry made by an import's JavaScript while wasm
// frames lie below is a nested one, with a root of its own.
#ifndef GREENLET_HOST_H
#define GREENLET_HOST_H

#include <stdint.h>

#include "../src/gevent/slot.h"
#include "../src/gevent/wait.h"
#include "wasm.h"

#define HOST_IMPORT(name) WASM_IMPORT("gevent_host", name)

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
// thrown.
typedef struct function function_t;
HOST_IMPORT("function_start") void host_function_start(gevent_task_t *task, function_t *function);
// What it has asked for: a value in a cell, or an error, both borrowed. If it has not asked for
// anything, it is to end, or somebody's patience with it is over.
HOST_IMPORT("function_answer")
void host_function_answer(gevent_task_t *task, int type, const gevent_cell_t *value,
                          const greenlet_error_t *error);
// main() has returned. 1: the instance ends with it.
HOST_IMPORT("main_finished") int host_main_finished(int code);
// Nobody waits for the promise of this slot any more.
HOST_IMPORT("abandon") void host_abandon(slot_handle_t handle);
// C no longer has the value with this number: the reason of an error, an async context.
HOST_IMPORT("release") void host_release(int number);

// An import's raw function answers with one of these, or with a code whose error is the current
// greenlet's last one.
enum { ANSWER_DONE = 0, ANSWER_PENDING = 1 };

// Runs `function` with the hub as the current greenlet. At rest only.
void host_enter_hub(void (*function)(hub_t *hub, void *argument), void *argument);

// Runs `function` as the main greenlet, on a stack of its own above the pump. At rest, and while
// main has no frames. 0 when it has returned; if control is not back by then, its pending switch
// fails with GREENLET_EWOULDBLOCK. GREENLET_ENOMEM: it did not run.
int host_run_as_main(void (*function)(void *argument), void *argument);

// Runs `function` as a fresh root: it may compute, create, spawn and wake, but neither wait nor
// switch to a greenlet of another root. From anywhere. GREENLET_ENOMEM: it did not run.
int host_run_as_root(void (*function)(void *argument), void *argument);

// Starts main on its stack, with a NULL argument; it may park. At rest.
int host_start_main(void (*function)(void *argument));

// A cell to write a value into before it is settled or asked for.
gevent_cell_t *gevent_wasm_mailbox(void);

// 1 between entries.
int host_is_at_rest(void);

// Bytes of the main greenlet's stack (--main-stack).
extern uint32_t host_main_stack_size;

#endif
