// What the runtime asks of Emscripten's host besides what host.h declares.
#ifndef GREENLET_HOST_EMSCRIPTEN_H
#define GREENLET_HOST_EMSCRIPTEN_H

#include "host.h"

// 1 if the program was linked with -sSTACK_OVERFLOW_CHECK=2.
HOST_IMPORT("has_stack_check") int host_has_stack_check(void);
HOST_IMPORT("set_stack_limits") void host_set_stack_limits(void *high, void *low);
// An operation of JavaScript that a greenlet waits for from now on: its settlement settles the
// slot.
HOST_IMPORT("await") void host_await(int operation, slot_handle_t slot);

// main() by way of JavaScript, which gives it its arguments. Imports of such names are those that
// Emscripten has Asyncify expect an unwind from; the frame is called once more to go on.
HOST_IMPORT("has_main") int host_has_main(void);
HOST_IMPORT("main") int __asyncjs__greenlet_main(void);

#endif
