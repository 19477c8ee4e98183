// Who spawned whom, what they share, who is told, and how a task is described.
//
// SPDX-License-Identifier: MIT
#ifndef GREENLET_SITES
#define GREENLET_SITES
#endif
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "gevent.h"

static gevent_task_t *task, *child, *grandchild;

static void forget(gevent_task_t **handle) {
    gevent_task_unref(*handle);
    *handle = NULL;
}

static int run_sleep(void *value, void **result) {
    *result = value;
    return gevent_sleep(0.1);
}

static int run_spawn_grandchild(void *value, void **result) {
    (void)value, (void)result;
    return gevent_spawn(run_sleep, NULL, &grandchild);
}

static int run_spawn_child(void *value, void **result) {
    (void)value, (void)result;
    int code = gevent_spawn(run_spawn_grandchild, NULL, &child);
    return code < 0 ? code : gevent_join(child, GEVENT_FOREVER);
}

static void spawn_three(void) {
    CHECK_OK(gevent_spawn(run_spawn_child, NULL, &task));
    CHECK_OK(gevent_run());
}

static void forget_three(void) {
    forget(&task);
    forget(&child);
    forget(&grandchild);
}

TEST(TREE_spawning_greenlet_is_known_while_it_exists) {
    spawn_three();
    CHECK_PTR(gevent_spawning_greenlet(task), greenlet_main());
    CHECK_PTR(gevent_spawning_greenlet(child), gevent_task_greenlet(task));
    CHECK_PTR(gevent_spawning_greenlet(grandchild), gevent_task_greenlet(child));
    uint64_t id = greenlet_id(gevent_task_greenlet(task));
    forget(&task); // not kept by its child
    CHECK_PTR(gevent_spawning_greenlet(child), NULL);
    CHECK_INT(greenlet_creator(gevent_task_greenlet(child)), id);
    forget_three();
}

TEST(TREE_spawning_site_is_said_where_sites_are_on) {
    int line = __LINE__ + 1;
    CHECK_OK(gevent_spawn(run_sleep, NULL, &task));
    char site[256];
    snprintf(site, sizeof site, "%s:%d", __FILE__, line);
    CHECK_STR(gevent_spawn_site(task), site);
    CHECK_STR(gevent_run_name(task), "run_sleep");
    int (*spawn)(greenlet_run_fn, void *, gevent_task_t **) = gevent_spawn; // says nothing
    CHECK_OK(spawn(run_sleep, NULL, &child));
    CHECK_PTR(gevent_spawn_site(child), NULL);
    CHECK_PTR(gevent_run_name(child), NULL);
    CHECK_OK(gevent_spawn_later(0.1, run_sleep, NULL, &grandchild));
    CHECK_STR(gevent_run_name(grandchild), "run_sleep");
    CHECK_OK(gevent_run());
    forget_three();
}

// ---- values -------------------------------------------------------------------------------------

static void log_release(void *value) {
    log_add("released%d", (int)INT(value));
}

static const greenlet_key_t first = {log_release}, second = {NULL};

static int run_look_and_set(void *value, void **result) {
    (void)result;
    log_add("%d", (int)INT(gevent_tree_local(NULL, &first)));
    return gevent_set_tree_local(NULL, &first, value);
}

static int run_set_and_spawn(void *value, void **result) {
    (void)result;
    intptr_t number = INT(value);
    CHECK_PTR(gevent_tree_local(NULL, &first), NULL);
    CHECK_OK(gevent_set_tree_local(NULL, &first, V(number)));
    CHECK_OK(gevent_set_tree_local(NULL, &second, V(7)));
    int code = gevent_spawn(run_look_and_set, V(number + 1), NULL);
    if (code >= 0) code = gevent_sleep(0.1);
    log_add("%d", (int)INT(gevent_tree_local(NULL, &first)));
    CHECK_INT(INT(gevent_tree_local(NULL, &second)), 7);
    return code;
}

TEST(TREE_locals_are_shared_down_the_tree) {
    CHECK_OK(gevent_spawn(run_set_and_spawn, V(10), &task));
    CHECK_OK(gevent_run());
    CHECK_LOG("10 released10 11");
    CHECK_INT(INT(gevent_tree_local(task, &first)), 11);
    forget(&task);
    CHECK_LOG("released11");
}

