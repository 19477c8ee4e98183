// Values (VA), switching (SW) and starting (ST).
//
// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "check.h"

static greenlet_t *a, *b, *c;

// ---- VA: values ---------------------------------------------------------------------------------

TEST(VA_01_first_payload_is_the_argument) {
    void *result;
    a = make_named(run_logged, "a");
    CHECK_OK(greenlet_switch(a, V(3), &result));
    CHECK_LOG("a:3");
    CHECK_INT(INT(result), 3);
    drop(&a);
}

static int run_sum(void *value, void **result) {
    void *second;
    int code = up(V(0), &second);
    *result = V(INT(value) + INT(second));
    return code;
}

TEST(VA_02_later_payload_is_the_result_of_the_pending_switch) {
    void *result;
    a = make(run_sum);
    CHECK_OK(greenlet_switch(a, V(40), &result));
    CHECK_INT(INT(result), 0);
    CHECK_OK(greenlet_switch(a, V(2), &result));
    CHECK_INT(INT(result), 42);
    drop(&a);
}

TEST(VA_03_nothing_is_null_with_success) {
    void *result = V(1);
    a = make(run_up);
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK_PTR(result, NULL);
    result = V(1);
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK_PTR(result, NULL);
    drop(&a);
}

static int run_pass_on(void *value, void **result) {
    int code = greenlet_switch(b, value, &value);
    *result = value;
    return code;
}

TEST(VA_04_a_value_arrives_as_itself) {
    int object;
    void *result;
    a = make(run_pass_on);
    b = make_under(run_return, a);
    CHECK_OK(greenlet_switch(a, &object, &result)); // to a, to b, back to a, here
    CHECK_PTR(result, &object);
    drop(&b);
    drop(&a);
}

typedef struct pair {
    int first, second;
} pair_t;

static int run_give_pair(void *value, void **result) {
    pair_t mine = {INT(value) > 0, 2};
    return up(&mine, result);
}

TEST(VA_05_WA_11_what_is_wider_goes_by_pointer_to_a_suspended_stack) {
    void *result;
    a = make(run_give_pair);
    CHECK_OK(greenlet_switch(a, V(1), &result));
    const pair_t *pair = result;
    b = make_suspended(); // something happens meanwhile
    CHECK_INT(pair->first, 1);
    CHECK_INT(pair->second, 2);
    drop(&b);
    drop(&a);
}

TEST(VA_08_VA_10_no_value_is_no_error) {
    void *result = V(1);
    a = make(run_nothing);
    CHECK_OK(greenlet_switch(a, V(5), &result));
    CHECK_PTR(result, NULL);
    CHECK_PTR(greenlet_last_error(), NULL);
    drop(&a);
}

static int run_to_b(void *value, void **result) {
    return greenlet_switch(b, value, result);
}

static int run_to_main(void *value, void **result) {
    (void)value;
    return greenlet_switch(greenlet_main(), V(9), result);
}

TEST(VA_09_the_answer_may_come_from_anybody) {
    void *result;
    a = make(run_to_b);
    b = make(run_to_main);
    CHECK_OK(greenlet_switch(a, V(1), &result));
    CHECK_INT(INT(result), 9);
    CHECK(greenlet_active(a) && greenlet_active(b));
    drop(&a);
    drop(&b);
}

TEST(VA_12_payload_of_a_failed_switch_is_lost) {
    void *result;
    a = make(NULL);
    CHECK_CODE(greenlet_switch(a, V(1), NULL), GREENLET_ENORUN);
    CHECK_OK(greenlet_set_run(a, run_return));
    CHECK_OK(greenlet_switch(a, V(2), &result));
    CHECK_INT(INT(result), 2);
    drop(&a);
}

static int run_free_argument(void *value, void **result) {
    int *argument = value;
    intptr_t sum = *argument;
    free(argument);
    void *more;
    int code = up(NULL, &more);
    argument = more;
    sum += *argument;
    free(argument);
    *result = V(sum);
    return code;
}

static int *make_number(int number) {
    int *made = malloc(sizeof *made);
    if (!made) exit(1);
    *made = number;
    return made;
}

TEST(VA_11_an_argument_is_whose_it_is_given_to) {
    void *result = NULL;
    a = make(run_free_argument);
    CHECK_OK(greenlet_switch(a, make_number(40), NULL));
    CHECK_OK(greenlet_switch(a, make_number(2), &result));
    CHECK_INT(INT(result), 42);
    CHECK(greenlet_dead(a));
    CHECK_OK(greenlet_switch(a, V(1), &result)); // nothing of them is left in it
    CHECK_INT(INT(result), 1);
    drop(&a);
}

