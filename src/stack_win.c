// Stacks for contexts on Windows. Each is what a thread's is there: addresses are reserved for all
// of it, memory comes page by page as it grows into its guard page, and the last pages are kept for
// those who handle the overflow, which Windows raises as an exception. So `low` is where the
// reservation begins, and a little of the stack cannot be used.
//
// There is no pool: a stack that has grown would have to be told apart from a new one.
//
// SPDX-License-Identifier: MIT
#include "stack_win.h"

#include <stdatomic.h>
#include <windows.h>

#include "context_native.h"
#include "greenlet_error.h"
#include "mark.h"
#include "stack.h"

// The page at the lower end is never used, the one above it holds the guard in the end.
#define UNUSABLE (STACK_GUARANTEED + 2 * STACK_PAGE)
// Above `high`, so that it is not on the edge of what can be read.
#define MARGIN 64

static LONG WINAPI on_exception(EXCEPTION_POINTERS *pointers) {
    const EXCEPTION_RECORD *record = pointers->ExceptionRecord;
    const context_t *running = context_native_running();
    if (record->ExceptionCode != EXCEPTION_STACK_OVERFLOW || !running || !running->low)
        return EXCEPTION_CONTINUE_SEARCH;
    size_t size = (size_t)(running->high - running->low) - UNUSABLE;
    size_t used = (size_t)(running->high - (const char *)pointers->ContextRecord->Rsp);
    greenlet_stack_overflow(size, used > size ? used : size + STACK_PAGE);
}

static void report_overflows(void) {
    static atomic_flag reported = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&reported)) AddVectoredExceptionHandler(1, on_exception);
}

// Gives memory to the top of a reservation, with a guard below.
static int commit_top(char *end) {
    char *top = end - STACK_COMMITTED;
    return VirtualAlloc(top, STACK_COMMITTED, MEM_COMMIT, PAGE_READWRITE) &&
           VirtualAlloc(top - STACK_PAGE, STACK_PAGE, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD);
}

int stack_take(size_t size, char **low, char **high) {
    if (size > SIZE_MAX / 2) return GREENLET_ENOMEM;
    if (size < STACK_MIN) size = STACK_MIN;
    size = (size + MARGIN + UNUSABLE + STACK_PAGE - 1) / STACK_PAGE * STACK_PAGE;
    report_overflows();
    char *map = VirtualAlloc(NULL, size, MEM_RESERVE, PAGE_READWRITE);
    if (!map) return GREENLET_ENOMEM;
    if (!commit_top(map + size)) {
        (void)VirtualFree(map, 0, MEM_RELEASE);
        return GREENLET_ENOMEM;
    }
    *low = map;
    *high = map + size - MARGIN;
    return GREENLET_OK;
}

void stack_release(char *high) {
    MEMORY_BASIC_INFORMATION information;
    (void)VirtualQuery(high, &information, sizeof information);
    (void)VirtualFree(information.AllocationBase, 0, MEM_RELEASE);
}

// Nothing to do: a stack is always new, and what Windows gives is zero.
void stack_mark(char *low, char *high) {
    (void)low, (void)high;
}

size_t stack_peak(const char *low, const char *high) {
    MEMORY_BASIC_INFORMATION part;
    while (VirtualQuery(low, &part, sizeof part) &&
           (part.State != MEM_COMMIT || part.Protect != PAGE_READWRITE))
        low += part.RegionSize;
    return (size_t)(high - mark_find(low, high, 0));
}

void *stack_annotation(const char *high) {
    (void)high;
    return NULL;
}
