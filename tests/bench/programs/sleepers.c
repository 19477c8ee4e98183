// Tasks that sleep.
#include <stdint.h>
#include <stdlib.h>

#include "gevent.h"

static int32_t woken;

static int sleep_once(void *milliseconds, void **result) {
    (void)result;
    int code = gevent_sleep((double)(intptr_t)milliseconds / 1000);
    if (code >= 0) woken++;
    return code;
}

// Spawns tasks, the first of which sleeps that long, each a millisecond longer than the one before
// it and every thousandth as the first. Leaves how many have slept.
int sleep_all(int32_t count, int32_t milliseconds, int32_t stack_size, int32_t *slept) {
    gevent_task_t **tasks = calloc((size_t)count, sizeof *tasks);
    if (!tasks) return greenlet_fail(GREENLET_ENOMEM);
    int code = GREENLET_OK;
    woken = 0;
    for (int32_t i = 0; i < count && code >= 0; i++) {
        intptr_t time = milliseconds + i % 1000;
        code = gevent_spawn(sleep_once, (void *)time, &tasks[i]);
        if (code < 0) break;
        (void)greenlet_set_stack_size(gevent_task_greenlet(tasks[i]), (size_t)stack_size);
    }
    for (int32_t i = 0; i < count; i++) {
        if (code >= 0) code = gevent_join(tasks[i], GEVENT_FOREVER);
        gevent_task_unref(tasks[i]);
    }
    free(tasks);
    *slept = woken;
    return code;
}
GEVENT_EXPORT(i32, sleep_all, i32, i32, i32)
