// The library's memory: everything it allocates goes through here, so that a test can make any
// allocation fail.
#ifndef GREENLET_MEMORY_H
#define GREENLET_MEMORY_H

#include <stddef.h>

// NULL if there is none. What was allocated is freed by memory_free and by nothing else.
void *memory_alloc(size_t size);
void *memory_alloc_zeroed(size_t size);
void memory_free(void *memory);

// A copy of a string; NULL if there is no memory.
char *memory_copy_string(const char *string);

#endif
