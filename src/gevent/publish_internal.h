// What a host may know of what has been published.
#ifndef GREENLET_PUBLISH_INTERNAL_H
#define GREENLET_PUBLISH_INTERNAL_H

#include "list.h"
#include "publish.h"

typedef enum published_kind {
    PUBLISHED_QUEUE,
    PUBLISHED_CHANNEL,
    PUBLISHED_EVENT,
    PUBLISHED_SEMAPHORE,
    PUBLISHED_TASK,
    PUBLISHED_GREENLET
} published_kind_t;

typedef struct published {
    list_t link;
    void *object; // a reference to it, if it is counted
    published_kind_t kind;
    gevent_type_t items;
    char name[];
} published_t;

// What has that name, or NULL.
const published_t *publish_find(const char *name);

// Takes back the names of a task that ends.
void publish_forget(const gevent_task_t *task);

// Fails with GREENLET_EHANDLE, and says what there is instead.
int publish_refuse(const char *name, const char *wanted);

#endif
