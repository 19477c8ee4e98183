// Names of threads, which reports show.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <errno.h>
#include <string.h>

#include "thread.h"

enum { LONGEST = 15 };

int pthread_setname_np(pthread_t name, const char *text) {
    const thread_t *thread = thread_find(name);
    if (!thread) return ESRCH;
    if (strlen(text) > LONGEST) return ERANGE;
    return greenlet_set_name(thread->greenlet, text) < 0 ? ENOMEM : 0;
}

int pthread_getname_np(pthread_t name, char *buffer, size_t size) {
    const thread_t *thread = thread_find(name);
    if (!thread) return ESRCH;
    const char *text = greenlet_name(thread->greenlet);
    if (strlen(text) >= size) return ERANGE;
    strcpy(buffer, text);
    return 0;
}

// What it was made with, as far as that can be asked for.
int pthread_getattr_np(pthread_t name, pthread_attr_t *attr) {
    const thread_t *thread = thread_find(name);
    if (!thread) return ESRCH;
    (void)pthread_attr_init(attr);
    size_t size = thread->greenlet->stack_size;
    if (size > 0) (void)pthread_attr_setstacksize(attr, size);
    return pthread_attr_setdetachstate(attr, thread->is_detached);
}
