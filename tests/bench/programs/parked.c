// Many who are parked at once. Each function parks that many, each with such a stack, tells who
// measures, has them all go on to their end, and leaves in *done how many got there.
#include <stdint.h>
#include <stdlib.h>

#include "gevent.h"

// `used`: bytes that one of them holds of its stack.
GEVENT_IMPORT(void, bench, parked, i32)

static int32_t woken;

// ---- greenlets ----------------------------------------------------------------------------------

static int wait_for_main(void *value, void **result) {
    (void)value;
    (void)result;
    int code = greenlet_switch(greenlet_main(), NULL, NULL);
    if (code >= 0) woken++;
    return code;
}

static int park_one(int32_t stack_size, greenlet_t **greenlet) {
    int code = greenlet_new(wait_for_main, NULL, greenlet);
    if (code < 0) return code;
    (void)greenlet_set_stack_size(*greenlet, (size_t)stack_size);
    return greenlet_switch(*greenlet, NULL, NULL);
}

int park_greenlets(int32_t count, int32_t stack_size, int32_t *done) {
    greenlet_t **all = calloc((size_t)count, sizeof *all);
    if (!all) return greenlet_fail(GREENLET_ENOMEM);
    int code = GREENLET_OK;
    for (int32_t i = 0; i < count && code >= 0; i++) code = park_one(stack_size, &all[i]);
    if (code >= 0) code = parked((int32_t)greenlet_parked_bytes(all[0]));
    woken = 0;
    for (int32_t i = 0; i < count; i++) {
        if (code >= 0) code = greenlet_switch(all[i], NULL, NULL);
        greenlet_unref(all[i]);
    }
    free(all);
    *done = woken;
    return code;
}
GEVENT_EXPORT(i32, park_greenlets, i32, i32)

// ---- tasks --------------------------------------------------------------------------------------

static int sleep_long(void *milliseconds, void **result) {
    (void)result;
    int code = gevent_sleep(3600 + (double)(intptr_t)milliseconds / 1000);
    if (code >= 0) woken++;
    return code;
}

static int spawn_one(int32_t stack_size, int32_t milliseconds, gevent_task_t **task) {
    int code = gevent_spawn(sleep_long, (void *)(intptr_t)milliseconds, task);
    if (code < 0) return code;
    return greenlet_set_stack_size(gevent_task_greenlet(*task), (size_t)stack_size);
}

int park_tasks(int32_t count, int32_t stack_size, int32_t *done) {
    gevent_task_t **all = calloc((size_t)count, sizeof *all);
    if (!all) return greenlet_fail(GREENLET_ENOMEM);
    int code = GREENLET_OK;
    for (int32_t i = 0; i < count && code >= 0; i++)
        code = spawn_one(stack_size, i % 1000, &all[i]);
    if (code >= 0) code = gevent_yield();
    if (code >= 0) code = parked((int32_t)greenlet_parked_bytes(gevent_task_greenlet(all[0])));
    woken = 0;
    for (int32_t i = 0; i < count; i++) {
        if (code >= 0) code = gevent_join(all[i], GEVENT_FOREVER);
        gevent_task_unref(all[i]);
    }
    free(all);
    *done = woken;
    return code;
}
GEVENT_EXPORT(i32, park_tasks, i32, i32)
