// A start can wait, too: it is a timer like any other. And a task can be killed before its time has
// come; then it never runs.
//
//   greenlet-wasm run examples/lessons/38-started-later.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

static int say(void *text, void **result) {
    (void)result;
    printf("%s\n", (const char *)text);
    return GREENLET_OK;
}

int main(void) {
    gevent_task_t *never;
    (void)gevent_use_virtual_clock();
    if (gevent_spawn_later(0.02, say, "after 20 ms", NULL) < 0) return 1;
    if (gevent_spawn_later(0.01, say, "after 10 ms", NULL) < 0) return 1;
    if (gevent_spawn_later(0.015, say, "never", &never) < 0) return 1;
    if (gevent_spawn(say, "at once", NULL) < 0) return 1;
    if (gevent_kill(never, NULL, GEVENT_FOREVER) < 0) return 1;
    gevent_task_unref(never);
    return gevent_run() < 0;
}
