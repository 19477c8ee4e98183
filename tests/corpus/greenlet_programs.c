// greenlet_programs [FILE]
//
// Runs the programs of a file, or of stdin, and writes their traces in the same form.
//
// SPDX-License-Identifier: MIT
#include "program.h"

static int run_all(FILE *file) {
    static program_t program;
    size_t left = 0;
    int status;
    while ((status = program_read(file, &program)) > 0)
        left += program_print_trace(stdout, &program);
    return status < 0 || left > 0;
}

int main(int argc, char **argv) {
    FILE *file = argc > 1 ? fopen(argv[1], "r") : stdin;
    if (!file) {
        perror(argv[1]);
        return 2;
    }
    int failed = run_all(file);
    if (file != stdin) fclose(file);
    return failed;
}
