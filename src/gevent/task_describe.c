// What a task is, in words.
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "spawn_tree.h"
#include "task_internal.h"

typedef struct piece {
    char text[128]; // longer ones are cut
} piece_t;

// By its name, or by its address as far as the platform knows it.
static piece_t describe_run(const gevent_task_t *task) {
    piece_t piece;
    unsigned long long argument = (uintptr_t)task->argument;
    if (task->run_name)
        snprintf(piece.text, sizeof piece.text, "%s(0x%llx)", task->run_name, argument);
    else
        snprintf(piece.text, sizeof piece.text, "0x%llx(0x%llx)",
                 (unsigned long long)(uintptr_t)task->run, argument);
    return piece;
}

static piece_t describe_pending(const gevent_task_t *task) {
    piece_t piece;
    const wait_t *wait = task->greenlet->wait;
    if (wait)
        snprintf(piece.text, sizeof piece.text, "waits in %s", wait->what);
    else
        snprintf(piece.text, sizeof piece.text, "%s",
                 greenlet_started(task->greenlet) ? "runs"
                 : task->has_start                ? "is about to start"
                                                  : "was not started");
    return piece;
}

static piece_t describe_state(const gevent_task_t *task) {
    static const char *const texts[] = {"", "returned", "was killed", "failed: "};
    if (task->status == GEVENT_PENDING) return describe_pending(task);
    piece_t piece;
    snprintf(piece.text, sizeof piece.text, "%s%s", texts[task->status],
             task->status == GEVENT_FAILED ? greenlet_error_message(task->error) : "");
    return piece;
}

static piece_t describe_spawner(const gevent_task_t *task) {
    piece_t piece;
    const greenlet_t *spawner = gevent_spawning_greenlet(task);
    const char *site = task->site ? task->site : "";
    snprintf(piece.text, sizeof piece.text, "%s%s%s",
             spawner ? greenlet_name(spawner) : "one that is gone", task->site ? " at " : "", site);
    return piece;
}

size_t gevent_task_describe(const gevent_task_t *task, char *buffer, size_t size) {
    piece_t run = describe_run(task);
    piece_t state = describe_state(task);
    piece_t spawner = describe_spawner(task);
    int length = snprintf(buffer, size, "%s: %s, %s, spawned by %s", greenlet_name(task->greenlet),
                          run.text, state.text, spawner.text);
    return length > 0 ? (size_t)length : 0;
}
