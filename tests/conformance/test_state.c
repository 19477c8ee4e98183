// Making greenlets (CR), their run function (RN), state (DE), user data (SB), saved bytes (FR).
//
// SPDX-License-Identifier: MIT
#include <string.h>

#include "check.h"

static greenlet_t *a, *b, *c;

// ---- CR: creation and the current greenlet ------------------------------------------------------

TEST(CR_01_creation_runs_nothing) {
    size_t live = greenlet_live_count();
    a = make(run_logged);
    CHECK_LOG("");
    CHECK_INT(greenlet_started(a), 0);
    CHECK_INT(greenlet_active(a), 0);
    CHECK_INT(greenlet_dead(a), 0);
    CHECK_INT(greenlet_parked_bytes(a), 0);
    CHECK_INT(greenlet_live_count(), live + 1);
    drop(&a);
    CHECK_INT(greenlet_live_count(), live);
}

static int run_a_of_default_parent(void *value, void **result) {
    c = make(run_return);
    int code = up(value, &value);
    log_add("a:%d", (int)INT(value));
    *result = V(7);
    return code;
}

static int run_b_of_default_parent(void *value, void **result) {
    (void)value, (void)result;
    int code = greenlet_switch(c, V(5), NULL);
    log_add("b ends");
    return code;
}

TEST(CR_02_default_parent_is_the_creator) {
    void *result;
    a = make(run_a_of_default_parent);
    b = make(run_b_of_default_parent);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_PTR(greenlet_parent(c), a);
    CHECK_OK(greenlet_switch(b, NULL, &result));
    CHECK_INT(INT(result), 7);
    CHECK_LOG("a:5");
    CHECK(greenlet_dead(a) && greenlet_dead(c));
    CHECK(greenlet_active(b));
    drop(&c);
    drop(&b);
    CHECK_LOG("b ends");
    drop(&a);
}

TEST(CR_03_CA_01_no_parent_means_the_default) {
    a = make_under(run_return, NULL);
    CHECK_PTR(greenlet_parent(a), greenlet_current());
    drop(&a);
}

TEST(CR_04_CA_01_creation_without_run) {
    a = make(NULL);
    CHECK_CODE(greenlet_switch(a, NULL, NULL), GREENLET_ENORUN);
    CHECK_INT(greenlet_started(a), 0);
    drop(&a);
}

TEST(CR_05_null_run_means_unset) {
    greenlet_run_fn run = run_42;
    a = make(NULL);
    CHECK_CODE(greenlet_get_run(a, &run), GREENLET_ENORUN);
    CHECK(run == run_42);
    drop(&a);
}

TEST(CR_06_failed_creation_makes_nothing) {
    size_t live = greenlet_live_count();
    CHECK_CODE(greenlet_new(run_return, NULL, NULL), GREENLET_EINVAL);
    CHECK_INT(greenlet_live_count(), live);
}

static int run_child_of_running(void *value, void **result) {
    (void)value;
    greenlet_t *child = make_under(run_42, greenlet_current());
    int code = greenlet_switch(child, NULL, result);
    greenlet_unref(child);
    return code;
}

static void check_child_of(greenlet_t *parent, int expected) {
    void *result = NULL;
    greenlet_t *child = make_under(run_42, parent);
    CHECK_PTR(greenlet_parent(child), parent);
    CHECK_OK(greenlet_switch(child, NULL, &result));
    CHECK_INT(INT(result), expected);
    CHECK(greenlet_dead(child));
    greenlet_unref(child);
}

TEST(CR_07_parent_may_be_in_any_state) {
    void *result;
    a = make(run_return);
    check_child_of(a, 42);
    check_child_of(a, 42); // dead by now
    b = make_suspended();
    check_child_of(b, 42);
    c = make(run_child_of_running);
    CHECK_OK(greenlet_switch(c, NULL, &result));
    CHECK_INT(INT(result), 42);
    drop(&a);
    drop(&b);
    drop(&c);
}

