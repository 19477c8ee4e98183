// An intrusive circular list. A link that is in no list points to itself (or is all zero).
#ifndef GREENLET_LIST_H
#define GREENLET_LIST_H

#include <assert.h>
#include <stddef.h>

#include "../gevent.h"

typedef struct gevent_link list_t;

// The struct that a link is embedded in.
#define LIST_ITEM(pointer, type, member)                                                           \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

static inline void list_init(list_t *list) {
    list->next = list->previous = list;
}

static inline int list_is_empty(const list_t *list) {
    return list->next == list || !list->next;
}

static inline size_t list_length(const list_t *list) {
    size_t length = 0;
    for (const list_t *link = list->next; link != list; link = link->next) length++;
    return length;
}

static inline void list_append(list_t *list, list_t *link) {
    link->previous = list->previous;
    link->next = list;
    list->previous->next = link;
    list->previous = link;
}

static inline void list_prepend(list_t *list, list_t *link) {
    list_append(list->next, link);
}

static inline void list_remove(list_t *link) {
    if (!link->next) return;
    assert(link->next->previous == link && link->previous->next == link);
    link->next->previous = link->previous;
    link->previous->next = link->next;
    list_init(link);
}

// Takes all of `from`, in order, into the empty `to`.
static inline void list_move(list_t *from, list_t *to) {
    list_init(to);
    if (list_is_empty(from)) return;
    *to = *from;
    to->next->previous = to->previous->next = to;
    list_init(from);
}

#endif
