// Two threads count in the same place at the same time, each in a greenlet of its own.
//
// SPDX-License-Identifier: MIT
#define _DEFAULT_SOURCE
#include <pthread.h>

#include "gevent.h"

static pthread_barrier_t start;
static int count;

static int run_counter(void *value, void **result) {
    (void)pthread_barrier_wait(&start);
    for (int i = 0; i < 100; i++) {
        count++;
        int code = greenlet_switch(greenlet_main(), value, result);
        if (code < 0) return code;
    }
    return GREENLET_OK;
}

static void *count_in_greenlet(void *argument) {
    greenlet_t *counter;
    if (greenlet_new(run_counter, NULL, &counter) < 0) return NULL;
    while (!greenlet_dead(counter)) (void)greenlet_switch(counter, NULL, NULL);
    greenlet_unref(counter);
    return argument;
}

int main(void) {
    pthread_t threads[2];
    if (pthread_barrier_init(&start, NULL, 2) != 0) return 2;
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, count_in_greenlet, NULL) != 0) return 2;
    for (int i = 0; i < 2; i++)
        if (pthread_join(threads[i], NULL) != 0) return 2;
    return 0;
}