static int run_until_killed(void *value, void **result) {
    int code = run_up_for_ever(value, result);
    log_add("%s killed", name_of_current());
    return code;
}

TEST(CR_08_child_owns_its_parent_until_freed) {
    a = make_named(run_until_killed, "a");
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    c = make_under(run_42, a);
    greenlet_t *parent = a;
    drop(&a);
    CHECK_LOG("");
    CHECK_OK(greenlet_switch(c, NULL, NULL));
    CHECK(greenlet_dead(c));
    CHECK(greenlet_active(parent));
    CHECK_LOG("");
    drop(&c);
    CHECK_LOG("a killed");
}

TEST(CR_10_CA_06_main_is_the_root) {
    greenlet_t *m = greenlet_current();
    CHECK_PTR(greenlet_main(), m);
    CHECK_PTR(greenlet_parent(m), NULL);
    CHECK_PTR(greenlet_last_error(), NULL);
    CHECK_INT(greenlet_is_main(m), 1);
    CHECK_INT(greenlet_started(m), 1);
    CHECK_INT(greenlet_active(m), 1);
    CHECK_INT(greenlet_dead(m), 0);
}

static int run_check_current(void *value, void **result) {
    (void)value, (void)result;
    CHECK_PTR(greenlet_current(), a);
    log_add("run");
    return GREENLET_OK;
}

static int trace_current(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                         const greenlet_error_t *error, void *data) {
    (void)event, (void)origin, (void)error, (void)data;
    CHECK_PTR(greenlet_current(), target);
    log_add(target == a ? "to-a" : "to-main");
    return GREENLET_OK;
}

static void release_logged_with_current(void *user) {
    CHECK_PTR(user, &a);
    log_add("release-in-%s", name_of_current());
}

static int run_drop_own_handle(void *value, void **result) {
    (void)value, (void)result;
    drop(&a);
    log_add("end");
    return GREENLET_OK;
}

TEST(CR_11_a_destructor_after_a_switch_runs_in_the_target) {
    a = make(run_drop_own_handle);
    greenlet_set_user(a, &a, release_logged_with_current);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    log_add("returned");
    CHECK_LOG("end release-in-main returned");
}

TEST(CR_11_CA_02_current_is_whose_code_executes) {
    a = make(run_check_current);
    greenlet_t *m = greenlet_main();
    CHECK_PTR(greenlet_current(), m);
    greenlet_set_trace(trace_current, NULL);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    greenlet_set_trace(NULL, NULL);
    CHECK_PTR(greenlet_current(), m);
    CHECK_LOG("to-a run to-main");
    drop(&a);
}

TEST(CR_12_main_is_an_ordinary_greenlet) {
    greenlet_t *m = greenlet_main();
    CHECK_STR(greenlet_name(m), "main");
    greenlet_set_user(m, V(9), NULL);
    CHECK_INT(INT(greenlet_user(m)), 9);
    greenlet_set_user(m, NULL, NULL);
    CHECK_PTR(greenlet_ref(m), m);
    greenlet_unref(m);
    CHECK_INT(greenlet_is_main(m), 1);
}

static void run_another_greenlet(void) {
    memory_set_hook(NULL);
    CHECK_OK(greenlet_switch(b, NULL, NULL));
}

TEST(CR_14_default_parent_survives_code_that_runs_meanwhile) {
    b = make(run_up);
    memory_set_hook(run_another_greenlet);
    a = make(run_return);
    CHECK(greenlet_active(b));
    CHECK_PTR(greenlet_parent(a), greenlet_main());
    drop(&a);
    drop(&b);
}

// ---- RN: the run function -----------------------------------------------------------------------

