// The swap of context_native.c for 32-bit x86 with SSE, System V calling convention, ELF.
//
// Kept: the callee-saved registers, and the control words of SSE (mxcsr) and x87, which a function
// has to preserve too: so a context that changes its rounding mode does so for itself alone. They
// are loaded only where they differ; the exception flags in mxcsr belong to nobody and are not
// looked at.
//
// CET: as in context_x86_64.S, marked for indirect branch tracking and not for shadow stacks.
//
// SPDX-License-Identifier: MIT

// A context that has been left, from its stack pointer upwards:
#define MXCSR 0
#define X87_CONTROL 4
#define EDI 8
#define ESI 12
#define EBX 16
#define EBP 20
#define SIZE 24 // and there its return address
#define MXCSR_CONTROL 0xffc0

    .text

// void context_swap(void **save, void *load)
    .globl context_swap
    .hidden context_swap
    .type context_swap, @function
    .balign 16
context_swap:
    .cfi_startproc
    endbr32
    movl 4(%esp), %ecx
    movl 8(%esp), %edx
    leal -SIZE(%esp), %esp
    .cfi_adjust_cfa_offset SIZE
    movl %ebp, EBP(%esp)
    .cfi_rel_offset ebp, EBP
    movl %ebx, EBX(%esp)
    .cfi_rel_offset ebx, EBX
    movl %esi, ESI(%esp)
    .cfi_rel_offset esi, ESI
    movl %edi, EDI(%esp)
    .cfi_rel_offset edi, EDI
    stmxcsr MXCSR(%esp)
    fnstcw X87_CONTROL(%esp)
    movl MXCSR(%esp), %eax
    movl %esp, (%ecx)
    movzwl X87_CONTROL(%esp), %ecx
    movl %edx, %esp
    xorl MXCSR(%esp), %eax
    testl $MXCSR_CONTROL, %eax
    jnz 3f
1:  cmpw X87_CONTROL(%esp), %cx
    jne 4f
2:  movl EDI(%esp), %edi
    movl ESI(%esp), %esi
    movl EBX(%esp), %ebx
    movl EBP(%esp), %ebp
    leal SIZE(%esp), %esp
    .cfi_remember_state
    .cfi_adjust_cfa_offset -SIZE
    .cfi_restore ebp
    .cfi_restore ebx
    .cfi_restore esi
    .cfi_restore edi
    ret
    .cfi_restore_state
3:  ldmxcsr MXCSR(%esp)
    jmp 1b
4:  fldcw X87_CONTROL(%esp)
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
    endbr32
    movl 8(%esp), %eax
    movl 12(%esp), %edx
    andl $-16, %eax
    subl $SIZE + 4, %eax // so that the stack is aligned where context_first calls
    stmxcsr MXCSR(%eax)
    fnstcw X87_CONTROL(%eax)
    movl %edx, EBX(%eax)
    movl $0, EBP(%eax) // the end of the chain of frame pointers
    call 1f
    .cfi_adjust_cfa_offset 4
1:  popl %ecx
    .cfi_adjust_cfa_offset -4
    addl $context_first - 1b, %ecx
    movl %ecx, SIZE(%eax)
    ret
    .cfi_endproc
    .size context_lay, . - context_lay

// Where a new context goes on. A backtrace ends here: there is no return address.
    .type context_first, @function
    .balign 16
context_first:
    .cfi_startproc
    .cfi_undefined eip
    nop
    call *%ebx
    ud2
    .cfi_endproc
    .size context_first, . - context_first

    .section .rodata
    .globl context_native_name
    .hidden context_native_name
    .type context_native_name, @object
context_native_name:
    .string "i686"
    .size context_native_name, . - context_native_name

    .section .note.gnu.property, "a"
    .balign 4
    .long 4          // length of the name
    .long 12         // length of the properties
    .long 5          // NT_GNU_PROPERTY_TYPE_0
    .string "GNU"
    .long 0xc0000002 // GNU_PROPERTY_X86_FEATURE_1_AND
    .long 4
    .long 1          // indirect branch tracking, and not shadow stacks

    .section .note.GNU-stack, "", @progbits
