// Stacks for native contexts. stack_win.c has those of Windows, and of this header what takes,
// releases and measures them; the rest is for POSIX, in stack.c and stack_guard.c.
//
//   |  guard, 64 KiB  | low ... what the context may use ... high | stack.c's own |
//
// The guard cannot be touched: a stack that overflows faults there, and stack_guard.c says so. It
// is wide, so that a function with large locals does not step over it, and costs no memory. It
// costs a mapping, however, and a process has 65,530 of them: a stack beyond STACK_GUARDED_MAX has
// an ordinary region there, with a canary at its upper end, below `low`; it is looked at whenever
// the context is left.
#ifndef GREENLET_STACK_H
#define GREENLET_STACK_H

#include <stddef.h>
#include <stdint.h>

#define STACK_GUARD 65536u
#define STACK_CANARY 64u
#define STACK_CANARY_WORD UINT64_C(0x6772656e6c657421)
#define STACK_GUARDED_MAX 30000u
#define STACK_MIN 16384u // a signal's frame alone may take 4 KiB, a printf more than 1

// Takes a stack of at least `size` usable bytes, from this thread's pool or anew. 0, or
// GREENLET_ENOMEM.
int stack_take(size_t size, char **low, char **high);

// Gives one back, into the calling thread's pool or to the system. Not the one that runs.
void stack_release(char *high);

// Makes a stack that has been taken ready for stack_peak, which tells how many of its bytes have
// been used since then.
void stack_mark(char *low, char *high);
size_t stack_peak(const char *low, const char *high);

// What the sanitizers call a stack that is in use (see context_annotate.h).
void *stack_annotation(const char *high);

// Unmaps what is in this thread's pool. Done by itself when a thread ends.
void stack_free_pool(void);

// Memory for stacks: zeroed pages, or NULL. mmap, unless a test puts a failing one in its place.
extern void *(*stack_map)(size_t size);

// Gives it back: negative if that is refused. munmap, unless a test refuses.
extern int (*stack_unmap)(void *map, size_t size);

// From how many on stacks have no guard: STACK_GUARDED_MAX, unless a test wants it sooner.
extern size_t stack_guarded_max;

// Whether `address` is in the guard of the stack that begins at `low`.
static inline int stack_guards(const char *low, const char *address) {
    return low && address < low && (size_t)(low - address) <= STACK_GUARD;
}

// A stack's low end is on a page if there is a guard below, and off it if there is a canary. Main
// stacks have NULL.
static inline int stack_has_canary(const char *low) {
    return ((uintptr_t)low & STACK_CANARY) != 0;
}

static inline int stack_is_intact(const char *low) {
    if (!stack_has_canary(low)) return 1;
    const uint64_t *canary = (const uint64_t *)(const void *)(low - STACK_CANARY);
    uint64_t damage = 0;
    for (size_t i = 0; i < STACK_CANARY / sizeof *canary; i++)
        damage |= canary[i] ^ STACK_CANARY_WORD;
    return damage == 0;
}

// Makes this thread's overflows be reported, from the first call on; stack_guard.c.
void stack_guard_watch(void);
// Undoes that for a thread that ends.
void stack_guard_unwatch(void);

#endif
