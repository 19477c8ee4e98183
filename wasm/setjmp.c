// What clang makes of setjmp and longjmp in wasm, where a jump is an exception: each call of a
// function that calls setjmp catches it, and asks whether it is for one of its own places.
//
// libc has these three, too. Here a jump knows whose it is: one to another greenlet would go up the
// engine's stack through frames of others, or out of the module.
//
// SPDX-License-Identifier: MIT
#include <stdint.h>

#include "../src/fatal.h"
#include "../src/greenlet.h"

enum { LONGJMP_TAG = 1 }; // the second tag that clang knows: __c_longjmp

// Up to version 21 clang defines the tag in whatever throws or catches it.
#if __clang_major__ >= 22
__asm__(".tagtype __c_longjmp i32\n"
        ".weak __c_longjmp\n"
        "__c_longjmp:\n");
#endif

// What the exception carries, as clang reads it.
typedef struct jump {
    void *place;
    int value;
} jump_t;

// What is in a jmp_buf.
typedef struct place {
    const void *frame; // of the call that called setjmp
    uint32_t label;    // which of its setjmps, from 1
    jump_t jump;
    uint64_t greenlet; // by id: it may be gone
} place_t;

void __wasm_setjmp(place_t *place, uint32_t label, const void *frame);
uint32_t __wasm_setjmp_test(const place_t *place, const void *frame);
_Noreturn void __wasm_longjmp(place_t *place, int value);

void __wasm_setjmp(place_t *place, uint32_t label, const void *frame) {
    *place = (place_t){.frame = frame, .label = label, .greenlet = greenlet_id(greenlet_current())};
}

// The label, or 0 if the place is in another call.
uint32_t __wasm_setjmp_test(const place_t *place, const void *frame) {
    return place->frame == frame ? place->label : 0;
}

void __wasm_longjmp(place_t *place, int value) {
    const greenlet_t *current = greenlet_current();
    if (place->greenlet != greenlet_id(current))
        fatal(GREENLET_EINVAL, "longjmp in '%s' to a place that setjmp has not set there",
              greenlet_name(current));
    place->jump = (jump_t){.place = place, .value = value ? value : 1};
    __builtin_wasm_throw(LONGJMP_TAG, &place->jump);
}
