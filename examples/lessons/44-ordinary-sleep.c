// Ordinary C that sleeps. Nothing here but main knows of greenlets: the tasks call usleep, of libc.
// Where the cooperative libc is linked in, that parks only the task that calls it, and the shorter
// sleep ends first; where it is not, the whole program sleeps, and one task eats before the other
// one plays.
//
//   cc examples/lessons/44-ordinary-sleep.c -Wl,--whole-archive -lgreenlet_patch
//     -Wl,--no-whole-archive -lgevent -lgreenlet -luv -lpthread
//
// SPDX-License-Identifier: MIT
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <unistd.h>

#include "gevent.h"

enum { TENTH_OF_A_SECOND = 100000 };

static void eat(void) {
    printf("eat food 1\n");
    usleep(2 * TENTH_OF_A_SECOND);
    printf("eat food 2\n");
}

static void play(void) {
    printf("play 1\n");
    usleep(TENTH_OF_A_SECOND);
    printf("play 2\n");
}

static int run_eat(void *value, void **result) {
    (void)value, (void)result;
    eat();
    return GREENLET_OK;
}

static int run_play(void *value, void **result) {
    (void)value, (void)result;
    play();
    return GREENLET_OK;
}

int main(void) {
    if (gevent_spawn(run_eat, NULL, NULL) < 0) return 1;
    if (gevent_spawn(run_play, NULL, NULL) < 0) return 1;
    if (gevent_run() < 0) return 1;
    printf("主\n");
    return 0;
}
