// Results.
//
// SPDX-License-Identifier: MIT
#include <string.h>

#include "check.h"
#include "gevent.h"
#include "gevent/hub_internal.h"

static gevent_result_t *new_result(void) {
    gevent_result_t *result = NULL;
    CHECK_OK(gevent_result_new(&result));
    return result;
}

static void fail_result(gevent_result_t *result, const greenlet_error_type_t *type) {
    greenlet_error_t *error = greenlet_error_new(type, "because");
    gevent_result_fail(result, error);
    greenlet_error_unref(error);
}

static int run_get(void *value, void **unused) {
    (void)unused;
    void *got = NULL;
    int code = gevent_result_get(value, GEVENT_FOREVER, &got);
    if (code < 0)
        log_add("%s", greenlet_error_message(greenlet_last_error()));
    else
        log_add("%d", (int)INT(got));
    return code == CODE_E1 ? GREENLET_OK : code;
}

static void spawn_getters(gevent_result_t *result, int count) {
    for (int i = 0; i < count; i++) CHECK_OK(gevent_spawn(run_get, result, NULL));
    CHECK_OK(gevent_yield());
}

TEST(RESULT_is_pending_until_it_is_set) {
    gevent_result_t *result = new_result();
    void *value = V(1);
    CHECK_INT(gevent_result_is_ready(result), 0);
    CHECK_INT(gevent_result_is_successful(result), 0);
    CHECK_PTR(gevent_result_value(result), NULL);
    CHECK_PTR(gevent_result_error(result), NULL);
    CHECK_CODE(gevent_result_get(result, GEVENT_NOWAIT, &value), GREENLET_EPENDING);
    CHECK_CODE(gevent_result_get(result, -1, &value), GREENLET_EPENDING);
    CHECK_CODE(gevent_result_get(result, 0.1, &value), GREENLET_EPENDING);
    CHECK_CODE(gevent_result_wait(result, 0.1), GREENLET_ETIMEDOUT);
    CHECK_CODE(gevent_result_wait(result, GEVENT_NOWAIT), GREENLET_ETIMEDOUT);
    CHECK_PTR(value, V(1));
    gevent_result_set(result, V(7));
    CHECK_INT(gevent_result_is_ready(result), 1);
    CHECK_INT(gevent_result_is_successful(result), 1);
    CHECK_PTR(gevent_result_value(result), V(7));
    CHECK_OK(gevent_result_get(result, GEVENT_NOWAIT, &value));
    CHECK_PTR(value, V(7));
    CHECK_OK(gevent_result_get(result, GEVENT_NOWAIT, NULL));
    gevent_result_unref(result);
}

TEST(RESULT_wakes_all_who_wait_in_order_after_the_setter_has_gone_on) {
    gevent_result_t *result = new_result();
    spawn_getters(result, 3);
    gevent_result_set(result, V(5));
    log_add("set");
    CHECK_OK(gevent_run());
    CHECK_LOG("set 5 5 5");
    gevent_result_unref(result);
}

TEST(RESULT_set_before_it_is_got_without_a_switch) {
    gevent_result_t *result = new_result();
    void *value = NULL;
    gevent_result_set(result, V(1));
    CHECK_OK(gevent_spawn(run_get, result, NULL));
    CHECK_OK(gevent_result_get(result, GEVENT_FOREVER, &value));
    CHECK_OK(gevent_result_wait(result, GEVENT_FOREVER));
    CHECK_LOG("");
    CHECK_OK(gevent_run());
    CHECK_LOG("1");
    gevent_result_unref(result);
}

TEST(RESULT_set_repeatedly_the_last_wins) {
    gevent_result_t *result = new_result();
    void *value = NULL;
    spawn_getters(result, 1);
    gevent_result_set(result, V(1));
    fail_result(result, &E1);
    CHECK_INT(gevent_result_is_successful(result), 0);
    gevent_result_set(result, V(3));
    CHECK_PTR(gevent_result_error(result), NULL);
    CHECK_OK(gevent_result_get(result, GEVENT_NOWAIT, &value));
    CHECK_PTR(value, V(3));
    CHECK_OK(gevent_run());
    CHECK_LOG("3"); // also for who was woken by the first
    gevent_result_unref(result);
}