// ---- SW: switching ------------------------------------------------------------------------------

static int run_ping(void *value, void **result) {
    (void)value, (void)result;
    log_add("1");
    int code = up(NULL, NULL);
    log_add("3");
    return code;
}

TEST(SW_01_ping_pong) {
    a = make(run_ping);
    log_add("0");
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    log_add("2");
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    log_add("4");
    CHECK_LOG("0 1 2 3 4");
    CHECK(greenlet_dead(a));
    drop(&a);
}

static int length;

static int run_lengthen(void *value, void **result) {
    (void)value, (void)result;
    length++;
    int code = up(NULL, NULL);
    length += 2;
    return code;
}

TEST(SW_02_two_children_with_the_same_run) {
    length = 0;
    a = make(run_lengthen);
    b = make(run_lengthen);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_INT(length, 1);
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    CHECK_INT(length, 2);
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    CHECK_INT(length, 4);
    CHECK(greenlet_dead(b) && !greenlet_dead(a));
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_INT(length, 6);
    CHECK(greenlet_dead(a));
    drop(&a);
    drop(&b);
}

static int run_outer(void *value, void **result) {
    (void)value, (void)result;
    log_add("a");
    greenlet_t *inner = make_named(run_logged, "b");
    int code = greenlet_switch(inner, NULL, NULL);
    greenlet_unref(inner);
    log_add("c");
    return code;
}

TEST(SW_03_a_childs_child_returns_to_the_child) {
    a = make(run_outer);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_LOG("a b:0 c");
    drop(&a);
}

static int run_12_34(void *value, void **result) {
    (void)value, (void)result;
    log_add("12");
    int code = greenlet_switch(b, NULL, NULL);
    log_add("34");
    return code;
}

static int run_56_78(void *value, void **result) {
    (void)value, (void)result;
    log_add("56");
    int code = greenlet_switch(a, NULL, NULL);
    if (code >= 0) log_add("78");
    return code;
}

TEST(SW_04_switching_is_not_calling) {
    a = make(run_12_34);
    b = make(run_56_78);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_LOG("12 56 34");
    CHECK(greenlet_dead(a));
    CHECK(greenlet_active(b) && !greenlet_dead(b));
    drop(&a);
    drop(&b);
    CHECK_LOG("");
}

static int run_a_of_ancestors(void *value, void **result) {
    log_add("a1:%d", (int)INT(value));
    int code = greenlet_switch(b, V(2), &value); // b is a child of this one
    log_add("a2:%d", (int)INT(value));
    code = greenlet_switch(greenlet_main(), V(4), &value);
    log_add("a3:%d", (int)INT(value));
    *result = V(6);
    return code;
}

static int run_b_of_ancestors(void *value, void **result) {
    log_add("b1:%d", (int)INT(value));
    int code = greenlet_switch(a, V(3), &value);
    log_add("b2:%d", (int)INT(value));
    *result = V(5);
    return code;
}

TEST(SW_05_SW_06_any_greenlet_may_be_the_target) {
    void *result;
    a = make(run_a_of_ancestors);
    b = make_under(run_b_of_ancestors, a);
    CHECK_OK(greenlet_switch(a, V(1), &result));
    CHECK_INT(INT(result), 4);
    CHECK_OK(greenlet_switch(b, V(7), &result));
    CHECK_INT(INT(result), 6);
    CHECK_LOG("a1:1 b1:2 a2:3 b2:7 a3:5");
    CHECK(greenlet_dead(a) && greenlet_dead(b));
    drop(&b);
    drop(&a);
}

static int run_switch_to_self(void *value, void **result) {
    int code = greenlet_switch(greenlet_current(), value, result);
    CHECK_INT(greenlet_active(greenlet_current()), 1);
    return code;
}

TEST(SW_07_switch_to_self_returns_the_payload) {
    void *result = NULL;
    CHECK_OK(greenlet_switch(greenlet_current(), V(7), &result));
    CHECK_INT(INT(result), 7);
    CHECK_OK(greenlet_switch(greenlet_current(), NULL, &result));
    CHECK_PTR(result, NULL);
    a = make(run_switch_to_self);
    CHECK_OK(greenlet_switch(a, V(8), &result));
    CHECK_INT(INT(result), 8);
    drop(&a);
}

