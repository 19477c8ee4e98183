// Promises as results: calls of imports that do not wait.
//
// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "../src/gevent/result_internal.h"
#include "../src/memory.h"
#include "host.h"

// One that has not settled. It has copies of what the arguments refer to: the caller's are gone
// before it settles.
typedef struct promise {
    operation_t operation;
    gevent_result_t *result; // that it settles
    slot_handle_t slot;
    gevent_type_t type;    // of its value
    gevent_cell_t cells[]; // for the value, the arguments, and behind these their strings and bytes
} promise_t;

static promise_t *promise_of(operation_t *operation) {
    return LIST_ITEM(operation, promise_t, operation);
}

static void free_promise(promise_t *promise) {
    promise->result->operation = NULL;
    memory_free(promise);
}

// ---- the beginning ------------------------------------------------------------------------------

static size_t size_of_blocks(const unsigned char *types, const gevent_cell_t *cells, size_t count) {
    size_t size = 0;
    for (size_t i = 1; i < count; i++)
        if (gevent_type_is_block(types[i])) size += cells[i].bytes.size + 1;
    return size;
}

// A NUL follows each, as strings want it.
static void copy_blocks(promise_t *promise, const unsigned char *types, size_t count) {
    char *end = (char *)&promise->cells[count];
    for (size_t i = 1; i < count; i++) {
        gevent_cell_t *cell = &promise->cells[i];
        if (!gevent_type_is_block(types[i]) || !cell->bytes.data) continue;
        memcpy(end, cell->bytes.data, cell->bytes.size);
        end[cell->bytes.size] = '\0';
        cell->bytes.data = end;
        end += cell->bytes.size + 1;
    }
}

static promise_t *make_promise(const unsigned char *types, const gevent_cell_t *cells,
                               size_t count) {
    size_t size = sizeof(promise_t) + count * sizeof *cells + size_of_blocks(types, cells, count);
    promise_t *promise = memory_alloc_zeroed(size);
    if (!promise) return NULL;
    promise->type = types[0];
    memcpy(&promise->cells[1], &cells[1], (count - 1) * sizeof *cells);
    copy_blocks(promise, types, count);
    promise->slot = slot_take();
    if (promise->slot) return promise;
    memory_free(promise);
    return NULL;
}

static void abandon(operation_t *operation) {
    promise_t *promise = promise_of(operation);
    slot_abandon(promise->slot);
    memory_free(promise);
}

int gevent_promise_begin(gevent_promise_t *call, const char *module, const char *name,
                         const unsigned char *types, const gevent_cell_t *cells, size_t count) {
    if (!hub_get()) return greenlet_fail(GREENLET_ENOMEM);
    promise_t *promise = make_promise(types, cells, count);
    if (!promise) return greenlet_fail(GREENLET_ENOMEM);
    int code = gevent_result_new(&promise->result);
    if (code < 0) {
        slot_give_back(promise->slot);
        memory_free(promise);
        return code;
    }
    promise->operation = (operation_t){module, name, abandon};
    promise->result->operation = &promise->operation;
    *call = (gevent_promise_t){promise->result, promise->cells, promise->slot};
    return GREENLET_OK;
}

// ---- the end ------------------------------------------------------------------------------------

static void settle(void *owner, const gevent_cell_t *value, greenlet_error_t *error) {
    promise_t *promise = owner;
    gevent_result_t *result = promise->result;
    gevent_type_t type = promise->type;
    gevent_cell_t copy = {0};
    if (!error && type != GEVENT_TYPE_void) copy = *value;
    free_promise(promise);
    if (error)
        result_fail(result, error);
    else
        result_succeed(result, type, copy, gevent_type_is_block(type) ? free : NULL);
}

void gevent_promise_end(const gevent_promise_t *call, int answer, gevent_result_t **result) {
    promise_t *promise = promise_of(call->result->operation);
    *result = call->result;
    if (answer == ANSWER_PENDING) {
        slot_begin(call->slot,
                   (slot_operation_t){promise->operation.module, promise->operation.name,
                                      call->cells, settle, promise});
        return;
    }
    slot_give_back(call->slot);
    settle(promise, call->cells, answer < 0 ? greenlet_error_claim(answer) : NULL);
}