TEST(RESULT_failed_get_fails_with_its_error_and_wait_does_not) {
    gevent_result_t *result = new_result();
    spawn_getters(result, 2);
    fail_result(result, &E1);
    CHECK_INT(gevent_result_is_ready(result), 1);
    CHECK_INT(gevent_result_is_successful(result), 0);
    CHECK_PTR(gevent_result_value(result), NULL);
    CHECK_OK(gevent_result_wait(result, GEVENT_FOREVER));
    CHECK_CODE(gevent_result_get(result, GEVENT_FOREVER, NULL), CODE_E1);
    CHECK_PTR(greenlet_last_error(), gevent_result_error(result));
    CHECK_OK(gevent_run());
    CHECK_LOG("because because");
    gevent_result_fail(result, NULL);
    CHECK_CODE(gevent_result_get(result, GEVENT_NOWAIT, NULL), GREENLET_EFAILED);
    gevent_result_unref(result);
}

TEST(RESULT_killed_waiters_and_those_that_time_out_are_gone) {
    gevent_result_t *result = new_result();
    gevent_task_t *tasks[3];
    for (int i = 0; i < 3; i++) CHECK_OK(gevent_spawn(run_get, result, &tasks[i]));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_kill(tasks[0], NULL, GEVENT_NOWAIT));
    CHECK_OK(gevent_kill_hard(tasks[1]));
    gevent_result_set(result, V(2));
    CHECK_OK(gevent_run());
    CHECK_LOG("greenlet exit 2");
    for (int i = 0; i < 3; i++) gevent_task_unref(tasks[i]);
    gevent_result_unref(result);
}

TEST(RESULT_a_cancelled_scope_ends_the_wait) {
    gevent_result_t *result = new_result();
    gevent_scope_t scope;
    CHECK_OK(gevent_scope_open(&scope, GEVENT_FOREVER));
    CHECK_OK(gevent_scope_spawn(&scope, run_get, result, NULL));
    CHECK_OK(gevent_yield());
    gevent_scope_cancel(&scope);
    CHECK_CODE(gevent_scope_close(&scope, GREENLET_OK), GEVENT_CANCELLED);
    gevent_result_unref(result); // nobody is left in it
    log_clear();
}

TEST(RESULT_cancel_fails_one_that_is_pending) {
    gevent_result_t *result = new_result();
    gevent_result_cancel(result);
    CHECK_CODE(gevent_result_get(result, GEVENT_NOWAIT, NULL), GREENLET_ECANCELED);
    gevent_result_set(result, V(1));
    gevent_result_cancel(result);
    CHECK_OK(gevent_result_get(result, GEVENT_NOWAIT, NULL));
    gevent_result_unref(result);
}

TEST(RESULT_is_counted) {
    CHECK_CODE(gevent_result_new(NULL), GREENLET_EINVAL);
    CHECK_PTR(gevent_result_ref(NULL), NULL);
    gevent_result_unref(NULL);
    gevent_result_t *result = new_result();
    CHECK_PTR(gevent_result_ref(result), result);
    gevent_result_unref(result);
    gevent_result_set(result, V(1));
    CHECK_INT(gevent_result_is_ready(result), 1);
    gevent_result_unref(result);
    memory_fail_at(1);
    gevent_result_t *none = NULL;
    CHECK_CODE(gevent_result_new(&none), GREENLET_ENOMEM);
    memory_fail_at(0);
    CHECK_PTR(none, NULL);
}

// ---- values of the door's types -----------------------------------------------------------------

TEST(RESULT_has_a_value_of_a_type) {
    gevent_result_t *result = new_result();
    int32_t i32 = 0;
    int64_t i64 = 0;
    float f32 = 0;
    double f64 = 0;
    gevent_result_set_i32(result, -5);
    CHECK_OK(gevent_result_get_i32(result, GEVENT_NOWAIT, &i32));
    CHECK_INT(i32, -5);
    gevent_result_set_i64(result, INT64_MIN);
    CHECK_OK(gevent_result_get_i64(result, GEVENT_NOWAIT, &i64));
    CHECK(i64 == INT64_MIN);
    gevent_result_set_f32(result, 1.5F);
    CHECK_OK(gevent_result_get_f32(result, GEVENT_NOWAIT, &f32));
    CHECK(f32 == 1.5F);
    gevent_result_set_f64(result, 0.25);
    CHECK_OK(gevent_result_get_f64(result, GEVENT_NOWAIT, &f64));
    CHECK(f64 == 0.25);
    gevent_result_set_ref(result, 9);
    CHECK_OK(gevent_result_get_ref(result, GEVENT_NOWAIT, &i32));
    CHECK_INT(i32, 9);
    gevent_result_unref(result);
}

