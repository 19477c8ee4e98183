// Emscripten's fibers over greenlets: a program that was written for <emscripten/fiber.h> compiles
// as it is, and links with this under emcc, too.
//
// A fiber has a stack of its own; emscripten_fiber_swap leaves the running one and goes on in
// another. It may be called from main and from any task or other greenlet. Fibers that swap with
// one another are one flow of control, of which one runs, or waits (gevent.h, imports, or calls of
// libc that do); other tasks, and their fibers, run meanwhile and may wait as well. What is thrown
// into a task by a kill or a timeout comes out of the call in which its active fiber waits.
//
// All calls belong to the thread that first swapped to the fiber. What Emscripten leaves undefined
// ends the process or instance with an error that says what was wrong. More in docs/compat.md.
//
// SPDX-License-Identifier: MIT
#ifndef EMSCRIPTEN_FIBER_H
#define EMSCRIPTEN_FIBER_H

#include <stddef.h>

#ifdef __EMSCRIPTEN__
#include <emscripten/em_types.h>
#else
typedef void (*em_arg_callback_func)(void *argument);
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asyncify_data_s {
    void *stack_ptr; // here: the greenlet of a fiber that has been left
    void *stack_limit;
    int rewind_id; // here: whether it has
} asyncify_data_t;

typedef struct emscripten_fiber_s {
    void *stack_base;  // one past the highest byte of the memory for its stack
    void *stack_limit; // and the lowest
    void *stack_ptr;
    em_arg_callback_func entry; // what is called at the next swap to it; NULL: it goes on
    void *user_data;            // for the entry
    asyncify_data_t asyncify_data;
} emscripten_fiber_t;

// Fills in a fiber, as a program may do itself. Its stack will have c_stack_size and
// asyncify_stack_size bytes together, and at least 32768; it does not lie in the memory given, but
// says by it that it is alive: if c_stack is given to another fiber, this one is dropped. If the
// entry returns, the program ends as by exit(0). From anywhere. (Emscripten: fiber.h)
void emscripten_fiber_init(emscripten_fiber_t *fiber, em_arg_callback_func entry_func,
                           void *entry_func_arg, void *c_stack, size_t c_stack_size,
                           void *asyncify_stack, size_t asyncify_stack_size);

// Fills in a fiber that stands for the running code, and can be swapped to once it was left by a
// swap from it. The memory is not used. From anywhere. (Emscripten: fiber.h)
void emscripten_fiber_init_from_current_context(emscripten_fiber_t *fiber, void *asyncify_stack,
                                                size_t asyncify_stack_size);

// Leaves the running code, which will go on at the next swap to `old_fiber`, and goes on in
// `new_fiber`, or starts it. Returns when somebody has swapped back; at once if both are the
// running one. If something was thrown in meanwhile, it is then greenlet_last_error(). A fiber that
// has not been left or is active in another flow (GREENLET_EEXECUTING), one that has ended
// (GREENLET_EINVAL), one of another thread (GREENLET_ETHREAD), and a want of memory
// (GREENLET_ENOMEM) end the process or instance. (Emscripten: fiber.h)
void emscripten_fiber_swap(emscripten_fiber_t *old_fiber, emscripten_fiber_t *new_fiber);

// Drops the fibers whose stacks were to lie in this memory, before a program frees it. Their stacks
// vanish: no code of theirs runs any more, but for what they have registered with
// gevent_cleanup_push. A fiber that runs or waits (GREENLET_EEXECUTING) ends the process or
// instance. (ours; Emscripten has no stacks of its own to free)
void greenlet_fiber_drop(void *c_stack, size_t c_stack_size);

#ifdef __cplusplus
}
#endif
#endif