TEST(SW_08_switch_to_dead_comes_back) {
    void *result = V(1);
    a = make_dead();
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK_PTR(result, NULL);
    CHECK_OK(greenlet_switch(a, V(25), &result));
    CHECK_INT(INT(result), 25);
    drop(&a);
}

static int run_log_twice(void *value, void **result) {
    int code = up(NULL, &value);
    log_add("p:%d", (int)INT(value));
    code = up(V(1), &value);
    log_add("p:%d", (int)INT(value));
    *result = V(2);
    return code;
}

TEST(SW_09_switch_to_dead_resumes_its_living_parent) {
    void *result;
    a = make(run_log_twice);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    b = make_under(run_42, a);
    CHECK_OK(greenlet_switch(b, NULL, &result)); // b's result goes to a
    CHECK_INT(INT(result), 1);
    CHECK(greenlet_dead(b));
    CHECK_OK(greenlet_switch(b, V(99), &result));
    CHECK_INT(INT(result), 2);
    CHECK_LOG("p:42 p:99");
    drop(&b);
    drop(&a);
}

TEST(SW_10_switch_to_dead_starts_its_new_parent) {
    void *result;
    a = make_named(run_logged, "a");
    b = make_dead();
    CHECK_OK(greenlet_set_parent(b, a));
    CHECK_OK(greenlet_switch(b, V(5), &result));
    CHECK_LOG("a:5");
    CHECK_INT(INT(result), 5);
    CHECK(greenlet_dead(a));
    drop(&b);
    drop(&a);
}

TEST(SW_11_switch_to_dead_under_one_without_run_fails_each_time) {
    a = make(NULL);
    b = make_dead();
    CHECK_OK(greenlet_set_parent(b, a));
    CHECK_CODE(greenlet_switch(b, V(1), NULL), GREENLET_ENORUN);
    CHECK_CODE(greenlet_switch(b, V(1), NULL), GREENLET_ENORUN);
    CHECK_INT(greenlet_started(a), 0);
    CHECK_INT(greenlet_dead(b), 1);
    drop(&b);
    drop(&a);
}

TEST(SW_12_dead_chain_of_any_length) {
    enum { COUNT = 20000 };
    void *result;
    greenlet_t *deepest = make_dead();
    for (int i = 1; i < COUNT; i++) {
        greenlet_t *child = make_under(run_nothing, deepest);
        int code = greenlet_switch(child, NULL, NULL);
        if (code != GREENLET_OK || !greenlet_dead(child)) CHECK_INT(code, GREENLET_OK);
        greenlet_unref(deepest);
        deepest = child;
    }
    CHECK_OK(greenlet_switch(deepest, V(7), &result));
    CHECK_INT(INT(result), 7);
    greenlet_unref(deepest);
}

static int run_handle_and_go_up(void *value, void **result) {
    if (up(value, NULL) == CODE_E1) log_add("handled");
    int code = up(V(1), &value);
    log_add("r:%d", (int)INT(value));
    *result = V(2);
    return code;
}

TEST(SW_13_one_suspended_by_a_throw_gets_the_payload) {
    void *result;
    a = make(run_handle_and_go_up);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_OK(throw_type(a, &E1, &result));
    CHECK_INT(INT(result), 1);
    CHECK_OK(greenlet_switch(a, V(26), &result));
    CHECK_INT(INT(result), 2);
    CHECK_LOG("handled r:26");
    drop(&a);
}

TEST(SW_14_RE_08_nothing_but_the_trace_runs_in_between) {
    a = make_named(run_logged, "a");
    greenlet_set_trace(trace_log, NULL);
    CHECK_OK(greenlet_switch(a, V(1), NULL));
    log_add("returned");
    greenlet_set_trace(NULL, NULL);
    CHECK_LOG("s:main>a a:1 s:a>main returned");
    drop(&a);
}

static int run_alternate(void *value, void **result) {
    greenlet_t **other = value;
    (void)result;
    for (int i = 0; i < 3; i++) {
        log_add("%s%d", name_of_current(), i);
        int code = greenlet_switch(*other, *other == b ? &a : &b, NULL);
        if (code < 0) return code;
    }
    return GREENLET_OK;
}

TEST(SW_15_alternation_is_deterministic) {
    a = make_named(run_alternate, "a");
    b = make_named(run_alternate, "b");
    CHECK_OK(greenlet_switch(a, &b, NULL));
    CHECK_LOG("a0 b0 a1 b1 a2 b2");
    CHECK(greenlet_dead(a));
    CHECK(greenlet_active(b));
    drop(&a);
    drop(&b);
}

