// What the tests of generators share.
//
// SPDX-License-Identifier: MIT
#ifndef TEST_GENERATOR_SHARED_H
#define TEST_GENERATOR_SHARED_H

#include "check.h"
#include "generator.h"

// A new one; never NULL.
generator_t *make_generator(greenlet_run_fn run, void *argument);
// Drops the reference and forgets it.
void drop_generator(generator_t **generator);
// Advances it, and checks what it yields or returns.
void check_next(generator_t *generator, int expected);
void check_done(generator_t *generator, int expected);
int throw_e1(generator_t *generator, void **result);

// Yields 1, 2, … up to its argument and returns 100; fails with E1 instead.
int run_count(void *argument, void **result);
int run_fail_later(void *argument, void **result);
// Yields what it is sent, ten times that at a throw of E1, until an error that it lets pass.
int run_echo(void *argument, void **result);
// Swallows whatever is thrown in, and yields on.
int run_stubborn(void *argument, void **result);
// Ends as it is told at a close: by returning 5, or without an argument by another error.
int run_at_close(void *argument, void **result);
// Delegates to a generator from `letters`, twice.
extern void *const letters[2];
int run_two_arrays(void *argument, void **result);

enum { SOME_LEVELS = 3 };
// One with so many levels of delegation above the bottom. Each adds 1 to what it returns; up to
// SOME_LEVELS log their number when they fail.
generator_t *make_levels(int levels, greenlet_run_fn bottom, void *argument);

#endif
