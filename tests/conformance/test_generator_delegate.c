// Generators that delegate (G-12).
//
// SPDX-License-Identifier: MIT
#include "test_generator_shared.h"

enum { MANY_LEVELS = 1000 };

static generator_t *g;

TEST(G_12_delegation_to_arrays) {
    g = make_generator(run_two_arrays, NULL);
    for (int i = 0; i < 4; i++) check_next(g, i % 2 + 1);
    check_done(g, 0);
    drop_generator(&g);
    g = make_generator(run_two_arrays, NULL);
    check_next(g, 1);
    CHECK_CODE(throw_e1(g, NULL), CODE_E1);
    drop_generator(&g);
    g = make_generator(run_two_arrays, NULL);
    check_next(g, 1);
    CHECK_CODE(generator_send(g, V(1), NULL), GREENLET_EINVAL);
    drop_generator(&g);
    CHECK_LOG("code -1001 code -2");
    CHECK_CODE(generator_from_array(NULL, 1, &g), GREENLET_EINVAL);
}

TEST(G_12_throw_and_close_through_levels) {
    void *value = NULL;
    g = make_levels(SOME_LEVELS, run_echo, V(3));
    check_next(g, 3);
    CHECK_INT(generator_state(g), GENERATOR_SUSPENDED);
    CHECK_OK(generator_send(g, V(4), &value));
    CHECK_INT(INT(value), 4);
    CHECK_OK(throw_e1(g, &value));
    CHECK_INT(INT(value), 40);
    CHECK_OK(generator_close(g));
    CHECK_LOG("unwound 1 2 3");
    check_done(g, 0);
    drop_generator(&g);
}

TEST(G_12_an_error_passes_the_levels) {
    g = make_levels(SOME_LEVELS, run_fail_later, V(1));
    check_next(g, 1);
    CHECK_CODE(generator_next(g, NULL), CODE_E1);
    CHECK_LOG("1 2 3");
    drop_generator(&g);
}

TEST(G_12_a_close_ends_those_who_delegate_too) {
    g = make_levels(SOME_LEVELS, run_at_close, V(1)); // which takes it for a wish to return
    check_next(g, 1);
    CHECK_CODE(generator_throw(g, NULL, NULL), GREENLET_EEXIT);
    CHECK_LOG("1 2 3");
    check_done(g, 0);
    drop_generator(&g);
    g = make_levels(SOME_LEVELS, run_stubborn, V(3));
    check_next(g, 0);
    CHECK_CODE(generator_close(g), GREENLET_EIGNORED);
    check_next(g, 2);
    check_done(g, SOME_LEVELS);
    CHECK_LOG("swallowed");
    drop_generator(&g);
}

TEST(G_12_G_11_dropped_while_suspended_levels_deep) {
    g = make_levels(2, run_echo, V(3));
    check_next(g, 3);
    drop_generator(&g);
    CHECK_LOG("unwound 1 2");
}

TEST(G_12_G_11_a_drop_ends_those_who_delegate_too) {
    g = make_levels(2, run_at_close, V(1)); // which takes it for a wish to return
    check_next(g, 1);
    drop_generator(&g);
    CHECK_LOG("1 2");
}

static int count_switch(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                        const greenlet_error_t *error, void *data) {
    (void)event, (void)origin, (void)target, (void)error;
    ++*(int *)data;
    return GREENLET_OK;
}

TEST(G_12_a_resume_costs_the_same_at_any_depth) {
    int switches = 0;
    g = make_levels(MANY_LEVELS, run_count, V(3));
    check_next(g, 1);
    (void)greenlet_set_trace(count_switch, &switches);
    check_next(g, 2);
    CHECK_INT(switches, 2);
    check_next(g, 3);
    CHECK_INT(switches, 4);
    (void)greenlet_set_trace(NULL, NULL);
    check_done(g, 100 + MANY_LEVELS);
    drop_generator(&g);
}

TEST(G_12_many_levels_unwind) {
    g = make_levels(MANY_LEVELS, run_echo, V(3));
    check_next(g, 3);
    drop_generator(&g);
    CHECK_LOG("unwound 1 2 3");
}

static generator_t *shared;

static int run_share(void *argument, void **result) {
    (void)argument;
    *result = V(7);
    int code = generator_delegate(shared, result);
    return code < 0 ? code : generator_yield(V(50), NULL);
}

TEST(G_12_nobody_else_advances_who_is_delegated_to) {
    shared = make_generator(run_count, V(2));
    g = make_generator(run_share, NULL);
    check_next(g, 1);
    CHECK_CODE(generator_next(shared, NULL), GREENLET_EEXECUTING);
    CHECK_CODE(generator_close(shared), GREENLET_EEXECUTING);
    check_next(g, 2);
    check_next(g, 50);
    CHECK_INT(generator_state(shared), GENERATOR_CLOSED);
    check_done(g, 100);
    drop_generator(&g);
    g = make_generator(run_share, NULL); // to one that has ended: NULL at once
    check_next(g, 50);
    check_done(g, 0);
    drop_generator(&g);
    generator_unref(shared);
}

TEST(G_12_one_that_has_begun_loses_its_last_value) {
    shared = make_levels(2, run_count, V(3)); // itself a chain
    CHECK_OK(generator_next(shared, NULL));
    g = make_generator(run_share, NULL);
    check_next(g, 2);
    check_next(g, 3);
    check_next(g, 50);
    drop_generator(&g);
    generator_unref(shared);
}

// One that was delegated to and let go of can be advanced on its own.
static int run_catch(void *argument, void **result) {
    (void)argument;
    int code = generator_delegate(shared, result);
    log_add("caught %d", code);
    return generator_yield(V(60), NULL);
}

TEST(G_12_who_delegates_may_handle_an_error) {
    shared = make_generator(run_count, V(3));
    g = make_generator(run_catch, NULL);
    check_next(g, 1);
    void *value = NULL;
    CHECK_OK(throw_e1(g, &value));
    CHECK_INT(INT(value), 60);
    CHECK_CODE(generator_next(shared, NULL), GENERATOR_DONE);
    check_done(g, 0);
    CHECK_LOG("caught -1001");
    drop_generator(&g);
    generator_unref(shared);
}