enum { MANY = 2000 };
static greenlet_t *many[MANY];

static int run_add_own(void *value, void **result) {
    volatile intptr_t mine = INT(value);
    void *more;
    int code = up(value, &more);
    *result = V(mine + INT(more));
    return code;
}

TEST(SW_16_many_suspended_ones_keep_their_locals) {
    void *result = NULL;
    intptr_t sum = 0;
    int wrong = 0;
    for (int i = 0; i < MANY; i++) {
        many[i] = make(run_add_own);
        (void)greenlet_set_stack_size(many[i], 8192);
        wrong += greenlet_switch(many[i], V(i), &result) != GREENLET_OK || INT(result) != i;
    }
    for (int i = 0; i < MANY; i++) {
        wrong += greenlet_switch(many[i], V(1), &result) != GREENLET_OK;
        wrong += !greenlet_dead(many[i]);
        sum += INT(result);
        drop(&many[i]);
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(sum, (intptr_t)MANY * (MANY - 1) / 2 + MANY);
}

static int run_values(void *value, void **result) {
    void *first, *second;
    (void)value;
    int code = up(V(1), &first);
    code = code < 0 ? code : up(V(2), &second);
    if (code >= 0) *result = V(INT(first) * 10 + INT(second));
    return code;
}

TEST(SW_17_successive_values_keep_order) {
    void *result;
    a = make(run_values);
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK_INT(INT(result), 1);
    CHECK_OK(greenlet_switch(a, V(3), &result));
    CHECK_INT(INT(result), 2);
    CHECK_OK(greenlet_switch(a, V(4), &result));
    CHECK_INT(INT(result), 34);
    drop(&a);
}

TEST(SW_18_a_last_switch_leaves_it_alive) {
    a = make(run_up);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_INT(greenlet_dead(a), 0);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
}

static int run_start_parent(void *value, void **result) {
    int code = greenlet_switch(a, V(12), &value);
    log_add("c:%d", (int)INT(value));
    *result = V(3);
    return code;
}

TEST(SW_19_unstarted_ancestor_from_its_descendant) {
    void *result;
    a = make_named(run_logged, "a");
    c = make_under(run_start_parent, a);
    CHECK_OK(greenlet_switch(c, NULL, &result));
    CHECK_INT(INT(result), 12);
    CHECK(greenlet_dead(a) && greenlet_active(c));
    CHECK_OK(greenlet_switch(c, V(17), &result));
    CHECK_INT(INT(result), 3);
    CHECK_LOG("a:12 c:17");
    drop(&c);
    drop(&a);
}

static int run_ten_times_five(void *value, void **result) {
    *result = V(INT(value) * 5);
    return GREENLET_OK;
}

TEST(CA_03_a_switch_has_a_status_and_a_result) {
    void *result = V(1);
    a = make(run_ten_times_five);
    CHECK_OK(greenlet_switch(a, V(10), &result));
    CHECK_INT(INT(result), 50);
    CHECK_CODE(greenlet_switch(NULL, V(10), &result), GREENLET_EINVAL);
    CHECK_INT(INT(result), 50);
    CHECK_OK(greenlet_switch(a, NULL, NULL)); // nothing to send, and nowhere to put the result
    drop(&a);
}

TEST(MISUSE_of_switch_and_throw_is_a_code) {
    CHECK_CODE(greenlet_switch(NULL, NULL, NULL), GREENLET_EINVAL);
    CHECK_CODE(greenlet_throw(NULL, NULL, NULL), GREENLET_EINVAL);
    CHECK_PTR(greenlet_ref(NULL), NULL);
    greenlet_unref(NULL);
}

// ---- ST: starting -------------------------------------------------------------------------------

static int run_started(void *value, void **result) {
    greenlet_t *self = greenlet_current();
    CHECK_PTR(self, a);
    CHECK_INT(greenlet_started(self), 1);
    CHECK_INT(greenlet_active(self), 1);
    CHECK_INT(greenlet_dead(self), 0);
    *result = value;
    return GREENLET_OK;
}

TEST(ST_01_first_switch_starts) {
    void *result;
    a = make(run_started);
    CHECK_OK(greenlet_switch(a, V(6), &result));
    CHECK_INT(INT(result), 6);
    drop(&a);
}

static int entries;

static int run_count_entries(void *value, void **result) {
    entries++;
    return run_up(value, result);
}

TEST(ST_02_started_at_most_once) {
    entries = 0;
    a = make(run_count_entries);
    for (int i = 0; i < 4; i++) CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_INT(entries, 1);
    CHECK(greenlet_dead(a));
    drop(&a);
}

// Handles errors of its own, and goes elsewhere and back, while another one is on its way.
static int trace_with_errors(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                             const greenlet_error_t *error, void *data) {
    (void)event, (void)origin, (void)error;
    int *times = data;
    if (target != a || (*times)++) return GREENLET_OK;
    CHECK_CODE(greenlet_raise(&E2, "of the trace"), CODE_E2);
    CHECK_CODE(greenlet_switch(b, NULL, NULL), CODE_E2);
    greenlet_error_unref(greenlet_error_take());
    return GREENLET_OK;
}

static int run_fail_e2(void *value, void **result) {
    (void)value, (void)result;
    return greenlet_raise(&E2, "of b");
}

TEST(ST_06_a_thrown_error_survives_others_on_its_way) {
    int times = 0;
    a = make_named(run_logged, "a");
    b = make_under(run_fail_e2, a); // fails the callback's switch
    greenlet_set_trace(trace_with_errors, &times);
    CHECK_CODE(throw_type(a, &E1, NULL), CODE_E1);
    greenlet_set_trace(NULL, NULL);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "thrown");
    CHECK(greenlet_dead(a) && greenlet_dead(b));
    CHECK_INT(times, 2);
    CHECK_LOG("");
    drop(&b);
    drop(&a);
}

