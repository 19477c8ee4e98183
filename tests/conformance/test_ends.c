// What greenlet's users ask for: an end in one step, regions that forbid switches, who made whom
// and where it is parked, and a shutdown.
//
// SPDX-License-Identifier: MIT
#ifndef GREENLET_SITES
#define GREENLET_SITES
#endif
#include <stdio.h>
#include <string.h>

#include "check.h"

static greenlet_t *a, *b;

// ---- U-07: finish and hand over in one step -----------------------------------------------------

static int finish_to_b(void *value, void **result) {
    return greenlet_finish_to(b, value, result);
}

TEST(U_07_a_greenlet_ends_and_hands_over_in_one_step) {
    void *result;
    a = make(finish_to_b);
    b = make(run_up);
    CHECK_OK(greenlet_switch(a, V(7), &result));
    CHECK_INT(INT(result), 7);
    CHECK(greenlet_dead(a));
    CHECK(greenlet_active(b));
    CHECK_INT(greenlet_parked_bytes(a), 0);
    drop(&a);
    drop(&b);
}

static int finish_to_b_and_fail(void *value, void **result) {
    int code = greenlet_finish_to(b, value, result);
    return code < 0 ? code : greenlet_raise(&GREENLET_ERROR, "after all");
}

TEST(U_07_an_error_goes_to_the_parent_all_the_same) {
    a = make(finish_to_b_and_fail);
    b = make(run_up);
    CHECK_CODE(greenlet_switch(a, V(7), NULL), GREENLET_EFAILED);
    CHECK(greenlet_dead(a));
    CHECK_INT(greenlet_started(b), 0);
    drop(&a);
    drop(&b);
}

TEST(U_07_main_does_not_end) {
    void *result = &result;
    CHECK_CODE(greenlet_finish_to(greenlet_current(), NULL, &result), GREENLET_EMAIN);
    CHECK_CODE(greenlet_finish_to(NULL, NULL, &result), GREENLET_EINVAL);
    CHECK_PTR(result, &result);
}

// ---- U-18: regions that forbid switches ---------------------------------------------------------

TEST(U_18_a_switch_is_refused_in_a_forbidden_region) {
    a = make(run_up);
    greenlet_forbid_switches();
    greenlet_forbid_switches();
    CHECK_CODE(greenlet_switch(a, NULL, NULL), GREENLET_EFORBIDDEN);
    greenlet_allow_switches();
    CHECK_CODE(greenlet_throw(a, NULL, NULL), GREENLET_EFORBIDDEN);
    CHECK_INT(greenlet_started(a), 0);
    greenlet_allow_switches();
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    drop(&a);
}

static int log_exit(void *value, void **result) {
    int code = up(value, result);
    if (code == GREENLET_EEXIT) log_add("exit");
    return code;
}

TEST(WA_07_a_kill_in_a_forbidden_region_waits_for_its_end) {
    a = make(log_exit);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    greenlet_forbid_switches();
    drop(&a);
    CHECK_LOG("");
    greenlet_allow_switches();
    a = make(run_return);
    CHECK_LOG("exit");
    drop(&a);
}

static int run_end_with_e1(void *value, void **result) {
    int code = up(value, result);
    return code < 0 ? greenlet_raise(&E1, "at the end") : code;
}

static void log_unraisable(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet;
    log_add("unraisable:%s", greenlet_error_type(error)->name);
}

// One that fails when it is killed, and whose kill waits for the next call that may switch.
static void put_off_a_failing_kill(void) {
    a = make(run_end_with_e1);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    greenlet_forbid_switches();
    drop(&a);
    greenlet_allow_switches();
    CHECK_LOG("");
}

static int run_catch(void *value, void **result) {
    int code = up(value, result);
    log_add("caught:%s", greenlet_error_type(greenlet_last_error())->name);
    CHECK_INT(code, CODE_E2);
    return GREENLET_OK;
}

