// The swap of context_native.c for AArch64, AAPCS64, ELF.
//
// Kept: the callee-saved registers and FPCR, the floating-point control register, so that a context
// that changes its rounding mode does so for itself alone. It is loaded only where it differs.
//
// Branch target identification: a swap is entered at a landing pad and leaves by ret, which needs
// none; the file is marked for it. Return addresses are saved as they are, unsigned, so it is not
// marked for pointer authentication; the callers' own signatures remain valid, as each is checked on
// the stack on which it was made.
//
// SPDX-License-Identifier: MIT

// A context that has been left, from its stack pointer upwards:
#define X19 0 // to x28, in pairs
#define X29 80
#define D8 96 // to d15, in pairs
#define FPCR 160
#define SIZE 176
#define BTI_C hint #34

    .text

// void context_swap(void **save, void *load)
    .globl context_swap
    .hidden context_swap
    .type context_swap, %function
    .balign 16
context_swap:
    .cfi_startproc
    BTI_C
    sub sp, sp, #SIZE
    .cfi_adjust_cfa_offset SIZE
    stp x19, x20, [sp, #X19]
    stp x21, x22, [sp, #X19 + 16]
    stp x23, x24, [sp, #X19 + 32]
    stp x25, x26, [sp, #X19 + 48]
    stp x27, x28, [sp, #X19 + 64]
    stp x29, x30, [sp, #X29]
    .cfi_rel_offset x29, X29
    .cfi_rel_offset x30, X29 + 8
    .cfi_rel_offset x19, X19
    .cfi_rel_offset x20, X19 + 8
    .cfi_rel_offset x21, X19 + 16
    .cfi_rel_offset x22, X19 + 24
    .cfi_rel_offset x23, X19 + 32
    .cfi_rel_offset x24, X19 + 40
    .cfi_rel_offset x25, X19 + 48
    .cfi_rel_offset x26, X19 + 56
    .cfi_rel_offset x27, X19 + 64
    .cfi_rel_offset x28, X19 + 72
    stp d8, d9, [sp, #D8]
    stp d10, d11, [sp, #D8 + 16]
    stp d12, d13, [sp, #D8 + 32]
    stp d14, d15, [sp, #D8 + 48]
    mrs x9, fpcr
    str x9, [sp, #FPCR]
    mov x10, sp
    str x10, [x0]
    mov sp, x1
    ldr x10, [sp, #FPCR]
    cmp x9, x10
    b.eq 1f
    msr fpcr, x10
1:  ldp d14, d15, [sp, #D8 + 48]
    ldp d12, d13, [sp, #D8 + 32]
    ldp d10, d11, [sp, #D8 + 16]
    ldp d8, d9, [sp, #D8]
    ldp x27, x28, [sp, #X19 + 64]
    ldp x25, x26, [sp, #X19 + 48]
    ldp x23, x24, [sp, #X19 + 32]
    ldp x21, x22, [sp, #X19 + 16]
    ldp x19, x20, [sp, #X19]
    ldp x29, x30, [sp, #X29]
    add sp, sp, #SIZE
    .cfi_def_cfa sp, 0
    .cfi_restore x30
    .cfi_restore x29
    ret
    .cfi_endproc
    .size context_swap, . - context_swap

// void *context_lay(char *low, char *high, void (*entry)(void))
    .globl context_lay
    .hidden context_lay
    .type context_lay, %function
    .balign 16
context_lay:
    .cfi_startproc
    BTI_C
    and x1, x1, #-16
    sub x0, x1, #SIZE
    mrs x9, fpcr
    str x9, [x0, #FPCR]
    str x2, [x0, #X19]
    adr x10, context_first
    stp xzr, x10, [x0, #X29] // the end of the chain of frame pointers
    ret
    .cfi_endproc
    .size context_lay, . - context_lay

// Where a new context goes on. A backtrace ends here: there is no return address.
    .type context_first, %function
    .balign 16
context_first:
    .cfi_startproc
    .cfi_undefined x30
    nop
    blr x19
    brk #1
    .cfi_endproc
    .size context_first, . - context_first

    .section .rodata
    .globl context_native_name
    .hidden context_native_name
    .type context_native_name, %object
context_native_name:
    .string "aarch64"
    .size context_native_name, . - context_native_name

    .section .note.gnu.property, "a"
    .balign 8
    .long 4          // length of the name
    .long 16         // length of the properties
    .long 5          // NT_GNU_PROPERTY_TYPE_0
    .string "GNU"
    .long 0xc0000000 // GNU_PROPERTY_AARCH64_FEATURE_1_AND
    .long 4
    .long 1          // branch target identification
    .long 0

    .section .note.GNU-stack, "", %progbits
