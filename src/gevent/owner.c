// SPDX-License-Identifier: MIT
#include "owner.h"

int owner_set(owner_t *owner, gevent_task_t *task) {
    uint32_t ident = 0;
    int code = task ? gevent_minimal_ident(task, &ident) : GREENLET_OK;
    if (code < 0) return code;
    *owner = (owner_t){.id = task ? greenlet_id(task->greenlet) : 0, .ident = ident};
    return GREENLET_OK;
}

static const gevent_task_t *task_that(const owner_t *owner) {
    return owner->id ? gevent_find_task(owner->ident, owner->id) : NULL;
}

const greenlet_t *owner_greenlet(const owner_t *owner) {
    const gevent_task_t *task = task_that(owner);
    return task ? task->greenlet : NULL;
}

int owner_has_finished(const owner_t *owner) {
    const gevent_task_t *task = task_that(owner);
    return owner->id && !(task && task->status == GEVENT_PENDING);
}
