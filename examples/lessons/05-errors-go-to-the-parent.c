// An error that nobody handles goes to the parent, not to who switched last: test1 guards its
// switch to test2, but it is main that hears of it.
//
//   greenlet-wasm run examples/lessons/05-errors-go-to-the-parent.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "greenlet.h"

static const greenlet_error_type_t NAME_ERROR = {"NameError", &GREENLET_ERROR, GREENLET_EUSER};

static greenlet_t *test1, *test2;

static int run_test1(void *value, void **result) {
    (void)value, (void)result;
    printf("12\n");
    int status = greenlet_switch(test2, NULL, NULL);
    if (status == NAME_ERROR.code) printf("test1 caught it\n");
    if (status < 0) return status;
    printf("34\n");
    return GREENLET_OK;
}

static int run_test2(void *value, void **result) {
    (void)value, (void)result;
    printf("56\n");
    return greenlet_raise(&NAME_ERROR, "name 'undefined_name' is not defined");
}

static void print_error(void) {
    const greenlet_error_t *error = greenlet_last_error();
    printf("main caught %s: %s\n", greenlet_error_type(error)->name, greenlet_error_message(error));
}

static const char *is_dead(const greenlet_t *greenlet) {
    return greenlet_dead(greenlet) ? "True" : "False";
}

int main(void) {
    if (greenlet_new(run_test1, NULL, &test1) < 0) return 1;
    if (greenlet_new(run_test2, NULL, &test2) < 0) return 1;
    if (greenlet_switch(test1, NULL, NULL) < 0) print_error();
    printf("gr1.dead %s gr2.dead %s\n", is_dead(test1), is_dead(test2));
    int status = greenlet_switch(test1, NULL, NULL);
    printf("gr1.dead %s\n", is_dead(test1));
    greenlet_unref(test1);
    greenlet_unref(test2);
    return status < 0;
}
