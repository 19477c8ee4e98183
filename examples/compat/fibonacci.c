// A generator of Fibonacci's numbers, written for minicoro. Nothing in it knows of greenlets.
//
//   greenlet-wasm run --compat examples/compat/fibonacci.c
//
// SPDX-License-Identifier: MIT
#define MINICORO_IMPL
#include "minicoro.h"

static void generate(mco_coro *co) {
    int count;
    unsigned long long a = 0, b = 1;
    if (mco_pop(co, &count, sizeof count) != MCO_SUCCESS) abort();
    while (count--) {
        if (mco_push(co, &b, sizeof b) != MCO_SUCCESS || mco_yield(co) != MCO_SUCCESS) abort();
        unsigned long long sum = a + b;
        a = b;
        b = sum;
    }
}

int main(void) {
    mco_coro *co;
    mco_desc desc = mco_desc_init(generate, 0);
    if (mco_create(&co, &desc) != MCO_SUCCESS) return 1;
    int count = 90;
    mco_push(co, &count, sizeof count);
    for (int i = 1; mco_resume(co) == MCO_SUCCESS && mco_status(co) != MCO_DEAD; i++) {
        unsigned long long number;
        mco_pop(co, &number, sizeof number);
        if (i % 10 == 0) printf("%d: %llu\n", i, number);
    }
    printf("a resume too many: %d\n", mco_resume(co) == MCO_NOT_SUSPENDED);
    return mco_destroy(co) == MCO_SUCCESS ? 0 : 1;
}
