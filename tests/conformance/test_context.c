// Context variables (CX) and values by key (SB).
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "greenlet_context.h"
#include "greenlet_local.h"

static greenlet_t *a, *b;
static const greenlet_variable_t NAME = {"default"};
static const greenlet_variable_t COUNT = {NULL};

static const char *name_here(void) {
    return greenlet_variable_get(&NAME);
}

static int read_set_and_read(void *value, void **result) {
    log_add("%s", name_here());
    CHECK_OK(greenlet_variable_set(&NAME, (void *)(uintptr_t) "g"));
    int code = up(NULL, NULL);
    log_add("%s", name_here());
    *result = value;
    return code;
}

TEST(CX_01_ST_10_a_new_greenlet_has_an_empty_context) {
    CHECK_OK(greenlet_variable_set(&NAME, (void *)(uintptr_t) "main"));
    a = make(read_set_and_read);
    CHECK_PTR(greenlet_context(a), NULL);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_STR(name_here(), "main");
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_LOG("default g");
    CHECK_OK(greenlet_set_context(greenlet_current(), NULL));
    CHECK_STR(name_here(), "default");
    drop(&a);
}

TEST(CX_02_a_copy_inherits_without_sharing) {
    greenlet_context_t *copy;
    CHECK_OK(greenlet_variable_set(&NAME, (void *)(uintptr_t) "main"));
    CHECK_OK(greenlet_context_copy(greenlet_context(greenlet_current()), &copy));
    a = make(read_set_and_read);
    CHECK_OK(greenlet_set_context(a, copy));
    greenlet_context_unref(copy);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_STR(name_here(), "main");
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_LOG("main g");
    CHECK_OK(greenlet_set_context(greenlet_current(), NULL));
    drop(&a);
}

static int count_three_times(void *value, void **result) {
    int code = GREENLET_OK;
    for (int i = 0; i < 2 && code >= 0; i++) {
        CHECK_OK(greenlet_variable_set(&COUNT, V(INT(greenlet_variable_get(&COUNT)) + 1)));
        code = up(NULL, NULL);
    }
    *result = greenlet_variable_get(&COUNT);
    (void)value;
    return code;
}

static void run_both(intptr_t first, intptr_t second) {
    void *result;
    for (int i = 0; i < 2; i++) {
        CHECK_OK(greenlet_switch(a, NULL, NULL));
        CHECK_OK(greenlet_switch(b, NULL, NULL));
    }
    CHECK_OK(greenlet_switch(a, NULL, &result));
    CHECK_INT(INT(result), first);
    CHECK_OK(greenlet_switch(b, NULL, &result));
    CHECK_INT(INT(result), second);
    drop(&a);
    drop(&b);
}

TEST(CX_03_the_same_context_is_shared) {
    greenlet_context_t *shared;
    CHECK_OK(greenlet_context_copy(NULL, &shared));
    a = make(count_three_times);
    b = make(count_three_times);
    run_both(2, 2);
    a = make(count_three_times);
    b = make(count_three_times);
    CHECK_OK(greenlet_set_context(a, shared));
    CHECK_OK(greenlet_set_context(b, shared));
    run_both(4, 4);
    greenlet_context_unref(shared);
}

static int read_name_twice(void *value, void **result) {
    log_add("%s", name_here());
    int code = up(NULL, NULL);
    log_add("%s", name_here());
    CHECK_OK(greenlet_set_context(greenlet_current(), NULL));
    log_add("%s", name_here());
    *result = value;
    return code;
}

TEST(CX_04_the_context_can_be_replaced_in_any_state) {
    greenlet_context_t *context;
    CHECK_OK(greenlet_variable_set(&NAME, (void *)(uintptr_t) "given"));
    CHECK_OK(greenlet_context_copy(greenlet_context(greenlet_current()), &context));
    CHECK_OK(greenlet_set_context(greenlet_current(), NULL));
    a = make(read_name_twice);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_OK(greenlet_set_context(a, context));
    CHECK_PTR(greenlet_context(a), context);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_LOG("default given default");
    CHECK(greenlet_dead(a));
    CHECK_OK(greenlet_set_context(a, context));
    CHECK_PTR(greenlet_context(a), context);
    drop(&a);
    greenlet_context_unref(context);
}

