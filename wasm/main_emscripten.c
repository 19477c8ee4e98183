// The program's main(), which clang calls by one name and another, and JavaScript always by one.
//
// SPDX-License-Identifier: MIT
#include "host_emscripten.h"
#include "main.h"

int main_exists(void) {
    return host_has_main();
}

int main_call(void) {
    return __asyncjs__greenlet_main();
}
