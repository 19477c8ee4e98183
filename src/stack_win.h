// What context_win64.S and stack_win.c have to agree on. Macros only: assembly reads them too.
#ifndef GREENLET_STACK_WIN_H
#define GREENLET_STACK_WIN_H

// Bytes at the top of a new stack that have memory from the start; Windows gives it the others as
// it grows.
#define STACK_COMMITTED 16384

// Bytes that an overflow leaves to those who report it.
#define STACK_GUARANTEED 16384

#define STACK_PAGE 4096

#endif
