// Queues: items that some greenlets put and others get, with or without a limit.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_QUEUE_H
#define GEVENT_QUEUE_H

#include "case.h"

#ifdef __cplusplus
extern "C" {
#endif

// Items in the order in which they were put, the last put first, or the least first. Who waits is
// served in the order of coming; to put and to get do not switch if they can be done, so that who
// puts an item and gets one before others have run has it back, and a waiting getter goes on
// waiting. Who is killed or timed out has neither put nor got anything. The items are the
// program's: the queue never looks at what they point to, and NULL is one like any other.
//
// Lives where the caller puts it, for as long as anybody waits for it. (gevent: Queue, LifoQueue,
// PriorityQueue, JoinableQueue)
typedef struct gevent_queue gevent_queue_t;

// Less than 0 if `a` is to come out before `b`, more than 0 if after, 0: as they were put. Must not
// switch or touch the queue.
typedef int (*gevent_compare_fn)(const void *a, const void *b);

// Makes an empty one. One that is all zero is a first-in-first-out queue without a limit.
//   maxsize  how many items there is room for; 0: any number
void gevent_queue_init(gevent_queue_t *queue, size_t maxsize);
void gevent_queue_init_lifo(gevent_queue_t *queue, size_t maxsize);
void gevent_queue_init_priority(gevent_queue_t *queue, size_t maxsize, gevent_compare_fn compare);
// Frees what it holds its items in, and forgets them. When nobody waits for it; it can be used
// again after an init.
void gevent_queue_free(gevent_queue_t *queue);

// Puts an item, when there is room. GREENLET_ETIMEDOUT if there was none for `seconds`;
// GREENLET_ECLOSED, GREENLET_ENOMEM: then it has not been put. (gevent: put, put_nowait)
int gevent_queue_put(gevent_queue_t *queue, void *item, double seconds);

// Gets the next item, when there is one. GREENLET_ETIMEDOUT if there was none for `seconds`;
// GREENLET_ECLOSED if there will be none any more:
//   while ((code = gevent_queue_get(&queue, GEVENT_FOREVER, &item)) >= 0) …
// (gevent: get, get_nowait, iteration)
int gevent_queue_get(gevent_queue_t *queue, double seconds, void **item);
// The same, but leaves it there. Who gets is told of an item before those who peek after him, and
// then they go on waiting for the next. (gevent: peek, peek_nowait)
int gevent_queue_peek(gevent_queue_t *queue, double seconds, void **item);

// From anywhere. A queue without a limit is never full.
size_t gevent_queue_size(const gevent_queue_t *queue);
int gevent_queue_is_empty(const gevent_queue_t *queue);
int gevent_queue_is_full(const gevent_queue_t *queue);

// From now on nothing can be put, and who waits to put fails. What there is can still be got. From
// anywhere; does nothing to one that is closed. (python: Queue.shutdown)
void gevent_queue_close(gevent_queue_t *queue);
// The same, and gives what there is to `drop` (NULL: forgets it), in order; each item then counts
// as done. (python: Queue.shutdown(immediate=True))
void gevent_queue_close_now(gevent_queue_t *queue, void (*drop)(void *item));
int gevent_queue_is_closed(const gevent_queue_t *queue);

// Says that an item which was got is done with. From anywhere. GREENLET_EINVAL if more were than
// have been put. (gevent: JoinableQueue.task_done)
int gevent_queue_task_done(gevent_queue_t *queue);
// How many items have been put and are not done.
size_t gevent_queue_unfinished(const gevent_queue_t *queue);
// Waits until all that have been put are done. GREENLET_ETIMEDOUT. (gevent: JoinableQueue.join)
int gevent_queue_join(gevent_queue_t *queue, double seconds);

// As cases: of select, and of wait, which does not put or get. `value` is the item.
gevent_case_t gevent_queue_put_case(gevent_queue_t *queue, void *item);
gevent_case_t gevent_queue_get_case(gevent_queue_t *queue);
gevent_case_t gevent_queue_peek_case(gevent_queue_t *queue);

// ---- private ------------------------------------------------------------------------------------

struct gevent_items {
    void *memory;
    size_t capacity, head, count;
    uint64_t sequence;
    gevent_compare_fn compare;
    enum { GEVENT_FIFO, GEVENT_LIFO, GEVENT_PRIORITY } order;
};
struct gevent_queue {
    struct gevent_waiters getters, putters;
    struct gevent_items items;
    size_t maxsize, unfinished;
    gevent_event_t all_done;
    unsigned char is_closed, is_getters_turn;
};

#ifdef __cplusplus
}
#endif
#endif
