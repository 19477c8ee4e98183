// Links: what is called when a task has finished.
//
// SPDX-License-Identifier: MIT
#include "check.h"
#include "gevent.h"

static gevent_task_t *task;

static void log_unhandled(greenlet_t *greenlet, const greenlet_error_t *error) {
    log_add("unhandled:%s!%s", greenlet_name(greenlet), greenlet_error_type(error)->name);
}

static void spawn(greenlet_run_fn run) {
    gevent_set_unhandled(log_unhandled);
    CHECK_OK(gevent_spawn(run, NULL, &task));
    CHECK_OK(gevent_set_name(task, "task"));
}

static void forget(gevent_task_t **handle) {
    gevent_task_unref(*handle);
    *handle = NULL;
}

static void run_all(void) {
    CHECK_OK(gevent_sleep(1));
}

static int log_link(gevent_task_t *finished, void *argument) {
    log_add("%d:%d", (int)INT(argument), (int)gevent_status(finished));
    return GREENLET_OK;
}

static int log_where(gevent_task_t *finished, void *argument) {
    (void)argument;
    CHECK_INT(gevent_dead(finished), 1);
    log_add("%s", greenlet_current() == gevent_hub() ? "hub" : "greenlet");
    return GREENLET_OK;
}

static int sleep_link(gevent_task_t *finished, void *argument) {
    (void)finished;
    int code = gevent_sleep(0.1);
    log_add("%d:%s", (int)INT(argument), code < 0 ? greenlet_error_name(code) : "slept");
    return code;
}

static int failing_link(gevent_task_t *finished, void *argument) {
    (void)finished, (void)argument;
    return greenlet_raise(&E2, "in a link");
}

static int exit_link(gevent_task_t *finished, void *argument) {
    (void)finished, (void)argument;
    return greenlet_fail(GREENLET_EEXIT);
}

// ---- rawlink ------------------------------------------------------------------------------------

TEST(LINK_rawlink_runs_in_the_hub) {
    spawn(run_42);
    CHECK_OK(gevent_rawlink(task, log_where, NULL));
    CHECK_LOG("");
    run_all();
    CHECK_LOG("hub");
    forget(&task);
}

TEST(LINK_rawlink_cannot_wait_and_that_is_told) {
    spawn(run_42);
    CHECK_OK(gevent_rawlink(task, sleep_link, V(1)));
    CHECK_OK(gevent_rawlink(task, log_link, V(2)));
    run_all();
    CHECK_LOG("1:GREENLET_EHUB unhandled:hub!BlockingInHub 2:1");
    forget(&task);
}

static int run_join_task(void *value, void **result) {
    (void)value, (void)result;
    int code = gevent_join(task, GEVENT_FOREVER);
    log_add("joined");
    return code;
}

static int run_sleep(void *value, void **result) {
    *result = value;
    return gevent_sleep(0.5);
}

TEST(LINK_rawlink_and_joiners_are_told_in_order) {
    spawn(run_sleep);
    CHECK_OK(gevent_rawlink(task, log_link, V(1)));
    CHECK_OK(gevent_spawn(run_join_task, NULL, NULL));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_rawlink(task, log_link, V(2)));
    CHECK_OK(gevent_spawn(run_join_task, NULL, NULL));
    run_all();
    CHECK_LOG("1:1 joined 2:1 joined");
    forget(&task);
}

// ---- link ---------------------------------------------------------------------------------------

TEST(LINK_link_may_wait) {
    spawn(run_42);
    CHECK_OK(gevent_link(task, log_where, NULL));
    CHECK_OK(gevent_link(task, sleep_link, V(1)));
    CHECK_OK(gevent_link(task, log_link, V(2)));
    run_all();
    CHECK_LOG("greenlet 2:1 1:slept");
    forget(&task);
}

static void add_all_kinds(void) {
    CHECK_OK(gevent_link(task, log_link, V(1)));
    CHECK_OK(gevent_link_value(task, log_link, V(2)));
    CHECK_OK(gevent_link_error(task, log_link, V(3)));
    CHECK_OK(gevent_rawlink(task, log_link, V(4)));
}

TEST(LINK_link_value_and_link_error_look_at_the_outcome) {
    spawn(run_42);
    add_all_kinds();
    run_all();
    CHECK_LOG("1:1 2:1 4:1");
    forget(&task);
    spawn(run_fail_e1);
    add_all_kinds();
    run_all();
    CHECK_LOG("unhandled:task!E1 1:3 3:3 4:3");
    forget(&task);
}

