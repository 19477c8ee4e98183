// Boost.Context's assembly, with nothing around it.
#include <stddef.h>

#include "measure.h"

// boost/context/detail/fcontext.hpp, which is C++.
typedef void *fcontext_t;
typedef struct transfer {
    fcontext_t from;
    void *data;
} transfer_t;
transfer_t jump_fcontext(fcontext_t to, void *data);
fcontext_t make_fcontext(void *top, size_t size, void (*run)(transfer_t));

enum { STACK_SIZE = 65536 };

static _Alignas(16) char first_stack[STACK_SIZE], second_stack[STACK_SIZE];
static fcontext_t root;
static int32_t value, last;

// Started twice. Who is resumed with `data` is the first of the two, and that is where the second
// waits; the second learns from who resumes it where the first does.
static void pass_on(transfer_t came) {
    came = jump_fcontext(came.from, NULL);
    fcontext_t other = came.data ? came.data : came.from;
    if (came.data) root = came.from;
    while (++value < last) other = jump_fcontext(other, NULL).from;
    jump_fcontext(root, NULL);
}

static fcontext_t start(char *stack) {
    return jump_fcontext(make_fcontext(stack + STACK_SIZE, STACK_SIZE, pass_on), NULL).from;
}

static int32_t run_ring(const int32_t *numbers) {
    if (numbers[0] != 2 || numbers[1] != 1) return -1;
    value = 0;
    last = numbers[2];
    fcontext_t first = start(first_stack);
    jump_fcontext(first, start(second_stack));
    return value;
}

static void add_one(transfer_t came) {
    value++;
    jump_fcontext(came.from, NULL);
}

static int32_t run_create(const int32_t *numbers) {
    for (value = 0; value < numbers[0];)
        jump_fcontext(make_fcontext(first_stack + STACK_SIZE, STACK_SIZE, add_one), NULL);
    return value;
}

int main(int argc, char **argv) {
    static const bench_t benches[] = {{"ring", run_ring}, {"create", run_create}, {NULL, NULL}};
    return measure_main(benches, argc, argv);
}
