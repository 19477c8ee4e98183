// What one gives to its switch, the other's switch returns; what a function leaves in *result, its
// parent's switch returns: here nothing.
//
//   greenlet-wasm run examples/lessons/04-values-through-switch.c
//
// SPDX-License-Identifier: MIT
#include <stdint.h>
#include <stdio.h>

#include "greenlet.h"

static greenlet_t *first, *second;

static int run_first(void *value, void **result) {
    char *const *words = value;
    char joined[32];
    (void)result;
    snprintf(joined, sizeof joined, "%s%s", words[0], words[1]);
    void *number;
    int status = greenlet_switch(second, joined, &number);
    if (status < 0) return status;
    printf("test1  %d\n", (int)(intptr_t)number);
    return GREENLET_OK;
}

static int run_second(void *value, void **result) {
    printf("test2  %s\n", (const char *)value);
    return greenlet_switch(first, (void *)(intptr_t)10, result);
}

int main(void) {
    char *words[] = {"hello", " world"};
    void *returned = words;
    if (greenlet_new(run_first, NULL, &first) < 0) return 1;
    if (greenlet_new(run_second, NULL, &second) < 0) return 1;
    int status = greenlet_switch(first, words, &returned);
    printf("%s\n", returned ? "something" : "None");
    greenlet_unref(first);
    greenlet_unref(second);
    return status < 0;
}
