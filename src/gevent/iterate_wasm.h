// The macros of iterate.h: in wasm they make thunks and records, natively they only declare.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_ITERATE_WASM_H
#define GEVENT_ITERATE_WASM_H

// int name(parameters…, gevent_channel_t *result)
#define GEVENT_ONLY_channel gevent_channel_t *result
#define GEVENT_IF_channel(...) __VA_ARGS__
typedef gevent_channel_t gevent_out_channel;

#if !defined __wasm__ || defined GREENLET_HOST_WASI

#define GEVENT_EXPORT_GENERATOR(type, ...) GEVENT_PROTOTYPE(void, __VA_ARGS__);
#define GEVENT_EXPORT_CHANNEL(type, ...) GEVENT_PROTOTYPE(channel, __VA_ARGS__);

#else

#ifdef __cplusplus
extern "C" {
#endif

// JavaScript's end of an iteration (../../js/iterate.js). Each waits until a value is wanted; to
// put gives one first.
GEVENT_IMPORT_INLINE(void, gevent_iteration, gevent_iteration_want, ref)
GEVENT_IMPORT_INLINE(void, gevent_iteration, gevent_iteration_put_i32, ref, i32)
GEVENT_IMPORT_INLINE(void, gevent_iteration, gevent_iteration_put_i64, ref, i64)
GEVENT_IMPORT_INLINE(void, gevent_iteration, gevent_iteration_put_f32, ref, f32)
GEVENT_IMPORT_INLINE(void, gevent_iteration, gevent_iteration_put_f64, ref, f64)
GEVENT_IMPORT_INLINE(void, gevent_iteration, gevent_iteration_put_string, ref, string)
GEVENT_IMPORT_INLINE(void, gevent_iteration, gevent_iteration_put_bytes, ref, bytes)
GEVENT_IMPORT_INLINE(void, gevent_iteration, gevent_iteration_put_json, ref, json)
GEVENT_IMPORT_INLINE(void, gevent_iteration, gevent_iteration_put_ref, ref, ref)

#define GEVENT_ITEM_i32(item) *(const int32_t *)(item)
#define GEVENT_ITEM_i64(item) *(const int64_t *)(item)
#define GEVENT_ITEM_f32(item) *(const float *)(item)
#define GEVENT_ITEM_f64(item) *(const double *)(item)
#define GEVENT_ITEM_string(item) (const char *)(item)
#define GEVENT_ITEM_bytes(item) *(const gevent_bytes_t *)(item)
#define GEVENT_ITEM_json(item) (const char *)(item)
#define GEVENT_ITEM_ref(item) *(const int32_t *)(item)

typedef int (*gevent_put_fn)(int32_t iteration, const void *item);
typedef int (*gevent_producer_fn)(gevent_cell_t *cells, gevent_channel_t *values);

// What the call's task runs (../../wasm/iterate.c). Cell 0 has the iteration.
int gevent_iterate_generator(gevent_thunk_fn body, gevent_cell_t *cells, gevent_put_fn put);
int gevent_iterate_channel(gevent_producer_fn body, gevent_cell_t *cells, gevent_put_fn put);

#define GEVENT_EXPORT_GENERATOR(type, ...)                                                         \
    GEVENT_EXPORT_GENERATOR_(type, GEVENT_FIRST(__VA_ARGS__, ), __VA_ARGS__)
#define GEVENT_EXPORT_GENERATOR_(type, name, ...)                                                  \
    GEVENT_EXPORT_GENERATOR_DEFINE(type, name, __VA_ARGS__)
#define GEVENT_EXPORT_GENERATOR_DEFINE(type, name, ...)                                            \
    GEVENT_PROTOTYPE(void, __VA_ARGS__);                                                           \
    static int gevent_body_##name(gevent_cell_t *cells) {                                          \
        (void)cells;                                                                               \
        return GEVENT_CALL(void, __VA_ARGS__);                                                     \
    }                                                                                              \
    GEVENT_EXPORT_ITERABLE(generator, type, name, __VA_ARGS__)

#define GEVENT_EXPORT_CHANNEL(type, ...)                                                           \
    GEVENT_EXPORT_CHANNEL_(type, GEVENT_FIRST(__VA_ARGS__, ), __VA_ARGS__)
#define GEVENT_EXPORT_CHANNEL_(type, name, ...)                                                    \
    GEVENT_EXPORT_CHANNEL_DEFINE(type, name, __VA_ARGS__)
#define GEVENT_EXPORT_CHANNEL_DEFINE(type, name, ...)                                              \
    GEVENT_PROTOTYPE(channel, __VA_ARGS__);                                                        \
    static int gevent_body_##name(gevent_cell_t *cells, gevent_channel_t *values) {                \
        (void)cells;                                                                               \
        return GEVENT_PRODUCE(__VA_ARGS__);                                                        \
    }                                                                                              \
    GEVENT_EXPORT_ITERABLE(channel, type, name, __VA_ARGS__)

// name(cells…, values)
#define GEVENT_PRODUCE(...)                                                                        \
    GEVENT_JOIN(GEVENT_PRODUCE_, GEVENT_JOIN(GEVENT_HAS_, GEVENT_COUNT(__VA_ARGS__)))(__VA_ARGS__)
#define GEVENT_PRODUCE_none(name) name(values)
#define GEVENT_PRODUCE_some(name, ...)                                                             \
    name(GEVENT_EACH(GEVENT_LOAD_ARGUMENT, GEVENT_COMMA, name, __VA_ARGS__), values)

#define GEVENT_EXPORT_ITERABLE(kind, type, name, ...)                                              \
    static int gevent_put_##name(int32_t iteration, const void *item) {                            \
        return gevent_iteration_put_##type(iteration, GEVENT_ITEM_##type(item));                   \
    }                                                                                              \
    static int gevent_thunk_##name(gevent_cell_t *cells) {                                         \
        return gevent_iterate_##kind(gevent_body_##name, cells, gevent_put_##name);                \
    }                                                                                              \
    GEVENT_EXPORT_ENTER(iterable, type, name, __VA_ARGS__)

#ifdef __cplusplus
}
#endif

#endif
#endif