TEST(LINK_link_value_is_for_a_kill) {
    spawn(run_sleep);
    CHECK_OK(gevent_yield());
    add_all_kinds();
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    run_all();
    CHECK_LOG("1:2 2:2 4:2");
    forget(&task);
}

TEST(LINK_link_of_one_killed_before_its_start_is_called) {
    CHECK_OK(gevent_new(run_42, NULL, &task));
    add_all_kinds();
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    CHECK_LOG("");
    run_all();
    CHECK_LOG("1:2 2:2 4:2");
    forget(&task);
}

TEST(LINK_link_after_the_end_is_called_later) {
    spawn(run_42);
    run_all();
    add_all_kinds();
    CHECK_LOG("");
    CHECK_OK(gevent_yield());
    CHECK_LOG("1:1 2:1 4:1");
    forget(&task);
}

TEST(LINK_link_that_fails_stops_no_other) {
    spawn(run_42);
    CHECK_OK(gevent_rawlink(task, failing_link, NULL));
    CHECK_OK(gevent_rawlink(task, exit_link, NULL)); // an exit is no failure
    CHECK_OK(gevent_link(task, exit_link, NULL));
    CHECK_OK(gevent_rawlink(task, log_link, V(1)));
    run_all();
    CHECK_LOG("unhandled:hub!E2 1:1");
    forget(&task);
}

static int failing_link_with_name(gevent_task_t *finished, void *argument) {
    CHECK_OK(greenlet_set_name(greenlet_current(), "link"));
    return failing_link(finished, argument);
}

TEST(LINK_link_that_fails_in_its_greenlet_is_told) {
    spawn(run_42);
    CHECK_OK(gevent_link(task, failing_link_with_name, NULL));
    CHECK_OK(gevent_link(task, log_link, V(1)));
    run_all();
    CHECK_LOG("unhandled:link!E2 1:1");
    forget(&task);
}

// ---- how long what lives ------------------------------------------------------------------------

TEST(LINK_links_are_called_though_the_handle_is_gone) {
    spawn(run_42);
    add_all_kinds();
    CHECK_OK(gevent_link(task, sleep_link, V(5)));
    forget(&task);
    run_all();
    CHECK_LOG("1:1 2:1 4:1 5:slept");
}

TEST(LINK_links_of_one_that_never_starts_are_dropped) {
    CHECK_OK(gevent_new(run_42, NULL, &task));
    add_all_kinds();
    forget(&task);
    run_all();
    CHECK_LOG("");
}

static int drop_handle(gevent_task_t *finished, void *argument) {
    (void)argument;
    forget(&task);
    CHECK_INT(gevent_status(finished), GEVENT_RETURNED);
    return GREENLET_OK;
}

TEST(LINK_link_may_drop_the_last_handle) {
    spawn(run_42);
    CHECK_OK(gevent_rawlink(task, drop_handle, NULL));
    CHECK_OK(gevent_link(task, log_link, V(1)));
    run_all();
    CHECK_LOG("1:1");
    spawn(run_42);
    CHECK_OK(gevent_link(task, drop_handle, NULL));
    run_all();
}

// ---- unlink -------------------------------------------------------------------------------------

TEST(LINK_link_twice_is_called_twice_and_unlink_takes_one) {
    spawn(run_42);
    for (int i = 0; i < 3; i++) CHECK_OK(gevent_link(task, log_link, V(1)));
    CHECK_OK(gevent_link(task, log_link, V(2)));
    CHECK_INT(gevent_unlink(task, log_link, V(1)), 1);
    CHECK_INT(gevent_unlink(task, log_link, V(3)), 0);
    CHECK_INT(gevent_unlink(task, sleep_link, V(1)), 0);
    run_all();
    CHECK_LOG("1:1 1:1 2:1");
    CHECK_INT(gevent_unlink(task, log_link, V(1)), 0);
    forget(&task);
}

static int unlink_three(gevent_task_t *finished, void *argument) {
    log_add("unlinked%d", gevent_unlink(finished, argument ? log_link : unlink_three, V(3)));
    return GREENLET_OK;
}

TEST(LINK_unlink_of_a_later_one_in_the_same_pass) {
    spawn(run_42);
    CHECK_OK(gevent_rawlink(task, unlink_three, V(1)));
    CHECK_OK(gevent_rawlink(task, log_link, V(2)));
    CHECK_OK(gevent_rawlink(task, log_link, V(3)));
    CHECK_OK(gevent_rawlink(task, unlink_three, V(4))); // there is none any more
    run_all();
    CHECK_LOG("unlinked1 2:1 unlinked0");
    forget(&task);
}

static int unlink_all_link(gevent_task_t *finished, void *argument) {
    (void)argument;
    gevent_unlink_all(finished);
    return GREENLET_OK;
}

