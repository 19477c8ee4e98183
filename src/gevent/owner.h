// Who alone sets an object, for who looks at waits.
#ifndef GREENLET_OWNER_H
#define GREENLET_OWNER_H

#include "task_internal.h"

// All zero: nobody in particular. The task is not kept.
typedef struct gevent_owner owner_t;

// `task` NULL: nobody in particular. GREENLET_ENOMEM; it is then as it was.
int owner_set(owner_t *owner, gevent_task_t *task);
// Borrowed; NULL: there is none, or it is gone.
const greenlet_t *owner_greenlet(const owner_t *owner);
// Whether there is one that has finished.
int owner_has_finished(const owner_t *owner);

#endif
