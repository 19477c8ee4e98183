// The context below a greenlet, alone: what takes one stack's place for another's.
#include "context.h"

#include "measure.h"

enum { STACK_SIZE = 65536 };

static context_t root, one, two;
static int32_t value, last;

static int pass_to_two(void *unused, void **result) {
    (void)unused, (void)result;
    while (++value < last) context_switch(&one, &two);
    context_finish_to(&one, &root);
    return 0;
}

static int pass_to_one(void *unused, void **result) {
    (void)unused, (void)result;
    while (++value < last) context_switch(&two, &one);
    context_finish_to(&two, &root);
    return 0;
}

static int32_t run_ring(const int32_t *numbers) {
    value = 0;
    last = numbers[2];
    if (numbers[0] != 2 || numbers[1] != 1) return -1;
    if (context_make(&one, STACK_SIZE, pass_to_two, NULL) < 0) return -1;
    if (context_make(&two, STACK_SIZE, pass_to_one, NULL) < 0) return -1;
    context_switch(&root, &one);
    context_abandon(context_alive(&one) ? &one : &two);
    return value;
}

static int add_one(void *unused, void **result) {
    (void)unused, (void)result;
    value++;
    context_finish_to(&one, &root);
    return 0;
}

static int32_t run_create(const int32_t *numbers) {
    for (value = 0; value < numbers[0];) {
        if (context_make(&one, STACK_SIZE, add_one, NULL) < 0) return -1;
        context_switch(&root, &one);
    }
    return value;
}

int main(int argc, char **argv) {
    static const bench_t benches[] = {{"ring", run_ring}, {"create", run_create}, {NULL, NULL}};
    context_enter_root(&root);
    return measure_main(benches, argc, argv);
}
