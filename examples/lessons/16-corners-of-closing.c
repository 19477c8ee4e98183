// What becomes of a generator that is closed twice, fails, yields while it is to end, returns then,
// was never started, or advances itself. In the words of python's errors.
//
//   greenlet-wasm run examples/lessons/16-corners-of-closing.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "generator.h"

static const greenlet_error_type_t ZERO_DIVISION_ERROR = {"ZeroDivisionError", &GREENLET_ERROR,
                                                          GREENLET_EUSER};
static const greenlet_error_type_t KEY_ERROR = {"KeyError", &GREENLET_ERROR, GREENLET_EUSER - 1};

// ---- bodies -------------------------------------------------------------------------------------

static int let_pass(void *argument, void **result) {
    (void)argument, (void)result;
    printf("-> coroutine started\n");
    return generator_yield(NULL, NULL);
}

static int yield_at_close(void *argument, void **result) {
    (void)argument, (void)result;
    (void)generator_yield(NULL, NULL);
    return generator_yield(NULL, NULL);
}

static int return_at_close(void *argument, void **result) {
    (void)generator_yield(NULL, NULL);
    *result = argument;
    return GREENLET_OK;
}

static int fail_at_close(void *argument, void **result) {
    (void)argument, (void)result;
    (void)generator_yield(NULL, NULL);
    return greenlet_raise(&KEY_ERROR, "'k'");
}

static int advance_itself(void *argument, void **result) {
    (void)argument;
    return generator_next(generator_current(), result);
}

// ---- corners ------------------------------------------------------------------------------------

static const char *state_of(const generator_t *generator) {
    static const char *const names[] = {"CREATED", "RUNNING", "SUSPENDED", "CLOSED"};
    return names[generator_state(generator)];
}

static void close_twice(generator_t *generator) {
    if (generator_close(generator) == GREENLET_OK && generator_close(generator) == GREENLET_OK)
        printf("second close ok\n");
}

static int throw_zero_division(generator_t *generator) {
    greenlet_error_t *error = greenlet_error_new(&ZERO_DIVISION_ERROR, NULL);
    int status = generator_throw(generator, error, NULL);
    greenlet_error_unref(error);
    return status;
}

static void throw_to_suspended(generator_t *generator) {
    generator_next(generator, NULL);
    if (throw_zero_division(generator) == ZERO_DIVISION_ERROR.code)
        printf("ZeroDivisionError propagated\nGEN_%s\n", state_of(generator));
}

static void close_suspended(generator_t *generator) {
    generator_next(generator, NULL);
    int status = generator_close(generator);
    if (status == GREENLET_OK) printf("None\n");
    if (status == GREENLET_EIGNORED) printf("RuntimeError: generator ignored GeneratorExit\n");
    if (status == KEY_ERROR.code)
        printf("KeyError %s\n", greenlet_error_message(greenlet_last_error()));
}

static void close_fresh(generator_t *generator) {
    if (generator_close(generator) == GREENLET_OK) printf("None GEN_%s\n", state_of(generator));
    if (generator_next(generator, NULL) == GENERATOR_DONE) printf("StopIteration\n");
}

static void throw_to_fresh(generator_t *generator) {
    if (throw_zero_division(generator) == ZERO_DIVISION_ERROR.code)
        printf("throw into just-created propagates; GEN_%s\n", state_of(generator));
}

static void advance_running(generator_t *generator) {
    if (generator_next(generator, NULL) == GREENLET_EEXECUTING)
        printf("ValueError: generator already executing\n");
}

static void show(greenlet_run_fn body, void (*corner)(generator_t *generator)) {
    generator_t *generator;
    if (generator_new(body, "ignored", &generator) < 0) return;
    corner(generator);
    generator_unref(generator);
}

int main(void) {
    show(let_pass, close_twice);
    show(let_pass, throw_to_suspended);
    show(yield_at_close, close_suspended);
    show(return_at_close, close_suspended);
    show(fail_at_close, close_suspended);
    show(let_pass, close_fresh);
    show(let_pass, throw_to_fresh);
    show(advance_itself, advance_running);
    return 0;
}
