// The swap of context_native.c for x86-64, Windows calling convention, COFF.
//
// Kept: the callee-saved registers, xmm6 to xmm15 among them, and the control words of SSE (mxcsr)
// and x87, so that a context that changes its rounding mode does so for itself alone; these are
// loaded only where they differ.
//
// With the stack go four fields of the thread's information block that say where it lies. Windows
// looks at them when a stack grows, when it overflows, and when an exception is dispatched.
//
// SPDX-License-Identifier: MIT
#include "stack_win.h"

#define TIB_BASE %gs:0x8
#define TIB_LIMIT %gs:0x10
#define TIB_ALLOCATION %gs:0x1478
#define TIB_GUARANTEED %gs:0x1748

// A context that has been left, from its stack pointer upwards:
#define XMM6 0 // to xmm15
#define MXCSR 160
#define X87_CONTROL 164
#define STACK_BASE 168
#define STACK_LIMIT 176
#define STACK_ALLOCATION 184
#define GUARANTEED 192
#define R15 200
#define R14 208
#define R13 216
#define R12 224
#define RDI 232
#define RSI 240
#define RBX 248
#define RBP 256
#define SIZE 264 // and there its return address
#define MXCSR_CONTROL 0xffc0

// What context_first has below its return address: room for the registers of the entry function.
#define FIRST_SIZE 40

    .text

// void context_swap(void **save, void *load)
    .globl context_swap
    .def context_swap; .scl 2; .type 32; .endef
    .balign 16
    .seh_proc context_swap
context_swap:
    subq $SIZE, %rsp
    .seh_stackalloc SIZE
    movq %rbp, RBP(%rsp)
    .seh_savereg %rbp, RBP
    movq %rbx, RBX(%rsp)
    .seh_savereg %rbx, RBX
    movq %rsi, RSI(%rsp)
    .seh_savereg %rsi, RSI
    movq %rdi, RDI(%rsp)
    .seh_savereg %rdi, RDI
    movq %r12, R12(%rsp)
    .seh_savereg %r12, R12
    movq %r13, R13(%rsp)
    .seh_savereg %r13, R13
    movq %r14, R14(%rsp)
    .seh_savereg %r14, R14
    movq %r15, R15(%rsp)
    .seh_savereg %r15, R15
    .irp n, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movaps %xmm\n, XMM6 + 16 * (\n - 6)(%rsp)
    .seh_savexmm %xmm\n, XMM6 + 16 * (\n - 6)
    .endr
    .seh_endprologue
    stmxcsr MXCSR(%rsp)
    fnstcw X87_CONTROL(%rsp)
    movq TIB_BASE, %rax
    movq %rax, STACK_BASE(%rsp)
    movq TIB_LIMIT, %rax
    movq %rax, STACK_LIMIT(%rsp)
    movq TIB_ALLOCATION, %rax
    movq %rax, STACK_ALLOCATION(%rsp)
    movl TIB_GUARANTEED, %eax
    movl %eax, GUARANTEED(%rsp)
    movl MXCSR(%rsp), %eax
    movzwl X87_CONTROL(%rsp), %r8d
    movq %rsp, (%rcx)
    movq %rdx, %rsp
    movq STACK_BASE(%rsp), %rcx
    movq %rcx, TIB_BASE
    movq STACK_LIMIT(%rsp), %rcx
    movq %rcx, TIB_LIMIT
    movq STACK_ALLOCATION(%rsp), %rcx
    movq %rcx, TIB_ALLOCATION
    movl GUARANTEED(%rsp), %ecx
    movl %ecx, TIB_GUARANTEED
    xorl MXCSR(%rsp), %eax
    testl $MXCSR_CONTROL, %eax
    jz 1f
    ldmxcsr MXCSR(%rsp)
1:  cmpw X87_CONTROL(%rsp), %r8w
    je 2f
    fldcw X87_CONTROL(%rsp)
2:  .irp n, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movaps XMM6 + 16 * (\n - 6)(%rsp), %xmm\n
    .endr
    movq R15(%rsp), %r15
    movq R14(%rsp), %r14
    movq R13(%rsp), %r13
    movq R12(%rsp), %r12
    movq RDI(%rsp), %rdi
    movq RSI(%rsp), %rsi
    movq RBX(%rsp), %rbx
    movq RBP(%rsp), %rbp
    addq $SIZE, %rsp
    ret
    .seh_endproc

// void *context_lay(char *low, char *high, void (*entry)(void))
    .globl context_lay
    .def context_lay; .scl 2; .type 32; .endef
    .balign 16
context_lay:
    leaq STACK_PAGE - 1(%rdx), %r9
    andq $-STACK_PAGE, %r9 // stack_win.c keeps less than a page above
    andq $-16, %rdx
    leaq -(SIZE + 8 + FIRST_SIZE + 8)(%rdx), %rax
    movq $0, -8(%rdx) // the return address of context_first
    stmxcsr MXCSR(%rax)
    fnstcw X87_CONTROL(%rax)
    movq %r9, STACK_BASE(%rax)
    subq $STACK_COMMITTED, %r9
    movq %r9, STACK_LIMIT(%rax)
    movq %rcx, STACK_ALLOCATION(%rax)
    movl $STACK_GUARANTEED, GUARANTEED(%rax)
    movq %r8, RBX(%rax)
    movq $0, RBP(%rax)
    leaq context_first(%rip), %rcx
    movq %rcx, SIZE(%rax)
    ret

// Where a new context goes on. A backtrace ends here: its return address is 0.
    .def context_first; .scl 3; .type 32; .endef
    .balign 16
    .seh_proc context_first
    subq $FIRST_SIZE, %rsp // never run; the unwinder wants to see it
    .seh_stackalloc FIRST_SIZE
    .seh_endprologue
context_first:
    nop
    call *%rbx
    ud2
    .seh_endproc

    .section .rdata, "dr"
    .globl context_native_name
context_native_name:
    .string "win64"
