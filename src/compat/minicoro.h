// minicoro's API over greenlets: a program that was written for it compiles as it is.
//
// A coroutine runs on a stack of its own from mco_resume to its next mco_yield, at any depth of
// calls. It is a generator that yields control and nothing else; values go through its storage.
//
//   #define MINICORO_IMPL          in one C or C++ file of the program, as for minicoro itself:
//   #include "minicoro.h"          mco_desc_init is there, and takes the macros MCO_… of that file
//
// A coroutine may wait (gevent.h, or calls of libc that do): who resumed it waits with it, and
// others run meanwhile. What is thrown into that one by a kill or a timeout comes out of the call
// in which the coroutine waits. Since a coroutine's function returns nothing, mco_resume then fails
// with MCO_GENERIC_ERROR, when the coroutine has yielded or ended, and the error is
// greenlet_last_error().
//
// All calls belong to the thread that made the coroutine. No call prints anything, whether or not
// MCO_DEBUG is defined. What differs from minicoro is in docs/compat.md.
//
// SPDX-License-Identifier: MIT
#ifndef MINICORO_H
#define MINICORO_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- types --------------------------------------------------------------------------------------

typedef enum mco_state {
    MCO_DEAD = 0, // has ended, or was uninitialised
    MCO_NORMAL,   // has resumed another one, and waits for that
    MCO_RUNNING,  // its code runs, or waits
    MCO_SUSPENDED // at a yield, or has not started
} mco_state;

typedef enum mco_result {
    MCO_SUCCESS = 0,
    MCO_GENERIC_ERROR,
    MCO_INVALID_POINTER,
    MCO_INVALID_COROUTINE,
    MCO_NOT_SUSPENDED,
    MCO_NOT_RUNNING,
    MCO_MAKE_CONTEXT_ERROR, // never given here
    MCO_SWITCH_CONTEXT_ERROR,
    MCO_NOT_ENOUGH_SPACE,
    MCO_OUT_OF_MEMORY,
    MCO_INVALID_ARGUMENTS,
    MCO_INVALID_OPERATION,
    MCO_STACK_OVERFLOW // never given here: an overflow ends the process or instance, by name
} mco_result;

typedef struct mco_coro mco_coro;

// To be read; changed by nobody but the calls below.
struct mco_coro {
    void *context;
    mco_state state; // as mco_status gives it, which also knows of one that was killed
    void (*func)(mco_coro *co);
    mco_coro *prev_co; // who has resumed it, while that waits for it
    void *user_data;
    size_t coro_size;
    void *allocator_data;
    void (*dealloc_cb)(void *ptr, size_t size, void *allocator_data);
    void *stack_base;  // the lowest byte of its stack, once it has started
    size_t stack_size; // bytes, from then on
    unsigned char *storage;
    size_t bytes_stored;
    size_t storage_size;
    int zeroes_storage; // MCO_ZERO_MEMORY
};

// What a coroutine is to be. Made by mco_desc_init; then a program may set what it likes, but for
// coro_size, stack_size and zeroes_storage.
typedef struct mco_desc {
    void (*func)(mco_coro *co);
    void *user_data; // the program's
    // Where mco_create gets the coroutine and its storage, and mco_destroy gives them back. Stacks
    // do not come from there.
    void *(*alloc_cb)(size_t size, void *allocator_data);
    void (*dealloc_cb)(void *ptr, size_t size, void *allocator_data);
    void *allocator_data;
    size_t storage_size; // bytes
    size_t coro_size;    // bytes that mco_init needs, with the storage that mco_desc_init has set
    size_t stack_size;   // bytes
    int zeroes_storage;
} mco_desc;

// ---- life ---------------------------------------------------------------------------------------

// Describes a coroutine that runs `func` on a stack of `stack_size` bytes: at least
// MCO_MIN_STACK_SIZE; 0: MCO_DEFAULT_STACK_SIZE. From anywhere.
mco_desc mco_desc_init(void (*func)(mco_coro *co), size_t stack_size);

// Makes a coroutine in memory of the program's, of desc->coro_size bytes, aligned as by malloc.
// Nothing runs, and no stack is allocated, before the first resume. From anywhere.
// MCO_INVALID_COROUTINE (no `co`), MCO_INVALID_ARGUMENTS (no description, no function, a stack of
// less than 32768 bytes, a coro_size that the storage does not fit in), MCO_OUT_OF_MEMORY;
// MCO_GENERIC_ERROR after greenlet_shutdown.
mco_result mco_init(mco_coro *co, mco_desc *desc);

// Ends a coroutine that is dead or suspended. Its stack vanishes: no code of it runs any more, no
// destructor and no handler, but for what it has registered with gevent_cleanup_push. From
// anywhere. MCO_INVALID_COROUTINE (no `co`), MCO_INVALID_OPERATION (it runs, waits, or has resumed
// another one; or in wasm it lies below a call from JavaScript).
mco_result mco_uninit(mco_coro *co);

