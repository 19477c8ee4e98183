// What libco leaves undefined: there is nobody to go on for a cothread that is over.
//
// SPDX-License-Identifier: MIT
#include "libco.h"

#include <stdio.h>

static void return_at_once(void) {
    puts("in between");
    fflush(stdout);
}

int main(void) {
    puts("before");
    fflush(stdout);
    co_switch(co_create(65536, return_at_once));
    puts("after");
    return 0;
}
