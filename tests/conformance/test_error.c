// Errors as values: the table, the objects, and each greenlet's last one (ER).
//
// SPDX-License-Identifier: MIT
#include <errno.h>

#include "../../src/greenlet_internal.h"
#include "check.h"

static greenlet_t *a, *b;

static const char *type_of_last(void) {
    const greenlet_error_t *error = greenlet_last_error();
    return error ? greenlet_error_type(error)->name : "none";
}

TEST(ERROR_a_code_of_the_program_is_shown) {
    CHECK_CODE(greenlet_fail(GREENLET_EUSER - 77), GREENLET_EUSER - 77);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "error of the program (-1077)");
    CHECK_CODE(greenlet_raise(&E1, NULL), CODE_E1);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "error of the program (-1001)");
    CHECK_CODE(greenlet_fail(GREENLET_EINVAL), GREENLET_EINVAL);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), greenlet_error_text(GREENLET_EINVAL));
}

// ---- ER: whose error it is ----------------------------------------------------------------------

static int run_check_own_error(void *value, void **result) {
    CHECK_STR(type_of_last(), "none");
    CHECK_CODE(greenlet_raise(&E2, "of b"), CODE_E2);
    int code = up(value, result);
    CHECK_STR(type_of_last(), "E2");
    return code;
}

TEST(ER_01_ER_02_each_greenlet_has_its_own_last_error) {
    b = make(run_check_own_error);
    CHECK_CODE(greenlet_raise(&E1, "of main"), CODE_E1);
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    CHECK_STR(type_of_last(), "E1");
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    CHECK_STR(type_of_last(), "E1");
    drop(&b);
}

static int run_no_error(void *value, void **result) {
    CHECK_STR(type_of_last(), "none");
    int code = up(value, result);
    CHECK_STR(type_of_last(), "none");
    return code;
}

TEST(ER_03_an_error_travels_with_one_switch) {
    b = make(run_no_error);
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    a = make(run_fail_e1);
    CHECK_CODE(greenlet_switch(a, NULL, NULL), CODE_E1);
    CHECK_OK(greenlet_switch(b, NULL, NULL)); // it is main's, and no one else's
    drop(&a);
    drop(&b);
}

TEST(ER_04_the_status_decides_and_a_failure_has_an_error) {
    a = make(run_fail_e1);
    b = make(run_42);
    CHECK_CODE(greenlet_switch(a, NULL, NULL), CODE_E1);
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    CHECK_STR(type_of_last(), "E1"); // handled, and still there to be read
    CHECK_CODE(greenlet_switch(NULL, NULL, NULL), GREENLET_EINVAL);
    drop(&a);
    drop(&b);
}

static int run_code_without_error(void *value, void **result) {
    (void)value, (void)result;
    return GREENLET_EFAILED;
}

static int run_other_code(void *value, void **result) {
    (void)value, (void)result;
    CHECK_CODE(greenlet_raise(&E1, "first"), CODE_E1);
    return CODE_E2;
}

static int run_success_with_error(void *value, void **result) {
    (void)value;
    CHECK_CODE(greenlet_raise(&E1, "handled"), CODE_E1);
    *result = V(3);
    return GREENLET_OK;
}

TEST(ER_05_the_returned_code_decides_what_is_delivered) {
    void *result;
    a = make_named(run_code_without_error, "a");
    CHECK_CODE(greenlet_switch(a, NULL, NULL), GREENLET_EFAILED);
    CHECK_PTR(greenlet_error_type(greenlet_last_error()), &GREENLET_ERROR);
    CHECK_PTR(greenlet_error_cause(greenlet_last_error()), NULL);
    CHECK_STR(greenlet_error_origin(greenlet_last_error()), "a");
    drop(&a);
    a = make(run_other_code);
    CHECK_CODE(greenlet_switch(a, NULL, NULL), CODE_E2);
    const greenlet_error_t *cause = greenlet_error_cause(greenlet_last_error());
    CHECK_INT(greenlet_error_code(cause), CODE_E1);
    CHECK_STR(greenlet_error_message(cause), "first");
    drop(&a);
    a = make(run_success_with_error);
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK_INT(INT(result), 3);
    drop(&a);
}

