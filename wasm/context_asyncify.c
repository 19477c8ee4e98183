// The context backend of WebAssembly: stacks are left by unwinding and entered by rewinding.
//
// The engine's stack belongs to one *root* at a time, the code that was called from JavaScript. A
// root never unwinds: a switch out of it is the pump, a loop that runs one context after the other
// until one of them switches back to the root. Any other context unwinds down to the pump; its
// frames go through the shared scratch area into the free room at the bottom of its own C stack.
//
//   root: greenlet_switch → context_switch → pump → resume → entry → … → context_switch → leave
//                                             ^___________ unwinding _______________________|
//
// Asyncify knows the two ends by what they call, and they must not be merged into one function:
// `leave` (start_unwind, stop_rewind) is its topmost, `resume` (stop_unwind, start_rewind) its
// bottommost runtime function. So no inlining optimiser may run before it.
//
// SPDX-License-Identifier: MIT
#include "context_asyncify.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "../src/context.h"
#include "../src/greenlet_error.h"
#include "../src/mark.h"
#include "../src/memory.h"
#include "wasm.h"

WASM_IMPORT("asyncify", "start_unwind") void asyncify_start_unwind(void *data);
WASM_IMPORT("asyncify", "stop_unwind") void asyncify_stop_unwind(void);
WASM_IMPORT("asyncify", "start_rewind") void asyncify_start_rewind(void *data);
WASM_IMPORT("asyncify", "stop_rewind") void asyncify_stop_rewind(void);

// Bound at build time to the stack check that is built in, or to nothing.
WASM_IMPORT("greenlet_build", "set_stack_limits") void set_stack_limits(void *high, void *low);

#define NOINLINE __attribute__((noinline))

enum {
    STACK_ALIGNMENT = 16,
    // The C library was compiled with a red zone: its leaf functions do not move the stack pointer
    // for frames of up to 128 bytes, so these are not checked and must still fit.
    UNCHECKED_LEAF = 128,
    MINIMAL_STACK = 512,
    SCRATCH_SIZE = 1 << 20,
    RESERVE_SIZE = 16384,
};

extern char __stack_low, __stack_high; // the linker's stack

static context_t *root;     // whose code called the pump, or has not called it
static context_t *running;  // whose stack the stack pointer is in; NULL: the root's
static context_t *next;     // where to go once `running` has been left
static char *base_sp;       // the root's stack pointer while others run
static int is_unwinding;    // from leave to the pump
static int is_rewinding;    // from the pump to leave
static int could_not_store; // the context that was being left must go on

// Frames are unwound into one area, because nobody knows beforehand how many bytes they take and
// Binaryen stores before it checks. The engine's own stack is exhausted before this one is.
static char scratch_area[SCRATCH_SIZE] __attribute__((aligned(STACK_ALIGNMENT)));
static struct { char *top, *end; } scratch, rewind_data;

__asm__(".globaltype __stack_pointer, i32");

static inline char *get_stack_pointer(void) {
    char *pointer;
    __asm__ volatile("global.get __stack_pointer\n"
                     "local.set %0"
                     : "=r"(pointer));
    return pointer;
}

static inline void set_stack_pointer(char *pointer) {
    __asm__ volatile("local.get %0\n"
                     "global.set __stack_pointer" ::"r"(pointer));
}

// The limits first: setting the pointer is what they check.
static inline void use_stack(char *high, char *low, char *pointer) {
    set_stack_limits(high, low + UNCHECKED_LEAF);
    set_stack_pointer(pointer);
}

static inline void use_base_stack(char *pointer) {
    use_stack(&__stack_high, &__stack_low, pointer);
}

void context_init_limits(void) {
    set_stack_limits(&__stack_high, &__stack_low + UNCHECKED_LEAF);
}

// ---- roots --------------------------------------------------------------------------------------

context_t *context_enter_root(context_t *context) {
    context_t *previous = root;
    context->pinned = 1;
    root = context;
    return previous;
}

void context_leave_root(context_t *context, context_t *previous) {
    context->pinned = 0;
    root = previous;
}

NOINLINE void context_call_on_base(void (*function)(void *argument), void *argument) {
    context_t *below = running;
    if (!below) {
        function(argument);
        return;
    }
    char *pointer = get_stack_pointer();
    running = NULL;
    use_base_stack(base_sp);
    function(argument);
    running = below;
    use_stack(below->high, below->low, pointer);
}

// ---- stacks -------------------------------------------------------------------------------------

static size_t round_up(size_t size) {
    if (size < MINIMAL_STACK) size = MINIMAL_STACK;
    return (size + STACK_ALIGNMENT - 1) & ~(size_t)(STACK_ALIGNMENT - 1);
}

int context_make(context_t *context, size_t size, void (*entry)(void)) {
    if (size > SIZE_MAX / 2) return GREENLET_ENOMEM;
    size = round_up(size);
    char *stack = memory_alloc(size);
    if (!stack) return GREENLET_ENOMEM;
    if (context->marked) mark_fill(stack, stack + size);
    *context =
        (context_t){.low = stack, .high = stack + size, .entry = entry, .marked = context->marked};
    context->sp = context->high;
    return GREENLET_OK;
}

