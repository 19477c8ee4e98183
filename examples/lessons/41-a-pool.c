// A pool runs so many at a time and no more. Ordered results come in the order of the items, and
// wait for a slow one; unordered ones come as they are ready. An item that fails fails the call
// that asks for its result, and the next call goes on with the others.
//
//   greenlet-wasm run examples/lessons/41-a-pool.c
//
// SPDX-License-Identifier: MIT
#include <stdint.h>
#include <stdio.h>

#include "gevent.h"

enum { COUNT = 6, PLACES = 3 };

static int running, most;

// The later the item, the shorter it takes; 4 fails.
static int work(void *item, void **result) {
    intptr_t number = (intptr_t)item;
    running++;
    if (running > most) most = running;
    int status = gevent_sleep((COUNT - (double)number) / 100);
    running--;
    if (status < 0) return status;
    *result = item;
    return number == 4 ? greenlet_raise(&GREENLET_ERROR, "no %d", (int)number) : GREENLET_OK;
}

static int print_all(gevent_imap_t *results) {
    void *value;
    int status;
    while ((status = gevent_imap_next(results, &value)) != GEVENT_DONE) {
        if (status == GREENLET_OK)
            printf(" %d", (int)(intptr_t)value);
        else if (gevent_imap_item_failed(results))
            printf(" (%s)", greenlet_error_message(greenlet_last_error()));
        else
            break;
    }
    printf("\n");
    return gevent_imap_end(results, status);
}

static int run(int is_ordered) {
    void *items[COUNT];
    gevent_pool_t pool;
    gevent_imap_t *results;
    gevent_pool_init(&pool, PLACES);
    for (intptr_t i = 0; i < COUNT; i++) items[i] = (void *)i;
    int status = is_ordered ? gevent_pool_imap(&pool, work, items, COUNT, 0, &results)
                            : gevent_pool_imap_unordered(&pool, work, items, COUNT, 0, &results);
    return status < 0 ? status : print_all(results);
}

int main(void) {
    (void)gevent_use_virtual_clock();
    printf("in order:");
    if (run(1) < 0) return 1;
    printf("as they are ready:");
    if (run(0) < 0) return 1;
    printf("never more than %d at a time\n", most);
    return 0;
}
