// throw (TH) and the exit error (EX).
//
// SPDX-License-Identifier: MIT
#include "check.h"

static greenlet_t *a, *b, *c;

// ---- runs ---------------------------------------------------------------------------------------

// Logs how its first switch ends, then does it again; returns what that gives.
static int run_handle(void *value, void **result) {
    int code = up(value, &value);
    const greenlet_error_t *error = greenlet_last_error();
    if (code < 0)
        log_add("%s!%s", name_of_current(), greenlet_error_type(error)->name);
    else
        log_add("%s:%d", name_of_current(), (int)INT(value));
    return up(V(50), result);
}

// Handles whatever comes and ends with a value.
static int run_recover(void *value, void **result) {
    int code = up(value, NULL);
    if (code < 0)
        log_add("%s!%s", name_of_current(), greenlet_error_type(greenlet_last_error())->name);
    *result = V(60);
    return GREENLET_OK;
}

// Logs, with an error as with a value, and lets the error pass.
static int run_let_pass(void *value, void **result) {
    int code = up(value, &value);
    const greenlet_error_t *error = greenlet_last_error();
    if (code < 0)
        log_add("%s!%s", name_of_current(), greenlet_error_type(error)->name);
    else if (code == GREENLET_EXITED)
        log_add("%s:exited", name_of_current());
    else
        log_add("%s:%d", name_of_current(), (int)INT(value));
    *result = V(70);
    return code < 0 ? code : GREENLET_OK;
}

static greenlet_t *start(greenlet_run_fn run, const char *name) {
    greenlet_t *greenlet = make_named(run, name);
    CHECK_OK(greenlet_switch(greenlet, NULL, NULL));
    return greenlet;
}

// An ended child of `parent`, which stays as it is.
static greenlet_t *make_dead_under(greenlet_t *parent) {
    greenlet_t *dead = make_dead();
    CHECK_OK(greenlet_set_parent(dead, parent));
    return dead;
}

static void check_exit_value(const void *value, const greenlet_error_type_t *type) {
    const greenlet_error_t *error = value;
    CHECK(greenlet_error_is(error, type));
    CHECK_PTR(greenlet_last_error(), NULL);
}

// ---- TH -----------------------------------------------------------------------------------------

TEST(TH_01_TH_02_the_pending_switch_fails_and_may_be_handled) {
    void *result;
    a = start(run_handle, "a");
    CHECK_OK(throw_type(a, &E1, &result));
    CHECK_INT(INT(result), 50);
    CHECK_LOG("a!E1");
    CHECK(greenlet_active(a));
    b = start(run_recover, "b");
    CHECK_OK(throw_type(b, &E1, &result));
    CHECK_INT(INT(result), 60);
    CHECK_LOG("b!E1");
    CHECK(greenlet_dead(b));
    drop(&a);
    drop(&b);
}

TEST(TH_03_unhandled_it_kills_and_goes_to_the_parent) {
    void *result = V(1);
    a = make_suspended();
    CHECK_CODE(throw_type(a, &E1, &result), CODE_E1);
    CHECK_INT(INT(result), 1);
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
}

static int run_check_payload(void *value, void **result) {
    CHECK_CODE(up(NULL, result), CODE_E1);
    const greenlet_error_t *error = greenlet_last_error();
    CHECK_STR(greenlet_error_message(error), "ciao 5");
    CHECK_PTR(greenlet_error_data(error), &a);
    CHECK_PTR(error, value);
    return GREENLET_OK;
}

TEST(TH_04_CA_04_the_payload_arrives_intact) {
    greenlet_error_t *error = greenlet_error_new(&E1, "ciao %d", 5);
    greenlet_error_set_data(error, &a, NULL);
    a = make(run_check_payload);
    CHECK_OK(greenlet_switch(a, error, NULL));
    CHECK_OK(greenlet_throw(a, error, NULL));
    CHECK(greenlet_dead(a));
    greenlet_error_unref(error);
    drop(&a);
}

