// What is in a queue, in the order in which it will come out.
#ifndef GREENLET_ITEMS_H
#define GREENLET_ITEMS_H

#include "queue.h"

typedef struct gevent_items items_t;

// GREENLET_OK or GREENLET_ENOMEM.
int items_add(items_t *items, void *item);
// The next to come out, and the same taken out; there must be one.
void *items_first(const items_t *items);
void *items_take(items_t *items);
void items_free(items_t *items);

#endif
