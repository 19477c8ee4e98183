// Text that is written into a buffer of the caller's, as far as there is room, and counted in full.
#ifndef GREENLET_TEXT_H
#define GREENLET_TEXT_H

#include <stddef.h>

typedef struct text {
    char *buffer;
    size_t size, length; // length: what it has or would have
} text_t;

// An empty text, NUL-terminated if there is room at all.
text_t text_in(char *buffer, size_t size);

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void text_add(text_t *text, const char *format, ...);
// A string as JSON has it; NULL as null.
void text_add_json(text_t *text, const char *string);

#endif
