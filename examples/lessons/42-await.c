// What is a coroutine in Python is a plain function here: it waits where it likes, and needs no
// word for that. gevent_run_until_complete() runs one in a task and waits for that one only.
//
//   greenlet-wasm run examples/lessons/42-await.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

static int hello(void *argument, void **result) {
    (void)argument, (void)result;
    printf("Hello world!\n");
    int status = gevent_sleep(1); // await asyncio.sleep(1)
    if (status < 0) return status;
    printf("Hello again!\n");
    return GREENLET_OK;
}

int main(void) {
    (void)gevent_use_virtual_clock();
    return gevent_run_until_complete(hello, NULL, NULL) < 0;
}
