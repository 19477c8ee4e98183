// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include "thread.h"

#include <errno.h>
#include <stdio.h>

#include "../../src/fatal.h"
#include "../../src/greenlet_local.h"
#include "../../src/memory.h"
#include "park.h"

enum { SMALLEST_STACK = 16 * 1024 };

size_t thread_count;

static list_t threads;
static unsigned last_number;
static thread_t main_thread;

// Of a greenlet that is freed; a thread that pthread_create made is freed by who joins it.
static void release(void *value) {
    thread_t *thread = value;
    if (thread->task) return;
    keys_destroy(thread);
    thread_free(thread);
}

static const greenlet_key_t SELF = {release};

// ---- all of them --------------------------------------------------------------------------------

static void enter(thread_t *thread, greenlet_t *greenlet) {
    if (!threads.next) list_init(&threads);
    thread->greenlet = greenlet;
    list_append(&threads, &thread->all);
}

static thread_t *thread_at(const list_t *link) {
    return link && link != &threads ? LIST_ITEM(link, thread_t, all) : NULL;
}

thread_t *thread_first(void) {
    return thread_at(threads.next);
}

thread_t *thread_next(const thread_t *thread) {
    return thread_at(thread->all.next);
}

thread_t *thread_find(pthread_t name) {
    thread_t *thread = thread_first();
    while (thread && thread != name) thread = thread_next(thread);
    return thread;
}

void thread_free(thread_t *thread) {
    list_remove(&thread->all);
    hub_cancel_call(&thread->canceller);
    if (thread->task) (void)greenlet_set_local(gevent_task_greenlet(thread->task), &SELF, NULL);
    gevent_task_unref(thread->task);
    memory_free(thread->values);
    memory_free(thread);
}

// ---- the current one ----------------------------------------------------------------------------

thread_t *thread_self_if_any(void) {
    if (greenlet_current() == greenlet_main()) return main_thread.greenlet ? &main_thread : NULL;
    return greenlet_local(NULL, &SELF);
}

static thread_t *adopt(greenlet_t *greenlet) {
    thread_t *thread = memory_alloc_zeroed(sizeof *thread);
    if (!thread) return NULL;
    if (greenlet_set_local(greenlet, &SELF, thread) < 0) {
        memory_free(thread);
        return NULL;
    }
    enter(thread, greenlet);
    return thread;
}

thread_t *thread_self(void) {
    thread_t *self = thread_self_if_any();
    if (self) return self;
    greenlet_t *greenlet = greenlet_current();
    if (greenlet != greenlet_main()) return adopt(greenlet);
    enter(&main_thread, greenlet);
    return &main_thread;
}

// ---- pthread_create -----------------------------------------------------------------------------

static int run_thread(void *argument, void **value) {
    thread_t *self = argument;
    (void)value;
    self->result = self->start(self->argument);
    keys_destroy(self);
    return GREENLET_OK;
}

// However it ended.
static void finish(void *argument) {
    thread_t *thread = argument;
    thread->has_ended = 1;
    if (--thread_count == 0) unpark_all(&thread_count);
    if (thread->is_detached)
        thread_free(thread);
    else
        unpark_all(thread);
}

static int configure(thread_t *thread, const pthread_attr_t *attr) {
    size_t size;
    int state;
    char name[24];
    snprintf(name, sizeof name, "thread-%u", ++last_number);
    int code = gevent_set_name(thread->task, name);
    if (code < 0 || !attr) return code;
    (void)pthread_attr_getdetachstate(attr, &state);
    thread->is_detached = state == PTHREAD_CREATE_DETACHED;
    (void)pthread_attr_getstacksize(attr, &size);
    if (size < SMALLEST_STACK) size = SMALLEST_STACK;
    return greenlet_set_stack_size(gevent_task_greenlet(thread->task), size);
}

static int make_task(thread_t *thread, const pthread_attr_t *attr) {
    int code = gevent_new(run_thread, thread, &thread->task);
    if (code < 0) return code;
    greenlet_t *greenlet = gevent_task_greenlet(thread->task);
    code = greenlet_set_local(greenlet, &SELF, thread);
    if (code >= 0) code = configure(thread, attr);
    if (code >= 0) code = gevent_start(thread->task);
    if (code >= 0) enter(thread, greenlet);
    return code;
}

int pthread_create(pthread_t *restrict name, const pthread_attr_t *restrict attr,
                   void *(*start)(void *), void *restrict argument) {
    thread_t *thread = memory_alloc_zeroed(sizeof *thread);
    if (!thread) return EAGAIN;
    thread->start = start;
    thread->argument = argument;
    if (!thread_self() || make_task(thread, attr) < 0) {
        thread_free(thread);
        return EAGAIN;
    }
    thread_count++;
    gevent_own_argument(thread->task, finish);
    *name = thread;
    return 0;
}

// ---- names --------------------------------------------------------------------------------------

pthread_t pthread_self(void) {
    thread_t *self = thread_self();
    if (!self) fatal(GREENLET_ENOMEM, "there is no memory for what pthread_self gives");
    return self;
}
