// Exports that give many values: what the task of such a call does.
//
// SPDX-License-Identifier: MIT
#include "../src/gevent/iterate.h"

#include "../src/gevent/scope.h"
#include "../src/greenlet_internal.h"

// ---- generators ---------------------------------------------------------------------------------

typedef struct body {
    gevent_thunk_fn run;
    gevent_cell_t *cells;
} body_t;

static int run_body(void *argument, void **result) {
    const body_t *body = argument;
    (void)result;
    return body->run(body->cells);
}

// The body has the name and the stack size that its call was given.
static int make_generator(body_t *body, generator_t **generator) {
    int code = generator_new(run_body, body, generator);
    if (code < 0) return code;
    greenlet_t *greenlet = generator_greenlet(*generator);
    (void)greenlet_set_stack_size(greenlet, greenlet_current()->stack_size);
    (void)greenlet_set_name(greenlet, greenlet_name(greenlet_current()));
    return GREENLET_OK;
}

int gevent_iterate_generator(gevent_thunk_fn run, gevent_cell_t *cells, gevent_put_fn put) {
    body_t body = {run, cells};
    generator_t *generator;
    void *item;
    int code = make_generator(&body, &generator);
    if (code < 0) return code;
    code = gevent_iteration_want(cells[0].i32);
    while (code >= 0 && (code = generator_next(generator, &item)) == GREENLET_OK)
        code = put(cells[0].i32, item);
    int closed = generator_close(generator);
    generator_unref(generator);
    return closed < 0 ? closed : code < 0 ? code : GREENLET_OK;
}

// ---- channels -----------------------------------------------------------------------------------

typedef struct production {
    gevent_producer_fn run;
    gevent_cell_t *cells;
    gevent_channel_t values;
    int is_over; // nobody wants any more
} production_t;

static int produce(void *argument, void **result) {
    production_t *production = argument;
    (void)result;
    int code = production->run(production->cells, &production->values);
    gevent_channel_close(&production->values);
    return code == GREENLET_ECLOSED && production->is_over ? GREENLET_EEXIT : code;
}

static int consume(production_t *production, gevent_put_fn put) {
    void *item;
    int code;
    while ((code = gevent_channel_get(&production->values, GEVENT_FOREVER, &item)) >= 0)
        if ((code = put(production->cells[0].i32, item)) < 0) return code;
    return code == GREENLET_ECLOSED ? GREENLET_OK : code;
}

// Who puts is told by the channel; who does not, only by a kill.
static void stop_producer(production_t *production, gevent_task_t *producer) {
    int is_putting = gevent_channel_balance(&production->values) > 0;
    production->is_over = 1;
    gevent_channel_close(&production->values);
    if (!is_putting) (void)gevent_kill(producer, NULL, GEVENT_NOWAIT);
}

// The scope waits for the producer, and fails as that did; otherwise the call fails with `code`.
static int finish(gevent_scope_t *scope, int code) {
    greenlet_error_t *error = code < 0 ? greenlet_error_claim(code) : NULL;
    int closed = gevent_scope_close(scope, GREENLET_OK);
    if (closed >= 0 && error) return greenlet_error_restore(error);
    greenlet_error_unref(error);
    return closed;
}

int gevent_iterate_channel(gevent_producer_fn run, gevent_cell_t *cells, gevent_put_fn put) {
    production_t production = {.run = run, .cells = cells};
    gevent_scope_t scope;
    gevent_task_t *producer;
    int code = gevent_iteration_want(cells[0].i32);
    if (code < 0 || (code = gevent_scope_open(&scope, GEVENT_FOREVER)) < 0) return code;
    code = gevent_scope_spawn(&scope, produce, &production, &producer);
    if (code < 0) return gevent_scope_close(&scope, code);
    code = consume(&production, put);
    if (code < 0) stop_producer(&production, producer);
    code = finish(&scope, code);
    gevent_task_unref(producer);
    return code;
}
