// Emscripten's fibers: what Emscripten would need to rewind a fiber is here the greenlet that it
// is.
//
// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "../fatal.h"
#include "../greenlet_internal.h"
#include "emscripten/fiber.h"
#include "swap.h"

enum { NOT_LEFT, LEFT }; // rewind_id

static const char swap_name[] = "emscripten_fiber_swap";

void emscripten_fiber_init(emscripten_fiber_t *fiber, em_arg_callback_func entry_func,
                           void *entry_func_arg, void *c_stack, size_t c_stack_size,
                           void *asyncify_stack, size_t asyncify_stack_size) {
    char *base = (char *)c_stack + c_stack_size;
    *fiber = (emscripten_fiber_t){
        .stack_base = base,
        .stack_limit = c_stack,
        .stack_ptr = base,
        .entry = entry_func,
        .user_data = entry_func_arg,
        .asyncify_data = {.stack_ptr = asyncify_stack,
                          .stack_limit = (char *)asyncify_stack + asyncify_stack_size}};
}

void emscripten_fiber_init_from_current_context(emscripten_fiber_t *fiber, void *asyncify_stack,
                                                size_t asyncify_stack_size) {
    const context_t *context = &greenlet_current()->context;
    fiber->stack_base = context->high;
    fiber->stack_limit = context->low;
    fiber->entry = NULL;
    fiber->asyncify_data = (asyncify_data_t){
        .stack_ptr = asyncify_stack, .stack_limit = (char *)asyncify_stack + asyncify_stack_size};
}

static int run(void *value, void **result) {
    (void)result;
    emscripten_fiber_t *fiber = swap_arrive(value);
    em_arg_callback_func entry = fiber->entry;
    fiber->entry = NULL;
    entry(fiber->user_data);
    exit(0);
}

static size_t size_between(const void *low, const void *high) {
    return (size_t)((const char *)high - (const char *)low);
}

static void put_greenlet(emscripten_fiber_t *fiber, greenlet_t *greenlet) {
    fiber->asyncify_data.stack_ptr = greenlet;
    fiber->asyncify_data.rewind_id = LEFT;
}

// Of a fiber that is to start.
static greenlet_t *make_greenlet(emscripten_fiber_t *fiber) {
    const asyncify_data_t *data = &fiber->asyncify_data;
    size_t size = size_between(fiber->stack_limit, fiber->stack_base);
    greenlet_t *greenlet;
    int code = swap_new(run, size + size_between(data->stack_ptr, data->stack_limit), &greenlet);
    if (code >= 0) code = swap_claim(greenlet, fiber->stack_limit, size, swap_name);
    if (code < 0)
        fatal(code, "%s cannot start a fiber: %s", swap_name,
              greenlet_error_message(greenlet_last_error()));
    return greenlet;
}

static greenlet_t *greenlet_of(emscripten_fiber_t *fiber) {
    if (fiber->entry) return make_greenlet(fiber);
    if (fiber->asyncify_data.rewind_id == LEFT) return fiber->asyncify_data.stack_ptr;
    fatal(GREENLET_EEXECUTING, "%s to a fiber that was never swapped from", swap_name);
}

void emscripten_fiber_swap(emscripten_fiber_t *old_fiber, emscripten_fiber_t *new_fiber) {
    put_greenlet(old_fiber, greenlet_current());
    (void)swap_to(greenlet_of(new_fiber), new_fiber, swap_name);
}

void greenlet_fiber_drop(void *c_stack, size_t c_stack_size) {
    swap_reclaim(c_stack, c_stack_size, "greenlet_fiber_drop");
}