TEST(ST_07_no_stack_leaves_it_new) {
    void *result = V(1);
    a = make(run_42);
    CHECK_OK(greenlet_set_stack_size(a, SIZE_MAX));
    CHECK_CODE(greenlet_switch(a, NULL, &result), GREENLET_ENOMEM);
    CHECK_INT(INT(result), 1);
    CHECK_CODE(throw_type(a, &E1, NULL), GREENLET_ENOMEM);
    CHECK_INT(greenlet_dead(a), 0);
    CHECK_INT(greenlet_started(a), 0);
    CHECK_OK(greenlet_set_stack_size(a, SIZE_MAX - 1));
    CHECK_CODE(greenlet_switch(a, NULL, &result), GREENLET_ENOMEM);
    CHECK_OK(greenlet_set_stack_size(a, SIZE_MAX / 2 + 1));
    CHECK_CODE(greenlet_switch(a, NULL, &result), GREENLET_ENOMEM);
    CHECK_OK(greenlet_set_stack_size(a, 0));
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK_INT(INT(result), 42);
    drop(&a);
}

static int run_clean(void *value, void **result) {
    (void)value, (void)result;
    CHECK_PTR(greenlet_last_error(), NULL);
    CHECK_INT(errno, 0);
    return GREENLET_OK;
}

static int run_three_steps(void *value, void **result) {
    for (int step = 1; step < 3; step++) {
        log_add("%d", step);
        int code = up(value, result);
        if (code < 0) return code;
    }
    log_add("3");
    return GREENLET_OK;
}

TEST(ST_08_a_refused_switch_leaves_the_target_suspended) {
    void *result = V(1);
    a = make(run_three_steps);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_LOG("1 2");
    greenlet_forbid_switches();
    CHECK_CODE(greenlet_switch(a, V(9), &result), GREENLET_EFORBIDDEN);
    CHECK_CODE(throw_type(a, &E1, &result), GREENLET_EFORBIDDEN);
    greenlet_allow_switches();
    CHECK_INT(INT(result), 1);
    CHECK_INT(greenlet_active(a), 1);
    CHECK_LOG("");
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_LOG("3");
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
}

TEST(SWITCH_allowed_once_too_often_it_can_still_be_forbidden) {
    a = make(run_three_steps);
    greenlet_allow_switches();
    greenlet_forbid_switches();
    CHECK_CODE(greenlet_switch(a, NULL, NULL), GREENLET_EFORBIDDEN);
    greenlet_allow_switches();
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_LOG("1");
    drop(&a);
}

TEST(ST_10_a_new_one_starts_clean) {
    CHECK_CODE(greenlet_raise(&E1, "of main"), CODE_E1);
    errno = ERANGE;
    a = make(run_clean);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_INT(errno, ERANGE);
    CHECK_INT(greenlet_error_code(greenlet_last_error()), CODE_E1);
    drop(&a);
}
