// The door's C side: calls of imports that may have to wait, and calls of exports as tasks.
//
// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "../src/gevent/door.h"
#include "../src/gevent/task_internal.h"
#include "../src/memory.h"
#include "async_context.h"
#include "entry.h"
#include "host.h"

// ---- imports ------------------------------------------------------------------------------------

// Where the caller cannot wait there is no slot: then the host refuses a promise by name.
int gevent_import_begin(slot_handle_t *slot) {
    hub_t *hub = hub_get();
    *slot = 0;
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    if (wait_check(hub) < 0) return GREENLET_OK;
    *slot = slot_take();
    return *slot ? GREENLET_OK : greenlet_fail(GREENLET_ENOMEM);
}

static void free_cell(gevent_cell_t *cell) {
    free(cell->bytes.data); // by the host through the exported malloc
}

void gevent_release_result(gevent_cell_t *cell, int owns_memory) {
    if (owns_memory) free_cell(cell);
}

int gevent_import_end(int answer, slot_handle_t slot, const char *module, const char *name,
                      gevent_cell_t *cells, int owns_memory) {
    if (answer != ANSWER_PENDING) {
        if (slot) slot_give_back(slot);
        return answer;
    }
    return slot_wait(slot, module, name, cells, owns_memory ? free_cell : NULL);
}

void gevent_ref_drop(int32_t ref) {
    host_release(ref);
}

// ---- exports as tasks ---------------------------------------------------------------------------

typedef struct call {
    gevent_thunk_fn thunk;
    gevent_cell_t *cells; // the host's, which frees them when it has read the result
    double seconds;       // its time limit; GEVENT_FOREVER or more: none
    greenlet_legacy_t *async_context;
    int code;
} call_t;

// A call without cells is a function's, which gets one for its value (function.c).
static int run_thunk(const call_t *call, void **result) {
    gevent_cell_t value = {0};
    int code = call->thunk(call->cells ? call->cells : &value);
    *result = (void *)(intptr_t)value.i32;
    return code;
}

static int run_call(void *argument, void **result) {
    const call_t *call = argument;
    gevent_timeout_t timeout;
    if (!(call->seconds < GEVENT_FOREVER)) return run_thunk(call, result);
    int code = gevent_timeout_start(&timeout, call->seconds);
    if (code < 0) return code;
    code = run_thunk(call, result);
    gevent_timeout_cancel(&timeout);
    return code;
}

static void finish_call(gevent_task_t *task) {
    memory_free(task->host);
    host_task_finished(task, (int)task->status, task->error);
}

static int name_task(gevent_task_t *task, const char *name, uint32_t stack_size) {
    if (stack_size) (void)greenlet_set_stack_size(task->greenlet, stack_size);
    return name ? greenlet_set_name(task->greenlet, name) : GREENLET_OK;
}

static greenlet_t *spawner; // NULL: whoever runs

// The next call is spawned by a function of JavaScript that is parked just now; NULL: by whoever
// runs.
WASM_EXPORT("gevent_wasm_spawn_as") void gevent_wasm_spawn_as(const gevent_task_t *task) {
    spawner = task ? task->greenlet : NULL;
}

static int spawn(call_t *call, gevent_task_t **task) {
    greenlet_thread_t *thread = greenlet_thread();
    greenlet_t *current = thread->current;
    if (spawner) thread->current = spawner;
    int code = gevent_spawn(run_call, call, task);
    thread->current = current;
    return code;
}

// Returns the task, of which the host gets a reference, or a code.
static int spawn_call(call_t call, const char *name, uint32_t stack_size) {
    call_t *kept = memory_alloc(sizeof *kept);
    if (!kept) return GREENLET_ENOMEM;
    *kept = call;
    gevent_task_t *task;
    int code = spawn(kept, &task);
    if (code < 0) {
        memory_free(kept);
        return code;
    }
    greenlet_set_legacy(task->greenlet, call.async_context);
    task->host = kept;
    task->finished = finish_call;
    (void)name_task(task, name, stack_size); // without memory it keeps its number for a name
    return (int)task;
}

// ---- exports called synchronously ---------------------------------------------------------------

static greenlet_error_t *synchronous_error;

static void run_synchronous_call(void *argument) {
    call_t *call = argument;
    greenlet_set_legacy(greenlet_current(), call->async_context);
    call->code = call->thunk(call->cells);
    greenlet_set_legacy(greenlet_current(), NULL);
    greenlet_error_unref(synchronous_error);
    synchronous_error = call->code < 0 ? greenlet_error_claim(call->code) : NULL;
}

static int call_now(call_t call) {
    int as_main = host_is_at_rest() && !context_alive(&greenlet_thread()->main.context);
    int code = as_main ? host_run_as_main(run_synchronous_call, &call)
                       : host_run_as_root(run_synchronous_call, &call);
    return code < 0 ? code : call.code;
}

// The error of the last synchronous call that failed: borrowed, until the next one.
WASM_EXPORT("gevent_wasm_synchronous_error")
greenlet_error_t *gevent_wasm_synchronous_error(void) {
    return synchronous_error;
}

//   cells       the call's block: cell 0 for the result, then the parameters; the host's
//   task_name   UTF-8, copied; NULL: none
//   stack_size  bytes, 0: the default
//   seconds     a time limit; infinity: none
// Returns a task (spawned) or a status (synchronous); negative: a code.
int gevent_export_enter(gevent_thunk_fn thunk, gevent_cell_t *cells, int is_synchronous,
                        const char *task_name, uint32_t stack_size, double seconds) {
    call_t call = {thunk, cells, seconds, async_context_take(), GREENLET_OK};
    int answer = is_synchronous ? call_now(call) : spawn_call(call, task_name, stack_size);
    greenlet_legacy_unref(call.async_context);
    return answer;
}
