// Greenlets that go to each other, each from some calls deep; and greenlets that end at once.
#include "switch.h"

#include <stdlib.h>

#include "frames.h"

// Whatever else a frame would have to keep, its arguments among it, is here.
static void *mail;             // what was received last
static intptr_t last;          // the number that ends it
static int32_t levels;         // calls that who starts next has to go down,
static greenlet_t **neighbour; // and where it finds whom it then hands on to

// The lowest frame: hands on one more than it gets. If that fails, the number says so.
static inline void pass_on(void) {
    kept_t kept = keep();
    greenlet_t *const *next = neighbour;
    int code = greenlet_switch(greenlet_main(), NULL, &mail);
    while (code >= 0 && (intptr_t)mail < last)
        code = greenlet_switch(*next, (void *)((intptr_t)mail + 1), &mail);
    note(kept);
}

NOINLINE static void pass_on_called(void) {
    pass_on();
}

NOINLINE static void descend_called(void);

static inline void descend(void) {
    kept_t kept = keep();
    if (--levels > 1)
        descend_called();
    else
        pass_on_called();
    note(kept);
}

NOINLINE static void descend_called(void) {
    descend();
}

static int run_flat(void *value, void **result) {
    (void)value;
    (void)result;
    pass_on();
    return GREENLET_OK;
}

static int run_deep(void *value, void **result) {
    (void)value;
    (void)result;
    descend();
    return GREENLET_OK;
}

// Makes one that waits, as many calls deep, to hand on to the greenlet that `next` then points to.
static int start(int32_t depth, greenlet_t **next, greenlet_t **result) {
    int code = greenlet_new(depth > 1 ? run_deep : run_flat, NULL, result);
    levels = depth;
    neighbour = next;
    return code < 0 ? code : greenlet_switch(*result, NULL, NULL);
}

int ring(int32_t count, int32_t depth, int32_t transfers, int32_t *done) {
    greenlet_t **all = calloc((size_t)count, sizeof *all);
    if (!all) return greenlet_fail(GREENLET_ENOMEM);
    int code = GREENLET_OK;
    for (int32_t i = 0; i < count && code >= 0; i++)
        code = start(depth, &all[(i + 1) % count], &all[i]);
    last = transfers;
    if (code >= 0) code = greenlet_switch(all[0], NULL, NULL);
    *done = (int32_t)(intptr_t)mail;
    for (int32_t i = 0; i < count; i++) greenlet_unref(all[i]);
    free(all);
    return code;
}

int bounce(int32_t depth, int32_t round_trips, int32_t *done) {
    greenlet_t *parent = greenlet_main(), *child = NULL;
    last = 2 * (intptr_t)round_trips;
    int code = start(depth, &parent, &child);
    mail = NULL;
    while (code >= 0 && (intptr_t)mail < last)
        code = greenlet_switch(child, (void *)((intptr_t)mail + 1), &mail);
    *done = (int32_t)((intptr_t)mail / 2);
    greenlet_unref(child);
    return code;
}

static int add_one(void *value, void **result) {
    *result = (void *)((intptr_t)value + 1);
    return GREENLET_OK;
}

int create(int32_t times, int32_t *done) {
    void *value = NULL;
    while ((intptr_t)value < times) {
        greenlet_t *greenlet;
        int code = greenlet_new(add_one, NULL, &greenlet);
        if (code < 0) return code;
        code = greenlet_switch(greenlet, value, &value);
        greenlet_unref(greenlet);
        if (code < 0) return code;
    }
    *done = (int32_t)(intptr_t)value;
    return GREENLET_OK;
}
