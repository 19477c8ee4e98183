// The contract of a context backend: which stack runs.
//
// A context is a C stack and what is needed to go on on it. Backends are one file each, all with
// exactly these functions; a program is linked with one of them:
//
//   context_x86_64.S, _aarch64, _riscv64, _arm, _i686, _win64
//                                registers and stack pointer, on context_native.c
//   context_ucontext.c           portable reference, the one sanitizers run on
//   ../wasm/context_asyncify.c   WebAssembly, by unwinding and rewinding
//
// A context knows nothing of greenlets, values or errors: greenlet.c carries those itself.
#ifndef GREENLET_CONTEXT_H
#define GREENLET_CONTEXT_H

#include <stddef.h>

// What runs on a context. While it does, greenlet_current() is its owner.
typedef int (*context_run_fn)(void *value, void **result);

// What comes before and after that. They are apart from it so that an unwinding backend need not
// save a frame in which all three are called.
typedef struct context_ends {
    int (*begin)(void **value);          // gives what run is called with; if it fails, run is not
    void (*end)(int code, void *result); // of run or begin. Its last act: context_finish_to
} context_ends_t;

typedef struct context {
    char *low;                  // the stack's lowest usable byte; NULL without a stack of its own
    char *high;                 // one past its highest byte
    void *sp;                   // where it goes on; the backend's business while it is left
    context_run_fn run;         // with its ends: what runs on it
    const context_ends_t *ends; // or NULL
    void *frames;               // saved frames (unwinding backends), else NULL
    size_t frames_size;         // bytes of them
    void *chunk;                // where they are when the stack has no room; kept for the next time
    size_t chunk_size;          // its capacity
    size_t peak;                // of a marked one that has ended
    unsigned char marked;       // set before it is made: context_peak will be asked for
    unsigned char phase;        // of its run and ends, the one that it is in (unwinding backends)
    void *slot;                 // run's argument, and then its result (unwinding backends)
    void *level;                // where its frames lie on the engine's stack (unwinding backends)
} context_t;

// The running stack becomes that of `root`, whose code can then switch to others and is switched
// to like any other. Re-entrant: wasm enters a fresh root for each call from JavaScript. Returns
// the root that was in force before (NULL: none), to be given to context_leave_root by the same
// function, before it returns. Natively a thread enters once and need not leave.
context_t *context_enter_root(context_t *root);
void context_leave_root(context_t *root, context_t *previous);

// Gives `context` a stack of at least `size` bytes. At the first switch `run` will run on it,
// between its `ends`, which must outlive it; with NULL for these, its own last act must be
// context_finish_to. 0, or GREENLET_ENOMEM with nothing changed.
int context_make(context_t *context, size_t size, context_run_fn run, const context_ends_t *ends);

// 0 if control can go from the running context to `to`, else a code: GREENLET_EJSFRAME if `to` has
// frames on the engine's stack below a JavaScript frame. Asked before anything changes.
int context_can_switch(const context_t *from, const context_t *to);

// Leaves `from`, which is running, and goes on in `to`; returns when somebody switches back to
// `from`. 0, or GREENLET_ENOMEM without having left (no room for the frames of an unwinding
// backend).
int context_switch(context_t *from, context_t *to);

// The last act of what runs on a context, which returns right after it (natively it does not come
// back): goes on in `to`. The stack of `from` is freed once it has been left; `from` can be made
// again.
void context_finish_to(context_t *from, context_t *to);

// Drops a context that is not running, with whatever is on its stack, and frees the stack.
void context_abandon(context_t *context);

// 1 if it has been made and has not finished.
int context_alive(const context_t *context);

// Bytes used by a context that has been left: saved frames and the used part of its stack.
size_t context_parked_bytes(const context_t *context);

// The most bytes of its stack that a marked context has used so far, or had used when it ended; 0
// for any other.
size_t context_peak(const context_t *context);

// The size that greenlets get by default, and the backend's name.
size_t context_default_size(void);
const char *context_name(void);

// The backend calls this (in greenlet.c) when the running context has used more stack than it has;
// `need` is how many bytes it would take. On a reserve stack; it must not return.
_Noreturn void greenlet_stack_overflow(size_t size, size_t need);

#endif
