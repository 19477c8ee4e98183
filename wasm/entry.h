// The entries: how a host gets into the program.
//
// Every call from a host that runs code of the program is an entry. At rest, between entries,
// nothing of wasm is on the engine's stack. An entry made by an import's JavaScript while wasm
// frames lie below is a nested one, with a root of its own.
#ifndef GREENLET_ENTRY_H
#define GREENLET_ENTRY_H

#include <stdint.h>

#include "../src/gevent/hub_internal.h"

// Runs `function` with the hub as the current greenlet. At rest only.
void host_enter_hub(void (*function)(hub_t *hub, void *argument), void *argument);

// Runs `function` as the main greenlet, on a stack of its own above the pump. At rest, and while
// main has no frames. 0 when it has returned; if control is not back by then, its pending switch
// fails with GREENLET_EWOULDBLOCK. GREENLET_ENOMEM: it did not run.
int host_run_as_main(void (*function)(void *argument), void *argument);

// Runs `function` as a fresh root: it may compute, create, spawn and wake, but neither wait nor
// switch to a greenlet of another root. From anywhere. GREENLET_ENOMEM: it did not run.
int host_run_as_root(void (*function)(void *argument), void *argument);

// Starts main on its stack, with a NULL argument; it may park. At rest.
int host_start_main(void (*function)(void *argument));

// 1 between entries.
int host_is_at_rest(void);

// Between entries main is current, though it does not run: a wait of whoever calls C then, past the
// entries, is refused with GREENLET_EWOULDBLOCK. Once the hub is there; an entry sees to it at its
// end.
void host_rest(void);

// Bytes of the main greenlet's stack (--main-stack).
extern uint32_t host_main_stack_size;

#endif
