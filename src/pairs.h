// A small map from pointers to pointers, for a handful of entries: looked up in order.
#ifndef GREENLET_PAIRS_H
#define GREENLET_PAIRS_H

#include <stddef.h>

typedef struct pair {
    const void *key;
    void *value;
} pair_t;

typedef struct pairs {
    pair_t *items;
    size_t count, capacity;
} pairs_t;

// The entry of a key, or NULL.
pair_t *pairs_find(const pairs_t *pairs, const void *key);

// Adds or replaces. 0, or GREENLET_ENOMEM with nothing changed.
int pairs_set(pairs_t *pairs, const void *key, void *value);

// Makes `to`, which is empty, the same as `from`. 0 or GREENLET_ENOMEM.
int pairs_copy(pairs_t *to, const pairs_t *from);

void pairs_clear(pairs_t *pairs);

#endif