TEST(ER_06_an_old_error_does_not_stand_in_the_way) {
    void *result;
    CHECK_CODE(greenlet_raise(&E1, "old"), CODE_E1);
    a = make(run_return);
    CHECK_OK(greenlet_switch(a, V(2), &result));
    CHECK_INT(INT(result), 2);
    CHECK_STR(type_of_last(), "E1");
    drop(&a);
}

static int run_use_errno(void *value, void **result) {
    errno = EDOM;
    int code = up(value, result);
    CHECK_INT(errno, EDOM);
    return code;
}

TEST(ER_09_each_greenlet_has_its_own_errno) {
    a = make(run_use_errno);
    errno = ERANGE;
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_INT(errno, ERANGE);
    errno = EINVAL;
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_INT(errno, EINVAL);
    drop(&a);
}

// ---- the table ----------------------------------------------------------------------------------

static void check_entry(int code, int expected, const char *name, const char *type,
                        const char *text) {
    CHECK_INT(code, expected);
    CHECK_STR(greenlet_error_name(code), name);
    CHECK_STR(greenlet_error_text(code), text);
    CHECK_STR(greenlet_error_type_of(code)->name, type);
    CHECK_INT(greenlet_error_type_of(code)->code, code);
}

TEST(ERROR_table_counts_down_without_a_gap) {
    int expected = 0;
#define CHECK_ENTRY(name, code, type, text)                                                        \
    check_entry(code, --expected, "GREENLET_" #name, type, text);
    GREENLET_ERRORS(CHECK_ENTRY)
#undef CHECK_ENTRY
    CHECK_STR(greenlet_error_name(expected - 1), "GREENLET_EUSER");
    CHECK_PTR(greenlet_error_type_of(expected - 1), &GREENLET_ERROR);
    CHECK(GREENLET_EUSER < expected);
}

TEST(ERROR_types_form_a_tree) {
    static const greenlet_error_type_t derived = {"Derived", &E1, GREENLET_EUSER - 9};
    CHECK_INT(greenlet_error_type_is(&derived, &derived), 1);
    CHECK_INT(greenlet_error_type_is(&derived, &E1), 1);
    CHECK_INT(greenlet_error_type_is(&derived, &GREENLET_ERROR), 1);
    CHECK_INT(greenlet_error_type_is(&derived, &GREENLET_BASE_ERROR), 1);
    CHECK_INT(greenlet_error_type_is(&derived, &E2), 0);
    CHECK_INT(greenlet_error_type_is(&E1, &derived), 0);
    CHECK_PTR(greenlet_error_type_of(GREENLET_EEXIT), &GREENLET_EXIT);
    CHECK_PTR(greenlet_error_type_of(GREENLET_EEXPIRED), &GREENLET_TIMEOUT);
}

TEST(ERROR_types_that_others_are_derived_from_have_codes_too) {
    CHECK_CODE(greenlet_raise(&GREENLET_BASE_ERROR, "of no kind"), GREENLET_EFAILED);
    CHECK_CODE(greenlet_raise(&GREENLET_ERROR, "of any kind"), GREENLET_EFAILED);
}

// ---- objects ------------------------------------------------------------------------------------

static int released;

static void count_release(void *data) {
    released += (int)INT(data);
}

TEST(ERROR_an_error_carries_what_it_was_given) {
    released = 0;
    greenlet_error_t *cause = greenlet_error_new(&E2, NULL);
    greenlet_error_t *error = greenlet_error_new(&E1, "%s %d", "row", 7);
    greenlet_error_set_data(error, V(5), count_release);
    greenlet_error_set_cause(error, cause);
    greenlet_error_unref(cause);
    CHECK_PTR(greenlet_error_type(error), &E1);
    CHECK_INT(greenlet_error_code(error), CODE_E1);
    CHECK_STR(greenlet_error_message(error), "row 7");
    CHECK_INT(INT(greenlet_error_data(error)), 5);
    CHECK_PTR(greenlet_error_cause(error), cause);
    CHECK_STR(greenlet_error_message(cause), "error of the program (-1002)");
    CHECK_STR(greenlet_error_origin(error), "");
    CHECK_PTR(greenlet_error_ref(error), error);
    greenlet_error_unref(error);
    CHECK_INT(released, 0);
    greenlet_error_unref(error);
    CHECK_INT(released, 5);
}

static void count_reason(int reason) {
    released += reason;
}

TEST(ERROR_a_reason_is_released_with_its_error) {
    released = 0;
    greenlet_error_t *error = greenlet_error_new(&E1, NULL);
    greenlet_error_set_reason(error, 7, count_reason);
    CHECK_INT(greenlet_error_reason(error), 7);
    CHECK_INT(released, 0);
    greenlet_error_unref(error);
    CHECK_INT(released, 7);
    error = greenlet_error_from_code(GREENLET_ENOMEM); // which belongs to nobody
    greenlet_error_set_reason(error, 9, count_reason);
    CHECK_INT(released, 16);
    CHECK_INT(greenlet_error_reason(error), 0);
    greenlet_error_unref(error);
    CHECK_INT(released, 16);
}

TEST(ERROR_null_is_no_error) {
    CHECK_INT(greenlet_error_code(NULL), 0);
    CHECK_STR(greenlet_error_message(NULL), "");
    CHECK_PTR(greenlet_error_type(NULL), NULL);
    CHECK_PTR(greenlet_error_data(NULL), NULL);
    CHECK_PTR(greenlet_error_cause(NULL), NULL);
    CHECK_STR(greenlet_error_origin(NULL), "");
    CHECK_INT(greenlet_error_is(NULL, &GREENLET_BASE_ERROR), 0);
    CHECK_PTR(greenlet_error_ref(NULL), NULL);
    greenlet_error_unref(NULL);
}

TEST(ERROR_without_memory_it_is_the_static_one) {
    memory_fail_at(1);
    greenlet_error_t *error = greenlet_error_new(&E1, "text");
    CHECK_INT(greenlet_error_code(error), GREENLET_ENOMEM);
    memory_fail_at(2); // for its text
    greenlet_error_t *same = greenlet_error_new(&E1, "text");
    CHECK_PTR(same, error);
    released = 0;
    greenlet_error_set_data(error, V(2), count_release); // is ignored, and released
    CHECK_INT(released, 2);
    CHECK_PTR(greenlet_error_data(error), NULL);
    greenlet_error_unref(error);
    greenlet_error_unref(same);
}

TEST(ERROR_a_long_chain_of_causes_needs_no_recursion) {
    greenlet_error_t *error = NULL;
    for (int i = 0; i < 100000; i++) {
        greenlet_error_t *next = greenlet_error_new(&E1, NULL);
        greenlet_error_set_cause(next, error);
        greenlet_error_unref(error);
        error = next;
    }
    greenlet_error_unref(error);
}

TEST(ERROR_take_and_restore_bracket_clean_up) {
    CHECK_CODE(greenlet_raise(&E1, "pending"), CODE_E1);
    const greenlet_error_t *before = greenlet_last_error();
    greenlet_error_t *pending = greenlet_error_take();
    CHECK_PTR(pending, before);
    CHECK_PTR(greenlet_last_error(), NULL);
    CHECK_CODE(greenlet_fail(GREENLET_EINVAL), GREENLET_EINVAL);
    CHECK_INT(greenlet_error_restore(pending), CODE_E1);
    CHECK_PTR(greenlet_last_error(), before);
    CHECK_INT(greenlet_error_restore(NULL), 0);
    CHECK_PTR(greenlet_last_error(), NULL);
    CHECK_PTR(greenlet_error_take(), NULL);
}

static int run_raise_taken(void *value, void **result) {
    (void)value, (void)result;
    return greenlet_raise(&E1, "x");
}

TEST(ERROR_the_origin_is_named_once) {
    a = make_named(run_raise_taken, "raiser");
    CHECK_CODE(greenlet_switch(a, NULL, NULL), CODE_E1);
    greenlet_error_t *error = greenlet_error_take();
    b = make_suspended();
    CHECK_CODE(greenlet_throw(b, error, NULL), CODE_E1);
    CHECK_PTR(greenlet_last_error(), error);
    CHECK_STR(greenlet_error_origin(error), "raiser");
    greenlet_error_unref(error);
    drop(&a);
    drop(&b);
}

static const greenlet_error_type_t NO_FAILURE = {"NoFailure", &GREENLET_ERROR, 5};

TEST(TH_05_a_type_whose_code_is_no_failure_is_refused) {
    CHECK_CODE(greenlet_raise(&NO_FAILURE, "%d", 1), GREENLET_EINVAL);
    CHECK_STR(greenlet_error_message(greenlet_last_error()),
              "the error type NoFailure has the code 5, which is not negative");
}
