// The door in a program that Emscripten links: what the host finds by name elsewhere it finds in a
// list here.
//
// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "../src/gevent/door.h"
#include "wasm.h"

static gevent_export_t *exports, **end = &exports;

void gevent_export_add(gevent_export_t *each) {
    *end = each;
    end = &each->next;
}

// The program's exports, one after the other: the first after NULL; NULL after the last.
WASM_EXPORT("gevent_wasm_next_export")
const gevent_export_t *gevent_wasm_next_export(const gevent_export_t *each) {
    return each ? each->next : exports;
}

// Its line, as elsewhere in the section "greenlet.door".
WASM_EXPORT("gevent_wasm_export_record")
const char *gevent_wasm_export_record(const gevent_export_t *each) {
    return each->record;
}

WASM_EXPORT("gevent_wasm_export_thunk")
gevent_thunk_fn gevent_wasm_export_thunk(const gevent_export_t *each) {
    return each->thunk;
}

// As gevent_export_enter.
WASM_EXPORT("gevent_wasm_enter_export")
int gevent_wasm_enter_export(gevent_thunk_fn thunk, gevent_cell_t *cells, int is_synchronous,
                             const char *task_name, uint32_t stack_size, double seconds) {
    return gevent_export_enter(thunk, cells, is_synchronous, task_name, stack_size, seconds);
}

// ---- memory, by names that no program changes
// ----------------------------------------------------

WASM_EXPORT("gevent_wasm_malloc") void *gevent_wasm_malloc(size_t size) {
    return malloc(size);
}

WASM_EXPORT("gevent_wasm_free") void gevent_wasm_free(void *pointer) {
    free(pointer);
}
