// The swap of context_native.c for 32-bit ARM with doubles in registers (armhf), AAPCS-VFP, ELF.
//
// Kept: the callee-saved registers and the control bits of FPSCR, so that a context that changes
// its rounding mode does so for itself alone. It is loaded only where these differ; the condition
// and exception flags in it belong to nobody and are not looked at.
//
// Frames are described as the ARM exception ABI wants it, by .save and .pad, and not by .cfi.
//
// SPDX-License-Identifier: MIT

// A context that has been left, from its stack pointer upwards:
#define FPSCR 0
#define D8 4 // to d15
#define R4 68 // to r11
#define R11 96
#define LR 100
#define SIZE 104
#define CONDITION_FLAGS 0xf8000000
#define EXCEPTION_FLAGS 0x9f

    .syntax unified
    .text
    .arm

// void context_swap(void **save, void *load)
    .globl context_swap
    .hidden context_swap
    .type context_swap, %function
    .balign 4
context_swap:
    .fnstart
    push {r4-r11, lr}
    .save {r4-r11, lr}
    vpush {d8-d15}
    .vsave {d8-d15}
    sub sp, sp, #D8
    .pad #D8
    vmrs r2, fpscr
    str r2, [sp, #FPSCR]
    str sp, [r0]
    mov sp, r1
    ldr r3, [sp, #FPSCR]
    eor r2, r2, r3
    bic r2, r2, #CONDITION_FLAGS
    bics r2, r2, #EXCEPTION_FLAGS
    vmsrne fpscr, r3
    add sp, sp, #D8
    vpop {d8-d15}
    pop {r4-r11, lr}
    bx lr
    .fnend
    .size context_swap, . - context_swap

// void *context_lay(char *low, char *high, void (*entry)(void))
    .globl context_lay
    .hidden context_lay
    .type context_lay, %function
    .balign 4
context_lay:
    .fnstart
    bic r1, r1, #7
    sub r0, r1, #SIZE
    vmrs r3, fpscr
    str r3, [r0, #FPSCR]
    str r2, [r0, #R4]
    mov r3, #0
    str r3, [r0, #R11] // the end of the chain of frame pointers
    adr r3, context_first
    str r3, [r0, #LR]
    bx lr
    .fnend
    .size context_lay, . - context_lay

// Where a new context goes on. A backtrace ends here: there is no return address.
    .type context_first, %function
    .balign 4
context_first:
    .fnstart
    .cantunwind
    nop
    blx r4
    udf #0
    .fnend
    .size context_first, . - context_first

    .section .rodata
    .globl context_native_name
    .hidden context_native_name
    .type context_native_name, %object
context_native_name:
    .string "arm"
    .size context_native_name, . - context_native_name

    .section .note.GNU-stack, "", %progbits
