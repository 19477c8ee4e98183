// The ready queue: first come, first served; or, with a seed, an order that is random within what
// is ready at once, and the same again for the same seed.
#ifndef GREENLET_READY_H
#define GREENLET_READY_H

#include "list.h"
#include "random.h"

typedef struct ready {
    list_t queue;
    list_t batch;     // what was taken out of the queue at once, in another order; it runs first;
                      // and what is to run next in any case
    random_t random;  // the generator's state
    int is_shuffling; // else the batch is only what is left of one
} ready_t;

void ready_init(ready_t *ready);
int ready_is_empty(const ready_t *ready);

// Takes out whom to run next; there must be somebody.
struct gevent_callback *ready_take(ready_t *ready);

// 0: first come, first served.
void ready_set_seed(ready_t *ready, uint64_t seed);

#endif
