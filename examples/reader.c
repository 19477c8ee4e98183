// An event loop turned inside out. read_line() is written as if it could block; whoever has the key
// presses calls press(), once for each, and gets control back at once. In between the reader is a
// greenlet that has been left in the middle of its loop.
//
//   greenlet-wasm run examples/reader.c
//
// main() presses the keys here. A page does it with app.callSync('press', key).
//
// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "gevent.h"

static greenlet_t *reader;

// ---- the side that wants to block ---------------------------------------------------------------

// Leaves the reader until the next press.
static int read_key(char *key) {
    void *pressed = NULL;
    int status = greenlet_switch(greenlet_parent(greenlet_current()), NULL, &pressed);
    if (status >= 0) *key = *(const char *)pressed;
    return status;
}

static int read_line(char *line, size_t size) {
    size_t length = 0;
    for (;;) {
        char key;
        int status = read_key(&key);
        if (status < 0) return status;
        if (key == '\n') break;
        if (key == '\b' && length > 0) length--;
        if (key != '\b' && length + 1 < size) line[length++] = key;
    }
    line[length] = '\0';
    return GREENLET_OK;
}

static int converse(void *value, void **result) {
    char name[32], answer[32];
    (void)value, (void)result;
    printf("name?\n");
    int status = read_line(name, sizeof name);
    if (status < 0) return status;
    printf("hello %s, quit?\n", name);
    do {
        status = read_line(answer, sizeof answer);
        if (status < 0) return status;
        printf("answer: '%s'\n", answer);
    } while (strcmp(answer, "yes") != 0);
    printf("bye %s\n", name);
    return GREENLET_OK;
}

// ---- the side that has the keys -----------------------------------------------------------------

// Starts the conversation. Returns once it wants a key.
int start(void) {
    int status = greenlet_new(converse, NULL, &reader);
    if (status < 0) return status;
    return greenlet_switch(reader, NULL, NULL);
}
GEVENT_EXPORT(void, start)

// Hands a key to the conversation, and says whether it wants another.
int press(const char *key, int32_t *result) {
    if (!greenlet_dead(reader)) {
        int status = greenlet_switch(reader, (void *)(uintptr_t)key, NULL);
        if (status < 0) return status;
    }
    *result = !greenlet_dead(reader);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, press, string)

int main(void) {
    const char *keys = "ax\bnn\nno\nyes\n";
    int status = start();
    int32_t more = 1;
    for (; status >= 0 && more && *keys; keys++) {
        char key[] = {*keys, '\0'};
        status = press(key, &more);
    }
    greenlet_unref(reader);
    return status < 0;
}