TEST(RESULT_copies_strings_and_bytes) {
    gevent_result_t *result = new_result();
    char text[] = "text";
    const char *string = NULL;
    CHECK_OK(gevent_result_set_string(result, text));
    text[0] = 'T';
    CHECK_OK(gevent_result_get_string(result, GEVENT_NOWAIT, &string));
    CHECK_STR(string, "text");
    CHECK_OK(gevent_result_set_json(result, "[1]"));
    CHECK_OK(gevent_result_get_json(result, GEVENT_NOWAIT, &string));
    CHECK_STR(string, "[1]");
    const void *data = NULL;
    size_t size = 0;
    CHECK_OK(gevent_result_set_bytes(result, "a\0b", 3));
    CHECK_OK(gevent_result_get_bytes(result, GEVENT_NOWAIT, &data, &size));
    CHECK_INT(size, 3);
    CHECK(memcmp(data, "a\0b", 3) == 0);
    CHECK_OK(gevent_result_get_bytes(result, GEVENT_NOWAIT, NULL, NULL));
    CHECK_OK(gevent_result_set_bytes(result, NULL, 0));
    CHECK_OK(gevent_result_get_bytes(result, GEVENT_NOWAIT, NULL, &size));
    CHECK_INT(size, 0);
    gevent_result_unref(result);
}

TEST(RESULT_of_another_type_is_refused) {
    gevent_result_t *result = new_result();
    const char *string = NULL;
    void *value = NULL;
    CHECK_OK(gevent_result_set_string(result, "text"));
    CHECK_CODE(gevent_result_get(result, GEVENT_NOWAIT, &value), GREENLET_EINVAL);
    CHECK_CODE(gevent_result_get_json(result, GEVENT_NOWAIT, &string), GREENLET_EINVAL);
    CHECK_PTR(gevent_result_value(result), NULL);
    CHECK_PTR(value, NULL);
    CHECK_PTR(string, NULL);
    CHECK_CODE(gevent_result_set_string(result, NULL), GREENLET_EINVAL);
    memory_fail_at(1);
    CHECK_CODE(gevent_result_set_string(result, "other"), GREENLET_ENOMEM);
    memory_fail_at(0);
    CHECK_OK(gevent_result_get_string(result, GEVENT_NOWAIT, &string)); // as it was
    CHECK_STR(string, "text");
    gevent_result_unref(result);
}

// ---- from anywhere ------------------------------------------------------------------------------

static struct {
    callback_t callback;
    gevent_result_t *result;
    int get, wait;
} setter;

static void set_in_hub(callback_t *callback) {
    (void)callback;
    setter.get = gevent_result_get(setter.result, GEVENT_NOWAIT, NULL);
    setter.wait = gevent_result_wait(setter.result, 1);
    gevent_result_set(setter.result, V(4));
    (void)greenlet_error_restore(NULL);
}

TEST(RESULT_a_hub_callback_may_set_it) {
    setter.result = new_result();
    setter.callback.run = set_in_hub;
    spawn_getters(setter.result, 2);
    hub_call(hub_get(), &setter.callback);
    CHECK_OK(gevent_run());
    CHECK_INT(setter.get, GREENLET_EPENDING);
    CHECK_INT(setter.wait, GREENLET_EHUB);
    CHECK_LOG("4 4");
    gevent_result_unref(setter.result);
}

TEST(RESULT_main_that_waits_alone_is_told_so) {
    gevent_result_t *result = new_result();
    CHECK_CODE(gevent_result_get(result, GEVENT_FOREVER, NULL), GREENLET_EDEADLK);
    CHECK(strstr(greenlet_error_message(greenlet_last_error()), "main waits in result since"));
    gevent_result_unref(result);
}

// ---- links --------------------------------------------------------------------------------------

