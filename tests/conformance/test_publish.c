// Names for what a program shares with functions of JavaScript.
//
// SPDX-License-Identifier: MIT
#include <string.h>

#include "check.h"
#include "gevent.h"

static gevent_queue_t queue;
static gevent_channel_t channel;
static gevent_event_t event;
static gevent_semaphore_t semaphore;

static int return_at_once(void *value, void **result) {
    *result = value;
    return GREENLET_OK;
}

TEST(PUBLISH_a_name_is_in_use_until_it_is_taken_back) {
    CHECK_OK(gevent_publish_event("one", &event));
    CHECK_INT(gevent_publish_semaphore("one", &semaphore), GREENLET_EINVAL);
    CHECK_OK(gevent_unpublish("one"));
    CHECK_OK(gevent_publish_semaphore("one", &semaphore));
    CHECK_OK(gevent_unpublish("one"));
}

TEST(PUBLISH_keeps_a_copy_of_the_name) {
    char name[] = "jobs";
    CHECK_OK(gevent_publish_queue(name, &queue, GEVENT_TYPE_json));
    name[0] = 'x';
    CHECK_INT(gevent_unpublish(name), GREENLET_EHANDLE);
    CHECK_OK(gevent_unpublish("jobs"));
}

TEST(PUBLISH_refuses) {
    CHECK_INT(gevent_publish_queue(NULL, &queue, GEVENT_TYPE_i32), GREENLET_EINVAL);
    CHECK_INT(gevent_publish_queue("q", NULL, GEVENT_TYPE_i32), GREENLET_EINVAL);
    CHECK_INT(gevent_publish_queue("q", &queue, GEVENT_TYPE_void), GREENLET_EINVAL);
    CHECK_INT(gevent_publish_queue("q", &queue, GEVENT_TYPE_f32), GREENLET_EINVAL);
    CHECK_INT(gevent_publish_channel("q", &channel, GEVENT_TYPE_ref), GREENLET_EINVAL);
    CHECK_INT(gevent_publish_task("q", NULL), GREENLET_EINVAL);
    CHECK_INT(gevent_publish_greenlet("q", NULL), GREENLET_EINVAL);
    CHECK_INT(gevent_unpublish(NULL), GREENLET_EHANDLE);
}

TEST(PUBLISH_says_which_names_there_are) {
    CHECK_OK(gevent_publish_event("left", &event));
    CHECK_OK(gevent_publish_channel("right", &channel, GEVENT_TYPE_bytes));
    CHECK_INT(gevent_unpublish("up"), GREENLET_EHANDLE);
    CHECK_STR(greenlet_error_message(greenlet_last_error()),
              "nothing is published as 'up'; published: left, right");
    CHECK_OK(gevent_unpublish("left"));
    CHECK_OK(gevent_unpublish("right"));
    CHECK_INT(gevent_unpublish("up"), GREENLET_EHANDLE);
    CHECK_STR(greenlet_error_message(greenlet_last_error()),
              "nothing is published as 'up'; published: nothing");
}

TEST(PUBLISH_keeps_a_task_and_finds_it) {
    gevent_task_t *task;
    CHECK_OK(gevent_spawn(return_at_once, NULL, &task));
    CHECK_OK(gevent_publish_task("worker", task));
    gevent_task_unref(task);
    CHECK_OK(gevent_publish_event("event", &event));
    CHECK(gevent_published_task("worker") == task);
    CHECK(gevent_published_task("event") == NULL);
    CHECK(gevent_published_task("nobody") == NULL);
    CHECK(gevent_published_task(NULL) == NULL);
    CHECK_OK(gevent_join(task, GEVENT_FOREVER));
    CHECK_INT(gevent_status(gevent_published_task("worker")), GEVENT_RETURNED);
    CHECK_OK(gevent_unpublish("worker"));
    CHECK(gevent_published_task("worker") == NULL);
    CHECK_OK(gevent_unpublish("event"));
}

TEST(PUBLISH_keeps_a_greenlet) {
    greenlet_t *greenlet;
    CHECK_OK(greenlet_new(return_at_once, NULL, &greenlet));
    CHECK_OK(gevent_publish_greenlet("coroutine", greenlet));
    greenlet_unref(greenlet);
    void *value;
    CHECK_OK(greenlet_switch(greenlet, V(7), &value));
    CHECK_INT(INT(value), 7);
    CHECK_OK(gevent_unpublish("coroutine"));
}

static int publish_two(void) {
    int code = gevent_publish_event("first", &event);
    if (code < 0) return code;
    code = gevent_publish_queue("second", &queue, GEVENT_TYPE_string);
    if (code >= 0) CHECK_OK(gevent_unpublish("second"));
    CHECK_OK(gevent_unpublish("first"));
    return code;
}

TEST(PUBLISH_without_memory_there_is_no_name) {
    fail_each_allocation(publish_two);
}
