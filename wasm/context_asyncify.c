// The context backend of WebAssembly: stacks are left by unwinding and entered by rewinding.
//
// The engine's stack belongs to one *root* at a time, the code that was called from JavaScript. A
// root never unwinds: a switch out of it runs one context after the other above itself until one of
// them switches back. Any other context does the same as long as there is a level left for that,
// and so saves its own unwinding if somebody comes back to it; else, or when somebody below is gone
// to, it unwinds down to whoever resumed it. Its frames go through the shared scratch area into the
// free room at the bottom of its own C stack.
//
//   root → greenlet_switch → context_switch → context_resume → run → … → context_switch
//                                                     ^________ unwinding _______|
//
// Asyncify knows the two ends by what they call, and saves no frame of theirs: `context_switch`
// (start_unwind, stop_rewind) is its topmost, `context_resume` (stop_unwind, start_rewind) its
// bottommost runtime function. Neither must become part of the other or of their callers, so no
// inlining optimiser may run before it.
//
// SPDX-License-Identifier: MIT
#include "context_asyncify.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "../src/context.h"
#include "../src/fatal.h"
#include "../src/greenlet_error.h"
#include "../src/mark.h"
#include "../src/memory.h"
#include "wasm.h"

WASM_IMPORT("asyncify", "start_unwind") void asyncify_start_unwind(void *data);
WASM_IMPORT("asyncify", "stop_unwind") void asyncify_stop_unwind(void);
WASM_IMPORT("asyncify", "start_rewind") void asyncify_start_rewind(void *data);
WASM_IMPORT("asyncify", "stop_rewind") void asyncify_stop_rewind(void);

// Bound at build time to the stack check that is built in, or to nothing.
BUILD_IMPORT("set_stack_limits") void set_stack_limits(void *high, void *low);

#define NOINLINE __attribute__((noinline))
#define INLINE __attribute__((always_inline)) inline

enum {
    STACK_ALIGNMENT = 16,
    // The C library was compiled with a red zone: its leaf functions do not move the stack pointer
    // for frames of up to 128 bytes, so these are not checked and must still fit.
    UNCHECKED_LEAF = 128,
    MINIMAL_STACK = 256,
    SCRATCH_SIZE = 1 << 20,
    // How many contexts may lie on the engine's stack above a root. More than two bring little, and
    // take the stack from each other.
    LEVELS = 2,
    RESERVE_SIZE = 16384,
};

// Of the functions that run on a context, the one that it is in.
enum phase { BEGINNING, RUNNING, ENDING };

// Whoever lies on the engine's stack above a root. The record is on the C stack of whoever resumed
// that one.
typedef struct level {
    context_t *context;  // NULL: it was abandoned
    context_t *root;     // above which it lies
    struct level *below; // NULL: the root
    char *high, *low;    // its C stack
    char *resumer_sp;
    int depth;
    int makes_way; // it leaves for somebody below whom others have gone to
} level_t;

static context_t *root;     // whose code was called, or has not been left
static level_t root_level;  // stands for the frames of all roots
static level_t *top;        // whose stack the stack pointer is in; NULL: the root's
static context_t *next;     // who is gone to
static char *base_sp;       // the root's stack pointer while others run
static int entries_above;   // calls from JavaScript with a level below them
static int is_unwinding;    // from context_switch to context_resume
static int is_rewinding;    // from context_resume to context_switch
static int is_finishing;    // from context_finish_to to context_resume
static int could_not_store; // the context that was being left must go on

// Frames are unwound into one area, because nobody knows beforehand how many bytes they take and
// Binaryen stores before it checks. The engine's own stack is exhausted before this one is.
static char scratch_area[SCRATCH_SIZE] __attribute__((aligned(STACK_ALIGNMENT)));
static struct { char *top, *end; } scratch, rewind_data;

// For the frames of one that makes way when there is no memory for them: to whom it makes way
// cannot be told any more. While it is taken nobody runs above another.
static char way_area[SCRATCH_SIZE] __attribute__((aligned(STACK_ALIGNMENT)));
static int is_way_taken;

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
    use_stack(WASM_STACK_HIGH, WASM_STACK_LOW, pointer);
}

void context_init_limits(void) {
    set_stack_limits(WASM_STACK_HIGH, WASM_STACK_LOW + UNCHECKED_LEAF);
}

// That of a level, or of the root.
static inline void use_stack_of(const level_t *level, char *pointer) {
    if (level)
        use_stack(level->high, level->low, pointer);
    else
        use_base_stack(pointer);
}

// ---- roots --------------------------------------------------------------------------------------

context_t *context_enter_root(context_t *context) {
    context_t *previous = root;
    context->level = &root_level;
    root = context;
    return previous;
}

