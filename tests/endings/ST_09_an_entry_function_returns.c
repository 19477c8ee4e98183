// A context whose entry function returns has no stack to go to: the switch has begun, and cannot
// fail any more.
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "context.h"

static context_t root, broken;

static void return_at_once(void) {
    puts("in between");
}

int main(void) {
    (void)context_enter_root(&root);
    if (context_make(&broken, 65536, return_at_once) < 0) return 2;
    puts("before");
    (void)context_switch(&root, &broken);
    puts("after");
    return 0;
}
