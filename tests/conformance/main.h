// What the program asks of the harness.
//
// SPDX-License-Identifier: MIT
#ifndef MAIN_H
#define MAIN_H

#include "check.h"

test_t *test_list(void);
// 1 if it passed.
int test_run(const test_t *test);
// Makes the library's memory come from the counting allocator.
void memory_install(void);

#endif
