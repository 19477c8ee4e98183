// What context_test.c asks on Windows: that the system knows which stack runs.
//
// SPDX-License-Identifier: MIT
#define _WIN32_WINNT 0x0602
#include <windows.h>

#include "context_test.h"

static int is_on_stack(const void *address) {
    ULONG_PTR low, high;
    GetCurrentThreadStackLimits(&low, &high);
    return (ULONG_PTR)address >= low && (ULONG_PTR)address < high;
}

static int use_and_leave(void *value, void **result) {
    (void)value, (void)result;
    volatile char frame[65536];
    for (size_t i = 0; i < sizeof frame; i++) frame[i] = 1; // grows the stack
    CHECK(is_on_stack((const void *)frame));
    CHECK(is_on_stack(first.low) && !is_on_stack(first.low - 1));
    CHECK(context_switch(&first, &root) == 0);
    CHECK(is_on_stack((const void *)frame));
    context_finish_to(&first, &root);
    return 0;
}

static void test_stack_of_thread(void) {
    int local = 0;
    CHECK(context_make(&first, 4 * SMALL, use_and_leave, NULL) == 0);
    CHECK(context_switch(&root, &first) == 0);
    CHECK(is_on_stack(&local));
    CHECK(context_switch(&root, &first) == 0);
    CHECK(is_on_stack(&local) && !context_alive(&first));
}

const context_case_t host_cases[] = {
    {"the thread's stack is the one that runs", test_stack_of_thread},
    {NULL, NULL},
};
