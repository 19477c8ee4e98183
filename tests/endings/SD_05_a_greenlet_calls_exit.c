// exit() in a greenlet ends the program there, with its status.
//
// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>

#include "greenlet.h"

static void say_bye(void) {
    puts(greenlet_current() == greenlet_main() ? "at exit in main" : "at exit in the greenlet");
}

static int run_exit(void *value, void **result) {
    (void)value, (void)result;
    puts("before");
    exit(3);
}

int main(void) {
    greenlet_t *child;
    if (greenlet_new(run_exit, NULL, &child) < 0 || atexit(say_bye) != 0) return 2;
    (void)greenlet_switch(child, NULL, NULL);
    puts("after");
    return 0;
}
