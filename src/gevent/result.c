// SPDX-License-Identifier: MIT
#include "result_internal.h"

#include <assert.h>
#include <string.h>

#include "../memory.h"
#include "owner.h"

// ---- life ---------------------------------------------------------------------------------------

int gevent_result_new(gevent_result_t **result) {
    if (!result) return greenlet_fail(GREENLET_EINVAL);
    gevent_result_t *made = memory_alloc_zeroed(sizeof *made);
    if (!made) return greenlet_fail(GREENLET_ENOMEM);
    made->refs = 1;
    *result = made;
    return GREENLET_OK;
}

gevent_result_t *gevent_result_ref(gevent_result_t *result) {
    if (result) result->refs++;
    return result;
}

static void clear(gevent_result_t *result) {
    if (result->release) result->release(result->value.bytes.data);
    result->release = NULL;
    greenlet_error_unref(result->error);
    result->error = NULL;
}

static void abandon(gevent_result_t *result) {
    operation_t *operation = result->operation;
    result->operation = NULL;
    if (operation) operation->abandon(operation);
}

void gevent_result_unref(gevent_result_t *result) {
    assert((!result || result->refs > 0) && "dropped once too often");
    if (!result || --result->refs > 0) return;
    result_drop_links(result);
    assert(waiters_are_none(&result->waiters) && "somebody waits for it");
    abandon(result);
    clear(result);
    memory_free(result);
}

// ---- settling -----------------------------------------------------------------------------------

static void settle(gevent_result_t *result) {
    result->is_ready = 1;
    waiters_notify(&result->waiters, waiters_tell_all);
}

void result_succeed(gevent_result_t *result, gevent_type_t type, gevent_cell_t value,
                    void (*release)(void *block)) {
    clear(result);
    result->type = type;
    result->value = value;
    result->release = release;
    settle(result);
}

void result_fail(gevent_result_t *result, greenlet_error_t *error) {
    clear(result);
    result->error = error;
    settle(result);
}

void gevent_result_set(gevent_result_t *result, void *value) {
    result_succeed(result, GEVENT_TYPE_void, (gevent_cell_t){.bytes = {value, 0}}, NULL);
}

void gevent_result_fail(gevent_result_t *result, const greenlet_error_t *error) {
    result_fail(result,
                error ? greenlet_error_ref(error) : greenlet_error_from_code(GREENLET_EFAILED));
}

void gevent_result_cancel(gevent_result_t *result) {
    if (result->is_ready) return;
    abandon(result);
    result_fail(result, greenlet_error_new(&GREENLET_CANCELLED, "the result was cancelled"));
}

// ---- what it is ---------------------------------------------------------------------------------

int gevent_result_is_ready(const gevent_result_t *result) {
    return result->is_ready;
}

int gevent_result_is_successful(const gevent_result_t *result) {
    return result->is_ready && !result->error;
}

void *gevent_result_value(const gevent_result_t *result) {
    int has_pointer = gevent_result_is_successful(result) && result->type == GEVENT_TYPE_void;
    return has_pointer ? result->value.bytes.data : NULL;
}

const greenlet_error_t *gevent_result_error(const gevent_result_t *result) {
    return result->error;
}

int gevent_result_set_owner(gevent_result_t *result, gevent_task_t *task) {
    return owner_set(&result->owner, task);
}

// ---- waiting ------------------------------------------------------------------------------------

int gevent_result_wait(gevent_result_t *result, double seconds) {
    if (result->is_ready) return GREENLET_OK;
    if (!hub_get()) return greenlet_fail(GREENLET_ENOMEM);
    const operation_t *operation = result->operation;
    wait_t wait = {.what = operation ? operation->module : "result",
                   .name = operation ? operation->name : NULL,
                   .owner = &result->owner};
    return waiters_wait(&result->waiters, &wait, seconds);
}

static int check_value(const gevent_result_t *result, gevent_type_t type) {
    if (result->error) {
        greenlet_error_set_origin(result->error, greenlet_name(greenlet_current()));
        return greenlet_error_restore(greenlet_error_ref(result->error));
    }
    if (result->type != type)
        return greenlet_raise(greenlet_error_type_of(GREENLET_EINVAL),
                              "the result has a value of another type");
    return GREENLET_OK;
}

// GREENLET_OK once it has a value of that type.
static int get(gevent_result_t *result, double seconds, gevent_type_t type) {
    if (!result->is_ready && seconds <= 0) return greenlet_fail(GREENLET_EPENDING);
    int code = gevent_result_wait(result, seconds);
    if (code < 0 && code != GREENLET_ETIMEDOUT) return code;
    // It may have been settled at the moment in which the time was over.
    return result->is_ready ? check_value(result, type) : greenlet_fail(GREENLET_EPENDING);
}

int gevent_result_get(gevent_result_t *result, double seconds, void **value) {
    int code = get(result, seconds, GEVENT_TYPE_void);
    if (code >= 0 && value) *value = result->value.bytes.data;
    return code;
}

// ---- the types of the door ----------------------------------------------------------------------

#define SCALAR(type, member)                                                                       \
    int gevent_result_get_##type(gevent_result_t *result, double seconds,                          \
                                 gevent_out_##type *value) {                                       \
        int code = get(result, seconds, GEVENT_TYPE_##type);                                       \
        if (code >= 0 && value) *value = result->value.member;                                     \
        return code;                                                                               \
    }                                                                                              \
    void gevent_result_set_##type(gevent_result_t *result, gevent_out_##type value) {              \
        result_succeed(result, GEVENT_TYPE_##type, (gevent_cell_t){.member = value}, NULL);        \
    }
SCALAR(i32, i32)
SCALAR(i64, i64)
SCALAR(f32, f32)
SCALAR(f64, f64)
SCALAR(ref, i32)

// With a NUL behind it, which is not counted.
static int set_block(gevent_result_t *result, gevent_type_t type, const void *data, size_t size) {
    char *copy = memory_alloc(size + 1);
    if (!copy) return greenlet_fail(GREENLET_ENOMEM);
    if (size > 0) memcpy(copy, data, size);
    copy[size] = '\0';
    result_succeed(result, type, (gevent_cell_t){.bytes = {copy, size}}, memory_free);
    return GREENLET_OK;
}

#define TEXT(type)                                                                                 \
    int gevent_result_get_##type(gevent_result_t *result, double seconds, const char **value) {    \
        int code = get(result, seconds, GEVENT_TYPE_##type);                                       \
        if (code >= 0 && value) *value = result->value.bytes.data;                                 \
        return code;                                                                               \
    }                                                                                              \
    int gevent_result_set_##type(gevent_result_t *result, const char *value) {                     \
        if (!value) return greenlet_fail(GREENLET_EINVAL);                                         \
        return set_block(result, GEVENT_TYPE_##type, value, strlen(value));                        \
    }
TEXT(string)
TEXT(json)

int gevent_result_get_bytes(gevent_result_t *result, double seconds, const void **data,
                            size_t *size) {
    int code = get(result, seconds, GEVENT_TYPE_bytes);
    if (code >= 0 && data) *data = result->value.bytes.data;
    if (code >= 0 && size) *size = result->value.bytes.size;
    return code;
}

int gevent_result_set_bytes(gevent_result_t *result, const void *data, size_t size) {
    return set_block(result, GEVENT_TYPE_bytes, data, size);
}
