// Many tasks that each sleep a time of their own, up to a day, on the virtual clock:
//
//   sleepers [TASKS [STACK]]
//
// Says whether each woke at its time and none too early, what they took, and the hash of the trace.
//
// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "gevent.h"

enum { DAY = 86400 };

static size_t allocated;
static int woken, wrong;

// What the library takes; each block says in front how large it is.
typedef union header {
    size_t size;
    max_align_t alignment;
} header_t;

static void *allocate(size_t size) {
    header_t *header = malloc(sizeof *header + size);
    if (!header) return NULL;
    header->size = size;
    allocated += size;
    return header + 1;
}

static void release(void *memory) {
    header_t *header = memory;
    if (!header) return;
    header--;
    allocated -= header->size;
    free(header);
}

// From 0 to a day, in whole milliseconds, the same for each number everywhere.
static double seconds_of(uint32_t number) {
    uint32_t x = number * 2654435761u;
    x ^= x >> 15;
    return (double)(x * 2246822519u % (DAY * 1000u)) / 1000;
}

static int run_sleeper(void *value, void **result) {
    (void)result;
    double seconds = seconds_of((uint32_t)(uintptr_t)value);
    double start = gevent_now();
    int code = gevent_sleep(seconds);
    if (code < 0) return code;
    double late = gevent_now() - start - seconds;
    wrong += late < -1e-6 || late > 1e-6;
    woken++;
    return GREENLET_OK;
}

static int run_all(uint32_t count) {
    int code = gevent_trace_start(0);
    for (uint32_t i = 0; i < count && code >= 0; i++)
        code = gevent_spawn(run_sleeper, (void *)(uintptr_t)i, NULL);
    if (code >= 0) code = gevent_yield();
    if (code < 0) return code;
    size_t taken = allocated;
    code = gevent_run();
    if (code < 0) return code;
    printf("%d woken, %d of them not at their time, at %.3f s; hash %016" PRIx64 "\n", woken, wrong,
           gevent_now(), gevent_trace_hash());
    fprintf(stderr, "%zu bytes each\n", taken / count);
    return GREENLET_OK;
}

int main(int argc, char **argv) {
    static const greenlet_allocator_t counting = {allocate, release};
    uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 10000;
    greenlet_set_allocator(&counting);
    greenlet_set_default_stack_size(argc > 2 ? strtoul(argv[2], NULL, 10) : 16384);
    int code = gevent_use_virtual_clock();
    if (code >= 0) code = run_all(count);
    if (code < 0) printf("%s\n", greenlet_error_message(greenlet_last_error()));
    return code < 0;
}
