// The host's loop for builds that have none: conformance needs no real clock.
//
// SPDX-License-Identifier: MIT
#include "../../src/gevent/loop.h"

const loop_t *loop_default(void) {
    return &loop_virtual;
}