// mco_init in memory that it allocates. `out_co` gets the coroutine, NULL on failure; the caller
// owns it. As mco_init; MCO_INVALID_POINTER (no `out_co`), MCO_INVALID_ARGUMENTS also without
// alloc_cb or dealloc_cb.
mco_result mco_create(mco_coro **out_co, mco_desc *desc);

// mco_uninit, and frees the memory. As mco_uninit; MCO_INVALID_POINTER without dealloc_cb.
mco_result mco_destroy(mco_coro *co);

// ---- running ------------------------------------------------------------------------------------

// Starts a coroutine, or goes on with it, until it yields or ends. From any greenlet of its tree,
// another coroutine among them. MCO_INVALID_COROUTINE (no `co`), MCO_NOT_SUSPENDED. Refused, with
// the coroutine suspended as before: MCO_OUT_OF_MEMORY (no stack), MCO_SWITCH_CONTEXT_ERROR (where
// it must not switch: see the last error). MCO_GENERIC_ERROR as above.
mco_result mco_resume(mco_coro *co);

// Suspends the coroutine whose code is running. From that code only. MCO_INVALID_COROUTINE (no
// `co`), MCO_NOT_RUNNING (it is not the one that is running), MCO_OUT_OF_MEMORY,
// MCO_SWITCH_CONTEXT_ERROR.
mco_result mco_yield(mco_coro *co);

// From anywhere. MCO_DEAD for NULL.
mco_state mco_status(mco_coro *co);

// What the description had. NULL for NULL. From anywhere.
void *mco_get_user_data(mco_coro *co);

// The coroutine whose code is calling: borrowed, NULL outside of any, and in a task or generator
// that a coroutine has started.
mco_coro *mco_running(void);

// ---- storage ------------------------------------------------------------------------------------

// A stack of bytes that both sides use, in any state. Nothing changes on failure. Each:
// MCO_INVALID_COROUTINE (no `co`), MCO_NOT_ENOUGH_SPACE (no room, or fewer bytes stored than
// `len`), MCO_INVALID_POINTER (nowhere to copy from or to). A `len` of 0 does nothing.

// Puts bytes on top; takes them off (dest may be NULL); copies them.
mco_result mco_push(mco_coro *co, const void *src, size_t len);
mco_result mco_pop(mco_coro *co, void *dest, size_t len);
mco_result mco_peek(mco_coro *co, void *dest, size_t len);
// Bytes that are stored, and that there is room for in all. 0 for NULL.
size_t mco_get_bytes_stored(mco_coro *co);
size_t mco_get_storage_size(mco_coro *co);

// What a result means, in English; a static string.
const char *mco_result_description(mco_result res);

#ifdef __cplusplus
}
#endif
#endif

// ---- what the program's macros say --------------------------------------------------------------

#ifdef MINICORO_IMPL
#ifndef MINICORO_IMPL_DONE
#define MINICORO_IMPL_DONE

// A program that includes minicoro's implementation has these headers from it.
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef MCO_MIN_STACK_SIZE
#define MCO_MIN_STACK_SIZE 32768
#endif
#ifndef MCO_DEFAULT_STACK_SIZE
#ifdef MCO_USE_VMEM_ALLOCATOR
#define MCO_DEFAULT_STACK_SIZE 2088960
#else
#define MCO_DEFAULT_STACK_SIZE 57344
#endif
#endif
#ifndef MCO_DEFAULT_STORAGE_SIZE
#define MCO_DEFAULT_STORAGE_SIZE 1024
#endif
#ifndef MCO_ALLOC
#define MCO_ALLOC(size) calloc(1, size)
#define MCO_DEALLOC(ptr, size) free(ptr)
#endif

#ifdef __cplusplus
extern "C" {
#endif

#ifndef MCO_NO_DEFAULT_ALLOCATOR
static void *mco_allocate_by_macro(size_t size, void *data) {
    (void)data;
    return MCO_ALLOC(size);
}

static void mco_deallocate_by_macro(void *memory, size_t size, void *data) {
    (void)size, (void)data;
    MCO_DEALLOC(memory, size);
}
#endif

mco_desc mco_desc_init(void (*func)(mco_coro *co), size_t stack_size) {
    mco_desc desc;
    memset(&desc, 0, sizeof desc);
    if (stack_size == 0) stack_size = MCO_DEFAULT_STACK_SIZE;
    if (stack_size < MCO_MIN_STACK_SIZE) stack_size = MCO_MIN_STACK_SIZE;
    desc.func = func;
    desc.stack_size = stack_size;
    desc.storage_size = MCO_DEFAULT_STORAGE_SIZE;
    desc.coro_size = sizeof(mco_coro) + desc.storage_size;
#ifndef MCO_NO_DEFAULT_ALLOCATOR
    desc.alloc_cb = mco_allocate_by_macro;
    desc.dealloc_cb = mco_deallocate_by_macro;
#endif
#ifdef MCO_ZERO_MEMORY
    desc.zeroes_storage = 1;
#endif
    return desc;
}

#ifdef __cplusplus
}
#endif
#endif
#endif
