// What generator_delegate does, written out by hand: values, throws and the close are handed down
// to the inner generator, and what it returns is the result. Both print the same.
//
//   greenlet-wasm run examples/lessons/21-delegation-by-hand.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "generator.h"

enum { CAPACITY = 8 };

static const greenlet_error_type_t DEMO = {"DemoException", &GREENLET_ERROR, GREENLET_EUSER};

typedef struct list {
    const char *items[CAPACITY];
    intptr_t length;
} list_t;

typedef int (*delegate_fn)(generator_t *inner, void **result);

static void append(list_t *list, const char *item) {
    if (list->length < CAPACITY) list->items[list->length++] = item;
}

// ---- the inner generator ------------------------------------------------------------------------

// Yields how many items it has got, until it is sent NULL; returns their list.
static int collect(void *argument, void **result) {
    list_t *list = argument;
    for (;;) {
        void *item;
        int status = generator_yield((void *)list->length, &item);
        if (status == GREENLET_EEXIT) printf("sub closed\n");
        if (status < 0 && status != DEMO.code) return status;
        if (status >= 0 && !item) break;
        append(list, status < 0 ? "demo" : item);
    }
    *result = list;
    return GREENLET_OK;
}

// ---- delegation by hand -------------------------------------------------------------------------

// Whoever advances this one closes or throws: so does this one to the inner one.
static int hand_down_error(generator_t *inner, void **value) {
    greenlet_error_t *error = greenlet_error_take();
    int status;
    if (greenlet_error_is(error, &GREENLET_EXIT)) {
        status = generator_close(inner);
        if (status >= 0) status = greenlet_error_restore(greenlet_error_ref(error));
    } else {
        status = generator_throw(inner, error, value);
    }
    greenlet_error_unref(error);
    return status;
}

static int delegate_by_hand(generator_t *inner, void **result) {
    void *value, *sent;
    int status = generator_next(inner, &value);
    while (status == GREENLET_OK) {
        if (generator_yield(value, &sent) < 0)
            status = hand_down_error(inner, &value);
        else
            status = generator_send(inner, sent, &value);
    }
    if (status == GENERATOR_DONE) *result = value;
    return status;
}

// ---- the two that delegate ----------------------------------------------------------------------

static void print_result(const list_t *list) {
    printf("RESULT [");
    for (intptr_t i = 0; i < list->length; i++) printf("%s'%s'", i ? ", " : "", list->items[i]);
    printf("]\n");
}

static int delegate_and_print(delegate_fn delegate) {
    list_t list = {0};
    generator_t *inner;
    void *result;
    int status = generator_new(collect, &list, &inner);
    if (status < 0) return status;
    status = delegate(inner, &result);
    if (status >= 0) print_result(result);
    generator_unref(inner);
    return status;
}

static int by_library(void *argument, void **result) {
    (void)argument, (void)result;
    return delegate_and_print(generator_delegate);
}

static int by_hand(void *argument, void **result) {
    (void)argument, (void)result;
    return delegate_and_print(delegate_by_hand);
}

// ---- who drives them ----------------------------------------------------------------------------

static int throw_demo(generator_t *outer, void **value) {
    greenlet_error_t *error = greenlet_error_new(&DEMO, NULL);
    int status = generator_throw(outer, error, value);
    greenlet_error_unref(error);
    return status;
}

static int drive(generator_t *outer) {
    void *values[4];
    int status = generator_next(outer, &values[0]);
    if (status == GREENLET_OK) status = generator_send(outer, "a", &values[1]);
    if (status == GREENLET_OK) status = throw_demo(outer, &values[2]);
    if (status == GREENLET_OK) status = generator_send(outer, "b", &values[3]);
    if (status != GREENLET_OK) return status;
    for (int i = 0; i < 4; i++) printf("%s%d", i ? ", " : "[", (int)(intptr_t)values[i]);
    printf("]\n");
    return status;
}

static int end(generator_t *outer) {
    int status = generator_next(outer, NULL);
    if (status == GENERATOR_DONE) printf("StopIteration\n");
    return status;
}

static int show(greenlet_run_fn body, int (*finish)(generator_t *generator)) {
    generator_t *outer;
    int status = generator_new(body, NULL, &outer);
    if (status < 0) return status;
    status = drive(outer);
    if (status >= 0) status = finish(outer);
    generator_unref(outer);
    return status;
}

int main(void) {
    if (show(by_library, end) < 0) return 1;
    if (show(by_hand, end) < 0) return 1;
    if (show(by_library, generator_close) < 0) return 1;
    return show(by_hand, generator_close) < 0;
}
