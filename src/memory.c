// SPDX-License-Identifier: MIT
#include "memory.h"

#include <stdlib.h>
#include <string.h>

#include "greenlet.h"

static const greenlet_allocator_t system_allocator = {malloc, free};
static greenlet_allocator_t allocator = {malloc, free};

void greenlet_set_allocator(const greenlet_allocator_t *replacement) {
    allocator = replacement ? *replacement : system_allocator;
}

void *memory_alloc(size_t size) {
    return allocator.allocate(size);
}

void *memory_alloc_zeroed(size_t size) {
    void *memory = memory_alloc(size);
    return memory ? memset(memory, 0, size) : NULL;
}

void memory_free(void *memory) {
    if (memory) allocator.release(memory);
}

char *memory_copy_string(const char *string) {
    size_t size = strlen(string) + 1;
    char *copy = memory_alloc(size);
    return copy ? memcpy(copy, string, size) : NULL;
}
