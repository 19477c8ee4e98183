// The parent (PA).
//
// SPDX-License-Identifier: MIT
#include "check.h"

static greenlet_t *a, *b, *c;

static int run_set_own_parent(void *value, void **result) {
    (void)result;
    CHECK_OK(greenlet_set_parent(greenlet_current(), value));
    CHECK_PTR(greenlet_parent(greenlet_current()), value);
    return GREENLET_OK;
}

TEST(PA_01_the_parent_can_be_changed_in_any_state) {
    a = make_suspended();
    b = make(run_set_own_parent);
    CHECK_OK(greenlet_set_parent(b, a)); // new
    CHECK_PTR(greenlet_parent(b), a);
    CHECK_OK(greenlet_switch(b, greenlet_main(), NULL)); // running
    CHECK_PTR(greenlet_parent(b), greenlet_main());
    CHECK_OK(greenlet_set_parent(b, a)); // dead
    CHECK_PTR(greenlet_parent(b), a);
    drop(&b);
    b = make_under(run_42, greenlet_main());
    CHECK_OK(greenlet_set_parent(a, b)); // suspended
    CHECK_PTR(greenlet_parent(a), b);
    CHECK_OK(greenlet_set_parent(a, greenlet_main()));
    drop(&a);
    drop(&b);
}

static void check_parent_stays(greenlet_t *greenlet) {
    greenlet_t *parent = greenlet_parent(greenlet);
    CHECK_CODE(greenlet_set_parent(greenlet, NULL), GREENLET_EPARENT);
    CHECK_PTR(greenlet_parent(greenlet), parent);
}

TEST(PA_02_PA_03_the_parent_cannot_be_removed) {
    a = make(run_42);
    check_parent_stays(a);
    b = make_suspended();
    check_parent_stays(b);
    CHECK_CODE(greenlet_set_parent(NULL, a), GREENLET_EINVAL);
    drop(&a);
    drop(&b);
}

TEST(PA_04_not_its_own_parent) {
    a = make(run_42);
    CHECK_CODE(greenlet_set_parent(a, a), GREENLET_ECYCLE);
    CHECK_PTR(greenlet_parent(a), greenlet_main());
    drop(&a);
}

TEST(PA_05_no_longer_cycle) {
    a = make(run_42);
    b = make_under(run_42, a);
    c = make_under(run_42, b);
    CHECK_CODE(greenlet_set_parent(a, c), GREENLET_ECYCLE);
    CHECK_CODE(greenlet_set_parent(a, b), GREENLET_ECYCLE);
    CHECK_PTR(greenlet_parent(a), greenlet_main());
    drop(&c);
    drop(&b);
    drop(&a);
}

static int run_refused_cycle(void *value, void **result) {
    (void)value, (void)result;
    c = make(run_42);
    CHECK_CODE(greenlet_set_parent(greenlet_current(), c), GREENLET_ECYCLE);
    CHECK_PTR(greenlet_parent(greenlet_current()), greenlet_main());
    return GREENLET_OK;
}

TEST(PA_06_dead_and_running_members_count_in_a_cycle) {
    a = make(run_42);
    b = make_under(run_42, a);
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    CHECK(greenlet_dead(a) && greenlet_dead(b));
    CHECK_CODE(greenlet_set_parent(a, b), GREENLET_ECYCLE);
    CHECK_PTR(greenlet_parent(a), greenlet_main());
    CHECK_PTR(greenlet_parent(b), a);
    drop(&b);
    drop(&a);
    a = make(run_refused_cycle);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    drop(&c);
    drop(&a);
}

TEST(PA_07_main_has_no_parent_and_that_comes_first) {
    a = make(run_42);
    CHECK_CODE(greenlet_set_parent(greenlet_main(), greenlet_main()), GREENLET_EMAIN);
    CHECK_CODE(greenlet_set_parent(greenlet_main(), a), GREENLET_EMAIN);
    CHECK_CODE(greenlet_set_parent(greenlet_main(), NULL), GREENLET_EMAIN);
    CHECK_PTR(greenlet_parent(greenlet_main()), NULL);
    drop(&a);
}

TEST(PA_08_dead_parents_and_dead_children) {
    void *result;
    a = make_dead();
    b = make(run_42);
    CHECK_OK(greenlet_set_parent(b, a));
    CHECK_OK(greenlet_switch(b, NULL, &result));
    CHECK_INT(INT(result), 42);
    c = make_named(run_logged, "c");
    CHECK_OK(greenlet_set_parent(a, c)); // a is dead: what is sent to it now starts c
    CHECK_OK(greenlet_switch(a, V(8), &result));
    CHECK_INT(INT(result), 8);
    CHECK_LOG("c:8");
    drop(&b);
    drop(&a);
    drop(&c);
}

static int run_log_resumed(void *value, void **result) {
    int code = up(value, &value);
    log_add("%s:%d", name_of_current(), (int)INT(value));
    *result = V(INT(value) * 2);
    return code;
}

TEST(PA_09_a_suspended_one_under_another) {
    void *result;
    a = make_named(run_log_resumed, "a");
    b = make_named(run_log_resumed, "b");
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    CHECK_OK(greenlet_switch(b, NULL, NULL));
    CHECK_OK(greenlet_set_parent(b, a));
    CHECK_OK(greenlet_switch(b, V(3), &result));
    CHECK_LOG("b:3 a:6");
    CHECK_INT(INT(result), 12);
    CHECK(greenlet_dead(a) && greenlet_dead(b));
    drop(&b);
    drop(&a);
}

static int run_log_kill(void *value, void **result) {
    int code = up(value, result);
    log_add("killed:%d", code == GREENLET_EEXIT);
    return code;
}

static int run_up_to_its_parent(void *value, void **result) {
    log_add("to:%s", greenlet_name(greenlet_parent(greenlet_current())));
    return up(value, result);
}

static int run_adopt_and_switch(void *value, void **result) {
    CHECK_OK(greenlet_set_parent(a, greenlet_current()));
    int code = greenlet_switch(a, value, result);
    log_add("back:%d", (int)INT(*result));
    return code;
}

TEST(CA_05_a_child_goes_up_to_who_adopted_it) {
    void *result = NULL;
    a = make(run_up_to_its_parent);
    b = make_named(run_adopt_and_switch, "b");
    CHECK_OK(greenlet_switch(b, V(4), &result));
    CHECK_LOG("to:b back:4");
    CHECK_INT(INT(result), 4);
    CHECK(greenlet_active(a) && greenlet_dead(b));
    drop(&a);
    drop(&b);
}

TEST(PA_13_the_old_parent_may_be_killed_by_the_change) {
    a = make(run_log_kill);
    CHECK_OK(greenlet_switch(a, NULL, NULL));
    b = make_under(run_42, a);
    drop(&a);
    log_add("before");
    CHECK_OK(greenlet_set_parent(b, greenlet_main()));
    log_add("after");
    CHECK_LOG("before killed:1 after");
    drop(&b);
}

TEST(PARENT_setting_the_same_parent_changes_nothing) {
    a = make_suspended();
    b = make_under(run_42, a);
    greenlet_t *parent = a;
    drop(&a);
    CHECK_OK(greenlet_set_parent(b, parent));
    CHECK_PTR(greenlet_parent(b), parent);
    CHECK_INT(greenlet_active(parent), 1);
    drop(&b);
}
