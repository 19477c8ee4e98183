// The C library's own contexts, each switch of which asks the kernel for the signal mask.
#include <ucontext.h>

#include "measure.h"

enum { STACK_SIZE = 65536 };

static char stacks[2][STACK_SIZE];
static ucontext_t root, contexts[2];
static int32_t value, last;

static void pass_on(int me) {
    while (++value < last) swapcontext(&contexts[me], &contexts[!me]);
}

static void make(int place, ucontext_t *after) {
    ucontext_t *context = &contexts[place];
    getcontext(context);
    context->uc_stack.ss_sp = stacks[place];
    context->uc_stack.ss_size = STACK_SIZE;
    context->uc_link = after;
}

static int32_t run_ring(const int32_t *numbers) {
    if (numbers[0] != 2 || numbers[1] != 1) return -1;
    value = 0;
    last = numbers[2];
    for (int place = 0; place < 2; place++) {
        make(place, &root);
        makecontext(&contexts[place], (void (*)(void))pass_on, 1, place);
    }
    swapcontext(&root, &contexts[0]);
    return value;
}

static void add_one(void) {
    value++;
}

static int32_t run_create(const int32_t *numbers) {
    for (value = 0; value < numbers[0];) {
        make(0, &root);
        makecontext(&contexts[0], add_one, 0);
        swapcontext(&root, &contexts[0]);
    }
    return value;
}

int main(int argc, char **argv) {
    static const bench_t benches[] = {{"ring", run_ring}, {"create", run_create}, {NULL, NULL}};
    return measure_main(benches, argc, argv);
}
