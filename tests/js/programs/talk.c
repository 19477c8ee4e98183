// Ordinary C that reads a word and answers with what it is told to say.
//
// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gevent.h>

static int tick(void *value, void **result) {
    (void)value, (void)result;
    fprintf(stderr, "tick\n");
    return GREENLET_OK;
}

// A task ticks while the first line is waited for.
static void echo(void) {
    char line[80];
    (void)gevent_spawn(tick, NULL, NULL);
    while (fgets(line, sizeof line, stdin)) printf("[%s]\n", strtok(line, "\n"));
    puts(ferror(stdin) ? "error" : "end");
}

static void pour(void) {
    char line[1024];
    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = '\0';
    for (int i = 0; i < 2000; i++) puts(line);
    fprintf(stderr, "poured\n");
}

int main(int argc, char **argv) {
    int pours = argc > 1 && strcmp(argv[1], "pour") == 0;
    if (pours)
        pour();
    else
        echo();
    return pours ? 3 : 0;
}