TEST(RN_01_run_can_be_replaced_while_new) {
    void *result;
    greenlet_run_fn run = NULL;
    a = make(run_fail_e1);
    CHECK_OK(greenlet_get_run(a, &run));
    CHECK(run == run_fail_e1);
    CHECK_OK(greenlet_get_run(a, NULL));
    CHECK_OK(greenlet_set_run(a, run_42));
    CHECK_OK(greenlet_get_run(a, &run));
    CHECK(run == run_42);
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK_INT(INT(result), 42);
    drop(&a);
}

static int run_asks_for_run(void *value, void **result) {
    CHECK_CODE(greenlet_get_run(greenlet_current(), NULL), GREENLET_ENORUN);
    return run_up(value, result);
}

TEST(RN_02_run_is_hidden_once_started) {
    a = make(run_asks_for_run);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_CODE(greenlet_get_run(a, NULL), GREENLET_ENORUN);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK(greenlet_dead(a));
    CHECK_CODE(greenlet_get_run(a, NULL), GREENLET_ENORUN);
    drop(&a);
}

TEST(RN_03_run_cannot_be_set_once_started) {
    void *result;
    a = make_suspended();
    CHECK_CODE(greenlet_set_run(a, run_42), GREENLET_ESTARTED);
    CHECK_OK(greenlet_switch(a, V(3), &result));
    CHECK_INT(INT(result), 3);
    CHECK_CODE(greenlet_set_run(a, run_42), GREENLET_ESTARTED);
    CHECK_INT(greenlet_dead(a), 1);
    CHECK_OK(greenlet_switch(a, V(4), &result));
    CHECK_INT(INT(result), 4);
    drop(&a);
}

TEST(RN_04_main_has_no_run) {
    CHECK_CODE(greenlet_get_run(greenlet_main(), NULL), GREENLET_ENORUN);
    CHECK_CODE(greenlet_set_run(greenlet_main(), run_42), GREENLET_EMAIN);
}

TEST(RN_05_run_can_be_unset_and_set_again) {
    void *result;
    a = make(run_fail_e1);
    CHECK_OK(greenlet_set_run(a, NULL));
    CHECK_CODE(greenlet_switch(a, NULL, NULL), GREENLET_ENORUN);
    CHECK_OK(greenlet_set_run(a, run_42));
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK_INT(INT(result), 42);
    drop(&a);
}

TEST(RN_06_switch_without_run_changes_nothing) {
    void *result = V(1);
    a = make(NULL);
    greenlet_set_trace(trace_log, NULL);
    CHECK_CODE(greenlet_switch(a, NULL, &result), GREENLET_ENORUN);
    greenlet_set_trace(NULL, NULL);
    CHECK_LOG("");
    CHECK_INT(INT(result), 1);
    CHECK_INT(greenlet_dead(a), 0);
    CHECK_INT(greenlet_started(a), 0);
    CHECK_OK(greenlet_set_run(a, run_return));
    CHECK_OK(greenlet_switch(a, V(3), &result));
    CHECK_INT(INT(result), 3);
    drop(&a);
}

TEST(RN_07_throw_without_run_changes_nothing) {
    void *result;
    a = make(NULL);
    CHECK_CODE(throw_type(a, &E1, NULL), GREENLET_ENORUN);
    CHECK_CODE(greenlet_throw(a, NULL, NULL), GREENLET_ENORUN);
    CHECK_INT(greenlet_started(a), 0);
    CHECK_INT(greenlet_dead(a), 0);
    CHECK_OK(greenlet_set_run(a, run_42));
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK_INT(INT(result), 42);
    drop(&a);
}

static int run_watch_its_killer(void *value, void **result) {
    int code = up(value, result);
    CHECK_PTR(greenlet_parent(greenlet_current()), a);
    CHECK_INT(greenlet_active(a), 1);
    CHECK_INT(greenlet_dead(a), 0);
    log_add("killed:%d", code == GREENLET_EEXIT);
    return code;
}

static int run_own_another(void *value, void **result) {
    b = make(run_watch_its_killer);
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    *result = value;
    drop(&b);
    log_add("end");
    return GREENLET_OK;
}

