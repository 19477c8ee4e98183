// Three ways to have a function run as a task: to make the task and start it, to do both at once,
// and to do it without keeping a handle. All three end well; the third one's value is seen by the
// program, for its argument is where it puts it.
//
//   greenlet-wasm run examples/lessons/37-three-ways-to-spawn.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

typedef struct message {
    const char *text;
    double seconds;
} message_t;

static int say(void *argument, void **result) {
    const message_t *message = argument;
    (void)result;
    int status = gevent_sleep(message->seconds);
    if (status < 0) return status;
    printf("%s\n", message->text);
    return GREENLET_OK;
}

static int add_one(void *argument, void **result) {
    (void)result;
    ++*(int *)argument;
    return GREENLET_OK;
}

int main(void) {
    message_t hello = {"Hello", 1}, alive = {"I live!", 2};
    int number = 2;
    gevent_task_t *tasks[2];
    (void)gevent_use_virtual_clock();
    if (gevent_new(say, &hello, &tasks[0]) < 0 || gevent_start(tasks[0]) < 0) return 1;
    if (gevent_spawn(say, &alive, &tasks[1]) < 0) return 1;
    if (gevent_spawn(add_one, &number, NULL) < 0) return 1;
    if (gevent_joinall(tasks, 2, GEVENT_FOREVER, GEVENT_RAISE, 0, NULL) < 2) return 1;
    for (int i = 0; i < 2; i++) gevent_task_unref(tasks[i]);
    return number != 3 || gevent_now() < 2;
}
