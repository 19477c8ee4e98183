// Generators made of plain greenlets (NE).
//
// SPDX-License-Identifier: MIT
#include <string.h>

#include "check.h"

// A generator is a greenlet that is put under whoever asks it for the next value.
typedef struct generator {
    greenlet_t *greenlet;
    int count;
} generator_t;

static const greenlet_error_type_t NO_GENERATOR = {"NoGenerator", &GREENLET_ERROR,
                                                   GREENLET_EUSER - 20};

static int run_generator(void *value, void **result);
static void (*body)(generator_t *self);

static generator_t *generator_new(int count) {
    static generator_t pool[64];
    static size_t used;
    generator_t *generator = &pool[used++ % 64];
    generator->count = count;
    generator->greenlet = make(run_generator);
    greenlet_set_user(generator->greenlet, generator, NULL);
    return generator;
}

static int run_generator(void *value, void **result) {
    (void)value, (void)result;
    body(greenlet_user(greenlet_current()));
    return GREENLET_OK;
}

// 1 with the next value, 0 at the end.
static int next(generator_t *generator, void **value) {
    void *got = NULL;
    CHECK_OK(greenlet_set_parent(generator->greenlet, greenlet_current()));
    CHECK_OK(greenlet_switch(generator->greenlet, NULL, &got));
    if (!greenlet_active(generator->greenlet)) return 0;
    *value = got;
    return 1;
}

// Works at any depth of calls; fails where no ancestor is a generator.
static int yield_value(void *value) {
    greenlet_t *self = greenlet_current();
    while (self && !greenlet_user(self)) self = greenlet_parent(self);
    if (!self) return greenlet_raise(&NO_GENERATOR, "yield outside of a generator");
    return greenlet_switch(greenlet_parent(self), value, NULL);
}

static void count_up(generator_t *self) {
    for (int i = 0; i < self->count; i++)
        if (yield_value(V(i)) < 0) return;
}

TEST(NE_01_generator) {
    void *value;
    body = count_up;
    for (int round = 0; round < 3; round++) {
        generator_t *generator = generator_new(5);
        for (int i = 0; next(generator, &value); i++) log_add("%d %d", i, (int)INT(value));
        CHECK_LOG("0 0 1 1 2 2 3 3 4 4");
        CHECK_INT(next(generator, &value), 0);
        greenlet_unref(generator->greenlet);
    }
}

static int yield_in_a_helper(int i) {
    return yield_value(V(i));
}

static void count_with_helper(generator_t *self) {
    for (int i = 0; i < self->count; i++) {
        log_add("%d", i + 1);
        if (yield_in_a_helper(i) < 0) return;
    }
}

TEST(NE_02_yield_in_a_nested_function) {
    void *value;
    body = count_with_helper;
    for (int round = 0; round < 3; round++) {
        generator_t *generator = generator_new(5);
        while (next(generator, &value)) log_add("%d", (int)INT(value));
        CHECK_LOG("1 0 2 1 3 2 4 3 5 4");
        greenlet_unref(generator->greenlet);
    }
}

static void count_recursively(generator_t *self) {
    void *value;
    if (self->count == 0) return;
    generator_t *below = generator_new(self->count - 1);
    while (next(below, &value))
        if (yield_value(value) < 0) break;
    greenlet_unref(below->greenlet);
    (void)yield_value(V(self->count));
}

TEST(NE_03_generators_drive_generators) {
    void *value;
    body = count_recursively;
    generator_t *generator = generator_new(5);
    while (next(generator, &value)) log_add("%d", (int)INT(value));
    CHECK_LOG("1 2 3 4 5");
    greenlet_unref(generator->greenlet);
}

// The inner one yields past the outer one, straight to whoever drives that. It is this one that
// the next advance resumes.
static greenlet_t *layered_inner, *layered_outer, *layered_resume;

static int run_layered_inner(void *value, void **result) {
    (void)value, (void)result;
    for (intptr_t i = 1; i < 5; i++) {
        layered_resume = greenlet_current();
        int code = greenlet_switch(greenlet_parent(layered_outer), V(i), NULL);
        if (code < 0) return code;
        code = up(V(i * i), NULL);
        if (code < 0) return code;
    }
    return GREENLET_OK;
}

static int run_layered_outer(void *value, void **result) {
    (void)result;
    layered_inner = make(run_layered_inner);
    for (;;) {
        int code = greenlet_switch(layered_inner, NULL, &value);
        if (code < 0 || greenlet_dead(layered_inner)) return code;
        layered_resume = greenlet_current();
        code = up(value, NULL);
        if (code < 0) return code;
    }
}

TEST(NE_04_a_yield_may_skip_levels) {
    void *value;
    layered_outer = make(run_layered_outer);
    layered_resume = layered_outer;
    for (int i = 0; i < 8; i++) {
        CHECK_OK(greenlet_switch(layered_resume, NULL, &value));
        log_add("%d", (int)INT(value));
    }
    CHECK_LOG("1 1 2 4 3 9 4 16");
    CHECK_OK(greenlet_switch(layered_resume, NULL, NULL));
    CHECK_INT(greenlet_dead(layered_outer), 1);
    drop(&layered_outer);
    drop(&layered_inner);
}

// Every order of the first `count` digits: the last of those left, put before each of the rest.
static int permute(char *digits, int fixed, int count) {
    if (fixed == count) return yield_value(digits);
    for (int i = fixed; i < count; i++) {
        char chosen = digits[i];
        memmove(digits + fixed + 1, digits + fixed, (size_t)(i - fixed));
        digits[fixed] = chosen;
        int code = permute(digits, fixed + 1, count);
        if (code < 0) return code;
        memmove(digits + fixed, digits + fixed + 1, (size_t)(i - fixed));
        digits[i] = chosen;
    }
    return GREENLET_OK;
}

static void permutations(generator_t *self) {
    char digits[] = "0123";
    digits[self->count] = '\0';
    (void)permute(digits, 0, self->count);
}

TEST(NE_05_permutations) {
    void *value, *other;
    char last[8] = "";
    int count = 0;
    body = permutations;
    generator_t *generator = generator_new(4);
    while (next(generator, &value)) {
        if (count++ == 0) CHECK_STR(value, "0123");
        strcpy(last, value);
    }
    CHECK_INT(count, 24);
    CHECK_STR(last, "3210");
    greenlet_unref(generator->greenlet);
    generator = generator_new(4);
    generator_t *second = generator_new(3);
    while (next(second, &other) && next(generator, &value))
        log_add("%s/%s", (char *)value, (char *)other);
    CHECK_LOG("0123/012 0132/021 0213/102 0231/120 0312/201 0321/210");
    greenlet_unref(generator->greenlet);
    greenlet_unref(second->greenlet);
}

TEST(NE_06_a_yield_outside_of_any_is_an_error) {
    CHECK_CODE(yield_value(V(1)), GREENLET_EUSER - 20);
}
