// Two fibers, each in a task of its own, with an asynchronous call underway in both at once.
//
// SPDX-License-Identifier: MIT
#include <emscripten.h>
#include <emscripten/fiber.h>
#include <gevent.h>
#include <stdio.h>

// clang-format off
EM_ASYNC_JS(int, half_when_both_ask, (int number), {
  Module.askers = Module.askers || [];
  await new Promise((resolve) => {
    Module.askers.unshift(resolve);
    if (Module.askers.length === 2) Module.askers.forEach((wake) => wake());
  });
  return number / 2;
});
// clang-format on

typedef struct call {
    emscripten_fiber_t home, fiber;
    char home_stack[1024], fiber_stack[1024];
    _Alignas(16) char c_stack[16384];
    int number;
} call_t;

static call_t calls[] = {{.number = 42}, {.number = 8}};

static void ask(void *argument) {
    call_t *call = argument;
    printf("half of %d?\n", call->number);
    printf("half of %d is %d\n", call->number, half_when_both_ask(call->number));
    emscripten_fiber_swap(&call->fiber, &call->home);
}

static int run(void *argument, void **result) {
    call_t *call = argument;
    (void)result;
    emscripten_fiber_init_from_current_context(&call->home, call->home_stack,
                                               sizeof call->home_stack);
    emscripten_fiber_init(&call->fiber, ask, call, call->c_stack, sizeof call->c_stack,
                          call->fiber_stack, sizeof call->fiber_stack);
    emscripten_fiber_swap(&call->home, &call->fiber);
    printf("home with %d\n", call->number);
    return 0;
}

int main(void) {
    gevent_task_t *tasks[2];
    for (int i = 0; i < 2; i++)
        if (gevent_spawn(run, &calls[i], &tasks[i]) < 0) return 1;
    for (int i = 0; i < 2; i++)
        if (gevent_join(tasks[i], GEVENT_FOREVER) < 0) return 1;
    return 0;
}
