// setjmp and longjmp for C libraries of WASI that have none (../setjmp.c); the header of one that
// has goes before this.
//
// SPDX-License-Identifier: MIT
#ifndef GREENLET_WASM_SETJMP_H
#define GREENLET_WASM_SETJMP_H

typedef struct {
    _Alignas(8) char room[64];
} jmp_buf[1];

// 0; or, when longjmp comes back here, its value. Any greenlet may call it, and park before the
// jump or after it. C11 7.13.1.1.
int setjmp(jmp_buf place) __attribute__((__returns_twice__));

// Goes on where the setjmp of this greenlet returned, with `value`, or 1 if that is 0. The function
// that called setjmp must not have returned. A jump to another greenlet's place ends the instance
// with GREENLET_EINVAL. C11 7.13.2.1.
_Noreturn void longjmp(jmp_buf place, int value);

#define setjmp setjmp

#endif
