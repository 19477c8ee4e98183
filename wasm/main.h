// The program's main().
#ifndef GREENLET_MAIN_H
#define GREENLET_MAIN_H

// Whether the program has one.
int main_exists(void);

// Calls it, with the arguments that the host has, and returns what it does; EXIT_FAILURE without
// memory for them.
int main_call(void);

#endif
