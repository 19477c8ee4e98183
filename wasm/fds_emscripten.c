// Emscripten's descriptors: none can be waited for.
//
// SPDX-License-Identifier: MIT
#include "host.h"

const loop_fds_t *host_fds(void) {
    return NULL;
}
