// programs LAYER [FILE]
//
// Runs the programs of a file, or of stdin, and writes their traces in the same form.
//
// SPDX-License-Identifier: MIT
#include <string.h>

#include "gevent.h"
#include "program.h"

static int run_all(FILE *file, layer_t layer) {
    static program_t program;
    program_run_fn run = layer == GEVENT_LAYER ? gevent_program_run : greenlet_program_run;
    size_t left = 0;
    int status;
    while ((status = program_read(file, layer, &program)) > 0)
        left += program_print_trace(stdout, &program, run);
    return status < 0 || left > 0;
}

static int usage(void) {
    fputs("usage: programs greenlet | gevent [FILE]\n", stderr);
    return 2;
}

int main(int argc, char **argv) {
    if (argc < 2 || argc > 3) return usage();
    int is_gevent = strcmp(argv[1], "gevent") == 0;
    if (!is_gevent && strcmp(argv[1], "greenlet") != 0) return usage();
    FILE *file = argc > 2 ? fopen(argv[2], "r") : stdin;
    if (!file) {
        perror(argv[2]);
        return 2;
    }
    if (gevent_use_virtual_clock() < 0) return 2;
    int failed = run_all(file, is_gevent ? GEVENT_LAYER : GREENLET_LAYER);
    if (file != stdin) fclose(file);
    return failed;
}
