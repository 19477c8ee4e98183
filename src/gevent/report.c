// Who waits for what, in words.
//
// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>

#include "wait.h"

typedef struct text {
    char *buffer;
    size_t size, length; // length: what it has or would have
} text_t;

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
append(text_t *text, const char *format, ...) {
    size_t room = text->length < text->size ? text->size - text->length : 0;
    va_list args;
    va_start(args, format);
    int length = vsnprintf(room ? text->buffer + text->length : NULL, room, format, args);
    va_end(args);
    if (length > 0) text->length += (size_t)length;
}

static void append_wait(text_t *text, const hub_t *hub, const wait_t *wait) {
    append(text, "%s waits in %s", greenlet_name(wait->greenlet), wait->what);
    const greenlet_t *whom = wait_whom(wait);
    if (whom) append(text, " for %s", greenlet_name(whom));
    if (wait->name) append(text, " for %s", wait->name);
    append(text, " since %.3f s", (double)(hub->now - wait->since) / 1e9);
}

size_t hub_describe_waits(const hub_t *hub, char *buffer, size_t size, const char *separator) {
    text_t text = {buffer, size, 0};
    if (size) *buffer = '\0';
    for (const list_t *link = hub->waits.next; link != &hub->waits; link = link->next) {
        if (text.length) append(&text, "%s", separator);
        append_wait(&text, hub, LIST_ITEM(link, const wait_t, all));
    }
    return text.length;
}

size_t gevent_dump(char *buffer, size_t size) {
    const hub_t *hub = hub_get();
    return hub ? hub_describe_waits(hub, buffer, size, "\n") : 0;
}