TEST(LINK_unlink_of_the_last_ones_in_the_same_pass) {
    spawn(run_42);
    CHECK_OK(gevent_rawlink(task, unlink_all_link, NULL));
    CHECK_OK(gevent_rawlink(task, log_link, V(1)));
    CHECK_OK(gevent_link(task, log_link, V(2)));
    forget(&task);
    run_all();
    CHECK_LOG("");
}

TEST(LINK_unlink_all_leaves_joiners) {
    spawn(run_sleep);
    CHECK_OK(gevent_rawlink(task, log_link, V(1)));
    CHECK_OK(gevent_spawn(run_join_task, NULL, NULL));
    CHECK_OK(gevent_yield());
    CHECK_OK(gevent_link(task, log_link, V(2)));
    gevent_unlink_all(task);
    gevent_unlink_all(task);
    run_all();
    CHECK_LOG("joined");
    forget(&task);
}

static int link_again(gevent_task_t *finished, void *argument) {
    log_add("%d", (int)INT(argument));
    return INT(argument) < 3 ? gevent_rawlink(finished, link_again, V(INT(argument) + 1))
                             : GREENLET_OK;
}

TEST(LINK_link_may_link_again) {
    spawn(run_42);
    CHECK_OK(gevent_rawlink(task, link_again, V(1)));
    run_all();
    CHECK_LOG("1 2 3");
    forget(&task);
}

// ---- sinks --------------------------------------------------------------------------------------

TEST(LINK_sink_sets_an_event) {
    gevent_event_t event;
    gevent_event_init(&event);
    spawn(run_sleep);
    CHECK_OK(gevent_rawlink(task, gevent_link_to_event, &event));
    CHECK_OK(gevent_yield());
    CHECK_INT(gevent_event_is_set(&event), 0);
    CHECK_OK(gevent_event_wait(&event, GEVENT_FOREVER));
    CHECK_INT(gevent_ready(task), 1);
    forget(&task);
    spawn(run_42);
    gevent_event_clear(&event);
    CHECK_OK(gevent_rawlink(task, gevent_link_to_event, &event));
    CHECK_INT(gevent_unlink(task, gevent_link_to_event, &event), 1);
    run_all();
    CHECK_INT(gevent_event_is_set(&event), 0);
    forget(&task);
}

TEST(LINK_sink_settles_a_result) {
    static const greenlet_run_fn ends[] = {run_42, run_fail_e1, run_exit};
    static const int codes[] = {GREENLET_OK, CODE_E1, GREENLET_EEXIT};
    for (int i = 0; i < 3; i++) {
        gevent_result_t *result;
        void *value = V(1);
        CHECK_OK(gevent_result_new(&result));
        spawn(ends[i]);
        CHECK_OK(gevent_rawlink(task, gevent_link_to_result, result));
        CHECK_INT(gevent_result_is_ready(result), 0);
        forget(&task);
        CHECK_CODE(gevent_result_get(result, GEVENT_FOREVER, &value), codes[i]);
        CHECK_INT(INT(value), i == 0 ? 42 : 1);
        gevent_result_unref(result);
    }
    CHECK_LOG("unhandled:task!E1");
}

static void check_item(void *item, gevent_task_t *wanted) {
    CHECK_PTR(item, wanted);
    CHECK_INT(gevent_ready(item), 1);
    gevent_task_unref(item);
}

TEST(LINK_sink_puts_the_task_into_a_queue) {
    gevent_queue_t queue;
    void *item = NULL;
    gevent_queue_init(&queue, 0);
    spawn(run_42);
    gevent_task_t *own = task;
    CHECK_OK(gevent_rawlink(task, gevent_link_to_queue, &queue));
    CHECK_OK(gevent_link_value(task, gevent_link_to_queue, &queue));
    CHECK_OK(gevent_link_error(task, gevent_link_to_queue, &queue));
    forget(&task);
    CHECK_OK(gevent_queue_get(&queue, GEVENT_FOREVER, &item));
    check_item(item, own);
    CHECK_OK(gevent_queue_get(&queue, GEVENT_FOREVER, &item));
    check_item(item, own);
    CHECK_CODE(gevent_queue_get(&queue, 1, &item), GREENLET_ETIMEDOUT);
    gevent_queue_free(&queue);
    CHECK_LOG("");
}

