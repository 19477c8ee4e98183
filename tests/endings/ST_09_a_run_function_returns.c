// A context whose run function returns has no stack to go to: the switch has begun, and cannot
// fail any more.
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "context.h"

static context_t root, broken;

static int return_at_once(void *value, void **result) {
    (void)value, (void)result;
    puts("in between");
    return 0;
}

int main(void) {
    (void)context_enter_root(&root);
    if (context_make(&broken, 65536, return_at_once, NULL) < 0) return 2;
    puts("before");
    (void)context_switch(&root, &broken);
    puts("after");
    return 0;
}
