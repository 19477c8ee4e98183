// The contract of a loop: where time comes from and who waits for it.
//
// The hub never waits. It says until when nothing will happen, and its driver waits: natively
// loop_uv.c, in tests and under gevent_use_virtual_clock loop_virtual.c. On the JavaScript host
// the driver is js/driver.js, and ../../wasm/host_js.c is only asked for the time.
#ifndef GREENLET_LOOP_H
#define GREENLET_LOOP_H

#include <stdint.h>

// A deadline that never comes. All times are absolute monotonic nanoseconds.
#define LOOP_NEVER INT64_MAX

typedef struct loop {
    const char *name;
    int64_t (*now)(void);
    // Returns when `deadline` has come or something else has happened. NULL: the host drives.
    void (*wait)(int64_t deadline);
    // 1: time stands still while anybody is ready, and wait() jumps.
    int is_virtual;
} loop_t;

extern const loop_t loop_virtual;

// The host's own loop.
const loop_t *loop_default(void);

#endif
