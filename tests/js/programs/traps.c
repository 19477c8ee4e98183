// Every way to trap.
#include <stdint.h>
#include <stdlib.h>

#include "gevent.h"

GEVENT_IMPORT(void, host, wait)

int wait_for_host(void) {
    return wait();
}
GEVENT_EXPORT(void, wait_for_host)

int sleep_long(void) {
    return gevent_sleep(1e6);
}
GEVENT_EXPORT(void, sleep_long)

int call_abort(void) {
    abort();
}
GEVENT_EXPORT(void, call_abort)

int unreachable(void) {
    __builtin_trap();
}
GEVENT_EXPORT(void, unreachable)

// Volatile, so that no optimiser sees what is coming.
static volatile uintptr_t last_address = UINTPTR_MAX - 15;
static volatile int32_t zero;

int out_of_bounds(void) {
    *(volatile int32_t *)last_address = 1;
    return GREENLET_OK;
}
GEVENT_EXPORT(void, out_of_bounds)

int divide_by_zero(void) {
    zero = 1000 / zero;
    return GREENLET_OK;
}
GEVENT_EXPORT(void, divide_by_zero)

static double take_double(double value) {
    return value;
}

int call_by_wrong_signature(void) {
    volatile uintptr_t function = (uintptr_t)take_double;
    return ((int (*)(void))function)();
}
GEVENT_EXPORT(void, call_by_wrong_signature)

__attribute__((noinline)) static int32_t dig(int32_t depth) {
    volatile char room[256];
    room[depth % 256] = 1;
    return depth ? dig(depth - 1) + room[0] : 0;
}

int overflow_its_stack(void) {
    zero = dig(1000000);
    return GREENLET_OK;
}
GEVENT_EXPORT(void, overflow_its_stack)

// Frames that need none of the stack in memory.
__attribute__((noinline)) static int32_t sink(int32_t depth) {
    return depth ? sink(depth - 1) * 3 + depth : 0;
}

int overflow_the_engine(void) {
    zero = sink(100000000);
    return GREENLET_OK;
}
GEVENT_EXPORT(void, overflow_the_engine)

void *volatile last_block; // of which no optimiser can say that nobody needs it

// No trap: who asks for more than there is gets nothing.
int take_all_memory(int32_t *megabytes) {
    *megabytes = 0;
    do last_block = malloc(1 << 20);
    while (last_block && ++*megabytes);
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, take_all_memory)