void context_abandon(context_t *context) {
    context_t ended = {
        .pinned = context->pinned, .marked = context->marked, .peak = context_peak(context)};
    memory_free(context->chunk);
    memory_free(context->low);
    *context = ended;
}

int context_alive(const context_t *context) {
    return context->low != NULL;
}

// ---- leaving ------------------------------------------------------------------------------------

// Asyncify's topmost function: called once to leave, and once more when the frames are back.
NOINLINE static int leave(context_t *from, context_t *to) {
    if (is_rewinding) {
        is_rewinding = 0;
        asyncify_stop_rewind();
        int failed = could_not_store;
        could_not_store = 0;
        return failed ? GREENLET_ENOMEM : GREENLET_OK;
    }
    from->sp = get_stack_pointer();
    next = to;
    is_unwinding = 1;
    scratch.top = scratch_area;
    scratch.end = scratch_area + SCRATCH_SIZE;
    asyncify_start_unwind(&scratch);
    return GREENLET_OK;
}

// A piece of memory for frames that the stack has no room for.
static void *get_chunk(context_t *context, size_t size) {
    if (context->chunk_size >= size) return context->chunk;
    memory_free(context->chunk);
    context->chunk = memory_alloc(size);
    context->chunk_size = context->chunk ? size : 0;
    return context->chunk;
}

// Copies the unwound frames out of the scratch area; not over the marks of a stack. Without memory
// the context goes on at once, from the scratch area itself, and its switch fails.
static void store_frames(context_t *context) {
    size_t size = (size_t)(scratch.top - scratch_area);
    size_t room = context->marked ? 0 : (size_t)((char *)context->sp - context->low);
    void *place = size <= room ? context->low : get_chunk(context, size);
    context->frames_size = size;
    context->frames = place ? memcpy(place, scratch_area, size) : scratch_area;
    if (place) return;
    could_not_store = 1;
    next = context;
}

// ---- the pump -----------------------------------------------------------------------------------

static void start_rewind(context_t *context) {
    rewind_data.end = (char *)context->frames + context->frames_size;
    rewind_data.top = rewind_data.end;
    context->frames = NULL;
    is_rewinding = 1;
    asyncify_start_rewind(&rewind_data);
}

// Asyncify's bottommost function: runs a context until it is left or has finished.
NOINLINE static void resume(context_t *context) {
    char *outer_base_sp = base_sp;
    base_sp = get_stack_pointer();
    running = context;
    context->pinned = 1;
    use_stack(context->high, context->low, context->sp);
    if (context->frames) start_rewind(context);
    context->entry();
    int was_left = is_unwinding;
    if (was_left) {
        is_unwinding = 0;
        asyncify_stop_unwind();
    }
    running = NULL;
    context->pinned = 0;
    use_base_stack(base_sp);
    base_sp = outer_base_sp;
    if (was_left)
        store_frames(context);
    else
        context_abandon(context);
}

static void pump(context_t *to) {
    context_t *self = root;
    next = to;
    while (next != self) resume(next);
}

// ---- switching ----------------------------------------------------------------------------------

int context_can_switch(const context_t *from, const context_t *to) {
    (void)from;
    if (to == root) return GREENLET_OK;
    if (to->pinned) return GREENLET_EJSFRAME;
    return to->low ? GREENLET_OK : GREENLET_EFORBIDDEN;
}

int context_switch(context_t *from, context_t *to) {
    assert(!is_unwinding && "one unwind at a time");
    if (from != root) return leave(from, to);
    pump(to);
    return GREENLET_OK;
}

void context_finish_to(context_t *from, context_t *to) {
    (void)from;
    next = to;
}

// ---- what one can ask ---------------------------------------------------------------------------

size_t context_parked_bytes(const context_t *context) {
    return context->frames ? context->frames_size + (size_t)(context->high - (char *)context->sp)
                           : 0;
}

size_t context_peak(const context_t *context) {
    if (!context->marked || !context->low) return context->peak;
    return (size_t)(context->high - mark_find(context->low, context->high, MARK_WORD));
}

size_t context_default_size(void) {
    return 32768;
}

const char *context_name(void) {
    return "asyncify";
}

// ---- overflow -----------------------------------------------------------------------------------

static char reserve_stack[RESERVE_SIZE] __attribute__((aligned(STACK_ALIGNMENT)));

NOINLINE static void report_overflow(char *requested) {
    char *high = running ? running->high : &__stack_high;
    char *low = running ? running->low : &__stack_low;
    greenlet_stack_overflow((size_t)(high - low), (size_t)(high - requested) + UNCHECKED_LEAF);
}

// The stack check calls this with the stack pointer that it refused, before it is set.
WASM_EXPORT("greenlet_wasm_stack_overflow") void greenlet_wasm_stack_overflow(char *requested) {
    use_stack(reserve_stack + RESERVE_SIZE, reserve_stack, reserve_stack + RESERVE_SIZE);
    report_overflow(requested);
}
