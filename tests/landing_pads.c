// Where landing pads are enforced, an indirect branch to an instruction that is none ends the
// process. This goes into the swap by pointers only, and with an argument to the instruction after
// its pad. It has no C library, whose objects might not be fit for that.
//
// SPDX-License-Identifier: MIT
#include <stdint.h>

#include "../src/context_native.h"

typedef void (*entry_fn)(void);
typedef void (*swap_fn)(void **save, void *load);
typedef void *(*lay_fn)(char *low, char *high, entry_fn entry);

enum { EXIT = 93, ROUNDS = 3 };

static swap_fn volatile swap = context_swap;
static lay_fn volatile lay = context_lay;
static _Alignas(16) char stack[16384];
static void *root, *other;
static int steps;

static void run_other(void) {
    for (;;) {
        steps++;
        swap(&other, root);
    }
}

_Noreturn static void end(int status) {
    register long result __asm__("x0") = status;
    register long call __asm__("x8") = EXIT;
    __asm__ volatile("svc 0" : : "r"(result), "r"(call));
    __builtin_unreachable();
}

_Noreturn __attribute__((used)) static void run(long argc) {
    other = lay(stack, stack + sizeof stack, run_other);
    if (argc > 1) swap = (swap_fn)((uintptr_t)swap + 4);
    for (int i = 0; i < ROUNDS; i++) swap(&root, other);
    end(steps == ROUNDS ? 0 : 1);
}

__asm__(".globl _start\n"
        "_start:\n"
        "    bti c\n"
        "    ldr x0, [sp]\n"
        "    b run\n");
