// SPDX-License-Identifier: MIT
#include "worker.h"

static int log_failure(const worker_t *self, int code) {
    log_add("%s:%s", self->name, greenlet_error_name(code));
    return code;
}

int worker_put(const worker_t *self, int (*put)(void *item, double seconds)) {
    for (int i = 0; i < self->count; i++) {
        int code = put(V(i), self->seconds);
        if (code < 0) return log_failure(self, code);
        log_add("+%s%d", self->name, i);
    }
    return GREENLET_OK;
}

int worker_get(const worker_t *self, int (*get)(double seconds, void **item)) {
    for (int i = 0; i < self->count; i++) {
        void *item = V(-1);
        int code = get(self->seconds, &item);
        if (code < 0) CHECK_INT(INT(item), -1);
        if (code < 0) return log_failure(self, code);
        log_add("%s%d", self->name, (int)INT(item));
    }
    return GREENLET_OK;
}

int run_noise(void *worker, void **result) {
    const worker_t *self = worker;
    (void)result;
    for (int i = 0; i < self->count; i++) {
        log_add("%s", self->name);
        CHECK_OK(gevent_yield());
    }
    return GREENLET_OK;
}

gevent_task_t *spawn(greenlet_run_fn run, worker_t *worker) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(run, worker, &task));
    return task;
}

void start(greenlet_run_fn run, worker_t *worker) {
    gevent_task_unref(spawn(run, worker));
}
