// How deep a stack gets: it is filled with a pattern before it is used, and looked through from
// below later.
#ifndef GREENLET_MARK_H
#define GREENLET_MARK_H

#include <stdint.h>

#include "context_annotate.h"

#define MARK_WORD UINT64_C(0xa5a5a5a55a5a5a5a)

static inline void mark_fill(char *low, char *high) {
    for (char *word = low; word + sizeof(uint64_t) <= high; word += sizeof(uint64_t))
        *(uint64_t *)(void *)word = MARK_WORD;
}

// The lowest byte that has been used since, or a few below it. Reads what is below a stack pointer
// and between variables.
ANNOTATE_UNCHECKED static inline const char *mark_find(const char *low, const char *high,
                                                       uint64_t mark) {
    annotate_pause();
    while (low < high && *(const uint64_t *)(const void *)low == mark) low += sizeof(uint64_t);
    annotate_resume();
    return low;
}

#endif
