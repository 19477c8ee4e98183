// Timers, ordered by deadline and then by the order in which they were started: a pairing heap,
// intrusive, so that to start one allocates nothing. Starting is O(1); taking the first and
// cancelling are O(log n), amortised.
#ifndef GREENLET_TIMER_HEAP_H
#define GREENLET_TIMER_HEAP_H

#include "../gevent.h"

typedef struct gevent_timer_node timer_node_t;
typedef struct timer_heap {
    timer_node_t *first; // NULL: none
    uint64_t last_sequence;
} timer_heap_t;

// A timer that is not in a heap has place == NULL; that is how it must be before the first add.
void timer_add(timer_heap_t *heap, timer_node_t *timer, int64_t deadline);
void timer_remove(timer_node_t *timer);

#endif
