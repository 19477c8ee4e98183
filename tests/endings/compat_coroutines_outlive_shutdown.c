// greenlet_shutdown kills nobody who does not look for an EXIT, and says that they are left. Their
// stacks go when they are destroyed, as at any other time.
//
// SPDX-License-Identifier: MIT
#define MINICORO_IMPL
#include "minicoro.h"

#include <emscripten/fiber.h>
#include <stdio.h>

#include "greenlet.h"
#include "libco.h"

static cothread_t main_thread, cothread;
static emscripten_fiber_t home, fiber;
static char asyncify_stack[2][1024];
static _Alignas(16) char c_stack[16384];

static void yield_twice(mco_coro *self) {
    (void)mco_yield(self);
    (void)mco_yield(self);
}

static void go_back_and_forth(void) {
    for (;;) co_switch(main_thread);
}

static void swap_back_and_forth(void *argument) {
    (void)argument;
    for (;;) emscripten_fiber_swap(&fiber, &home);
}

int main(void) {
    mco_coro *coroutine;
    mco_desc desc = mco_desc_init(yield_twice, 0);
    if (mco_create(&coroutine, &desc) != MCO_SUCCESS) return 2;
    if (mco_resume(coroutine) != MCO_SUCCESS) return 2;

    main_thread = co_active();
    cothread = co_create(65536, go_back_and_forth);
    co_switch(cothread);

    emscripten_fiber_init_from_current_context(&home, asyncify_stack[0], 1024);
    emscripten_fiber_init(&fiber, swap_back_and_forth, NULL, c_stack, sizeof c_stack,
                          asyncify_stack[1], 1024);
    emscripten_fiber_swap(&home, &fiber);

    printf("%d are left\n", greenlet_shutdown());
    printf("resume: %s\n", mco_resume(coroutine) == MCO_SUCCESS ? "done" : "refused");
    printf("status: %s\n", mco_status(coroutine) == MCO_SUSPENDED ? "suspended" : "other");
    printf("destroy: %s\n", mco_destroy(coroutine) == MCO_SUCCESS ? "done" : "refused");
    co_delete(cothread);
    greenlet_fiber_drop(c_stack, sizeof c_stack);
    printf("%zu are left\n", greenlet_live_count());
    return 0;
}
