// SPDX-License-Identifier: MIT
#include "items.h"

#include <string.h>

#include "../memory.h"

enum { FIRST_CAPACITY = 8 }; // a power of two, as all that follow

// Of a heap. Equals come out as they went in.
typedef struct entry {
    void *item;
    uint64_t sequence;
} entry_t;

// ---- a ring: the first, or with GEVENT_LIFO the last, comes out ---------------------------------

static void **ring_at(const items_t *items, size_t index) {
    void **ring = items->memory;
    return &ring[(items->head + index) & (items->capacity - 1)];
}

static void *ring_first(const items_t *items) {
    return *ring_at(items, items->order == GEVENT_LIFO ? items->count - 1 : 0);
}

static void ring_drop(items_t *items) {
    if (items->order == GEVENT_FIFO) items->head++;
}

// ---- a heap -------------------------------------------------------------------------------------

static int comes_before(const items_t *items, const entry_t *a, const entry_t *b) {
    int order = items->compare(a->item, b->item);
    return order != 0 ? order < 0 : a->sequence < b->sequence;
}

static void heap_add(items_t *items, entry_t added) {
    entry_t *heap = items->memory;
    size_t at = items->count;
    for (size_t up; at > 0 && comes_before(items, &added, &heap[up = (at - 1) / 2]); at = up)
        heap[at] = heap[up];
    heap[at] = added;
}

// Of an entry's children the one that comes first; `count` or more: it has none.
static size_t first_child(const items_t *items, size_t at, size_t count) {
    const entry_t *heap = items->memory;
    size_t child = 2 * at + 1;
    if (child + 1 < count && comes_before(items, &heap[child + 1], &heap[child])) child++;
    return child;
}

// The last takes the place of the first, and sinks.
static void heap_drop(items_t *items) {
    entry_t *heap = items->memory;
    size_t count = items->count - 1, at = 0;
    const entry_t last = heap[count];
    for (size_t child; (child = first_child(items, at, count)) < count; at = child) {
        if (!comes_before(items, &heap[child], &last)) break;
        heap[at] = heap[child];
    }
    heap[at] = last;
}

// ---- both ---------------------------------------------------------------------------------------

static size_t item_size(const items_t *items) {
    return items->order == GEVENT_PRIORITY ? sizeof(entry_t) : sizeof(void *);
}

// Moves all into twice the room. A ring is laid out from its start again.
static int grow(items_t *items) {
    size_t capacity = items->capacity ? items->capacity * 2 : FIRST_CAPACITY;
    size_t size = item_size(items);
    char *memory = memory_alloc(capacity * size);
    if (!memory) return greenlet_fail(GREENLET_ENOMEM);
    size_t head = items->capacity ? items->head & (items->capacity - 1) : 0;
    size_t tail = items->count - (items->count < head ? items->count : head);
    if (items->count > 0) {
        memcpy(memory, (char *)items->memory + head * size, tail * size);
        memcpy(memory + tail * size, items->memory, (items->count - tail) * size);
    }
    memory_free(items->memory);
    items->memory = memory;
    items->capacity = capacity;
    items->head = 0;
    return GREENLET_OK;
}

int items_add(items_t *items, void *item) {
    if (items->count == items->capacity) {
        int code = grow(items);
        if (code < 0) return code;
    }
    if (items->order == GEVENT_PRIORITY)
        heap_add(items, (entry_t){item, items->sequence++});
    else
        *ring_at(items, items->count) = item;
    items->count++;
    return GREENLET_OK;
}

void *items_first(const items_t *items) {
    const entry_t *heap = items->memory;
    return items->order == GEVENT_PRIORITY ? heap->item : ring_first(items);
}

void *items_take(items_t *items) {
    void *item = items_first(items);
    if (items->order == GEVENT_PRIORITY)
        heap_drop(items);
    else
        ring_drop(items);
    items->count--;
    return item;
}

void items_free(items_t *items) {
    memory_free(items->memory);
    items->memory = NULL;
    items->capacity = items->count = items->head = 0;
}
