// What functions of JavaScript that run as greenlets share with C, and the same functions in C.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gevent.h"

GEVENT_IMPORT(void, host, note, string)
GEVENT_IMPORT(void, host, never)

static gevent_queue_t jobs, numbers, blocks;
static gevent_channel_t desk;
static gevent_event_t ready;
static gevent_semaphore_t slots;

static void note_line(const char *who, const char *what) {
    char line[128];
    snprintf(line, sizeof line, "%s %s", who, what);
    (void)note(line);
}

// ---- sharing ------------------------------------------------------------------------------------

int share(int32_t room) {
    gevent_queue_init(&jobs, (size_t)room);
    int code = gevent_semaphore_init(&slots, 1, 0);
    if (code >= 0) code = gevent_publish_queue("jobs", &jobs, GEVENT_TYPE_string);
    if (code >= 0) code = gevent_publish_queue("numbers", &numbers, GEVENT_TYPE_f64);
    if (code >= 0) code = gevent_publish_queue("blocks", &blocks, GEVENT_TYPE_bytes);
    if (code >= 0) code = gevent_publish_channel("desk", &desk, GEVENT_TYPE_json);
    if (code >= 0) code = gevent_publish_event("ready", &ready);
    if (code >= 0) code = gevent_publish_semaphore("slots", &slots);
    return code;
}
GEVENT_EXPORT(void, share, i32)

int unshare(const char *name) {
    return gevent_unpublish(name);
}
GEVENT_EXPORT(void, unshare, string)

int items_left(int32_t *result) {
    *result = (int32_t)(gevent_queue_size(&jobs) + gevent_queue_size(&numbers));
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, items_left)

// ---- the same in C ------------------------------------------------------------------------------

int produce(const char *who, int32_t count) {
    for (int i = 0; i < count; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s%d", who, i);
        int code = gevent_queue_put(&jobs, strdup(text), GEVENT_FOREVER);
        if (code < 0) return code;
        note_line("put", text);
        code = gevent_sleep(0.001);
        if (code < 0) return code;
    }
    note_line("done", who);
    return GREENLET_OK;
}
GEVENT_EXPORT(void, produce, string, i32)

int consume(const char *who) {
    void *item;
    int code;
    while ((code = gevent_queue_get(&jobs, GEVENT_FOREVER, &item)) >= 0) {
        note_line(who, item);
        free(item);
        gevent_event_set(&ready);
        if ((code = gevent_yield()) < 0) return code;
        note_line(who, "goes on");
    }
    note_line(who, greenlet_error_message(greenlet_last_error()));
    return GREENLET_OK;
}
GEVENT_EXPORT(void, consume, string)

int close_after(double seconds) {
    int code = gevent_sleep(seconds);
    gevent_queue_close(&jobs);
    return code;
}
GEVENT_EXPORT(void, close_after, f64)

// ---- waiting for a function ---------------------------------------------------------------------

int join_published(const char *name, double seconds, char **result) {
    gevent_task_t *task = gevent_task_ref(gevent_published_task(name));
    if (!task) return greenlet_raise(&GREENLET_ERROR, "no task is called %s", name);
    int code = gevent_get(task, seconds, NULL);
    if (code >= 0) *result = strdup(gevent_status(task) == GEVENT_KILLED ? "killed" : "returned");
    gevent_task_unref(task);
    return code;
}
GEVENT_EXPORT(string, join_published, string, f64)

int value_of_published(const char *name, double seconds, int32_t *result) {
    gevent_task_t *task = gevent_task_ref(gevent_published_task(name));
    void *value = NULL;
    int code = gevent_get(task, seconds, &value);
    *result = (int32_t)(intptr_t)value;
    gevent_task_unref(task);
    return code;
}
GEVENT_EXPORT(i32, value_of_published, string, f64)

int kill_published_hard(const char *name) {
    return gevent_kill_hard(gevent_published_task(name));
}
GEVENT_EXPORT(void, kill_published_hard, string)

int publish_self(const char *name) {
    int code = gevent_publish_task(name, gevent_current_task());
    if (code >= 0) code = gevent_sleep(1e9);
    (void)note(greenlet_error_message(greenlet_last_error()));
    (void)gevent_unpublish(name);
    return code;
}
GEVENT_EXPORT(void, publish_self, string)

int kill_published(const char *name) {
    return gevent_kill(gevent_published_task(name), NULL, GEVENT_FOREVER);
}
GEVENT_EXPORT(void, kill_published, string)

// ---- switches -----------------------------------------------------------------------------------

static int count_up(void *value, void **result) {
    greenlet_t *caller = greenlet_parent(greenlet_current());
    for (int i = 0; i < 3; i++) {
        int code = greenlet_switch(caller, (void *)((intptr_t)value * 10 + i), &value);
        if (code < 0) return code;
    }
    *result = value;
    return GREENLET_OK;
}

// A greenlet that switches to its parent, a published task.
int share_counter(const char *parent) {
    greenlet_t *counter;
    gevent_task_t *task = gevent_published_task(parent);
    int code = greenlet_new(count_up, gevent_task_greenlet(task), &counter);
    if (code < 0) return code;
    code = gevent_publish_greenlet("counter", counter);
    greenlet_unref(counter);
    return code;
}
GEVENT_EXPORT(void, share_counter, string)

// ---- a C function that must not die -------------------------------------------------------------

int stubborn(int32_t *result) {
    int kills = 0;
    while (gevent_sleep(0.01) < 0) kills++;
    *result = kills;
    return GREENLET_OK;
}
GEVENT_EXPORT(i32, stubborn)

int wait_for_never(void) {
    return never();
}
GEVENT_EXPORT(void, wait_for_never)

int nap(double seconds) {
    return gevent_sleep(seconds);
}
GEVENT_EXPORT(void, nap, f64)

// ---- main, which has only so much time ----------------------------------------------------------

static int wait_for_ready(void *value, void **result) {
    (void)value, (void)result;
    return gevent_event_wait(&ready, GEVENT_FOREVER);
}

int main(int argc, char **argv) {
    if (argc < 2 || gevent_spawn(wait_for_ready, NULL, NULL) < 0) return 1;
    return gevent_run_for(atof(argv[1])) == GREENLET_ETIMEDOUT ? 42 : 1;
}

int dump(char **result) {
    size_t size = gevent_dump(NULL, 0) + 1;
    *result = malloc(size);
    if (!*result) return greenlet_raise(&GREENLET_ERROR, "no memory");
    gevent_dump(*result, size);
    return GREENLET_OK;
}
GEVENT_EXPORT(string, dump)
