// The swap of context_native.c for 64-bit RISC-V with doubles in registers, LP64D, ELF.
//
// Kept: the callee-saved registers and frm, the rounding mode, so that a context that changes it
// does so for itself alone. It is loaded only where it differs; the exception flags belong to
// nobody and are not looked at.
//
// SPDX-License-Identifier: MIT

// A context that has been left, from its stack pointer upwards:
#define RA 0
#define S0 8    // to s11
#define FS0 104 // to fs11
#define FRM 200
#define SIZE 208

    .text

// void context_swap(void **save, void *load)
    .globl context_swap
    .hidden context_swap
    .type context_swap, @function
    .balign 4
context_swap:
    .cfi_startproc
    addi sp, sp, -SIZE
    .cfi_adjust_cfa_offset SIZE
    sd ra, RA(sp)
    .cfi_rel_offset ra, RA
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    sd s\n, S0 + 8 * \n(sp)
    .cfi_rel_offset s\n, S0 + 8 * \n
    fsd fs\n, FS0 + 8 * \n(sp)
    .endr
    frrm t0
    sd t0, FRM(sp)
    sd sp, (a0)
    mv sp, a1
    ld t1, FRM(sp)
    beq t0, t1, 1f
    fsrm t1
1:  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    fld fs\n, FS0 + 8 * \n(sp)
    ld s\n, S0 + 8 * \n(sp)
    .cfi_restore s\n
    .endr
    ld ra, RA(sp)
    .cfi_restore ra
    addi sp, sp, SIZE
    .cfi_adjust_cfa_offset -SIZE
    ret
    .cfi_endproc
    .size context_swap, . - context_swap

// void *context_lay(char *low, char *high, void (*entry)(void))
    .globl context_lay
    .hidden context_lay
    .type context_lay, @function
    .balign 4
context_lay:
    .cfi_startproc
    andi a1, a1, -16
    addi a0, a1, -SIZE
    frrm t0
    sd t0, FRM(a0)
    sd zero, S0(a0) // the end of the chain of frame pointers
    sd a2, S0 + 8(a0)
    lla t1, context_first
    sd t1, RA(a0)
    ret
    .cfi_endproc
    .size context_lay, . - context_lay

// Where a new context goes on. A backtrace ends here: there is no return address.
    .type context_first, @function
    .balign 4
context_first:
    .cfi_startproc
    .cfi_undefined ra
    nop
    jalr s1
    unimp
    .cfi_endproc
    .size context_first, . - context_first

    .section .rodata
    .globl context_native_name
    .hidden context_native_name
    .type context_native_name, @object
context_native_name:
    .string "riscv64"
    .size context_native_name, . - context_native_name

    .section .note.GNU-stack, "", @progbits
