// exit() in a greenlet ends the program there, with its status; in what runs at the exit greenlets
// still work.
//
// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>

#include "greenlet.h"

static greenlet_t *child;

static int run_say(void *value, void **result) {
    (void)result;
    puts(value);
    return GREENLET_OK;
}

static void use_greenlets(void) {
    static char text[] = "another one runs";
    greenlet_t *another;
    puts(greenlet_current() == child ? "at exit in the greenlet" : "at exit elsewhere");
    if (greenlet_set_trace(NULL, NULL) || greenlet_new(run_say, NULL, &another) < 0) return;
    (void)greenlet_switch(another, text, NULL);
    puts(greenlet_dead(another) ? "and is dead" : "and lives");
    greenlet_unref(another);
}

static int run_exit(void *value, void **result) {
    (void)value, (void)result;
    puts("before");
    exit(3);
}

int main(void) {
    if (greenlet_new(run_exit, NULL, &child) < 0 || atexit(use_greenlets) != 0) return 2;
    (void)greenlet_switch(child, NULL, NULL);
    puts("after");
    return 0;
}