TEST(TH_05_what_cannot_be_thrown_changes_nothing) {
    static const greenlet_error_type_t success = {"Success", &GREENLET_ERROR, 0};
    static const greenlet_error_type_t exited = {"Exited", &GREENLET_ERROR, GREENLET_EXITED};
    a = make_suspended();
    CHECK_CODE(throw_type(a, &success, NULL), GREENLET_EINVAL);
    CHECK_CODE(throw_type(a, &exited, NULL), GREENLET_EINVAL);
    CHECK_INT(greenlet_active(a), 1);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK(greenlet_dead(a));
    drop(&a);
}

TEST(TH_06_without_an_error_it_is_exit) {
    void *result;
    a = make_suspended();
    CHECK_CODE(greenlet_throw(a, NULL, &result), GREENLET_EXITED);
    check_exit_value(result, &GREENLET_EXIT);
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
}

TEST(TH_07_into_a_new_one_it_goes_to_the_parent) {
    void *result;
    a = make_named(run_logged, "a");
    CHECK_CODE(throw_type(a, &E1, NULL), CODE_E1);
    CHECK_INT(greenlet_dead(a), 1);
    CHECK_CODE(greenlet_get_run(a, NULL), GREENLET_ENORUN);
    drop(&a);
    b = start(run_handle, "b");
    a = make_under(run_logged, b);
    CHECK_OK(throw_type(a, &E1, &result));
    CHECK_INT(INT(result), 50);
    CHECK_LOG("b!E1");
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
    drop(&b);
}

TEST(TH_08_exit_into_a_new_one_is_a_value_for_the_parent) {
    void *result;
    a = make_named(run_logged, "a");
    CHECK_CODE(greenlet_throw(a, NULL, &result), GREENLET_EXITED);
    check_exit_value(result, &GREENLET_EXIT);
    CHECK_INT(greenlet_dead(a), 1);
    CHECK_LOG("");
    drop(&a);
    b = start(run_let_pass, "b");
    a = make_under(run_logged, b);
    CHECK_OK(greenlet_throw(a, NULL, &result));
    CHECK_INT(INT(result), 70);
    CHECK_LOG("b:exited");
    drop(&a);
    drop(&b);
}

TEST(TH_09_into_a_dead_one_it_goes_to_the_living_ancestor) {
    void *result;
    a = make_dead();
    CHECK_CODE(throw_type(a, &E1, NULL), CODE_E1);
    drop(&a);
    b = start(run_handle, "b");
    c = make_dead_under(b);
    CHECK_OK(throw_type(c, &E1, &result));
    CHECK_INT(INT(result), 50);
    CHECK_LOG("b!E1");
    drop(&c);
    drop(&b);
}

TEST(TH_10_exit_into_a_dead_one_is_a_value_for_the_ancestor) {
    void *result;
    a = make_dead();
    CHECK_CODE(greenlet_throw(a, NULL, &result), GREENLET_EXITED);
    check_exit_value(result, &GREENLET_EXIT);
    CHECK_CODE(throw_type(a, &SUBTYPE_OF_EXIT, &result), GREENLET_EXITED);
    check_exit_value(result, &SUBTYPE_OF_EXIT);
    drop(&a);
    b = start(run_let_pass, "b");
    c = make_dead_under(b);
    CHECK_OK(greenlet_throw(c, NULL, &result));
    CHECK_INT(INT(result), 70);
    CHECK_LOG("b:exited");
    drop(&c);
    drop(&b);
}

TEST(TH_11_into_a_dead_one_it_kills_a_new_ancestor) {
    b = make_named(run_logged, "b");
    c = make_dead_under(b);
    CHECK_CODE(throw_type(c, &E1, NULL), CODE_E1);
    CHECK_INT(greenlet_dead(b), 1);
    CHECK_LOG("");
    drop(&c);
    drop(&b);
}

static int run_log_and_return_80(void *value, void **result) {
    log_add("%s:%d", name_of_current(), (int)INT(value));
    CHECK_PTR(greenlet_last_error(), NULL);
    *result = V(80);
    return GREENLET_OK;
}

TEST(TH_12_exit_into_a_dead_one_starts_a_new_ancestor_with_nothing) {
    void *result = V(1);
    b = make_named(run_log_and_return_80, "b");
    c = make_dead_under(b);
    CHECK_OK(greenlet_throw(c, NULL, &result));
    CHECK_INT(INT(result), 80);
    CHECK_LOG("b:0");
    CHECK_INT(greenlet_dead(b), 1);
    drop(&c);
    drop(&b);
}

