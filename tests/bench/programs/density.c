// Greenlets that are parked: how many, and what each of them takes.
#include <stdint.h>
#include <stdlib.h>

#include "gevent.h"

GEVENT_IMPORT(i32, bench, later, i32)
GEVENT_IMPORT(void, bench, parked, i32)

// A call that waits for a promise with something on its stack.
int call(int32_t value, int32_t *result) {
    volatile int32_t kept = value;
    int32_t answer;
    int code = later(value, &answer);
    if (code >= 0) *result = answer + kept;
    return code;
}
GEVENT_EXPORT(i32, call, i32)

static int32_t woken;

static int sleeper(void *argument, void **result) {
    (void)result;
    int code = gevent_sleep(3600 + (double)((intptr_t)argument % 1000));
    if (code < 0) return code;
    woken++;
    return GREENLET_OK;
}

static gevent_task_t **tasks;

static int spawn_all(int32_t count, int32_t stack_size) {
    for (int32_t i = 0; i < count; i++) {
        int code = gevent_spawn(sleeper, (void *)(intptr_t)i, &tasks[i]);
        if (code < 0) return code;
        (void)greenlet_set_stack_size(gevent_task_greenlet(tasks[i]), (size_t)stack_size);
    }
    return gevent_yield();
}

static int join_all(int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        int code = gevent_join(tasks[i], GEVENT_FOREVER);
        if (code < 0) return code;
        gevent_task_unref(tasks[i]);
    }
    return GREENLET_OK;
}

// Parks that many greenlets in gevent_sleep, says so with the bytes that one of them uses, wakes
// them all and returns how many have ended.
int park_and_wake(int32_t count, int32_t stack_size, int32_t *result) {
    tasks = calloc((size_t)count, sizeof *tasks);
    if (!tasks) return greenlet_fail(GREENLET_ENOMEM);
    int code = spawn_all(count, stack_size);
    if (code < 0) return code;
    code = parked((int32_t)greenlet_parked_bytes(gevent_task_greenlet(tasks[0])));
    if (code < 0) return code;
    code = join_all(count);
    free(tasks);
    *result = woken;
    return code;
}
GEVENT_EXPORT(i32, park_and_wake, i32, i32)
