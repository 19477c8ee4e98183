// The contract of a loop: where time and readiness come from, and who waits for them.
//
// The hub never waits. It says until when nothing will happen, and its driver waits: natively
// loop_uv.c, in tests and under gevent_use_virtual_clock loop_virtual.c. On the JavaScript host
// the driver is js/driver.js, and ../../wasm/host_js.c is only asked for the time. WASI
// commands wait in C again, in ../../wasm/loop_wasi.c.
#ifndef GREENLET_LOOP_H
#define GREENLET_LOOP_H

#include <stdint.h>

// A deadline that never comes. All times are absolute monotonic nanoseconds.
#define LOOP_NEVER INT64_MAX

// A descriptor that the loop may be told to look at.
//   fd      its number; two watches of one number are never open at once
//   events  that it is armed for: GEVENT_READABLE, GEVENT_WRITABLE, both; 0: none at present
//   ready   called in wait() with those of `events` that can be done now. It may arm the watch
//           again, and close it
//   handle  the loop's own
typedef struct loop_watch {
    int fd;
    unsigned events;
    void (*ready)(struct loop_watch *watch, unsigned events);
    void *handle;
} loop_watch_t;

// What a loop knows of descriptors.
typedef struct loop_fds {
    // What of `events` can be done now without blocking, as far as it is known; a descriptor in
    // error can. GREENLET_EBADF if it is not open, GREENLET_ENOSYS if there are none after all.
    int (*probe)(int fd, unsigned events);
    // Prepares to look at it: 0, or a code. It is open until close_watch.
    int (*open_watch)(loop_watch_t *watch);
    // Sets watch->events: from now on wait() returns, each time, when one of them can be done.
    void (*arm_watch)(loop_watch_t *watch, unsigned events);
    // Before the descriptor is closed. It may be armed.
    void (*close_watch)(loop_watch_t *watch);
} loop_fds_t;

// A signal that the loop has been told to look for.
//   arrived  called in wait(), or by the host between two turns
//   handle   the loop's own
typedef struct loop_signal {
    int number;
    void (*arrived)(struct loop_signal *signal);
    void *handle;
} loop_signal_t;

// What a loop knows of signals.
typedef struct loop_signals {
    // 0, or GREENLET_EINVAL: it is none that could be looked for; GREENLET_ENOSYS; GREENLET_ENOMEM.
    int (*open_signal)(loop_signal_t *signal);
    void (*close_signal)(loop_signal_t *signal);
} loop_signals_t;

typedef struct loop {
    const char *name;
    int64_t (*now)(void);
    // Returns when `deadline` has come or something else has happened. NULL: the host drives.
    void (*wait)(int64_t deadline);
    const loop_fds_t *fds;         // NULL: the host has none
    const loop_signals_t *signals; // likewise
    // 1: time stands still while anybody is ready, and wait() jumps, unless a watch is armed.
    int is_virtual;
} loop_t;

extern const loop_t loop_virtual;
void loop_virtual_jump(int64_t then);
// Whether somebody waits for a descriptor of the host, for whom time waits too.
int loop_virtual_is_held(void);

// The host's own loop.
const loop_t *loop_default(void);

#endif
