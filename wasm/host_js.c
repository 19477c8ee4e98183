// The JavaScript host's side of the contracts that src/ has: time, fatal errors, abandoned slots.
//
// SPDX-License-Identifier: MIT
#include "../src/fatal.h"
#include "../src/gevent/loop.h"
#include "host.h"

static int64_t now(void) {
    return (int64_t)(host_now() * 1e6);
}

static const loop_t loop_js = {.name = "javascript", .now = now};

const loop_t *loop_default(void) {
    return &loop_js;
}

void fatal_report(int code, const char *message) {
    host_fatal(code, message);
}

void slot_abandoned(slot_handle_t handle) {
    host_abandon(handle);
}
