// The swap of context_native.c for x86-64, System V calling convention, ELF.
//
// Kept: the callee-saved registers, and the control words of SSE (mxcsr) and x87, which a function
// has to preserve too: so a context that changes its rounding mode does so for itself alone. They
// are loaded only where they differ; the exception flags in mxcsr belong to nobody and are not
// looked at.
//
// CET: with indirect branch tracking all is well, since a swap is entered at an endbr64 and leaves
// by ret. A shadow stack is not switched, and the first ret after a swap would fault: so this file
// is marked for the former alone, and the linker does not mark a program that contains it as fit
// for shadow stacks.
//
// SPDX-License-Identifier: MIT

// A context that has been left, from its stack pointer upwards:
#define MXCSR 0
#define X87_CONTROL 4
#define R15 8
#define R14 16
#define R13 24
#define R12 32
#define RBX 40
#define RBP 48
#define SIZE 56 // and there its return address
#define MXCSR_CONTROL 0xffc0

    .text

// void context_swap(void **save, void *load)
    .globl context_swap
    .hidden context_swap
    .type context_swap, @function
    .balign 16
context_swap:
    .cfi_startproc
    endbr64
    leaq -SIZE(%rsp), %rsp
    .cfi_adjust_cfa_offset SIZE
    movq %rbp, RBP(%rsp)
    .cfi_rel_offset rbp, RBP
    movq %rbx, RBX(%rsp)
    .cfi_rel_offset rbx, RBX
    movq %r12, R12(%rsp)
    .cfi_rel_offset r12, R12
    movq %r13, R13(%rsp)
    .cfi_rel_offset r13, R13
    movq %r14, R14(%rsp)
    .cfi_rel_offset r14, R14
    movq %r15, R15(%rsp)
    .cfi_rel_offset r15, R15
    stmxcsr MXCSR(%rsp)
    fnstcw X87_CONTROL(%rsp)
    movl MXCSR(%rsp), %eax
    movzwl X87_CONTROL(%rsp), %ecx
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    xorl MXCSR(%rsp), %eax
    testl $MXCSR_CONTROL, %eax
    jnz 3f
1:  cmpw X87_CONTROL(%rsp), %cx
    jne 4f
2:  movq R15(%rsp), %r15
    movq R14(%rsp), %r14
    movq R13(%rsp), %r13
    movq R12(%rsp), %r12
    movq RBX(%rsp), %rbx
    movq RBP(%rsp), %rbp
    leaq SIZE(%rsp), %rsp
    .cfi_remember_state
    .cfi_adjust_cfa_offset -SIZE
    .cfi_restore rbp
    .cfi_restore rbx
    .cfi_restore r12
    .cfi_restore r13
    .cfi_restore r14
    .cfi_restore r15
    ret
    .cfi_restore_state
3:  ldmxcsr MXCSR(%rsp)
    jmp 1b
4:  fldcw X87_CONTROL(%rsp)
    jmp 2b
    .cfi_endproc
    .size context_swap, . - context_swap

// void *context_lay(char *low, char *high, void (*entry)(void))
    .globl context_lay
    .hidden context_lay
    .type context_lay, @function
    .balign 16
context_lay:
    .cfi_startproc
    endbr64
    andq $-16, %rsi
    leaq -(SIZE + 8)(%rsi), %rax // so that the stack is aligned where context_first calls
    stmxcsr MXCSR(%rax)
    fnstcw X87_CONTROL(%rax)
    movq %rdx, RBX(%rax)
    movq $0, RBP(%rax) // the end of the chain of frame pointers
    leaq context_first(%rip), %rcx
    movq %rcx, SIZE(%rax)
    ret
    .cfi_endproc
    .size context_lay, . - context_lay

// Where a new context goes on. A backtrace ends here: there is no return address.
    .type context_first, @function
    .balign 16
context_first:
    .cfi_startproc
    .cfi_undefined rip
    nop
    call *%rbx
    ud2
    .cfi_endproc
    .size context_first, . - context_first

    .section .rodata
    .globl context_native_name
    .hidden context_native_name
    .type context_native_name, @object
context_native_name:
    .string "x86_64"
    .size context_native_name, . - context_native_name

    .section .note.gnu.property, "a"
    .balign 8
    .long 4          // length of the name
    .long 16         // length of the properties
    .long 5          // NT_GNU_PROPERTY_TYPE_0
    .string "GNU"
    .long 0xc0000002 // GNU_PROPERTY_X86_FEATURE_1_AND
    .long 4
    .long 1          // indirect branch tracking, and not shadow stacks
    .long 0

    .section .note.GNU-stack, "", @progbits
