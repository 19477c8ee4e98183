// Tasks that are spawned and joined, that yield, and that talk through queues.
#include "tasks.h"

#include <stdlib.h>

static int32_t counted;

static int count_once(void *argument, void **result) {
    (void)argument;
    (void)result;
    counted++;
    return GREENLET_OK;
}

static int yield_often(void *times, void **result) {
    (void)result;
    for (intptr_t left = (intptr_t)times; left > 0; left--) {
        int code = gevent_yield();
        if (code < 0) return code;
        counted++;
    }
    return GREENLET_OK;
}

// Spawns that many, waits for all, and gives how often they have counted.
static int run_all(greenlet_run_fn run, void *argument, int32_t count, int32_t *done) {
    gevent_task_t **tasks = calloc((size_t)count, sizeof *tasks);
    if (!tasks) return greenlet_fail(GREENLET_ENOMEM);
    counted = 0;
    int code = GREENLET_OK;
    for (int32_t i = 0; i < count && code >= 0; i++) code = gevent_spawn(run, argument, &tasks[i]);
    if (code >= 0)
        code = gevent_joinall(tasks, (size_t)count, GEVENT_FOREVER, GEVENT_RAISE, 0, NULL);
    for (int32_t i = 0; i < count; i++) gevent_task_unref(tasks[i]);
    free(tasks);
    *done = counted;
    return code < 0 ? code : GREENLET_OK;
}

int spawn_and_join(int32_t tasks, int32_t *done) {
    return run_all(count_once, NULL, tasks, done);
}

int yield_among(int32_t tasks, int32_t yields, int32_t *done) {
    return run_all(yield_often, (void *)(intptr_t)(yields / tasks), tasks, done);
}

static gevent_queue_t there, back;

static int add_one(void *argument, void **result) {
    (void)argument;
    (void)result;
    int code = GREENLET_OK;
    for (void *item; code >= 0;) {
        code = gevent_queue_get(&there, GEVENT_FOREVER, &item);
        if (code >= 0) code = gevent_queue_put(&back, (void *)((intptr_t)item + 1), GEVENT_FOREVER);
    }
    return code == GREENLET_ECLOSED ? GREENLET_OK : code;
}

// What `other` adds to comes back each time.
static int go_there_and_back(int32_t round_trips, int32_t *done) {
    void *item = NULL;
    int code = GREENLET_OK;
    while (code >= 0 && (intptr_t)item < round_trips) {
        code = gevent_queue_put(&there, item, GEVENT_FOREVER);
        if (code >= 0) code = gevent_queue_get(&back, GEVENT_FOREVER, &item);
    }
    *done = (int32_t)(intptr_t)item;
    return code;
}

int queue_ping_pong(int32_t round_trips, int32_t *done) {
    gevent_task_t *other;
    gevent_queue_init(&there, 0);
    gevent_queue_init(&back, 0);
    int code = gevent_spawn(add_one, NULL, &other);
    if (code < 0) return code;
    code = go_there_and_back(round_trips, done);
    gevent_queue_close(&there);
    int joined = gevent_get(other, GEVENT_FOREVER, NULL);
    gevent_task_unref(other);
    gevent_queue_free(&there);
    gevent_queue_free(&back);
    return code < 0 ? code : joined;
}
