// What is done once.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <pthread.h>

#include "park.h"

enum { NEVER = PTHREAD_ONCE_INIT, RUNNING, DONE };

static void set(pthread_once_t *once, int state) {
    *once = state;
    unpark_all(once);
}

// Of a thread that is cancelled in there: as if it had not begun.
static void forget(void *once) {
    set(once, NEVER);
}

int pthread_once(pthread_once_t *once, void (*run)(void)) {
    const parking_t parking = {.what = "pthread_once"};
    int error = 0;
    while (!error && *once == RUNNING) error = park(once, &parking, GEVENT_FOREVER);
    if (error || *once == DONE) return error;
    *once = RUNNING;
    pthread_cleanup_push(forget, once);
    run();
    pthread_cleanup_pop(0);
    set(once, DONE);
    return 0;
}
