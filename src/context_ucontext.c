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

void *context_lay(char *low, char *high, void (*entry)(void)) {
    ucontext_t *first = (ucontext_t *)(void *)high - 1;
    if (getcontext(first) < 0) fatal(GREENLET_EFAILED, "getcontext failed");
    first->uc_stack.ss_sp = low;
    first->uc_stack.ss_size = (size_t)((char *)first - low);
    first->uc_link = NULL;
    makecontext(first, entry, 0);
    return first;
}

void context_swap(void **save, void *load) {
    ucontext_t self;
    *save = &self;
    if (swapcontext(&self, load) < 0) fatal(GREENLET_EFAILED, "swapcontext failed");
    *save = NULL;
}
