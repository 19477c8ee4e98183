// A clock that stands still until it is told to jump.
//
// SPDX-License-Identifier: MIT
#include "loop.h"

static _Thread_local int64_t time_now;

static int64_t now(void) {
    return time_now;
}

static void wait(int64_t deadline) {
    if (deadline != LOOP_NEVER && deadline > time_now) time_now = deadline;
}

const loop_t loop_virtual = {.name = "virtual", .now = now, .wait = wait, .is_virtual = 1};
