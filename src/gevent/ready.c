// SPDX-License-Identifier: MIT
#include "ready.h"

#include <assert.h>

void ready_init(ready_t *ready) {
    list_init(&ready->queue);
    list_init(&ready->batch);
}

int ready_is_empty(const ready_t *ready) {
    return list_is_empty(&ready->queue) && list_is_empty(&ready->batch);
}

void ready_set_seed(ready_t *ready, uint64_t seed) {
    ready->random = seed;
    ready->is_shuffling = seed != 0;
}

// ---- shuffling ----------------------------------------------------------------------------------

// A chain is linked through `next`, and counted.
static list_t *take_first(list_t **chain) {
    list_t *first = *chain;
    assert(first);
    *chain = first->next;
    return first;
}

// Both chains are in random order, and so is what becomes of them.
static list_t *merge(list_t *left, size_t lefts, list_t *right, size_t rights, random_t *random) {
    list_t *merged = NULL;
    list_t **end = &merged;
    while (lefts + rights > 0) {
        int is_left = random_next(random) % (lefts + rights) < lefts;
        *end = take_first(is_left ? &left : &right);
        end = &(*end)->next;
        if (is_left)
            lefts--;
        else
            rights--;
    }
    return merged;
}

// Takes the first `count` off a chain, in random order.
static list_t *shuffle(list_t **chain, size_t count, random_t *random) {
    if (count == 1) return take_first(chain);
    list_t *left = shuffle(chain, count / 2, random);
    list_t *right = shuffle(chain, count - count / 2, random);
    return merge(left, count / 2, right, count - count / 2, random);
}

static size_t length_of(const list_t *list) {
    size_t length = 0;
    for (const list_t *link = list->next; link != list; link = link->next) length++;
    return length;
}

static void make_batch(ready_t *ready) {
    size_t count = length_of(&ready->queue);
    list_t *chain = ready->queue.next;
    chain = shuffle(&chain, count, &ready->random);
    list_init(&ready->queue);
    for (; count > 0; count--) list_append(&ready->batch, take_first(&chain));
}

// ---- taking -------------------------------------------------------------------------------------

struct gevent_callback *ready_take(ready_t *ready) {
    if (list_is_empty(&ready->batch) && ready->is_shuffling) make_batch(ready);
    list_t *first = list_is_empty(&ready->batch) ? ready->queue.next : ready->batch.next;
    list_remove(first);
    return LIST_ITEM(first, struct gevent_callback, link);
}