TEST(LINK_sink_waits_for_room_in_a_queue_unless_in_the_hub) {
    gevent_queue_t queue;
    void *item = NULL;
    gevent_queue_init(&queue, 1);
    CHECK_OK(gevent_queue_put(&queue, V(7), GEVENT_NOWAIT));
    spawn(run_42);
    gevent_task_t *own = task;
    CHECK_OK(gevent_rawlink(task, gevent_link_to_queue, &queue));
    CHECK_OK(gevent_link(task, gevent_link_to_queue, &queue));
    forget(&task);
    run_all();
    CHECK_LOG("unhandled:hub!TimedOut");
    CHECK_OK(gevent_queue_get(&queue, GEVENT_NOWAIT, &item));
    CHECK_PTR(item, V(7));
    CHECK_OK(gevent_queue_get(&queue, GEVENT_FOREVER, &item));
    check_item(item, own);
    CHECK_INT(gevent_queue_size(&queue), 0);
    gevent_queue_free(&queue);
}

static void log_type(greenlet_t *greenlet, const greenlet_error_t *error) {
    CHECK(greenlet_name(greenlet) != NULL); // it is still there
    log_add("%s", greenlet_error_type(error)->name);
}

TEST(LINK_sink_keeps_no_task_for_a_closed_queue) {
    gevent_queue_t queue;
    gevent_channel_t channel;
    gevent_queue_init(&queue, 0);
    gevent_channel_init(&channel);
    gevent_queue_close(&queue);
    CHECK_OK(gevent_yield());
    size_t before = greenlet_live_count();
    spawn(run_42);
    gevent_set_unhandled(log_type);
    CHECK_OK(gevent_rawlink(task, gevent_link_to_queue, &queue));
    CHECK_OK(gevent_link(task, gevent_link_to_channel, &channel));
    forget(&task);
    run_all();
    CHECK_INT((int)gevent_channel_balance(&channel), 1);
    gevent_channel_close(&channel);
    run_all();
    CHECK_INT(greenlet_live_count(), before);
    CHECK_LOG("Closed Closed");
    gevent_queue_free(&queue);
}

TEST(LINK_sink_hands_the_task_over_in_a_channel) {
    gevent_channel_t channel;
    void *item = NULL;
    gevent_channel_init(&channel);
    spawn(run_42);
    gevent_task_t *own = task;
    CHECK_OK(gevent_rawlink(task, gevent_link_to_channel, &channel));
    CHECK_OK(gevent_link(task, gevent_link_to_channel, &channel));
    forget(&task);
    CHECK_OK(gevent_channel_get(&channel, GEVENT_FOREVER, &item));
    check_item(item, own);
    CHECK_OK(gevent_channel_get(&channel, GEVENT_FOREVER, &item));
    check_item(item, own);
    CHECK_INT((int)gevent_channel_balance(&channel), 0);
    CHECK_LOG("");
}

// ---- misuse and memory --------------------------------------------------------------------------

TEST(LINK_misuse_is_a_code) {
    spawn(run_42);
    CHECK_CODE(gevent_rawlink(NULL, log_link, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_rawlink(task, NULL, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_link(NULL, log_link, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_link_value(task, NULL, NULL), GREENLET_EINVAL);
    CHECK_CODE(gevent_link_error(NULL, NULL, NULL), GREENLET_EINVAL);
    run_all();
    forget(&task);
}

static int count_link(gevent_task_t *finished, void *argument) {
    (void)finished;
    ++*(int *)argument;
    return GREENLET_OK;
}

static int link_and_run(void) {
    int calls = 0;
    int code = gevent_new(run_42, NULL, &task);
    if (code < 0) return code;
    int raw = gevent_rawlink(task, count_link, &calls);
    int own = gevent_link(task, count_link, &calls);
    CHECK_OK(gevent_start(task));
    int joined = gevent_join(task, GEVENT_FOREVER);
    int slept = gevent_sleep(1);
    CHECK(calls <= (raw >= 0) + (own >= 0));
    int is_short = calls < 2 && slept >= 0;
    forget(&task);
    if (joined < 0 || slept < 0) return joined < 0 ? joined : slept;
    if (raw < 0 || own < 0) return raw < 0 ? raw : own;
    return is_short ? GREENLET_ENOMEM : GREENLET_OK; // no stack for the greenlet
}

TEST(MEMORY_links) {
    gevent_set_unhandled(check_no_memory);
    fail_each_allocation(link_and_run);
}

static int run_hard(void *value, void **result) {
    *result = value;
    return gevent_sleep(10);
}

TEST(LINK_links_of_one_killed_hard_are_called) {
    spawn(run_hard);
    CHECK_OK(gevent_yield());
    add_all_kinds();
    CHECK_OK(gevent_kill_hard(task));
    run_all();
    CHECK_LOG("1:2 2:2 4:2");
    forget(&task);
}
