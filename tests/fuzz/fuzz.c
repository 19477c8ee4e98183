// What libFuzzer drives. Programs without drops must leave no greenlet and no memory behind.
//
// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "greenlet.h"
#include "random.h"

static size_t live_blocks;

static void *allocate(size_t size) {
    void *memory = malloc(size);
    if (memory) live_blocks++;
    return memory;
}

static void release(void *memory) {
    if (memory) live_blocks--;
    free(memory);
}

static void require(int is_true, const char *what) {
    if (is_true) return;
    fprintf(stderr, "%s\n", what);
    abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    greenlet_set_allocator(&(greenlet_allocator_t){allocate, release});
    (void)greenlet_current(); // the thread's own state stays
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static program_t program;
    int drops = program_decode(&program, bytes, size);
    size_t before = live_blocks;
    size_t left = greenlet_program_run(&program, NULL);
    require(greenlet_current() == greenlet_main(), "the main greenlet is not the current one");
    require(drops || left == 0, "greenlets are left over");
    require(drops || live_blocks == before, "memory is left over");
    return 0;
}