TEST(TREE_locals_are_separate_for_each_child_of_main) {
    CHECK_OK(gevent_spawn(run_set_and_spawn, V(10), NULL));
    CHECK_OK(gevent_spawn(run_set_and_spawn, V(20), NULL));
    CHECK_OK(gevent_run());
    CHECK_LOG("10 released10 20 released20 11 released11 21 released21");
}

static int run_spawn_first(void *value, void **result) {
    (void)value, (void)result;
    int code = gevent_spawn(run_sleep, NULL, &child);
    CHECK_OK(gevent_set_tree_local(NULL, &first, V(5))); // after its child was made
    return code;
}

TEST(TREE_locals_set_later_reach_those_who_are_there) {
    CHECK_OK(gevent_spawn(run_spawn_first, NULL, &task));
    CHECK_OK(gevent_run());
    CHECK_INT(INT(gevent_tree_local(child, &first)), 5);
    CHECK_OK(gevent_set_tree_local(child, &first, V(6)));
    CHECK_LOG("released5");
    CHECK_INT(INT(gevent_tree_local(task, &first)), 6);
    forget(&task);
    CHECK_LOG("");
    forget(&child);
    CHECK_LOG("released6");
}

static int run_raw(void *value, void **result) {
    (void)value, (void)result;
    CHECK_PTR(gevent_tree_local(NULL, &first), NULL);
    CHECK_CODE(gevent_set_tree_local(NULL, &first, V(1)), GREENLET_EINVAL);
    return GREENLET_OK;
}

TEST(TREE_locals_are_none_outside_of_tasks) {
    CHECK_PTR(gevent_tree_local(NULL, &first), NULL);
    CHECK_CODE(gevent_set_tree_local(NULL, &first, V(1)), GREENLET_EINVAL);
    CHECK_OK(gevent_spawn_raw(run_raw, NULL, NULL));
    CHECK_OK(gevent_spawn(run_sleep, NULL, &task));
    CHECK_CODE(gevent_set_tree_local(task, NULL, V(1)), GREENLET_EINVAL);
    CHECK_OK(gevent_run());
    forget(&task);
}

// ---- hooks --------------------------------------------------------------------------------------

static gevent_spawn_hook_t hooks[3];

static void log_spawn(gevent_task_t *spawned, void *argument) {
    CHECK_INT(greenlet_started(gevent_task_greenlet(spawned)), 0);
    log_add("%d", (int)INT(argument));
}

static void log_and_remove_next(gevent_task_t *spawned, void *argument) {
    log_spawn(spawned, argument);
    gevent_remove_spawn_hook(&hooks[0]);
    gevent_remove_spawn_hook(&hooks[1]);
}

TEST(TREE_spawn_hooks_are_told_at_the_start) {
    gevent_add_spawn_hook(&hooks[0], log_spawn, V(1));
    gevent_add_spawn_hook(&hooks[1], log_spawn, V(2));
    CHECK_OK(gevent_new(run_sleep, NULL, &task));
    CHECK_LOG("");
    CHECK_OK(gevent_start(task));
    CHECK_LOG("1 2");
    CHECK_OK(gevent_start(task)); // again
    CHECK_LOG("");
    gevent_remove_spawn_hook(&hooks[0]);
    CHECK_OK(gevent_spawn_later(0.1, run_sleep, NULL, NULL));
    CHECK_LOG("2");
    gevent_remove_spawn_hook(&hooks[1]);
    gevent_remove_spawn_hook(&hooks[1]);
    CHECK_OK(gevent_spawn(run_sleep, NULL, NULL));
    CHECK_LOG("");
    CHECK_OK(gevent_run());
    forget(&task);
}

TEST(TREE_spawn_hooks_may_take_out_others) {
    gevent_add_spawn_hook(&hooks[0], log_and_remove_next, V(1));
    gevent_add_spawn_hook(&hooks[1], log_spawn, V(2));
    gevent_add_spawn_hook(&hooks[2], log_spawn, V(3));
    CHECK_OK(gevent_spawn(run_sleep, NULL, NULL));
    CHECK_LOG("1 3");
    gevent_remove_spawn_hook(&hooks[2]);
    CHECK_OK(gevent_run());
}

static void kill_at_spawn(gevent_task_t *spawned, void *argument) {
    (void)argument;
    CHECK_OK(gevent_kill(spawned, NULL, GEVENT_NOWAIT));
}

