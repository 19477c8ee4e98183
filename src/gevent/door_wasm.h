// The door's macros: for the JavaScript host they make thunks and records, elsewhere they only
// declare.
//
// A thunk stands between the plain C function and the host, which hands values over in a block of
// cells: cell 0 for the result, the parameters after it. A record, a line of text in the custom
// section "greenlet.door", tells the host (and whoever writes types) what the cells hold.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_DOOR_WASM_H
#define GEVENT_DOOR_WASM_H

// ---- lists over the types that a macro was given
// -------------------------------------------------

#define GEVENT_JOIN_(a, b) a##b
#define GEVENT_JOIN(a, b) GEVENT_JOIN_(a, b)
// How many arguments follow the first, 0 to 8.
#define GEVENT_COUNT(...) GEVENT_COUNT_(__VA_ARGS__, 8, 7, 6, 5, 4, 3, 2, 1, 0, )
#define GEVENT_COUNT_(_0, _1, _2, _3, _4, _5, _6, _7, _8, count, ...) count

// GEVENT_EACH(each, comma, first, types…): each(1, type 1) comma() each(2, type 2) …
#define GEVENT_EACH(each, comma, ...)                                                              \
    GEVENT_JOIN(GEVENT_EACH_, GEVENT_COUNT(__VA_ARGS__))(each, comma, __VA_ARGS__)
#define GEVENT_EACH_0(each, comma, first)
#define GEVENT_EACH_1(each, comma, first, t1) each(1, t1)
#define GEVENT_EACH_2(each, comma, first, t1, t2)                                                  \
    GEVENT_EACH_1(each, comma, first, t1) comma() each(2, t2)
#define GEVENT_EACH_3(each, comma, first, t1, t2, t3)                                              \
    GEVENT_EACH_2(each, comma, first, t1, t2) comma() each(3, t3)
#define GEVENT_EACH_4(each, comma, first, t1, t2, t3, t4)                                          \
    GEVENT_EACH_3(each, comma, first, t1, t2, t3) comma() each(4, t4)
#define GEVENT_EACH_5(each, comma, first, t1, t2, t3, t4, t5)                                      \
    GEVENT_EACH_4(each, comma, first, t1, t2, t3, t4) comma() each(5, t5)
#define GEVENT_EACH_6(each, comma, first, t1, t2, t3, t4, t5, t6)                                  \
    GEVENT_EACH_5(each, comma, first, t1, t2, t3, t4, t5) comma() each(6, t6)
#define GEVENT_EACH_7(each, comma, first, t1, t2, t3, t4, t5, t6, t7)                              \
    GEVENT_EACH_6(each, comma, first, t1, t2, t3, t4, t5, t6) comma() each(7, t7)
#define GEVENT_EACH_8(each, comma, first, t1, t2, t3, t4, t5, t6, t7, t8)                          \
    GEVENT_EACH_7(each, comma, first, t1, t2, t3, t4, t5, t6, t7) comma() each(8, t8)
#define GEVENT_COMMA() ,
#define GEVENT_NOTHING()

// ---- what a type is in C and in a cell
// -----------------------------------------------------------

typedef int32_t gevent_param_i32, gevent_out_i32;
typedef int64_t gevent_param_i64, gevent_out_i64;
typedef float gevent_param_f32, gevent_out_f32;
typedef double gevent_param_f64, gevent_out_f64;
typedef const char *gevent_param_string, *gevent_param_json;
typedef char *gevent_out_string, *gevent_out_json;
typedef gevent_bytes_t gevent_param_bytes, gevent_out_bytes;
typedef int32_t gevent_param_ref, gevent_out_ref;
typedef int32_t gevent_param_stream, gevent_out_stream;
typedef int32_t gevent_param_lent;
typedef gevent_result_t *gevent_out_promise; // of an import that does not wait

#define GEVENT_PARAMETER(i, type) gevent_param_##type a##i

// GEVENT_IF_<result>(text): the text, unless there is no result.
#define GEVENT_IF_void(...)
#define GEVENT_IF_i32(...) __VA_ARGS__
#define GEVENT_IF_i64(...) __VA_ARGS__
#define GEVENT_IF_f32(...) __VA_ARGS__
#define GEVENT_IF_f64(...) __VA_ARGS__
#define GEVENT_IF_string(...) __VA_ARGS__
#define GEVENT_IF_bytes(...) __VA_ARGS__
#define GEVENT_IF_json(...) __VA_ARGS__
#define GEVENT_IF_ref(...) __VA_ARGS__
#define GEVENT_IF_stream(...) __VA_ARGS__
#define GEVENT_IF_promise(...) __VA_ARGS__

