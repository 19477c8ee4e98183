// What a CPU provides to context_native.c: a context_CPU.S, or for any other one
// context_ucontext.c. A program is linked with one of them.
#ifndef GREENLET_CONTEXT_NATIVE_H
#define GREENLET_CONTEXT_NATIVE_H

#include "context.h"

// Makes a first frame just below `high` that enters `entry`, with the floating-point control state
// of the caller and no frame above it. Returns what context_swap takes.
void *context_lay(char *low, char *high, void (*entry)(void));

// Leaves the running stack, with its address in *save, and goes on in the one that was left at, or
// laid at, `load`. Returns when somebody loads what is in *save. Only what the calling convention
// lets a function keep is kept; that includes the floating-point control state.
void context_swap(void **save, void *load);

extern const char context_native_name[];

// The context that runs on this thread, or NULL. May be called by a signal handler.
const context_t *context_native_running(void);

#endif
