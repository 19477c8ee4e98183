// Functions of JavaScript as greenlets. Each is a task whose run function carries out what its
// JavaScript asks for (`await g.sleep(10)`), one request after the other, until that has ended. So
// it is killed, joined and switched to like any other, and only its JavaScript is not in memory.
//
// While its JavaScript runs it waits, and the hub runs nobody else until the next request is there,
// or JavaScript awaits something of its own: so it takes its turn as C would.
//
// SPDX-License-Identifier: MIT
#include <string.h>

#include "../src/gevent/task_internal.h"
#include "host.h"
#include "request.h"

struct function {
    gevent_task_t *task;
    wait_t *wait; // for its JavaScript, or NULL
    request_t request;
    greenlet_error_t *error; // with which it has ended; owned, or NULL
    int32_t value;           // or else with this
    int has_started;
    int has_ended;
};

// ---- its JavaScript -----------------------------------------------------------------------------

typedef struct visit {
    wait_t wait;
    function_t *function;
} visit_t;

static void end_visit(function_t *function) {
    hub_t *hub = hub_get();
    if (hub->guest == function->wait) hub->guest = NULL;
    hub->outstanding--;
    function->wait = NULL;
}

// It was killed, or a timeout expired, or somebody switched to it.
static void interrupt(wait_t *wait) {
    function_t *function = LIST_ITEM(wait, visit_t, wait)->function;
    if (function->wait) end_visit(function);
}

// Until there is a request, or it has ended.
static int wait_for_javascript(function_t *function) {
    hub_t *hub = hub_get();
    visit_t visit = {.wait = {.what = "javascript", .ignores_cancel = 1, .cancel = interrupt},
                     .function = function};
    function->wait = &visit.wait;
    hub->outstanding++;
    hub->guest = &visit.wait;
    return wait_until(&visit.wait, LOOP_NEVER);
}

static void go_on(function_t *function) {
    wait_t *wait = function->wait;
    if (!wait) return; // it will look
    int is_its_turn = hub_get()->guest == wait;
    end_visit(function);
    if (is_its_turn)
        wait_wake_next(wait);
    else
        wait_wake(wait);
}

// ---- the task -----------------------------------------------------------------------------------

static void answer(function_t *function, int code) {
    request_t *request = &function->request;
    gevent_cell_t cell = request_answer(request);
    greenlet_error_t *error = code < 0 ? greenlet_error_claim(code) : NULL;
    host_function_answer(function->task, (int)request->got, &cell, error);
    greenlet_error_unref(error);
    request_drop(request);
}

// Where it cannot wait for its JavaScript, it ends.
static int serve(function_t *function) {
    for (;;) {
        int is_asked = function->request.action != NULL;
        int code = is_asked || function->has_ended ? GREENLET_OK : wait_for_javascript(function);
        if (code == GREENLET_ENOMEM) return code;
        if (function->request.action) {
            if (code >= 0) code = request_carry_out(&function->request);
        } else if (function->has_ended) {
            return function->error ? greenlet_error_restore(function->error) : GREENLET_OK;
        }
        answer(function, code);
    }
}

// The first time, JavaScript loads its side of this; the turn stays this one's meanwhile.
static int start(function_t *function) {
    int code = GREENLET_OK;
    while (code >= 0 && !function->has_ended && !function->has_started) {
        function->has_started = host_function_start(function->task, function);
        if (!function->has_started) code = wait_for_javascript(function);
    }
    return code;
}

static void drop_function(void *argument) {
    function_t *function = argument;
    request_drop(&function->request);
    publish_forget(function->task);
}

// The thunk of a call that has a cell only for what C gets as its value (door.c).
static int run_function(gevent_cell_t *cell) {
    function_t function = {.task = gevent_current_task()};
    gevent_cleanup_t cleanup;
    gevent_cleanup_push(&cleanup, drop_function, &function);
    int code = start(&function);
    if (code >= 0) code = serve(&function);
    gevent_cleanup_pop(&cleanup, 1);
    cell->i32 = function.value;
    return code;
}

// ---- what the host calls ------------------------------------------------------------------------

// As gevent_export_enter: returns the task, or a code.
WASM_EXPORT("gevent_wasm_spawn_function")
int gevent_wasm_spawn_function(const char *name, uint32_t stack_size, double seconds) {
    return gevent_export_enter(run_function, NULL, 0, name, stack_size, seconds);
}

// The type of the items of what has that name; GEVENT_TYPE_void if there is no such queue.
WASM_EXPORT("gevent_wasm_published_items") int gevent_wasm_published_items(const char *name) {
    const published_t *published = publish_find(name);
    return published ? (int)published->items : GEVENT_TYPE_void;
}

// Asks for something; the value, or the error that is to be thrown, is in the mailbox. One request
// at a time.
//   name  of something published, which is taken; or NULL
//   task  or NULL
WASM_EXPORT("gevent_wasm_request")
void gevent_wasm_request(function_t *function, unsigned action, char *name, gevent_task_t *task,
                         double seconds) {
    request_t *request = &function->request;
    request->name = name;
    request->task = gevent_task_ref(task);
    request->seconds = seconds < GEVENT_FOREVER ? seconds : GEVENT_FOREVER;
    request_begin(request, action, *gevent_wasm_mailbox());
    go_on(function);
}

// It has returned, with a value for C, or failed with an error, which is taken. From now on it asks
// for nothing.
WASM_EXPORT("gevent_wasm_end_function")
void gevent_wasm_end_function(function_t *function, greenlet_error_t *error, int32_t value) {
    function->error = error;
    function->value = value;
    function->has_ended = 1;
    go_on(function);
}

// It can be started now.
WASM_EXPORT("gevent_wasm_resume_function")
void gevent_wasm_resume_function(function_t *function) {
    go_on(function);
}

// Its JavaScript awaits something of its own: others run (1), unless it has yet to start (0).
WASM_EXPORT("gevent_wasm_let_others_run") int gevent_wasm_let_others_run(void) {
    hub_t *hub = hub_get();
    if (hub->guest && !LIST_ITEM(hub->guest, visit_t, wait)->function->has_started) return 0;
    hub->guest = NULL;
    return 1;
}