void context_leave_root(context_t *context, context_t *previous) {
    context->level = NULL;
    root = previous;
}

NOINLINE void context_call_on_base(void (*function)(void *argument), void *argument) {
    level_t *below = top;
    if (!below) {
        function(argument);
        return;
    }
    char *pointer = get_stack_pointer();
    top = NULL;
    entries_above++;
    use_base_stack(base_sp);
    function(argument);
    entries_above--;
    top = below;
    use_stack_of(below, pointer);
}

// ---- stacks -------------------------------------------------------------------------------------

static size_t round_up(size_t size) {
    if (size < MINIMAL_STACK) size = MINIMAL_STACK;
    return (size + STACK_ALIGNMENT - 1) & ~(size_t)(STACK_ALIGNMENT - 1);
}

// Not every malloc aligns as stacks want it (WASM_MALLOC_ALIGNMENT).
static char *align_down(char *pointer) {
    return (char *)((uintptr_t)pointer & ~(uintptr_t)(STACK_ALIGNMENT - 1));
}

int context_make(context_t *context, size_t size, context_run_fn run, const context_ends_t *ends) {
    if (size > SIZE_MAX / 2) return GREENLET_ENOMEM;
    size = round_up(size) + STACK_ALIGNMENT - WASM_MALLOC_ALIGNMENT;
    char *stack = memory_alloc(size);
    if (!stack) return GREENLET_ENOMEM;
    char *high = align_down(stack + size);
    if (context->marked) mark_fill(stack, high);
    *context = (context_t){.low = stack,
                           .high = high,
                           .sp = high,
                           .run = run,
                           .ends = ends,
                           .phase = ends ? BEGINNING : RUNNING,
                           .marked = context->marked};
    return GREENLET_OK;
}

static void drop_frames(context_t *context) {
    if (context->frames == way_area) is_way_taken = 0;
    context->frames = NULL;
}

// Where its frames lie below others on the engine's stack, these are dropped when that is left.
void context_abandon(context_t *context) {
    context_t ended = {.marked = context->marked, .peak = context_peak(context)};
    level_t *level = context->level;
    drop_frames(context);
    memory_free(context->chunk);
    if (level)
        level->context = NULL;
    else
        memory_free(context->low);
    *context = ended;
}

int context_alive(const context_t *context) {
    return context->low != NULL;
}

// ---- leaving ------------------------------------------------------------------------------------

static void start_unwind(void) {
    is_unwinding = 1;
    scratch.top = scratch_area;
    scratch.end = scratch_area + SCRATCH_SIZE;
    asyncify_start_unwind(&scratch);
}

static int stop_rewind(void) {
    is_rewinding = 0;
    asyncify_stop_rewind();
    int failed = could_not_store;
    could_not_store = 0;
    return failed ? GREENLET_ENOMEM : GREENLET_OK;
}

// A piece of memory for frames that the stack has no room for.
static void *get_chunk(context_t *context, size_t size) {
    if (context->chunk_size >= size) return context->chunk;
    memory_free(context->chunk);
    context->chunk = memory_alloc(size);
    context->chunk_size = context->chunk ? size : 0;
    return context->chunk;
}

static void *find_place(context_t *context, size_t size, int makes_way) {
    size_t room = context->marked ? 0 : (size_t)((char *)context->sp - context->low);
    void *place = size <= room ? context->low : get_chunk(context, size);
    if (place || !makes_way) return place;
    is_way_taken = 1;
    return way_area;
}

// Copies the unwound frames out of the scratch area; not over the marks of a stack. Without memory
// the context goes on at once, from the scratch area itself, and its switch fails.
static void store_frames(context_t *context, int makes_way) {
    size_t size = (size_t)(scratch.top - scratch_area);
    void *place = find_place(context, size, makes_way);
    context->frames_size = size;
    context->frames = place ? memcpy(place, scratch_area, size) : scratch_area;
    if (place) return;
    could_not_store = 1;
    next = context;
}

// ---- running ------------------------------------------------------------------------------------

static void start_rewind(context_t *context) {
    rewind_data.end = (char *)context->frames + context->frames_size;
    rewind_data.top = rewind_data.end;
    drop_frames(context);
    is_rewinding = 1;
    asyncify_start_rewind(&rewind_data);
}

static void enter_level(level_t *level, context_t *context) {
    *level = (level_t){.context = context,
                       .root = root,
                       .below = top,
                       .high = context->high,
                       .low = context->low,
                       .depth = top ? top->depth + 1 : 1};
    top = context->level = level;
}

static void leave_level(const level_t *level, int was_left) {
    context_t *context = level->context;
    if (!context) {
        memory_free(level->low);
        return;
    }
    context->level = NULL;
    if (was_left)
        store_frames(context, level->makes_way);
    else
        context_abandon(context);
}