static int run_throw_to_self(void *value, void **result) {
    (void)value;
    CHECK_CODE(throw_type(greenlet_current(), &E1, NULL), CODE_E1);
    CHECK_CODE(greenlet_throw(greenlet_current(), NULL, NULL), GREENLET_EEXIT);
    *result = V(4);
    return GREENLET_OK;
}

TEST(TH_13_into_oneself_it_fails_here_and_now) {
    void *result;
    CHECK_CODE(throw_type(greenlet_main(), &E1, NULL), CODE_E1);
    CHECK_CODE(greenlet_throw(greenlet_main(), NULL, NULL), GREENLET_EEXIT);
    a = make(run_throw_to_self);
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK_INT(INT(result), 4);
    drop(&a);
}

static int run_throw_exit_to(void *value, void **result) {
    return greenlet_throw(value, NULL, result);
}

TEST(TH_14_exit_into_a_suspended_one_is_an_error) {
    a = make(run_throw_exit_to);
    CHECK_CODE(greenlet_switch(a, greenlet_main(), NULL), GREENLET_EEXIT);
    CHECK(greenlet_active(a));
    drop(&a);
    a = make(run_throw_exit_to);
    b = start(run_handle, "b");
    CHECK_OK(greenlet_switch(a, b, NULL));
    CHECK_LOG("b!GreenletExit");
    drop(&a);
    drop(&b);
}

static int run_throw_e1_up(void *value, void **result) {
    (void)value;
    int code = throw_type(greenlet_parent(greenlet_current()), &E1, result);
    log_add("thrower:%d", (int)INT(*result));
    return code;
}

TEST(TH_15_the_thrower_is_suspended_as_in_a_switch) {
    void *result;
    a = make(run_throw_e1_up);
    CHECK_CODE(greenlet_switch(a, NULL, NULL), CODE_E1);
    CHECK_INT(greenlet_active(a), 1);
    CHECK_INT(greenlet_dead(a), 0);
    CHECK_OK(greenlet_switch(a, V(8), &result));
    CHECK_INT(INT(result), 8);
    CHECK_LOG("thrower:8");
    drop(&a);
}

TEST(TH_16_errors_follow_the_current_parents) {
    void *result;
    a = start(run_recover, "a");
    b = make_suspended();
    CHECK_OK(greenlet_set_parent(b, a));
    CHECK_OK(throw_type(b, &E1, &result));
    CHECK_INT(INT(result), 60);
    CHECK_LOG("a!E1");
    CHECK(greenlet_dead(a) && greenlet_dead(b));
    drop(&b);
    drop(&a);
}

TEST(TH_17_a_helper_child_that_raises_is_the_same_but_for_exit) {
    a = start(run_let_pass, "a");
    b = make_under(run_fail_e1, a);
    CHECK_CODE(greenlet_switch(b, NULL, NULL), CODE_E1);
    CHECK_LOG("a!E1");
    drop(&b);
    drop(&a);
    a = start(run_let_pass, "a");
    b = make_under(run_exit, a);
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    CHECK_LOG("a:exited");
    drop(&b);
    drop(&a);
}

static int run_keep_value(void *value, void **result) {
    (void)result;
    void *got = V(3);
    CHECK_CODE(up(value, &got), CODE_E1);
    CHECK_INT(INT(got), 3);
    return GREENLET_OK;
}

TEST(TH_18_no_value_beside_an_error) {
    a = start(run_keep_value, "a");
    CHECK_OK(throw_type(a, &E1, NULL));
    drop(&a);
}

// ---- EX -----------------------------------------------------------------------------------------

TEST(EX_01_exit_is_not_an_ordinary_error) {
    CHECK_INT(greenlet_error_type_is(&GREENLET_EXIT, &GREENLET_BASE_ERROR), 1);
    CHECK_INT(greenlet_error_type_is(&GREENLET_EXIT, &GREENLET_ERROR), 0);
    CHECK_INT(greenlet_error_type_is(&GREENLET_TIMEOUT, &GREENLET_ERROR), 0);
    CHECK_INT(greenlet_error_type_is(&SUBTYPE_OF_EXIT, &GREENLET_EXIT), 1);
}

