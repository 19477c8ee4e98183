// main lets the exit error pass, and tells the shell.
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "greenlet.h"

static int run_throw_exit_up(void *value, void **result) {
    return greenlet_throw(value, NULL, result);
}

int main(void) {
    greenlet_t *child;
    if (greenlet_new(run_throw_exit_up, NULL, &child) < 0) return 2;
    puts("before");
    int code = greenlet_switch(child, greenlet_main(), NULL);
    if (code < 0) {
        const greenlet_error_t *error = greenlet_last_error();
        const char *type = greenlet_error_type(error)->name;
        fprintf(stderr, "main: %s: %s\n", type, greenlet_error_message(error));
        return 1;
    }
    puts("after");
    return 0;
}