// It came back neither by a switch nor by its end.
NOINLINE _Noreturn static void end_at_foreign_unwind(void) {
    fatal(GREENLET_EFORBIDDEN, "something else than the runtime has unwound a greenlet's frames");
}

static inline int was_cut_short(void) {
    return is_unwinding || is_finishing || WASM_IS_UNWOUND_BY_OTHERS();
}

// Its run between its ends, from where it was left: in a rewinding the same one is called again,
// with arguments that nobody looks at. A context that was left may be no more, so nothing is noted
// of it.
INLINE static void go_on(context_t *context) {
    int code = GREENLET_OK;
    void *value = NULL;
    if (context->phase == BEGINNING) {
        code = context->ends->begin(&context->slot);
        if (was_cut_short()) return;
        context->phase = code >= 0 ? RUNNING : ENDING;
        value = context->slot;
        context->slot = NULL;
    }
    if (context->phase == RUNNING) {
        code = context->run(value, &context->slot);
        if (was_cut_short()) return;
        context->phase = ENDING;
    }
    if (context->ends) context->ends->end(code, context->slot);
}

// Asyncify's bottommost function: runs a context until it is left or has finished.
WASM_APART(NOINLINE static, void, context_resume, (context_t * context), (context)) {
    level_t level;
    char *outer_base_sp = base_sp;
    enter_level(&level, context);
    level.resumer_sp = get_stack_pointer();
    if (!level.below) base_sp = level.resumer_sp;
    use_stack_of(&level, context->sp);
    if (context->frames) start_rewind(context);
    go_on(context);
    int was_left = is_unwinding, has_finished = is_finishing;
    is_unwinding = is_finishing = 0;
    if (was_left || !has_finished) asyncify_stop_unwind();
    top = level.below;
    use_stack_of(top, level.resumer_sp);
    base_sp = outer_base_sp;
    if (!was_left && !has_finished) end_at_foreign_unwind();
    leave_level(&level, was_left);
}

// ---- switching ----------------------------------------------------------------------------------

// Whether its frames lie below a call from JavaScript, or are such a call.
static int is_below_javascript(const context_t *context) {
    const level_t *level = context->level;
    return level && level->root != root;
}

int context_can_switch(const context_t *from, const context_t *to) {
    (void)from;
    if (to == root) return GREENLET_OK;
    if (is_below_javascript(to)) return GREENLET_EJSFRAME;
    return to->low ? GREENLET_OK : GREENLET_EFORBIDDEN;
}

static int may_run_above(const level_t *level, const context_t *context) {
    return level->context && level->depth < LEVELS && !context->level && !entries_above &&
           !is_way_taken;
}

// Whoever is gone to runs above, one after the other, until somebody comes back or goes below.
// Asyncify's topmost function: called once to leave, and once more when the frames are back.
WASM_APART(NOINLINE, int, context_switch, (context_t * from, context_t *to), (from, to)) {
    if (is_rewinding) return stop_rewind();
    assert(!is_unwinding && "one unwind at a time");
    level_t *level = top;
    next = to;
    if (level) {
        level->makes_way = 0;
        from->sp = get_stack_pointer();
    }
    for (;;) {
        int is_abandoned = level && !level->context;
        if (next == from && !is_abandoned) return GREENLET_OK;
        if (level && !may_run_above(level, next)) break;
        context_resume(next);
        if (level) level->makes_way = 1;
    }
    start_unwind();
    return GREENLET_OK;
}

void context_finish_to(context_t *from, context_t *to) {
    (void)from;
    next = to;
    is_finishing = 1;
}

// ---- what one can ask ---------------------------------------------------------------------------

size_t context_parked_bytes(const context_t *context) {
    if (!context->low || is_below_javascript(context)) return 0;
    return (context->frames ? context->frames_size : 0) +
           (size_t)(context->high - (char *)context->sp);
}

size_t context_peak(const context_t *context) {
    if (!context->marked || !context->low) return context->peak;
    return (size_t)(context->high - mark_find(context->low, context->high, MARK_WORD));
}

int context_is_rewinding(void) {
    return is_rewinding;
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
    char *high = top ? top->high : WASM_STACK_HIGH;
    char *low = top ? top->low : WASM_STACK_LOW;
    greenlet_stack_overflow((size_t)(high - low), (size_t)(high - requested) + UNCHECKED_LEAF);
}

// The stack check calls this with the stack pointer that it refused, before it is set.
WASM_EXPORT("greenlet_wasm_stack_overflow") void greenlet_wasm_stack_overflow(char *requested) {
    use_stack(reserve_stack + RESERVE_SIZE, reserve_stack, reserve_stack + RESERVE_SIZE);
    report_overflow(requested);
}
