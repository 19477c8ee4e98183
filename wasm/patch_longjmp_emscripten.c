// longjmp with Emscripten, whose own lets a 0 come through (C11 7.13.2.1).
//
// SPDX-License-Identifier: MIT
#include <stdint.h>

void __real_emscripten_longjmp(uintptr_t place, int value);
void __wrap_emscripten_longjmp(uintptr_t place, int value);
void __wrap_emscripten_longjmp(uintptr_t place, int value) {
    __real_emscripten_longjmp(place, value ? value : 1);
}