#define GEVENT_ONLY_void void
#define GEVENT_ONLY_i32 gevent_out_i32 *result
#define GEVENT_ONLY_i64 gevent_out_i64 *result
#define GEVENT_ONLY_f32 gevent_out_f32 *result
#define GEVENT_ONLY_f64 gevent_out_f64 *result
#define GEVENT_ONLY_string gevent_out_string *result
#define GEVENT_ONLY_bytes gevent_out_bytes *result
#define GEVENT_ONLY_json gevent_out_json *result
#define GEVENT_ONLY_ref gevent_out_ref *result
#define GEVENT_ONLY_stream gevent_out_stream *result
#define GEVENT_ONLY_promise gevent_out_promise *result

// int name(parameters…, result *result). Without parameters the out-pointer has no comma before it.
#define GEVENT_PROTOTYPE(result_type, ...)                                                         \
    GEVENT_JOIN(GEVENT_PROTOTYPE_, GEVENT_JOIN(GEVENT_HAS_, GEVENT_COUNT(__VA_ARGS__)))            \
    (result_type, __VA_ARGS__)
#define GEVENT_PROTOTYPE_none(result_type, name) int name(GEVENT_ONLY_##result_type)
#define GEVENT_PROTOTYPE_some(result_type, name, ...)                                              \
    int name(GEVENT_EACH(GEVENT_PARAMETER, GEVENT_COMMA, name, __VA_ARGS__)                        \
                 GEVENT_IF_##result_type(, gevent_out_##result_type *result))
#define GEVENT_HAS_0 none
#define GEVENT_HAS_1 some
#define GEVENT_HAS_2 some
#define GEVENT_HAS_3 some
#define GEVENT_HAS_4 some
#define GEVENT_HAS_5 some
#define GEVENT_HAS_6 some
#define GEVENT_HAS_7 some
#define GEVENT_HAS_8 some

#define GEVENT_FIRST(first, ...) first

#if !defined __wasm__ || defined GREENLET_HOST_WASI

// Somebody else defines an import, and an export is the plain function itself. Of one that nobody
// has defined, the build of a WASI command knows the name by this.
#ifdef __wasm__
#define GEVENT_OUTSIDE(module, name)                                                               \
    __attribute__((import_module("gevent"), import_name(#module "." #name)))
#else
#define GEVENT_OUTSIDE(module, name)
#endif

#define GEVENT_IMPORT(result_type, module, ...)                                                    \
    GEVENT_OUTSIDE_(module, GEVENT_FIRST(__VA_ARGS__, )) GEVENT_PROTOTYPE(result_type, __VA_ARGS__);
#define GEVENT_IMPORT_INLINE GEVENT_IMPORT
#define GEVENT_IMPORT_RESULT(result_type, module, ...)                                             \
    GEVENT_OUTSIDE_(module, GEVENT_FIRST(__VA_ARGS__, )) GEVENT_PROTOTYPE(promise, __VA_ARGS__);
#define GEVENT_OUTSIDE_(module, name) GEVENT_OUTSIDE(module, name)
#define GEVENT_EXPORT(result_type, ...) GEVENT_PROTOTYPE(result_type, __VA_ARGS__);

#else

#include <string.h>

#include "slot.h"

// ---- cells
// ---------------------------------------------------------------------------------------

#define GEVENT_LOAD_i32(cell) (cell).i32
#define GEVENT_LOAD_i64(cell) (cell).i64
#define GEVENT_LOAD_f32(cell) (cell).f32
#define GEVENT_LOAD_f64(cell) (cell).f64
#define GEVENT_LOAD_string(cell) (char *)(cell).bytes.data
#define GEVENT_LOAD_bytes(cell) gevent_bytes_of(&(cell))
#define GEVENT_LOAD_json(cell) (char *)(cell).bytes.data
#define GEVENT_LOAD_ref(cell) (cell).i32
#define GEVENT_LOAD_stream(cell) (cell).i32

#define GEVENT_STORE_i32(cell, value) (cell).i32 = (value)
#define GEVENT_STORE_i64(cell, value) (cell).i64 = (value)
#define GEVENT_STORE_f32(cell, value) (cell).f32 = (value)
#define GEVENT_STORE_f64(cell, value) (cell).f64 = (value)
#define GEVENT_STORE_string(cell, value) gevent_store_string(&(cell), value)
#define GEVENT_STORE_bytes(cell, value) gevent_store_bytes(&(cell), value)
#define GEVENT_STORE_json(cell, value) gevent_store_string(&(cell), value)
#define GEVENT_STORE_ref(cell, value) (cell).i32 = (value)
#define GEVENT_STORE_stream(cell, value) (cell).i32 = (value)
#define GEVENT_STORE_lent(cell, value) (cell).i32 = (value)

#define GEVENT_ZERO_i32 0
#define GEVENT_ZERO_i64 0
#define GEVENT_ZERO_f32 0
#define GEVENT_ZERO_f64 0
#define GEVENT_ZERO_string NULL
#define GEVENT_ZERO_bytes                                                                          \
    { NULL, 0 }
#define GEVENT_ZERO_json NULL
#define GEVENT_ZERO_ref 0
#define GEVENT_ZERO_stream 0

// 1: the cell owns memory.
#define GEVENT_OWNS_void 0
#define GEVENT_OWNS_i32 0
#define GEVENT_OWNS_i64 0
#define GEVENT_OWNS_f32 0
#define GEVENT_OWNS_f64 0
#define GEVENT_OWNS_string 1
#define GEVENT_OWNS_bytes 1
#define GEVENT_OWNS_json 1
#define GEVENT_OWNS_ref 0
#define GEVENT_OWNS_stream 0

static inline gevent_bytes_t gevent_bytes_of(const gevent_cell_t *cell) {
    gevent_bytes_t bytes = {cell->bytes.data, cell->bytes.size};
    return bytes;
}

static inline void gevent_store_bytes(gevent_cell_t *cell, gevent_bytes_t bytes) {
    cell->bytes.data = bytes.data;
    cell->bytes.size = bytes.size;
}

static inline void gevent_store_string(gevent_cell_t *cell, const char *string) {
    cell->bytes.data = (void *)(uintptr_t)string;
    cell->bytes.size = string ? strlen(string) : 0;
}

#define GEVENT_STORE_ARGUMENT(i, type) GEVENT_STORE_##type(cells[i], a##i);
#define GEVENT_LOAD_ARGUMENT(i, type) GEVENT_LOAD_##type(cells[i])
#define GEVENT_TYPE_NAME(i, type) " " #type

#define GEVENT_TYPE_VALUE(i, type) GEVENT_TYPE_##type,

#define GEVENT_RECORD(text)                                                                        \
    __asm__(".section .custom_section.greenlet.door,\"\",@\n.ascii \"" text "\\n\"\n")

// ---- imports
// -------------------------------------------------------------------------------------

#ifdef __cplusplus
extern "C" {
#endif

// An import's call, in three steps (../wasm/door.c): name the slot for a promise, call, take the
// answer.
int gevent_import_begin(slot_handle_t *slot);
int gevent_import_end(int answer, slot_handle_t slot, const char *module, const char *name,
                      gevent_cell_t *cells, int owns_memory);
void gevent_release_result(gevent_cell_t *cell, int owns_memory);

// Its linkage: one definition for all files, or in a header one for each that includes it.
#define GEVENT_LINKAGE_ONCE(prototype)                                                             \
    prototype;                                                                                     \
    prototype
#define GEVENT_LINKAGE_EACH(prototype) static inline prototype
#define GEVENT_IMPORT(result_type, module, ...)                                                    \
    GEVENT_IMPORT_(ONCE, result_type, module, GEVENT_FIRST(__VA_ARGS__, ), __VA_ARGS__)
#define GEVENT_IMPORT_INLINE(result_type, module, ...)                                             \
    GEVENT_IMPORT_(EACH, result_type, module, GEVENT_FIRST(__VA_ARGS__, ), __VA_ARGS__)
#define GEVENT_IMPORT_(linkage, result_type, module, name, ...)                                    \
    GEVENT_IMPORT_DEFINE(linkage, result_type, module, name, __VA_ARGS__)
#define GEVENT_IMPORT_RECORD(result_type, module, name, ...)                                       \
    "import " #module " " #name                                                                    \
    " " #result_type GEVENT_EACH(GEVENT_TYPE_NAME, GEVENT_NOTHING, __VA_ARGS__)
#ifdef __EMSCRIPTEN__
// There all imports come from one module, whose names are known beforehand: one of them calls
// whatever a record names.
int gevent_host_import(const char *record, gevent_cell_t *cells, slot_handle_t slot);
#define GEVENT_IMPORT_DECLARE(result_type, module, name, ...)                                      \
    __attribute__((always_inline)) static inline int gevent_raw_##name(gevent_cell_t *cells,       \
                                                                       slot_handle_t slot) {       \
        static const char record[] = GEVENT_IMPORT_RECORD(result_type, module, name, __VA_ARGS__); \
        return gevent_host_import(record, cells, slot);                                            \
    }
#else
#define GEVENT_IMPORT_DECLARE(result_type, module, name, ...)                                      \
    GEVENT_RECORD(GEVENT_IMPORT_RECORD(result_type, module, name, __VA_ARGS__));                   \
    __attribute__((import_module("gevent"),                                                        \
                   import_name(#module "." #name))) int gevent_raw_##name(gevent_cell_t *cells,    \
                                                                          slot_handle_t slot);
#endif
#define GEVENT_IMPORT_DEFINE(linkage, result_type, module, name, ...)                              \
    GEVENT_IMPORT_DECLARE(result_type, module, name, __VA_ARGS__)                                  \
    GEVENT_LINKAGE_##linkage(GEVENT_PROTOTYPE(result_type, __VA_ARGS__)) {                         \
        gevent_cell_t cells[1 + GEVENT_COUNT(__VA_ARGS__)];                                        \
        slot_handle_t slot;                                                                        \
        int code = gevent_import_begin(&slot);                                                     \
        if (code < 0) return code;                                                                 \
        GEVENT_EACH(GEVENT_STORE_ARGUMENT, GEVENT_NOTHING, __VA_ARGS__)                            \
        code = gevent_import_end(gevent_raw_##name(cells, slot), slot, #module, #name, cells,      \
                                 GEVENT_OWNS_##result_type);                                       \
        GEVENT_IF_##result_type(                                                                   \
            if (code >= 0 && result) *result = GEVENT_LOAD_##result_type(cells[0]);                \
            if (code >= 0 && !result)                                                              \
                gevent_release_result(cells, GEVENT_OWNS_##result_type);) return code;             \
    }

// The same for a call that does not wait (../wasm/promise.c): make the result that a promise will
// settle, with copies of the arguments, call, take the answer.
//   types  of the value and of the arguments; as many as cells
typedef struct gevent_promise {
    gevent_result_t *result;
    gevent_cell_t *cells;
    slot_handle_t slot;
} gevent_promise_t;
int gevent_promise_begin(gevent_promise_t *promise, const char *module, const char *name,
                         const unsigned char *types, const gevent_cell_t *cells, size_t count);
void gevent_promise_end(const gevent_promise_t *promise, int answer, gevent_result_t **result);

#define GEVENT_IMPORT_RESULT(result_type, module, ...)                                             \
    GEVENT_IMPORT_RESULT_(result_type, module, GEVENT_FIRST(__VA_ARGS__, ), __VA_ARGS__)
#define GEVENT_IMPORT_RESULT_(result_type, module, name, ...)                                      \
    GEVENT_IMPORT_RESULT_DEFINE(result_type, module, name, __VA_ARGS__)
#define GEVENT_IMPORT_RESULT_DEFINE(result_type, module, name, ...)                                \
    GEVENT_IMPORT_DECLARE(result_type, module, name, __VA_ARGS__)                                  \
    GEVENT_PROTOTYPE(promise, __VA_ARGS__);                                                        \
    GEVENT_PROTOTYPE(promise, __VA_ARGS__) {                                                       \
        gevent_cell_t cells[1 + GEVENT_COUNT(__VA_ARGS__)];                                        \
        const unsigned char types[] = {                                                            \
            GEVENT_TYPE_##result_type,                                                             \
            GEVENT_EACH(GEVENT_TYPE_VALUE, GEVENT_NOTHING, __VA_ARGS__)};                          \
        gevent_promise_t promise;                                                                  \
        if (!result) return greenlet_fail(GREENLET_EINVAL);                                        \
        GEVENT_EACH(GEVENT_STORE_ARGUMENT, GEVENT_NOTHING, __VA_ARGS__)                            \
        int code = gevent_promise_begin(&promise, #module, #name, types, cells, sizeof types);     \
        if (code < 0) return code;                                                                 \
        gevent_promise_end(&promise, gevent_raw_##name(promise.cells, promise.slot), result);      \
        return GREENLET_OK;                                                                        \
    }

// ---- exports
// -------------------------------------------------------------------------------------

typedef int (*gevent_thunk_fn)(gevent_cell_t *cells);

// Starts a call from the host (../wasm/door.c, which says what the parameters are).
int gevent_export_enter(gevent_thunk_fn thunk, gevent_cell_t *cells, int is_synchronous,
                        const char *task_name, uint32_t stack_size, double seconds);

#define GEVENT_EXPORT(result_type, ...)                                                            \
    GEVENT_EXPORT_(result_type, GEVENT_FIRST(__VA_ARGS__, ), __VA_ARGS__)
#define GEVENT_EXPORT_(result_type, name, ...) GEVENT_EXPORT_DEFINE(result_type, name, __VA_ARGS__)
#define GEVENT_EXPORT_DEFINE(result_type, name, ...)                                               \
    GEVENT_PROTOTYPE(result_type, __VA_ARGS__);                                                    \
    static int gevent_thunk_##name(gevent_cell_t *cells) {                                         \
        GEVENT_IF_##result_type(gevent_out_##result_type result =                                  \
                                    GEVENT_ZERO_##result_type;) int code =                         \
            GEVENT_CALL(result_type, __VA_ARGS__);                                                 \
        GEVENT_IF_##result_type(GEVENT_STORE_##result_type(cells[0], result);)(void) cells;        \
        return code;                                                                               \
    }                                                                                              \
    GEVENT_EXPORT_ENTER(export, result_type, name, __VA_ARGS__)

// The record, and what the host calls.
#define GEVENT_EXPORT_RECORD(kind, result_type, name, ...)                                         \
#kind " " #name " " #result_type GEVENT_EACH(GEVENT_TYPE_NAME, GEVENT_NOTHING, __VA_ARGS__)
#ifdef __EMSCRIPTEN__
// There the host learns of exports from a list, which constructors make
// (../wasm/door_emscripten.c).
typedef struct gevent_export {
    const char *record;
    gevent_thunk_fn thunk;
    struct gevent_export *next;
} gevent_export_t;
void gevent_export_add(gevent_export_t *each);
#define GEVENT_EXPORT_ENTER(kind, result_type, name, ...)                                          \
    __attribute__((constructor)) static void gevent_add_##name(void) {                             \
        static gevent_export_t each = {GEVENT_EXPORT_RECORD(kind, result_type, name, __VA_ARGS__), \
                                       gevent_thunk_##name, NULL};                                 \
        gevent_export_add(&each);                                                                  \
    }
#else
#define GEVENT_EXPORT_ENTER(kind, result_type, name, ...)                                          \
    GEVENT_RECORD(GEVENT_EXPORT_RECORD(kind, result_type, name, __VA_ARGS__));                     \
    __attribute__((export_name("gevent." #name), used)) int gevent_enter_##name(                   \
        gevent_cell_t *cells, int is_synchronous, const char *task_name, uint32_t stack_size,      \
        double seconds);                                                                           \
    int gevent_enter_##name(gevent_cell_t *cells, int is_synchronous, const char *task_name,       \
                            uint32_t stack_size, double seconds) {                                 \
        return gevent_export_enter(gevent_thunk_##name, cells, is_synchronous, task_name,          \
                                   stack_size, seconds);                                           \
    }
#endif

// name(cells…, &result)
#define GEVENT_CALL(result_type, ...)                                                              \
    GEVENT_JOIN(GEVENT_CALL_, GEVENT_JOIN(GEVENT_HAS_, GEVENT_COUNT(__VA_ARGS__)))                 \
    (result_type, __VA_ARGS__)
#define GEVENT_CALL_none(result_type, name) name(GEVENT_IF_##result_type(&result))
#define GEVENT_CALL_some(result_type, name, ...)                                                   \
    name(GEVENT_EACH(GEVENT_LOAD_ARGUMENT, GEVENT_COMMA, name, __VA_ARGS__)                        \
             GEVENT_IF_##result_type(, &result))

#ifdef __cplusplus
}
#endif

#endif
#endif
