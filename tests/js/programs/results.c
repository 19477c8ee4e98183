// Promises as results, and results that JavaScript settles.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gevent.h"

GEVENT_IMPORT_RESULT(i32, host, add, i32, i32)
GEVENT_IMPORT_RESULT(i64, host, big, i64)
GEVENT_IMPORT_RESULT(f32, host, third, f32)
GEVENT_IMPORT_RESULT(f64, host, half, f64)
GEVENT_IMPORT_RESULT(string, host, greet, string)
GEVENT_IMPORT_RESULT(bytes, host, reverse, bytes)
GEVENT_IMPORT_RESULT(json, host, transform, json)
GEVENT_IMPORT_RESULT(ref, host, pick, ref, string)
GEVENT_IMPORT_RESULT(void, host, nothing)

#define THROUGH(type, c_type, import)                                                              \
    int through_##type(c_type value, c_type *result) {                                             \
        gevent_result_t *made;                                                                     \
        int code = import(value, &made);                                                           \
        if (code < 0) return code;                                                                 \
        code = gevent_result_get_##type(made, GEVENT_FOREVER, result);                             \
        gevent_result_unref(made);                                                                 \
        return code;                                                                               \
    }                                                                                              \
    GEVENT_EXPORT(type, through_##type, type)
THROUGH(i64, int64_t, big)
THROUGH(f32, float, third)
THROUGH(f64, double, half)

#define THROUGH_TEXT(type, import)                                                                 \
    int through_##type(const char *value, char **result) {                                         \
        gevent_result_t *made;                                                                     \
        const char *text;                                                                          \
        int code = import(value, &made);                                                           \
        if (code < 0) return code;                                                                 \
        code = gevent_result_get_##type(made, GEVENT_FOREVER, &text);                              \
        if (code >= 0) *result = strdup(text);                                                     \
        gevent_result_unref(made);                                                                 \
        return code;                                                                               \
    }                                                                                              \
    GEVENT_EXPORT(type, through_##type, type)
THROUGH_TEXT(string, greet)
THROUGH_TEXT(json, transform)

int through_bytes(gevent_bytes_t value, gevent_bytes_t *result) {
    gevent_result_t *made;
    const void *data;
    size_t size;
    int code = reverse(value, &made);
    if (code < 0) return code;
    code = gevent_result_get_bytes(made, GEVENT_FOREVER, &data, &size);
    if (code >= 0) {
        *result = (gevent_bytes_t){malloc(size), size};
        memcpy(result->data, data, size);
    }
    gevent_result_unref(made);
    return code;
}
GEVENT_EXPORT(bytes, through_bytes, bytes)

int through_ref(int32_t object, const char *key, int32_t *result) {
    gevent_result_t *made;
    int code = pick(object, key, &made);
    if (code < 0) return code;
    code = gevent_result_get_ref(made, GEVENT_FOREVER, result);
    gevent_result_unref(made);
    return code;
}
GEVENT_EXPORT(ref, through_ref, ref, string)

int through_void(void) {
    gevent_result_t *made;
    void *value = &made;
    int code = nothing(&made);
    if (code < 0) return code;
    code = gevent_result_get(made, GEVENT_FOREVER, &value);
    gevent_result_unref(made);
    return code < 0 || !value ? code : greenlet_raise(&GREENLET_ERROR, "not NULL");
}
GEVENT_EXPORT(void, through_void)

// Starts so many additions before it waits for any.
int add_up(int32_t count, int32_t *result) {
    gevent_result_t *made[64];
    int32_t sum = 0;
    int code = GREENLET_OK;
    for (int32_t i = 0; i < count; i++) code = add(i, 1, &made[i]);
    for (int32_t i = 0; i < count; i++) {
        int32_t each = 0;
        if (code >= 0) code = gevent_result_get_i32(made[i], GEVENT_FOREVER, &each);
        sum += each;
        gevent_result_unref(made[i]);
    }
    *result = sum;
    return code;
}
GEVENT_EXPORT(i32, add_up, i32)

// The text that it asks with is gone by the time of the answer.
int greet_briefly(char **result) {
    char name[16];
    gevent_result_t *made;
    const char *text;
    snprintf(name, sizeof name, "brief");
    int code = greet(name, &made);
    memset(name, 'x', sizeof name);
    if (code < 0) return code;
    code = gevent_result_get_string(made, GEVENT_FOREVER, &text);
    if (code >= 0) *result = strdup(text);
    gevent_result_unref(made);
    return code;
}
GEVENT_EXPORT(string, greet_briefly)

// ---- one that is kept ---------------------------------------------------------------------------

static gevent_result_t *kept;

int keep(const char *name) {
    return greet(name, &kept);
}
GEVENT_EXPORT(void, keep, string)

int keep_pending(void) {
    return gevent_result_new(&kept);
}
GEVENT_EXPORT(void, keep_pending)

static void unref(void *result) {
    gevent_result_unref(result);
}

int take_kept(char **result) {
    gevent_cleanup_t cleanup;
    const char *text;
    gevent_cleanup_push(&cleanup, unref, kept);
    int code = gevent_result_get_string(kept, GEVENT_FOREVER, &text);
    if (code >= 0) *result = strdup(text);
    gevent_cleanup_pop(&cleanup, 1);
    return code;
}
GEVENT_EXPORT(string, take_kept)

int set_kept(const char *text) {
    return gevent_result_set_string(kept, text);
}
GEVENT_EXPORT(void, set_kept, string)

int fail_kept(const char *text) {
    greenlet_error_t *error = greenlet_error_new(&GREENLET_ERROR, "%s", text);
    gevent_result_fail(kept, error);
    greenlet_error_unref(error);
    return GREENLET_OK;
}
GEVENT_EXPORT(void, fail_kept, string)

int drop_kept(void) {
    gevent_result_unref(kept);
    kept = NULL;
    return GREENLET_OK;
}
GEVENT_EXPORT(void, drop_kept)

int cancel_kept(void) {
    gevent_result_cancel(kept);
    return GREENLET_OK;
}
GEVENT_EXPORT(void, cancel_kept)

int kept_is_ready(int32_t *result) {
    *result = gevent_result_is_ready(kept);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, kept_is_ready)

int no_place(int32_t *result) {
    *result = greet("x", NULL);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, no_place)
