// SPDX-License-Identifier: MIT
#include "pairs.h"

#include <string.h>

#include "greenlet_error.h"
#include "memory.h"

enum { FIRST_CAPACITY = 4 };

pair_t *pairs_find(const pairs_t *pairs, const void *key) {
    for (size_t i = 0; i < pairs->count; i++)
        if (pairs->items[i].key == key) return &pairs->items[i];
    return NULL;
}

static int reserve(pairs_t *pairs, size_t capacity) {
    if (capacity <= pairs->capacity) return GREENLET_OK;
    pair_t *items = memory_alloc(capacity * sizeof *items);
    if (!items) return GREENLET_ENOMEM;
    if (pairs->count) memcpy(items, pairs->items, pairs->count * sizeof *items);
    memory_free(pairs->items);
    pairs->items = items;
    pairs->capacity = capacity;
    return GREENLET_OK;
}

int pairs_set(pairs_t *pairs, const void *key, void *value) {
    pair_t *pair = pairs_find(pairs, key);
    if (pair) {
        pair->value = value;
        return GREENLET_OK;
    }
    size_t capacity = pairs->capacity ? 2 * pairs->capacity : FIRST_CAPACITY;
    if (pairs->count == pairs->capacity && reserve(pairs, capacity) < 0) return GREENLET_ENOMEM;
    pairs->items[pairs->count++] = (pair_t){key, value};
    return GREENLET_OK;
}

int pairs_copy(pairs_t *to, const pairs_t *from) {
    if (reserve(to, from->count) < 0) return GREENLET_ENOMEM;
    if (from->count) memcpy(to->items, from->items, from->count * sizeof *from->items);
    to->count = from->count;
    return GREENLET_OK;
}

void pairs_clear(pairs_t *pairs) {
    memory_free(pairs->items);
    *pairs = (pairs_t){0};
}
