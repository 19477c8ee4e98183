// Takes more memory than there is.
#include <stdlib.h>

#include "gevent.h"

static int park(void *argument, void **result) {
    (void)argument, (void)result;
    return gevent_sleep(1);
}

// Spawns tasks with a stack of `size` bytes each; says how many could not start.
int hoard(int32_t count, int32_t size, int32_t *result) {
    gevent_task_t *tasks[256];
    int32_t failed = 0;
    for (int32_t i = 0; i < count; i++) {
        int code = gevent_spawn(park, NULL, &tasks[i]);
        if (code < 0) return code;
        (void)greenlet_set_stack_size(gevent_task_greenlet(tasks[i]), (size_t)size);
    }
    for (int32_t i = 0; i < count; i++) {
        if (gevent_get(tasks[i], GEVENT_FOREVER, NULL) == GREENLET_ENOMEM) failed++;
        gevent_task_unref(tasks[i]);
    }
    *result = failed;
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, hoard, i32, i32)

// Takes memory for good.
int reserve(double size, int32_t *result) {
    *result = malloc((size_t)size) != NULL;
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, reserve, f64)

int length(gevent_bytes_t bytes, int32_t *result) {
    *result = (int32_t)bytes.size;
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, length, bytes)

GEVENT_IMPORT(bytes, host, make, i32)

int take(int32_t size, int32_t *result) {
    gevent_bytes_t bytes;
    int code = make(size, &bytes);
    if (code < 0) return code;
    *result = (int32_t)bytes.size;
    free(bytes.data);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, take, i32)
