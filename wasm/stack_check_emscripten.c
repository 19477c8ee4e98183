// The limits of the stack check, which with Emscripten whoever links decides on.
//
// SPDX-License-Identifier: MIT
#include "context_asyncify.h"
#include "host_emscripten.h"

static enum { UNKNOWN, OFF, ON } check;

void set_stack_limits(void *high, void *low) {
    if (check == UNKNOWN) check = host_has_stack_check() ? ON : OFF;
    if (check == ON) host_set_stack_limits(high, low);
}
