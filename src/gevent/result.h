// Results: a value or an error that is there once somebody says so. A promise in C is one, too.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_RESULT_H
#define GEVENT_RESULT_H

#include "task.h"

#ifdef __cplusplus
extern "C" {
#endif

// A value or an error that others can wait for. Reference-counted: whoever waits for it or looks at
// it holds a reference meanwhile. An import that was declared with GEVENT_IMPORT_RESULT (door.h)
// makes one that a promise settles; with its last reference the operation is abandoned.
// (gevent: AsyncResult)
typedef struct gevent_result gevent_result_t;

// Makes one that is pending; the caller owns the reference. From anywhere, as all here but waiting.
// GREENLET_EINVAL (no `result`), GREENLET_ENOMEM.
int gevent_result_new(gevent_result_t **result);
// Adds a reference and returns its argument; drops one. NULL is allowed. To drop the last one while
// somebody waits is a fault of the program.
gevent_result_t *gevent_result_ref(gevent_result_t *result);
void gevent_result_unref(gevent_result_t *result);

// Settles it with a pointer, which stays the program's, or with an error (borrowed; NULL: one of
// GREENLET_EFAILED). Who waits goes on in order, once the caller waits. It can be settled again:
// the last time counts, also for those who were woken and have not run. (gevent: set,
// set_exception)
void gevent_result_set(gevent_result_t *result, void *value);
void gevent_result_fail(gevent_result_t *result, const greenlet_error_t *error);

// Fails one that is pending with GREENLET_ECANCELED, and abandons the operation that would have
// settled it. Nothing for one that is settled. (concurrent.futures: cancel)
void gevent_result_cancel(gevent_result_t *result);

// Whether it is settled; whether with a value. (gevent: ready, successful)
int gevent_result_is_ready(const gevent_result_t *result);
int gevent_result_is_successful(const gevent_result_t *result);
// Its pointer: NULL if it is pending, failed, or of another type. Its error: borrowed, until it is
// settled again; NULL if there is none. (gevent: value, exception)
void *gevent_result_value(const gevent_result_t *result);
const greenlet_error_t *gevent_result_error(const gevent_result_t *result);

// Promises that nobody but `task` will settle it, and that before it has finished (NULL: takes the
// promise back); as gevent_event_set_owner. GREENLET_ENOMEM. (ours)
int gevent_result_set_owner(gevent_result_t *result, gevent_task_t *task);

// Waits until it is settled, whichever way; not at all if it is. GREENLET_ETIMEDOUT after
// `seconds`. (gevent: wait)
int gevent_result_wait(gevent_result_t *result, double seconds);

// Waits likewise, and stores its pointer, or fails with its error. GREENLET_EPENDING if it is not
// settled after `seconds`; with GEVENT_NOWAIT it does not wait, and may be called from anywhere.
// GREENLET_EINVAL if it was settled with a value of another type. (gevent: get, get_nowait)
int gevent_result_get(gevent_result_t *result, double seconds, void **value);

// The same for the types of door.h. The setters copy strings and bytes (GREENLET_ENOMEM; it is
// then as it was). What the getters give is borrowed, until the result is settled again or goes.
int gevent_result_get_i32(gevent_result_t *result, double seconds, int32_t *value);
int gevent_result_get_i64(gevent_result_t *result, double seconds, int64_t *value);
int gevent_result_get_f32(gevent_result_t *result, double seconds, float *value);
int gevent_result_get_f64(gevent_result_t *result, double seconds, double *value);
int gevent_result_get_string(gevent_result_t *result, double seconds, const char **value);
int gevent_result_get_bytes(gevent_result_t *result, double seconds, const void **data,
                            size_t *size);
int gevent_result_get_json(gevent_result_t *result, double seconds, const char **value);
int gevent_result_get_ref(gevent_result_t *result, double seconds, int32_t *value);
void gevent_result_set_i32(gevent_result_t *result, int32_t value);
void gevent_result_set_i64(gevent_result_t *result, int64_t value);
void gevent_result_set_f32(gevent_result_t *result, float value);
void gevent_result_set_f64(gevent_result_t *result, double value);
int gevent_result_set_string(gevent_result_t *result, const char *value);
int gevent_result_set_bytes(gevent_result_t *result, const void *data, size_t size);
int gevent_result_set_json(gevent_result_t *result, const char *value);
void gevent_result_set_ref(gevent_result_t *result, int32_t value);

#ifdef __cplusplus
}
#endif
#endif
