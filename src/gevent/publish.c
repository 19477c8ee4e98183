// SPDX-License-Identifier: MIT
#include "publish_internal.h"

#include <string.h>

#include "../greenlet_internal.h"
#include "../memory.h"
#include "text.h"

enum { REPORT_SIZE = 256 };

static const char *const kinds[] = {"a queue",     "a channel", "an event",
                                    "a semaphore", "a task",    "a greenlet"};

static _Thread_local list_t all;

static published_t *find(const char *name) {
    for (list_t *link = all.next; link && link != &all; link = link->next) {
        published_t *published = LIST_ITEM(link, published_t, link);
        if (strcmp(published->name, name) == 0) return published;
    }
    return NULL;
}

const published_t *publish_find(const char *name) {
    return find(name);
}

// ---- giving names -------------------------------------------------------------------------------

static int publish(const char *name, void *object, published_kind_t kind, gevent_type_t items) {
    if (!name || !object) return greenlet_fail(GREENLET_EINVAL);
    if (find(name))
        return greenlet_raise(greenlet_error_type_of(GREENLET_EINVAL),
                              "something is published as '%s' already", name);
    size_t size = strlen(name) + 1;
    published_t *published = memory_alloc_zeroed(sizeof *published + size);
    if (!published) return greenlet_fail(GREENLET_ENOMEM);
    published->object = object;
    published->kind = kind;
    published->items = items;
    memcpy(published->name, name, size);
    if (!all.next) list_init(&all);
    list_append(&all, &published->link);
    return GREENLET_OK;
}

static int is_item(gevent_type_t type) {
    return type == GEVENT_TYPE_i32 || type == GEVENT_TYPE_i64 || type == GEVENT_TYPE_f64 ||
           gevent_type_is_block(type);
}

int gevent_publish_queue(const char *name, gevent_queue_t *queue, gevent_type_t items) {
    if (!is_item(items)) return greenlet_fail(GREENLET_EINVAL);
    return publish(name, queue, PUBLISHED_QUEUE, items);
}

int gevent_publish_channel(const char *name, gevent_channel_t *channel, gevent_type_t items) {
    if (!is_item(items)) return greenlet_fail(GREENLET_EINVAL);
    return publish(name, channel, PUBLISHED_CHANNEL, items);
}

int gevent_publish_event(const char *name, gevent_event_t *event) {
    return publish(name, event, PUBLISHED_EVENT, GEVENT_TYPE_void);
}

int gevent_publish_semaphore(const char *name, gevent_semaphore_t *semaphore) {
    return publish(name, semaphore, PUBLISHED_SEMAPHORE, GEVENT_TYPE_void);
}

int gevent_publish_task(const char *name, gevent_task_t *task) {
    int code = publish(name, task, PUBLISHED_TASK, GEVENT_TYPE_void);
    if (code >= 0) gevent_task_ref(task);
    return code;
}

int gevent_publish_greenlet(const char *name, greenlet_t *greenlet) {
    int code = publish(name, greenlet, PUBLISHED_GREENLET, GEVENT_TYPE_void);
    if (code >= 0) greenlet_ref(greenlet);
    return code;
}

// ---- taking them back ---------------------------------------------------------------------------

static void take_back(published_t *published) {
    list_remove(&published->link);
    if (published->kind == PUBLISHED_TASK) gevent_task_unref(published->object);
    if (published->kind == PUBLISHED_GREENLET) greenlet_unref(published->object);
    memory_free(published);
}

int gevent_unpublish(const char *name) {
    published_t *published = name ? find(name) : NULL;
    if (!published) return publish_refuse(name ? name : "", NULL);
    take_back(published);
    return GREENLET_OK;
}

void publish_forget(const gevent_task_t *task) {
    for (list_t *link = all.next; link && link != &all;) {
        published_t *published = LIST_ITEM(link, published_t, link);
        link = link->next;
        if (published->object == task) take_back(published);
    }
}

// ---- asking for them ----------------------------------------------------------------------------

gevent_task_t *gevent_published_task(const char *name) {
    const published_t *published = name ? find(name) : NULL;
    return published && published->kind == PUBLISHED_TASK ? published->object : NULL;
}

static const char *list_names(char *buffer, size_t size) {
    text_t text = text_in(buffer, size);
    for (const list_t *link = all.next; link && link != &all; link = link->next)
        text_add(&text, "%s%s", text.length ? ", " : "",
                 LIST_ITEM(link, const published_t, link)->name);
    return text.length ? buffer : "nothing";
}

int publish_refuse(const char *name, const char *wanted) {
    const greenlet_error_type_t *type = greenlet_error_type_of(GREENLET_EHANDLE);
    const published_t *published = find(name);
    if (published)
        return greenlet_raise(type, "'%s' is %s, not %s", name, kinds[published->kind], wanted);
    char names[REPORT_SIZE];
    return greenlet_raise(type, "nothing is published as '%s'; published: %s", name,
                          list_names(names, sizeof names));
}
