// What the tests of generators share.
//
// SPDX-License-Identifier: MIT
#include "test_generator_shared.h"

generator_t *make_generator(greenlet_run_fn run, void *argument) {
    generator_t *generator = NULL;
    CHECK_OK(generator_new(run, argument, &generator));
    return generator;
}

void drop_generator(generator_t **generator) {
    generator_unref(*generator);
    *generator = NULL;
}

void check_next(generator_t *generator, int expected) {
    void *value = NULL;
    CHECK_OK(generator_next(generator, &value));
    CHECK_INT(INT(value), expected);
}

void check_done(generator_t *generator, int expected) {
    void *value = V(-1);
    CHECK_CODE(generator_next(generator, &value), GENERATOR_DONE);
    CHECK_INT(INT(value), expected);
    CHECK_INT(generator_state(generator), GENERATOR_CLOSED);
}

int throw_e1(generator_t *generator, void **result) {
    greenlet_error_t *error = greenlet_error_new(&E1, "thrown");
    int code = generator_throw(generator, error, result);
    greenlet_error_unref(error);
    return code;
}

// ---- bodies -------------------------------------------------------------------------------------

int run_count(void *argument, void **result) {
    for (intptr_t i = 1; i <= INT(argument); i++) {
        int code = generator_yield(V(i), NULL);
        if (code < 0) return code;
    }
    *result = V(100);
    return GREENLET_OK;
}

int run_echo(void *argument, void **result) {
    (void)result;
    for (;;) {
        void *sent = NULL;
        int code = generator_yield(argument, &sent);
        if (code < 0 && code != CODE_E1) log_add("unwound");
        if (code < 0 && code != CODE_E1) return code;
        argument = code == CODE_E1 ? V(10 * INT(argument)) : sent;
    }
}

int run_stubborn(void *argument, void **result) {
    (void)result;
    for (intptr_t i = 0; i < INT(argument); i++)
        if (generator_yield(V(i), NULL) < 0) log_add("swallowed");
    return GREENLET_OK;
}

int run_at_close(void *argument, void **result) {
    (void)generator_yield(V(1), NULL);
    *result = V(5);
    return argument ? GREENLET_OK : greenlet_raise(&E2, "in clean-up");
}

int run_fail_later(void *argument, void **result) {
    int code = run_count(argument, result);
    return code < 0 ? code : greenlet_raise(&E1, "at the end");
}

// ---- delegation ---------------------------------------------------------------------------------

void *const letters[] = {V(1), V(2)};

static int delegate_to(generator_t *sub, void **result) {
    int code = generator_delegate(sub, result);
    generator_unref(sub);
    return code;
}

int run_two_arrays(void *argument, void **result) {
    (void)argument;
    for (int i = 0; i < 2; i++) {
        generator_t *sub;
        int code = generator_from_array(letters, 2, &sub);
        if (code >= 0) code = delegate_to(sub, result);
        if (code < 0) log_add("code %d", code);
        if (code < 0) return code;
        CHECK_PTR(*result, NULL);
    }
    return GREENLET_OK;
}

static greenlet_run_fn at_the_bottom;
static void *bottom_argument;

static int run_level(void *argument, void **result) {
    generator_t *sub;
    int level = (int)INT(argument);
    greenlet_run_fn below = level > 1 ? run_level : at_the_bottom;
    int code = generator_new(below, level > 1 ? V(level - 1) : bottom_argument, &sub);
    if (code < 0) return code;
    (void)greenlet_set_stack_size(generator_greenlet(sub), 16384);
    code = delegate_to(sub, result);
    if (level <= SOME_LEVELS && code < 0) log_add("%d", level);
    *result = V(INT(*result) + 1);
    return code;
}

generator_t *make_levels(int levels, greenlet_run_fn bottom, void *argument) {
    at_the_bottom = bottom;
    bottom_argument = argument;
    return make_generator(run_level, V(levels));
}
