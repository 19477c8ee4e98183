// Three cautions. A greenlet that is left in a switch takes its memory until somebody ends it, and
// the way to end it is to drop it. One that owns a reference to itself, alone or in a circle, is
// never dropped by others. And a thread's greenlets are its own: no switch goes to another's.
//
//   greenlet-wasm run examples/lessons/34-three-cautions.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "greenlet.h"

// Leaves for good, unless it is killed.
static int leave(void *value, void **result) {
    (void)value;
    int status = greenlet_switch(greenlet_main(), NULL, result);
    printf("  ended with %s\n", greenlet_error_name(status));
    return status;
}

static int leave_owning_itself(void *value, void **result) {
    greenlet_t *self = greenlet_ref(greenlet_current());
    int status = leave(value, result);
    greenlet_unref(self);
    return status;
}

// Starts one and drops it. Borrowed: only valid if it lives on.
static greenlet_t *start_and_drop(greenlet_run_fn run) {
    greenlet_t *greenlet;
    if (greenlet_new(run, NULL, &greenlet) < 0) return NULL;
    (void)greenlet_switch(greenlet, NULL, NULL);
    printf("left in a switch: %zu of them\n", greenlet_live_count());
    greenlet_unref(greenlet);
    printf("dropped: %zu of them\n", greenlet_live_count());
    return greenlet;
}

int main(void) {
    (void)start_and_drop(leave);
    printf("one that owns itself:\n");
    greenlet_t *leaked = start_and_drop(leave_owning_itself);
    if (!leaked || greenlet_throw(leaked, NULL, NULL) < 0) return 1;
    printf("killed: %zu of them\n", greenlet_live_count());
    return 0;
}