static int log_link(gevent_result_t *result, void *argument) {
    log_add("link%d:%d", (int)INT(argument), (int)INT(gevent_result_value(result)));
    return GREENLET_OK;
}

TEST(RESULT_links_are_called_in_order_with_those_who_wait) {
    gevent_result_t *result = new_result();
    CHECK_OK(gevent_result_rawlink(result, log_link, V(1)));
    spawn_getters(result, 1);
    CHECK_OK(gevent_result_rawlink(result, log_link, V(2)));
    gevent_result_set(result, V(7));
    CHECK_LOG(""); // not by the setter
    CHECK_OK(gevent_run());
    CHECK_LOG("link1:7 7 link2:7");
    gevent_result_set(result, V(8));
    CHECK_OK(gevent_run());
    CHECK_LOG(""); // once
    gevent_result_unref(result);
}

TEST(RESULT_linked_after_it_was_set_it_calls_soon) {
    gevent_result_t *result = new_result();
    gevent_result_set(result, V(7));
    CHECK_OK(gevent_result_rawlink(result, log_link, V(1)));
    CHECK_LOG("");
    CHECK_OK(gevent_yield());
    CHECK_LOG("link1:7");
    gevent_result_unref(result);
}

TEST(RESULT_a_link_can_be_taken_out) {
    gevent_result_t *result = new_result();
    CHECK_CODE(gevent_result_rawlink(result, NULL, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_result_rawlink(NULL, log_link, NULL), GREENLET_EINVAL);
    memory_fail_at(1);
    CHECK_CODE(gevent_result_rawlink(result, log_link, NULL), GREENLET_ENOMEM);
    memory_fail_at(0);
    for (int i = 1; i <= 3; i++) CHECK_OK(gevent_result_rawlink(result, log_link, V(i)));
    CHECK_INT(gevent_result_unlink(result, log_link, V(2)), 1);
    CHECK_INT(gevent_result_unlink(result, log_link, V(2)), 0);
    gevent_result_set(result, NULL);
    CHECK_INT(gevent_result_unlink(result, log_link, V(3)), 1); // though it is queued
    CHECK_OK(gevent_run());
    CHECK_LOG("link1:0");
    gevent_result_unref(result);
}

TEST(RESULT_that_goes_drops_its_links) {
    gevent_result_t *result = new_result();
    CHECK_OK(gevent_result_rawlink(result, log_link, V(1)));
    CHECK_OK(gevent_result_rawlink(result, log_link, V(2)));
    gevent_result_set(result, NULL);
    gevent_result_unref(result);
    CHECK_OK(gevent_run());
    CHECK_LOG("");
}

static int unref_link(gevent_result_t *result, void *argument) {
    (void)argument;
    log_add("unref");
    gevent_result_unref(result);
    return GREENLET_OK;
}

TEST(RESULT_a_link_may_drop_the_last_reference) {
    gevent_result_t *result = new_result();
    CHECK_OK(gevent_result_rawlink(result, unref_link, NULL));
    CHECK_OK(gevent_result_rawlink(result, log_link, NULL));
    gevent_result_set(result, NULL);
    CHECK_OK(gevent_run());
    CHECK_LOG("unref");
}

static int fail_link(gevent_result_t *result, void *argument) {
    (void)argument;
    int code = gevent_sleep(1);
    log_add("%s:%d", greenlet_error_name(code), gevent_result_is_ready(result));
    return code;
}

static void log_unhandled(greenlet_t *greenlet, const greenlet_error_t *error) {
    log_add("%s:%s", greenlet_name(greenlet), greenlet_error_type(error)->name);
}

TEST(RESULT_a_link_that_fails_keeps_no_other_from_being_called) {
    gevent_unhandled_fn previous = gevent_set_unhandled(log_unhandled);
    gevent_result_t *result = new_result();
    CHECK_OK(gevent_result_rawlink(result, fail_link, NULL));
    CHECK_OK(gevent_result_rawlink(result, log_link, V(2)));
    gevent_result_set(result, V(1));
    CHECK_OK(gevent_run());
    CHECK_LOG("GREENLET_EHUB:1 hub:BlockingInHub link2:1");
    gevent_result_unref(result);
    gevent_set_unhandled(previous);
}
