// Native contexts: a stack each, and a swap of registers between them.
//
// A context that is left keeps a `parked_t` on its own stack, and context.sp points to it; below it
// lie the registers. A context that ends cannot free the stack it stands on: whoever arrives next
// does.
//
// SPDX-License-Identifier: MIT
#include "context_native.h"

#include "context_annotate.h"
#include "fatal.h"
#include "greenlet.h"
#include "stack.h"

typedef struct parked {
    void *sp;
    annotation_t annotation;
} parked_t;

static _Thread_local context_t *running;
static _Thread_local char *finished; // the stack to be freed by whoever arrives
static _Thread_local annotation_t
    *annotation_left; // of the context that was left, if it comes back

const context_t *context_native_running(void) {
    return running;
}

context_t *context_enter_root(context_t *root) {
    context_t *previous = running;
    *root = (context_t){0};
    running = root;
    return previous;
}

void context_leave_root(context_t *root, context_t *previous) {
    (void)root;
    running = previous;
}

// ---- leaving and arriving -----------------------------------------------------------------------

static inline void check_stack(const context_t *context) {
    if (stack_is_intact(context->low)) return;
    size_t size = (size_t)(context->high - context->low);
    greenlet_stack_overflow(size, size + STACK_CANARY);
}

ANNOTATE_INLINE void leave(context_t *from, parked_t *parked, const context_t *to) {
    check_stack(from);
    annotation_left = parked ? &parked->annotation : NULL;
    annotate_leave(annotation_left, &((parked_t *)to->sp)->annotation);
}

static inline void arrive(parked_t *parked) {
    annotate_arrive(parked ? &parked->annotation : NULL, annotation_left);
    if (!finished) return;
    stack_release(finished);
    finished = NULL;
}

static void run_between(const context_ends_t *ends) {
    void *value = NULL, *result = NULL;
    int code = ends ? ends->begin(&value) : GREENLET_OK;
    if (code >= 0) code = running->run(value, &result);
    if (ends) ends->end(code, result);
}

static void begin(void) {
    running->sp = NULL;
    arrive(NULL);
    run_between(running->ends);
    fatal(GREENLET_EFAILED, "what ran on a context returned");
}

int context_switch(context_t *from, context_t *to) {
    parked_t parked;
    leave(from, &parked, to);
    from->sp = &parked;
    running = to;
    context_swap(&parked.sp, ((parked_t *)to->sp)->sp);
    from->sp = NULL;
    arrive(&parked);
    return 0;
}

static void forget_stack(context_t *context) {
    *context = (context_t){.marked = context->marked, .peak = context_peak(context)};
}

void context_finish_to(context_t *from, context_t *to) {
    static _Thread_local void *nowhere;
    leave(from, NULL, to);
    finished = from->high;
    forget_stack(from);
    running = to;
    context_swap(&nowhere, ((parked_t *)to->sp)->sp);
    fatal(GREENLET_EFAILED, "a finished context was switched to");
}

// ---- life ---------------------------------------------------------------------------------------

int context_make(context_t *context, size_t size, context_run_fn run, const context_ends_t *ends) {
    char *low, *high;
    int code = stack_take(size, &low, &high);
    if (code < 0) return code;
    if (context->marked) stack_mark(low, high);
    parked_t *parked = (parked_t *)(void *)high - 1;
    parked->sp = context_lay(low, (char *)parked, begin);
    parked->annotation =
        (annotation_t){.low = low, .size = (size_t)(high - low), .fiber = stack_annotation(high)};
    *context = (context_t){.low = low,
                           .high = high,
                           .sp = parked,
                           .run = run,
                           .ends = ends,
                           .marked = context->marked};
    return 0;
}

void context_abandon(context_t *context) {
    char *high = context->high;
    forget_stack(context);
    if (high) stack_release(high);
}

int context_can_switch(const context_t *from, const context_t *to) {
    (void)from, (void)to;
    return 0;
}

int context_alive(const context_t *context) {
    return context->low != NULL;
}

size_t context_parked_bytes(const context_t *context) {
    if (!context->low || !context->sp) return 0;
    const char *sp = ((const parked_t *)context->sp)->sp;
    return sp >= context->low && sp < context->high ? (size_t)(context->high - sp) : 0;
}

size_t context_peak(const context_t *context) {
    if (!context->marked || !context->low) return context->peak;
    return stack_peak(context->low, context->high);
}

size_t context_default_size(void) {
    return GREENLET_STACK_DEFAULT_NATIVE;
}

const char *context_name(void) {
    return context_native_name;
}
