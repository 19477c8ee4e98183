// What only the Asyncify context has, beyond ../src/context.h.
#ifndef GREENLET_CONTEXT_ASYNCIFY_H
#define GREENLET_CONTEXT_ASYNCIFY_H

// Calls `function` on the linker's stack, below what entries beneath it have used. Every call from
// JavaScript that may run the program's code goes through here: the running greenlet's own stack
// may be small, and its parked frames must not be written over.
void context_call_on_base(void (*function)(void *argument), void *argument);

// Before anything else in an instance: from here on the stack pointer is checked.
void context_init_limits(void);

// Whether frames are being brought back: then a function of JavaScript that lies between them was
// called once more, to call again what it was in.
int context_is_rewinding(void);

#endif
