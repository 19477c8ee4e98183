// greenlet alone: switches, parents and throws. Nothing waits here and there is no hub.
//
//   greenlet-wasm run examples/tree.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "greenlet.h"

static greenlet_t *first, *second;

// ---- 12 56 34: a switch leaves one function in the middle and goes on in another ----------------

static int print_12_34(void *value, void **result) {
    (void)value, (void)result;
    printf("12\n");
    int status = greenlet_switch(second, NULL, NULL);
    if (status < 0) return status;
    printf("34\n");
    return GREENLET_OK; // and on to the parent, which is main
}

static int print_56_78(void *value, void **result) {
    (void)value, (void)result;
    printf("56\n");
    int status = greenlet_switch(first, NULL, NULL);
    if (status < 0) {
        printf("thrown in: %s\n", greenlet_error_message(greenlet_last_error()));
        return status;
    }
    printf("78\n"); // never: nobody switches here a second time
    return GREENLET_OK;
}

static void show_switch(void) {
    if (greenlet_new(print_12_34, NULL, &first) < 0) return;
    if (greenlet_new(print_56_78, NULL, &second) < 0) return;
    greenlet_switch(first, NULL, NULL);
    printf("first is %s, second is %s\n", greenlet_dead(first) ? "dead" : "alive",
           greenlet_dead(second) ? "dead" : "alive");
}

// ---- values: what one gives to its switch, the other's switch returns ---------------------------

static int echo(void *value, void **result) {
    for (int i = 0; i < 2; i++) {
        printf("echo gets %s\n", (const char *)value);
        int status = greenlet_switch(greenlet_parent(greenlet_current()), value, &value);
        if (status < 0) return status;
    }
    *result = "the end";
    return GREENLET_OK;
}

static void show_values(void) {
    greenlet_t *child;
    if (greenlet_new(echo, NULL, &child) < 0) return;
    char *words[] = {"one", "two", "three"};
    for (int i = 0; i < 3; i++) {
        void *answer = NULL;
        greenlet_switch(child, words[i], &answer);
        printf("main gets %s\n", (const char *)answer);
    }
    greenlet_unref(child);
}

// ---- parents: where a result goes, and an error -------------------------------------------------

static const greenlet_error_type_t DEMO_ERROR = {"DemoError", &GREENLET_ERROR, GREENLET_EUSER};

static int fail(void *value, void **result) {
    (void)value, (void)result;
    return greenlet_raise(&DEMO_ERROR, "raised in %s", greenlet_name(greenlet_current()));
}

static int supervise(void *value, void **result) {
    greenlet_t *child;
    int status = greenlet_new(fail, NULL, &child);
    if (status < 0) return status;
    greenlet_set_name(child, "grandchild");
    status = greenlet_switch(child, value, NULL);
    const greenlet_error_t *error = greenlet_last_error();
    if (status < 0)
        printf("%s: %s\n", greenlet_error_type(error)->name, greenlet_error_message(error));
    greenlet_unref(child);
    *result = "handled"; // to catch an error is to go on
    return GREENLET_OK;
}

static void show_parents(void) {
    greenlet_t *child;
    if (greenlet_new(supervise, NULL, &child) < 0) return;
    void *answer = NULL;
    greenlet_switch(child, NULL, &answer);
    printf("main gets %s\n", (const char *)answer);
    greenlet_unref(child);
}

// ---- throws: EXIT ends a greenlet without failing its parent ------------------------------------

static void show_throw(void) {
    int status = greenlet_throw(second, NULL, NULL); // it still is where it has switched to first
    printf("main gets %s\n", status == GREENLET_EXITED ? "the exit object, as a value" : "?");
    greenlet_unref(first);
    greenlet_unref(second);
}

int main(void) {
    show_switch();
    show_values();
    show_parents();
    show_throw();
    return 0;
}
