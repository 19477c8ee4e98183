// random_programs SEED FIRST COUNT        writes the traces of some of a seed's programs
// random_programs show SEED FIRST COUNT   writes the programs, too
// random_programs show FILE               writes the program that libFuzzer has made of these bytes
//
// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "random.h"

static program_t program;

static uint64_t number_of(const char *text) {
    return strtoull(text, NULL, 10);
}

static int run_some(uint64_t seed, uint64_t first, uint64_t count) {
    for (uint64_t number = first; number < first + count; number++) {
        program_make(&program, seed, number);
        program_print_trace(stdout, &program, greenlet_program_run);
    }
    return 0;
}

// With each part written out at once, since a fault may end it.
static int show(void) {
    setbuf(stdout, NULL);
    program_print(stdout, &program);
    greenlet_program_run(&program, stdout);
    puts("end");
    return 0;
}

static int show_file(const char *path) {
    static uint8_t bytes[4096];
    FILE *file = fopen(path, "rb");
    if (!file) return 2;
    program_decode(&program, bytes, fread(bytes, 1, sizeof bytes, file));
    fclose(file);
    return show();
}

static int show_some(uint64_t seed, uint64_t first, uint64_t count) {
    for (uint64_t number = first; number < first + count; number++) {
        program_make(&program, seed, number);
        show();
    }
    return 0;
}

int main(int argc, char **argv) {
    int shows = argc > 1 && strcmp(argv[1], "show") == 0;
    if (argc == 3 && shows) return show_file(argv[2]);
    if (argc == 5 && shows)
        return show_some(number_of(argv[2]), number_of(argv[3]), number_of(argv[4]));
    if (argc == 4) return run_some(number_of(argv[1]), number_of(argv[2]), number_of(argv[3]));
    fputs("usage: random_programs [show] SEED FIRST COUNT | show FILE\n", stderr);
    return 2;
}