TEST(CX_05_a_context_is_made_when_something_is_set) {
    CHECK_PTR(greenlet_context(greenlet_current()), NULL);
    CHECK_STR(name_here(), "default");
    CHECK_PTR(greenlet_context(greenlet_current()), NULL);
    CHECK_OK(greenlet_variable_set(&NAME, NULL));
    CHECK(greenlet_context(greenlet_current()) != NULL);
    CHECK_PTR(greenlet_variable_get(&NAME), NULL);
    CHECK_OK(greenlet_set_context(greenlet_current(), NULL));
}

TEST(CX_06_a_dead_greenlet_keeps_its_context) {
    a = make(read_set_and_read);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    greenlet_context_t *context = greenlet_context(a);
    CHECK(context != NULL);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK(greenlet_dead(a));
    CHECK_PTR(greenlet_context(a), context);
    CHECK_LOG("default g");
    drop(&a);
}

TEST(CX_07_only_a_greenlet_has_a_context) {
    CHECK_CODE(greenlet_set_context(NULL, NULL), GREENLET_EINVAL);
    CHECK_CODE(greenlet_variable_set(NULL, NULL), GREENLET_EINVAL);
    CHECK_CODE(greenlet_context_copy(NULL, NULL), GREENLET_EINVAL);
}

TEST(CX_to_set_a_variable_keeps_the_last_error) {
    CHECK_CODE(greenlet_set_context(NULL, NULL), GREENLET_EINVAL);
    const greenlet_error_t *last = greenlet_last_error();
    CHECK_OK(greenlet_variable_set(&NAME, NULL));
    CHECK_PTR(greenlet_last_error(), last);
    CHECK_OK(greenlet_set_context(greenlet_current(), NULL));
}

TEST(CX_many_variables_and_no_memory) {
    static const greenlet_variable_t many[40];
    for (int i = 0; i < 40; i++) CHECK_OK(greenlet_variable_set(&many[i], V(i + 1)));
    for (int i = 0; i < 40; i++) CHECK_INT(INT(greenlet_variable_get(&many[i])), i + 1);
    CHECK_OK(greenlet_set_context(greenlet_current(), NULL));
    for (size_t n = 1; n <= 2; n++) {
        memory_fail_at(n);
        CHECK_CODE(greenlet_variable_set(&NAME, NULL), GREENLET_ENOMEM);
        memory_fail_at(0);
        CHECK_STR(name_here(), "default");
        CHECK_OK(greenlet_set_context(greenlet_current(), NULL));
    }
}

// ---- values by key ------------------------------------------------------------------------------

static void release_logged(void *value) {
    log_add("release:%d", (int)INT(value));
}

static const greenlet_key_t FIRST = {release_logged};
static const greenlet_key_t SECOND = {NULL};

static int set_in_run(void *value, void **result) {
    (void)result;
    return greenlet_set_local(NULL, &FIRST, value);
}

TEST(SB_01_a_value_is_carried_through_death) {
    a = make(set_in_run);
    CHECK_PTR(greenlet_local(a, &FIRST), NULL);
    CHECK_OK(greenlet_set_local(a, &SECOND, V(2)));
    CHECK_OK(greenlet_switch(a, V(1), NULL));
    CHECK(greenlet_dead(a));
    CHECK_INT(INT(greenlet_local(a, &FIRST)), 1);
    CHECK_INT(INT(greenlet_local(a, &SECOND)), 2);
    CHECK_PTR(greenlet_local(NULL, &FIRST), NULL);
    CHECK_LOG("");
    drop(&a);
    CHECK_LOG("release:1");
}

TEST(SB_01_a_value_that_is_replaced_is_released_once) {
    a = make(run_return);
    CHECK_OK(greenlet_set_local(a, &FIRST, V(1)));
    CHECK_OK(greenlet_set_local(a, &FIRST, V(1)));
    CHECK_LOG("");
    CHECK_OK(greenlet_set_local(a, &FIRST, V(2)));
    CHECK_LOG("release:1");
    CHECK_CODE(greenlet_set_local(a, NULL, V(3)), GREENLET_EINVAL);
    memory_fail_at(1);
    CHECK_OK(greenlet_set_local(a, &FIRST, V(3)));
    memory_fail_at(0);
    CHECK_LOG("release:2");
    drop(&a);
    CHECK_LOG("release:3");
}

TEST(SB_07_each_value_of_many_greenlets_is_released) {
    for (int i = 0; i < 10; i++) {
        a = make(run_up);
        CHECK_OK(greenlet_set_local(a, &FIRST, V(i + 1)));
        CHECK_OK(greenlet_switch(a, NULL, NULL));
        drop(&a);
    }
    CHECK_LOG("release:1 release:2 release:3 release:4 release:5 release:6 release:7 release:8 "
              "release:9 release:10");
}
