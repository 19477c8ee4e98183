// What a greenlet has: a function, a parent, and a life that begins with the first switch and ends
// with the function, or with an error. To make one runs nothing; its parent is whoever made it,
// unless another is given, then or later.
//
//   greenlet-wasm run examples/lessons/33-what-a-greenlet-has.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "greenlet.h"

static greenlet_t *worker, *foreman;

static void print_life(const char *when) {
    printf("%s: started %d, dead %d\n", when, greenlet_started(worker), greenlet_dead(worker));
}

static int work(void *value, void **result) {
    (void)value;
    printf("worker: the current one is me: %d\n", greenlet_current() == worker);
    return greenlet_switch(greenlet_parent(worker), NULL, result);
}

static int supervise(void *value, void **result) {
    (void)value, (void)result;
    int status = greenlet_switch(worker, NULL, NULL);
    if (status < 0) return status;
    print_life("after the first switch");
    status = greenlet_throw(worker, NULL, NULL); // goes there, and fails the call it is in
    print_life(status == GREENLET_EXITED ? "after the throw" : "not thrown");
    return GREENLET_OK;
}

int main(void) {
    if (greenlet_new(work, NULL, &worker) < 0) return 1;
    if (greenlet_new(supervise, NULL, &foreman) < 0) return 1;
    printf("main is the parent: %d\n", greenlet_parent(worker) == greenlet_main());
    if (greenlet_set_parent(worker, foreman) < 0) return 1;
    printf("the foreman is the parent: %d\n", greenlet_parent(worker) == foreman);
    print_life("made");
    int status = greenlet_switch(foreman, NULL, NULL);
    greenlet_unref(worker);
    greenlet_unref(foreman);
    return status < 0;
}
