// From spawn to value: a task that has been spawned counts as started, though nothing of it has
// run; it is ready when it has ended, and then has a value. Arguments are one struct, which has to
// live as long as the task. To join what has ended is not to wait.
//
//   greenlet-wasm run examples/lessons/35-spawn-join-value.c
//
// SPDX-License-Identifier: MIT
#include <stdint.h>
#include <stdio.h>

#include "gevent.h"

typedef struct arguments {
    int positional[3];
    int x, y;
} arguments_t;

static int give_back(void *argument, void **result) {
    *result = argument;
    return GREENLET_OK;
}

static int give_two(void *argument, void **result) {
    (void)argument;
    *result = (void *)(intptr_t)2;
    return GREENLET_OK;
}

static const char *truth(int is_true) {
    return is_true ? "True" : "False";
}

static void print_values(const gevent_task_t *first, const gevent_task_t *second) {
    const arguments_t *given = gevent_value(first);
    const int *numbers = given->positional;
    printf("(%d, %d, %d) [('x', %d), ('y', %d)]\n", numbers[0], numbers[1], numbers[2], given->x,
           given->y);
    printf("ret %d\n", (int)(intptr_t)gevent_value(second));
}

int main(void) {
    arguments_t arguments = {{1, 2, 3}, .x = 4, .y = 5};
    gevent_task_t *tasks[2];
    if (gevent_spawn(give_back, &arguments, &tasks[0]) < 0) return 1;
    if (gevent_spawn(give_two, NULL, &tasks[1]) < 0) return 1;
    gevent_task_t *first = tasks[0];
    printf("%s %s ", gevent_value(first) ? "a value" : "None", truth(gevent_ready(first)));
    printf("%s %s\n", truth(gevent_started(first) && !gevent_dead(first)),
           truth(gevent_started(first)));

    if (gevent_joinall(tasks, 2, GEVENT_FOREVER, 0, 0, NULL) < 2) return 1;
    print_values(tasks[0], tasks[1]);
    if (gevent_joinall(tasks, 2, GEVENT_NOWAIT, 0, 0, NULL) == 2)
        printf("joinall on finished ok\n");
    for (int i = 0; i < 2; i++) gevent_task_unref(tasks[i]);
    return 0;
}
