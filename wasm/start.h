// The start of an instance, before any code of the program.
#ifndef GREENLET_START_H
#define GREENLET_START_H

#include <stdint.h>

// Once, in an export that has no frame of its own: the stack pointer is checked from here on.
//   main_stack, default_stack  bytes; 0: the defaults
// GREENLET_EMODULE: greenlets do not switch in this module. GREENLET_ENOMEM.
int start_runtime(uint32_t main_stack, uint32_t default_stack);

// Runs the program's constructors. After the start, once.
void start_constructors(void);

#endif
