// The swap of context_native.c for any CPU, by makecontext and swapcontext. Slower than assembly by
// two system calls per switch, since each context has its own signal mask here.
//
// The ucontext_t lies on the stack that it describes.
//
// SPDX-License-Identifier: MIT
#define _XOPEN_SOURCE 700
#include <ucontext.h>

#include "context_native.h"
#include "fatal.h"
#include "greenlet_error.h"

const char context_native_name[] = "ucontext";

// AddressSanitizer's swapcontext forgets what it knows of the stack that a context names, also of
// the frames that are suspended on it. Nobody else looks at the name once makecontext has.
static void hide_stack(ucontext_t *context) {
    context->uc_stack.ss_sp = NULL;
    context->uc_stack.ss_size = 0;
}

void *context_lay(char *low, char *high, void (*entry)(void)) {
    ucontext_t *first = (ucontext_t *)(void *)high - 1;
    if (getcontext(first) < 0) fatal(GREENLET_EFAILED, "getcontext failed");
    first->uc_stack.ss_sp = low;
    first->uc_stack.ss_size = (size_t)((char *)first - low);
    first->uc_link = NULL;
    makecontext(first, entry, 0);
    hide_stack(first);
    return first;
}

void context_swap(void **save, void *load) {
    ucontext_t self;
    hide_stack(&self);
    *save = &self;
    if (swapcontext(&self, load) < 0) fatal(GREENLET_EFAILED, "swapcontext failed");
    *save = NULL;
}
