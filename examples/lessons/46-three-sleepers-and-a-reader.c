// Three that sleep and one that reads, in ordinary C: sleep and fgets are libc's. With the
// cooperative libc linked in, all of them wait at once, and it takes as long as the longest sleep.
// On the virtual clock nobody has to sit through that; it stands still while input is waited for.
// With an argument it takes the real one.
//
//   printf 'first\nsecond\n' | ./a.out    # linked as in 44-ordinary-sleep.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <unistd.h>

#include "gevent.h"

static int run_sleep(void *seconds, void **result) {
    (void)result;
    sleep((unsigned)(intptr_t)seconds);
    printf("slept %d\n", (int)(intptr_t)seconds);
    return GREENLET_OK;
}

static int run_read(void *value, void **result) {
    char line[80];
    (void)value, (void)result;
    while (fgets(line, sizeof line, stdin)) printf("read %s", line);
    return GREENLET_OK;
}

int main(int argc, char **argv) {
    (void)argv;
    if (argc == 1) (void)gevent_use_virtual_clock();
    double start = gevent_now();
    for (intptr_t seconds = 3; seconds >= 1; seconds--)
        if (gevent_spawn(run_sleep, (void *)seconds, NULL) < 0) return 1;
    if (gevent_spawn(run_read, NULL, NULL) < 0) return 1;
    if (gevent_run() < 0) return 1;
    printf("%.0f seconds in all\n", gevent_now() - start);
    return 0;
}
