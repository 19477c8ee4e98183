// Two refusals that keep a program honest. Code that runs in the hub must not wait, for who would
// wake it? And whoever waits takes only the wake-up that it waits for: a switch from elsewhere is
// an error in it, so that a sleep never ends early without a word.
//
//   greenlet-wasm run examples/lessons/31-what-the-hub-refuses.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

// Called in the hub, when an error gets there.
static void wait_in_the_hub(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet, (void)error;
    if (greenlet_current() == gevent_hub())
        printf("sleep in the hub: %s\n", greenlet_error_name(gevent_sleep(1)));
}

static int fail(void *value, void **result) {
    (void)value, (void)result;
    return greenlet_fail(GREENLET_EFAILED);
}

static int fail_under_the_hub(void *argument, void **result) {
    greenlet_t *child;
    (void)argument;
    int status = greenlet_new(fail, gevent_hub(), &child);
    if (status < 0) return status;
    status = greenlet_switch(child, NULL, result); // its error goes to its parent
    greenlet_unref(child);
    return status;
}

static int sleep_undisturbed(void *argument, void **result) {
    (void)argument, (void)result;
    int status = gevent_sleep(10);
    printf("disturbed sleep: %s\n", greenlet_error_name(status));
    return GREENLET_OK;
}

static int disturb(void *task, void **result) {
    return greenlet_switch(gevent_task_greenlet(task), NULL, result);
}

int main(void) {
    gevent_task_t *sleeper;
    (void)gevent_use_virtual_clock();
    gevent_set_unhandled(wait_in_the_hub);
    if (gevent_spawn(fail_under_the_hub, NULL, NULL) < 0) return 1;
    if (gevent_spawn(sleep_undisturbed, NULL, &sleeper) < 0) return 1;
    if (gevent_spawn(disturb, sleeper, NULL) < 0) return 1;
    if (gevent_join(sleeper, GEVENT_FOREVER) < 0) return 1;
    gevent_task_unref(sleeper);
    return 0;
}
