// The program ends as if main had returned, as in Emscripten.
//
// SPDX-License-Identifier: MIT
#include <emscripten/fiber.h>
#include <stdio.h>

static emscripten_fiber_t home, fiber;
static char asyncify_stack[2][1024];
static _Alignas(16) char c_stack[16384];

static void return_at_once(void *argument) {
    printf("in %s", (const char *)argument); // and exit flushes it
}

int main(void) {
    emscripten_fiber_init_from_current_context(&home, asyncify_stack[0], 1024);
    emscripten_fiber_init(&fiber, return_at_once, "between\n", c_stack, sizeof c_stack,
                          asyncify_stack[1], 1024);
    puts("before");
    emscripten_fiber_swap(&home, &fiber);
    puts("after");
    return 3;
}
