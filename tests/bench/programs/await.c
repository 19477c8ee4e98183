// Waiting for promises, often, and sleeping, by many.
#include <stdint.h>
#include <stdlib.h>

#include "gevent.h"

GEVENT_IMPORT(i32, bench, later, i32)

static __attribute__((noinline)) int get(int32_t i, int32_t depth, int32_t *value) {
    if (depth == 0) return later(i, value);
    int code = get(i, depth - 1, value);
    if (code >= 0) ++*value;
    return code;
}

// Waits that often for a promise, that many calls deep, and gives the sum of what came.
int wait_often(int32_t times, int32_t depth, double *sum) {
    double total = 0;
    for (int32_t i = 0, value; i < times; i++) {
        int code = get(i, depth, &value);
        if (code < 0) return code;
        total += value;
    }
    *sum = total;
    return GREENLET_OK;
}
GEVENT_EXPORT(f64, wait_often, i32, i32)

static int32_t woken;

static int sleeper(void *milliseconds, void **result) {
    (void)result;
    int code = gevent_sleep((double)(intptr_t)milliseconds / 1e3);
    if (code >= 0) woken++;
    return code;
}

// Spawns that many tasks, which sleep 1 to 10 ms each, waits for all, and gives how many have slept
// well.
int sleep_all(int32_t count, int32_t stack_size, int32_t *slept) {
    gevent_task_t **tasks = calloc((size_t)count, sizeof *tasks);
    if (!tasks) return greenlet_fail(GREENLET_ENOMEM);
    int code = GREENLET_OK;
    int32_t spawned = 0;
    woken = 0;
    for (; code >= 0 && spawned < count; spawned++) {
        code = gevent_spawn(sleeper, (void *)(intptr_t)(1 + spawned % 10), &tasks[spawned]);
        if (code < 0) break;
        (void)greenlet_set_stack_size(gevent_task_greenlet(tasks[spawned]), (size_t)stack_size);
    }
    for (int32_t i = 0; i < spawned; i++) {
        if (code >= 0) code = gevent_join(tasks[i], GEVENT_FOREVER);
        gevent_task_unref(tasks[i]);
    }
    free(tasks);
    if (code >= 0) *slept = woken;
    return code;
}
GEVENT_EXPORT(i32, sleep_all, i32, i32)