TEST(ER_07_a_kill_that_was_put_off_disturbs_no_error) {
    greenlet_set_unraisable(log_unraisable);
    put_off_a_failing_kill();
    CHECK_CODE(greenlet_raise(&E2, "pending"), CODE_E2);
    const greenlet_error_t *pending = greenlet_last_error();
    b = make(run_catch);
    CHECK_LOG("unraisable:E1");
    CHECK_PTR(greenlet_last_error(), pending);
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    put_off_a_failing_kill();
    CHECK_OK(greenlet_throw(b, pending, NULL));
    CHECK_LOG("unraisable:E1 caught:E2");
    drop(&b);
}

// ---- U-13: who made it, and where it is parked --------------------------------------------------

static int parked_line;

static int make_b_and_park(void *value, void **result) {
    b = make(run_return);
    CHECK_PTR(greenlet_parked_at(greenlet_current()), NULL);
    parked_line = __LINE__ + 1;
    return greenlet_switch(greenlet_main(), value, result);
}

TEST(FR_01_CA_09_U_13_a_greenlet_knows_its_creator_and_where_it_is_parked) {
    char text[1024], site[32];
    a = make(make_b_and_park);
    CHECK_OK(greenlet_set_name(a, "maker"));
    CHECK_PTR(greenlet_parked_at(a), NULL);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_INT(greenlet_creator(a), greenlet_id(greenlet_main()));
    CHECK_INT(greenlet_creator(b), greenlet_id(a));
    CHECK_PTR(greenlet_parked_at(b), NULL);
    snprintf(site, sizeof site, "test_ends.c:%d", parked_line);
    CHECK_STR(strstr(greenlet_parked_at(a), "test_ends"), site);
    size_t length = greenlet_report(text, sizeof text);
    CHECK_INT(length, strlen(text));
    CHECK(strstr(text, "<greenlet 'maker'") != NULL);
    CHECK(strstr(text, site) != NULL);
    CHECK_INT(greenlet_report(NULL, 0), length);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_PTR(greenlet_parked_at(a), NULL);
    drop(&a);
    drop(&b);
}

// ---- U-06, SD-03: shutdown ----------------------------------------------------------------------

// Greenlets that earlier tests have leaked are asked too, so that there is no log here but counts.
static greenlet_t *swallower;
static int exited, swallowed, complaints;

static int count_exit(void *value, void **result) {
    int code = up(value, result);
    exited += code == GREENLET_EEXIT;
    return code;
}

static int swallow(void *value, void **result) {
    while (up(value, result) < 0) swallowed++;
    return GREENLET_OK;
}

static void count_complaint(greenlet_t *greenlet, const greenlet_error_t *error) {
    complaints += greenlet == swallower && greenlet_error_code(error) == GREENLET_EEXIT;
}

static int try_from_within(void *value, void **result) {
    (void)value, (void)result;
    CHECK_CODE(greenlet_shutdown(), GREENLET_EFORBIDDEN);
    return GREENLET_OK;
}

LAST_TEST(SD_03_after_shutdown_every_call_fails_by_name) {
    test_may_leak();
    greenlet_set_unraisable(count_complaint);
    a = make(try_from_within);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    drop(&a);
    size_t others = greenlet_live_count();
    a = make(count_exit);
    swallower = make(swallow);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_OK(greenlet_switch(swallower, NULL, NULL));
    CHECK_INT(greenlet_shutdown(), others + 2);
    log_clear();
    CHECK_INT(exited, 1);
    CHECK_INT(swallowed, 1);
    CHECK_INT(complaints, 1);
    CHECK(greenlet_dead(a));
    CHECK_CODE(greenlet_new(run_return, NULL, &b), GREENLET_ESHUTDOWN);
    CHECK_CODE(greenlet_switch(a, NULL, NULL), GREENLET_ESHUTDOWN);
    CHECK_CODE(greenlet_switch(swallower, NULL, NULL), GREENLET_ESHUTDOWN);
    CHECK_CODE(greenlet_throw(swallower, NULL, NULL), GREENLET_ESHUTDOWN);
    CHECK_CODE(greenlet_set_parent(a, greenlet_main()), GREENLET_ESHUTDOWN);
    CHECK_CODE(greenlet_shutdown(), GREENLET_ESHUTDOWN);
    CHECK_PTR(greenlet_current(), greenlet_main());
    drop(&a);
    CHECK_INT(greenlet_live_count(), others + 1);
}
