// Tasks that put and get, for the tests of queues and channels.
//
// SPDX-License-Identifier: MIT
#ifndef WORKER_H
#define WORKER_H

#include "check.h"
#include "gevent.h"

typedef struct worker {
    const char *name;
    int count; // how often
    double seconds;
} worker_t;

// Puts 0, 1, …, and logs each as "+name0". Logs a failure by its name, and ends with it.
int worker_put(const worker_t *self, int (*put)(void *item, double seconds));
// Gets as often, and logs each as "name0".
int worker_get(const worker_t *self, int (*get)(double seconds, void **item));
// The run function of one that logs its name in each turn.
int run_noise(void *worker, void **result);

gevent_task_t *spawn(greenlet_run_fn run, worker_t *worker);
void start(greenlet_run_fn run, worker_t *worker);

#endif