TEST(EX_02_EX_04_exit_leaving_run_is_the_result) {
    void *result;
    a = make(run_exit);
    CHECK_CODE(greenlet_switch(a, NULL, &result), GREENLET_EXITED);
    check_exit_value(result, &GREENLET_EXIT);
    CHECK_STR(greenlet_error_message(result), "bye");
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
}

static int run_subtype(void *value, void **result) {
    (void)value, (void)result;
    return greenlet_raise(&SUBTYPE_OF_EXIT, "sub");
}

TEST(EX_03_ER_08_so_is_every_subtype) {
    void *result;
    a = make(run_subtype);
    CHECK_CODE(greenlet_switch(a, NULL, &result), GREENLET_EXITED);
    check_exit_value(result, &SUBTYPE_OF_EXIT);
    CHECK_STR(greenlet_error_message(result), "sub");
    drop(&a);
}

TEST(EX_05_handled_it_gives_a_value) {
    void *result;
    a = start(run_recover, "a");
    CHECK_OK(greenlet_throw(a, NULL, &result));
    CHECK_INT(INT(result), 60);
    CHECK_INT(greenlet_dead(a), 1);
    CHECK_LOG("a!GreenletExit");
    drop(&a);
}

TEST(EX_06_handled_it_may_go_on_and_be_killed_again) {
    void *result;
    a = start(run_handle, "a");
    CHECK_OK(greenlet_throw(a, NULL, &result));
    CHECK_INT(INT(result), 50);
    CHECK_INT(greenlet_dead(a), 0);
    CHECK_LOG("a!GreenletExit");
    CHECK_CODE(greenlet_throw(a, NULL, &result), GREENLET_EXITED);
    check_exit_value(result, &GREENLET_EXIT);
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
}

static int run_turn_into_e1(void *value, void **result) {
    int code = up(value, result);
    return code < 0 ? greenlet_raise(&E1, "instead") : code;
}

TEST(EX_07_turned_into_another_error_it_fails) {
    a = start(run_turn_into_e1, "a");
    CHECK_CODE(greenlet_throw(a, NULL, NULL), CODE_E1);
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
}

TEST(EX_08_the_exit_value_skips_dead_parents) {
    void *result;
    a = make_dead();
    b = make_under(run_exit, a);
    CHECK_CODE(greenlet_switch(b, NULL, &result), GREENLET_EXITED);
    CHECK_STR(greenlet_error_message(result), "bye");
    drop(&b);
    drop(&a);
}

TEST(EX_09_a_new_parent_is_started_with_nothing) {
    void *result = V(1);
    a = make_named(run_log_and_return_80, "a");
    b = make_under(run_exit, a);
    CHECK_OK(greenlet_switch(b, NULL, &result));
    CHECK_INT(INT(result), 80);
    CHECK_LOG("a:0");
    CHECK(greenlet_dead(a) && greenlet_dead(b));
    drop(&b);
    drop(&a);
}

TEST(EX_10_in_main_it_is_an_error_like_any_other) {
    CHECK_CODE(greenlet_raise(&GREENLET_EXIT, NULL), GREENLET_EEXIT);
    CHECK_CODE(greenlet_throw(greenlet_main(), NULL, NULL), GREENLET_EEXIT);
}

TEST(EX_11_the_status_tells_an_exit_from_a_value) {
    void *exited, *value;
    a = make(run_exit);
    CHECK_CODE(greenlet_switch(a, NULL, &exited), GREENLET_EXITED);
    greenlet_error_t *kept = greenlet_error_ref(exited);
    b = make(run_return);
    CHECK_OK(greenlet_switch(b, kept, &value)); // the same pointer, but as a plain value
    CHECK_PTR(value, kept);
    greenlet_error_unref(kept);
    drop(&a);
    drop(&b);
}

static int run_library_error(void *value, void **result) {
    (void)value, (void)result;
    return greenlet_raise(&GREENLET_ERROR, "of the library");
}

TEST(EX_12_CA_08_the_librarys_types_can_be_raised) {
    a = make(run_library_error);
    CHECK_CODE(greenlet_switch(a, NULL, NULL), GREENLET_EFAILED);
    CHECK_PTR(greenlet_error_type(greenlet_last_error()), &GREENLET_ERROR);
    CHECK_STR(greenlet_error_message(greenlet_last_error()), "of the library");
    drop(&a);
}