TEST(RN_08_FN_13_what_run_owns_goes_while_it_is_alive) {
    void *result = NULL;
    a = make(run_own_another);
    CHECK_OK(greenlet_switch(a, V(5), &result));
    CHECK_LOG("killed:1 end");
    CHECK_INT(INT(result), 5);
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
}

// ---- DE: state queries --------------------------------------------------------------------------

static void check_state(const greenlet_t *greenlet, int started, int active, int dead) {
    CHECK_INT(greenlet_started(greenlet), started);
    CHECK_INT(greenlet_active(greenlet), active);
    CHECK_INT(greenlet_dead(greenlet), dead);
    CHECK_INT(greenlet_is_main(greenlet), greenlet == greenlet_main());
}

static int run_check_state(void *value, void **result) {
    check_state(a, 1, 1, 0);
    check_state(greenlet_main(), 1, 1, 0);
    return run_up(value, result);
}

TEST(DE_01_CA_07_state_in_each_state) {
    a = make(run_check_state);
    check_state(a, 0, 0, 0);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    check_state(a, 1, 1, 0);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    check_state(a, 1, 0, 1);
    check_state(greenlet_main(), 1, 1, 0);
    drop(&a);
}

TEST(DE_02_active_is_not_the_opposite_of_dead) {
    a = make(run_return);
    CHECK_INT(greenlet_active(a), 0);
    CHECK_INT(greenlet_dead(a), 0);
    drop(&a);
    a = make_suspended();
    CHECK_INT(greenlet_active(a), 1);
    CHECK_INT(greenlet_dead(a), 0);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_INT(greenlet_active(a), 0);
    CHECK_INT(greenlet_dead(a), 1);
    drop(&a);
}

TEST(DE_03_killed_before_it_ran_is_dead) {
    a = make(run_logged);
    CHECK_CODE(throw_type(a, &E1, NULL), CODE_E1);
    CHECK_LOG("");
    check_state(a, 1, 0, 1);
    drop(&a);
}

static int trace_states(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                        const greenlet_error_t *error, void *data) {
    (void)event, (void)error, (void)data;
    log_add("origin:%d%d%d", greenlet_started(origin), greenlet_active(origin),
            greenlet_dead(origin));
    log_add("target:%d%d%d", greenlet_started(target), greenlet_active(target),
            greenlet_dead(target));
    return GREENLET_OK;
}

TEST(DE_04_DE_07_origin_is_dead_and_target_started_in_the_trace) {
    a = make(run_nothing);
    greenlet_set_trace(trace_states, NULL);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    greenlet_set_trace(NULL, NULL);
    CHECK_LOG("origin:110 target:110 origin:101 target:110");
    drop(&a);
}

static void log_description(const greenlet_t *greenlet) {
    char text[96];
    size_t length = greenlet_describe(greenlet, text, sizeof text);
    CHECK_INT(length, strlen(text));
    CHECK(strstr(text, greenlet_name(greenlet)) != NULL);
    const char *state = strchr(text, '#');
    log_add("[%s", state ? strchr(state, ' ') + 1 : "?");
}

static int run_describe(void *value, void **result) {
    log_description(a);
    log_description(greenlet_main());
    return run_up(value, result);
}

TEST(DE_06_description_tells_the_states_apart) {
    char small[8];
    a = make_named(run_describe, "worker");
    log_description(a);
    CHECK_LOG("[pending>");
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_LOG("[current active started> [suspended active started main>");
    log_description(a);
    log_description(greenlet_main());
    CHECK_LOG("[suspended active started> [current active started main>");
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    log_description(a);
    CHECK_LOG("[dead>");
    CHECK(greenlet_describe(a, small, sizeof small) > sizeof small);
    CHECK_INT(strlen(small), sizeof small - 1);
    CHECK_INT(greenlet_describe(a, NULL, 0), greenlet_describe(a, small, sizeof small));
    drop(&a);
}

