// Reads memory of the heap in a greenlet, after others have run and freed it.
//
// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "gevent.h"

static int run_reader(void *block, void **result) {
    const volatile int *numbers = block;
    int before = numbers[3];
    int code = greenlet_switch(greenlet_main(), NULL, NULL);
    if (code < 0) return code;
    *result = numbers[3] == before ? greenlet_current() : NULL;
    return GREENLET_OK;
}

int main(void) {
    greenlet_t *reader;
    int *block = calloc(4, sizeof *block);
    if (!block || greenlet_new(run_reader, NULL, &reader) < 0) return 2;
    if (greenlet_switch(reader, block, NULL) < 0) return 2;
    free(block);
    (void)greenlet_switch(reader, NULL, NULL);
    greenlet_unref(reader);
    return 0;
}