TEST(TREE_spawn_hooks_may_kill_the_task) {
    gevent_add_spawn_hook(&hooks[0], kill_at_spawn, NULL);
    CHECK_OK(gevent_spawn(run_fail_e1, NULL, &task));
    CHECK_OK(gevent_spawn_later(1, run_fail_e1, NULL, NULL));
    gevent_remove_spawn_hook(&hooks[0]);
    CHECK_INT(gevent_status(task), GEVENT_KILLED);
    CHECK_OK(gevent_run());
    forget(&task);
}

// ---- descriptions -------------------------------------------------------------------------------

static char text[256];

static const char *describe(const gevent_task_t *of) {
    size_t length = gevent_task_describe(of, text, sizeof text);
    CHECK_INT(length, strlen(text));
    CHECK_INT(gevent_task_describe(of, NULL, 0), length);
    return text;
}

// Up to the name of the file, whose path depends on who compiles.
static const char *describe_shortly(const gevent_task_t *of) {
    (void)describe(of);
    char *site = strstr(text, " at ");
    if (site) *site = '\0';
    return text;
}

static int run_describe_itself(void *value, void **result) {
    (void)value, (void)result;
    CHECK_STR(describe_shortly(task), "t: run_describe_itself(0x10), runs, spawned by main");
    int code = gevent_sleep(0.1);
    return code < 0 ? code : greenlet_raise(&E1, "no row 7");
}

TEST(TASK_repr_says_what_it_runs_and_how_it_is) {
    gevent_set_unhandled(ignore_error);
    CHECK_OK(gevent_new(run_describe_itself, V(16), &task));
    CHECK_OK(gevent_set_name(task, "t"));
    CHECK_STR(describe_shortly(task),
              "t: run_describe_itself(0x10), was not started, spawned by main");
    CHECK_OK(gevent_start(task));
    CHECK_STR(describe_shortly(task),
              "t: run_describe_itself(0x10), is about to start, spawned by main");
    CHECK_OK(gevent_yield());
    CHECK_STR(describe_shortly(task),
              "t: run_describe_itself(0x10), waits in sleep, spawned by main");
    CHECK_OK(gevent_run());
    CHECK_STR(describe_shortly(task),
              "t: run_describe_itself(0x10), failed: no row 7, spawned by main");
    CHECK(strstr(describe(task), "test_spawn_tree.c:") != NULL);
    forget(&task);
}

TEST(TASK_repr_of_others) {
    spawn_three();
    CHECK_OK(gevent_set_name(task, "t"));
    CHECK_OK(gevent_set_name(child, "c"));
    CHECK_STR(describe_shortly(child), "c: run_spawn_grandchild(0x0), returned, spawned by t");
    forget(&task);
    CHECK_STR(describe_shortly(child),
              "c: run_spawn_grandchild(0x0), returned, spawned by one that is gone");
    forget_three();
    gevent_mark_spawn(NULL, "run_sleep");
    int (*spawn)(greenlet_run_fn, void *, gevent_task_t **) = gevent_spawn;
    CHECK_OK(spawn(run_sleep, NULL, &task));
    CHECK_OK(gevent_set_name(task, "t"));
    CHECK_OK(gevent_kill(task, NULL, GEVENT_NOWAIT));
    CHECK_STR(describe(task), "t: run_sleep(0x0), was killed, spawned by main");
    forget(&task);
    CHECK_OK(spawn(run_sleep, NULL, &task));
    CHECK_OK(gevent_set_name(task, "t"));
    CHECK(strncmp(describe(task), "t: 0x", 5) == 0);
    CHECK_OK(gevent_run());
    forget(&task);
}

// ---- every allocation ---------------------------------------------------------------------------

static int spawn_and_share(void) {
    task = child = grandchild = NULL;
    int code = gevent_spawn(run_spawn_child, NULL, &task);
    if (code < 0) return code;
    int set = gevent_set_tree_local(task, &second, V(1));
    code = gevent_get(task, GEVENT_FOREVER, NULL);
    int slept = gevent_sleep(1);
    int is_whole = grandchild != NULL && gevent_status(grandchild) == GEVENT_RETURNED;
    if (is_whole && set >= 0) CHECK_INT(INT(gevent_tree_local(grandchild, &second)), 1);
    forget_three();
    if (code < 0 || slept < 0) return code < 0 ? code : slept;
    return set < 0 || !is_whole ? GREENLET_ENOMEM : GREENLET_OK;
}

TEST(MEMORY_spawn_trees) {
    gevent_set_unhandled(ignore_error);
    fail_each_allocation(spawn_and_share);
}