// ---- SB: names, ids and user data ---------------------------------------------------------------

static int released;

static void count_release(void *user) {
    released += (int)INT(user);
}

static int run_set_user(void *value, void **result) {
    (void)result;
    greenlet_set_user(greenlet_current(), value, count_release);
    return GREENLET_OK;
}

TEST(SB_01_user_data_lives_through_death) {
    released = 0;
    a = make(run_set_user);
    CHECK_PTR(greenlet_user(a), NULL);
    CHECK_OK(greenlet_switch(a, V(5), NULL));
    CHECK(greenlet_dead(a));
    CHECK_INT(INT(greenlet_user(a)), 5);
    CHECK_INT(released, 0);
    greenlet_set_user(a, V(6), count_release);
    CHECK_INT(released, 5);
    drop(&a);
    CHECK_INT(released, 11);
}

static int run_self(void *value, void **result) {
    (void)value;
    *result = greenlet_user(greenlet_current());
    return GREENLET_OK;
}

TEST(SB_02_SB_04_current_is_the_handle_with_its_data) {
    void *result;
    a = make(run_self);
    greenlet_set_user(a, a, NULL);
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK_PTR(result, a);
    drop(&a);
}

static int run_resurrect(void *value, void **result) {
    int code = up(value, result);
    if (code == GREENLET_EEXIT) b = greenlet_ref(greenlet_current());
    return code;
}

TEST(SB_07_data_is_released_as_often_as_it_was_given) {
    released = 0;
    for (int i = 0; i < 10; i++) {
        a = make(run_resurrect);
        greenlet_set_user(a, V(1), count_release);
        CHECK_OK(greenlet_switch(a, NULL, NULL));
        drop(&a);
        CHECK(greenlet_dead(b));
        CHECK_INT(released, i);
        drop(&b);
    }
    CHECK_INT(released, 10);
}

TEST(NAME_names_and_ids) {
    a = make(run_return);
    b = make(run_return);
    CHECK(greenlet_id(a) != greenlet_id(b));
    CHECK(strncmp(greenlet_name(a), "greenlet-", 9) == 0);
    CHECK_OK(greenlet_set_name(a, "first"));
    CHECK_OK(greenlet_set_name(a, "second"));
    CHECK_STR(greenlet_name(a), "second");
    CHECK_OK(greenlet_set_name(a, NULL));
    CHECK(strncmp(greenlet_name(a), "greenlet-", 9) == 0);
    uint64_t id = greenlet_id(b);
    drop(&b);
    b = make(run_return);
    CHECK(greenlet_id(b) > id);
    drop(&a);
    drop(&b);
}

TEST(SD_06_version_and_backend) {
    CHECK_STR(greenlet_version(), GREENLET_VERSION);
    CHECK(greenlet_backend()[0] != '\0');
}

// ---- stacks -------------------------------------------------------------------------------------

static int run_check_saved(void *value, void **result) {
    CHECK(greenlet_parked_bytes(a) == 0);
    return run_up(value, result);
}

TEST(FR_04_saved_bytes_only_while_suspended) {
    a = make(run_check_saved);
    CHECK_INT(greenlet_parked_bytes(a), 0);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK(greenlet_parked_bytes(a) > 0);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_INT(greenlet_parked_bytes(a), 0);
    drop(&a);
}

TEST(CA_10_the_stack_size_is_set_before_the_start) {
    a = make(run_42);
    CHECK_OK(greenlet_set_stack_size(a, 65536));
    CHECK_OK(greenlet_set_stack_size(a, 0));
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    drop(&a);
    a = make_suspended();
    CHECK_CODE(greenlet_set_stack_size(a, 65536), GREENLET_ESTARTED);
    CHECK_CODE(greenlet_set_stack_size(greenlet_main(), 65536), GREENLET_EMAIN);
    drop(&a);
}
