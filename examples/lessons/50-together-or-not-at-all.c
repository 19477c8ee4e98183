// A scope is a stretch of code that does not end before the tasks in it have. If one of them fails,
// the others are cancelled: whatever they wait in fails, and they clean up. Closing the scope then
// fails with the error that began it. Nothing is left running behind anybody's back.
//
//   greenlet-wasm run examples/lessons/50-together-or-not-at-all.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

typedef struct errand {
    const char *what;
    double seconds;
    int fails;
} errand_t;

static int run_errand(void *argument, void **result) {
    const errand_t *errand = argument;
    (void)result;
    int status = gevent_sleep(errand->seconds);
    if (status == GREENLET_ECANCELED) printf("  %s: given up, put back\n", errand->what);
    if (status < 0) return status;
    if (errand->fails) return greenlet_raise(&GREENLET_ERROR, "no %s left", errand->what);
    printf("  %s: here\n", errand->what);
    return GREENLET_OK;
}

static int run_all(errand_t *errands, size_t count) {
    gevent_scope_t scope;
    int status = gevent_scope_open(&scope, GEVENT_FOREVER);
    if (status < 0) return status;
    for (size_t i = 0; i < count && status >= 0; i++)
        status = gevent_scope_spawn(&scope, run_errand, &errands[i], NULL);
    return gevent_scope_close(&scope, status);
}

static void have_tea(int is_sold_out) {
    errand_t errands[] = {{"milk", 1, 0}, {"tea", 2, is_sold_out}, {"cake", 3, 0}};
    printf("shopping\n");
    if (run_all(errands, 3) < 0)
        printf("nothing today: %s\n", greenlet_error_message(greenlet_last_error()));
    else
        printf("all is here\n");
}

int main(void) {
    (void)gevent_use_virtual_clock();
    have_tea(0);
    have_tea(1);
    return 0;
}
