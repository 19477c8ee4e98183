// SPDX-License-Identifier: MIT
#include "fd_internal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../memory.h"
#include "source.h"

// A waiter's mark: the events that it waits for, and
enum {
    BOTH = GEVENT_READABLE | GEVENT_WRITABLE,
    EXCLUSIVE = 4, // nobody else may wait for the same
    READY = 8,     // it is to be told
    CLOSED = 16    // that the descriptor is closed
};

// A descriptor that has been waited for: kept for the next time, until it is closed.
typedef struct descriptor {
    loop_watch_t watch;
    waiters_t waiters;
    int is_closed; // kept only by those who wait
} descriptor_t;

typedef struct entry {
    descriptor_t *descriptor; // or NULL
} entry_t;

// This thread's, by number.
typedef struct descriptors {
    entry_t *items;
    int capacity, count;
} descriptors_t;

// ---- who waits ----------------------------------------------------------------------------------

static const list_t *waiter_after(const descriptor_t *descriptor, const list_t *link) {
    return link->next && link->next != &descriptor->waiters.list ? link->next : NULL;
}

static const list_t *first_waiter(const descriptor_t *descriptor) {
    return waiter_after(descriptor, &descriptor->waiters.list);
}

static waiter_t *waiter_at(const list_t *link) {
    return LIST_ITEM(link, waiter_t, link);
}

// Those who are to be told wait no longer.
static unsigned events_waited_for(const descriptor_t *descriptor) {
    unsigned events = 0;
    for (const list_t *link = first_waiter(descriptor); link; link = waiter_after(descriptor, link))
        if (!(waiter_at(link)->mark & READY)) events |= waiter_at(link)->mark & BOTH;
    return events;
}

static int is_taken(const descriptor_t *descriptor, unsigned mark) {
    for (const list_t *link = first_waiter(descriptor); link;
         link = waiter_after(descriptor, link)) {
        unsigned common = waiter_at(link)->mark & mark;
        if (common & BOTH && common & EXCLUSIVE) return 1;
    }
    return 0;
}

// Of those that wait for any of `events`.
static void mark_waiters(const descriptor_t *descriptor, unsigned events, unsigned mark) {
    for (const list_t *link = first_waiter(descriptor); link; link = waiter_after(descriptor, link))
        if (waiter_at(link)->mark & events) waiter_at(link)->mark |= mark;
}

static waiter_t *first_to_be_told(const waiters_t *waiters) {
    const descriptor_t *descriptor = LIST_ITEM(waiters, const descriptor_t, waiters);
    for (const list_t *link = first_waiter(descriptor); link; link = waiter_after(descriptor, link))
        if (waiter_at(link)->mark & READY) return waiter_at(link);
    return NULL;
}

// With the last waiter the notifier goes, and perhaps the descriptor.
static void tell_next(callback_t *notifier) {
    waiters_t *waiters = waiters_of(notifier);
    waiter_t *waiter = first_to_be_told(waiters);
    if (!waiter) return;
    waiters_notify_next(waiters, tell_next);
    waiters_remove(waiter);
    waiter->tell(waiter);
}

// ---- what the loop is told ----------------------------------------------------------------------

static void arm(descriptor_t *descriptor) {
    hub_t *hub = hub_get();
    loop_watch_t *watch = &descriptor->watch;
    unsigned events = events_waited_for(descriptor);
    if (events == watch->events) return;
    hub->watched += events != 0;
    hub->watched -= watch->events != 0;
    hub->loop->fds->arm_watch(watch, events);
}

static void nobody_waits(waiters_t *waiters) {
    descriptor_t *descriptor = LIST_ITEM(waiters, descriptor_t, waiters);
    if (descriptor->is_closed)
        memory_free(descriptor);
    else
        arm(descriptor);
}

// Who has left the list is not looked for any more either.
static void become_ready(loop_watch_t *watch, unsigned events) {
    descriptor_t *descriptor = LIST_ITEM(watch, descriptor_t, watch);
    mark_waiters(descriptor, events, READY);
    arm(descriptor);
    waiters_notify(&descriptor->waiters, tell_next);
}

// ---- the table ----------------------------------------------------------------------------------

static descriptor_t *find(const hub_t *hub, int fd) {
    const descriptors_t *table = hub->fds;
    return table && fd >= 0 && fd < table->capacity ? table->items[fd].descriptor : NULL;
}

static int grow(descriptors_t *table, int fd) {
    if (fd < table->capacity) return GREENLET_OK;
    int capacity = fd < 16 ? 32 : 2 * fd;
    entry_t *items = memory_alloc_zeroed((size_t)capacity * sizeof *items);
    if (!items) return GREENLET_ENOMEM;
    if (table->items) memcpy(items, table->items, (size_t)table->capacity * sizeof *items);
    memory_free(table->items);
    table->items = items;
    table->capacity = capacity;
    return GREENLET_OK;
}

static int make_room(hub_t *hub, int fd) {
    if (!hub->fds) hub->fds = memory_alloc_zeroed(sizeof *hub->fds);
    return hub->fds ? grow(hub->fds, fd) : GREENLET_ENOMEM;
}

static void free_table_if_empty(hub_t *hub) {
    descriptors_t *table = hub->fds;
    if (!table || table->count > 0) return;
    memory_free(table->items);
    memory_free(table);
    hub->fds = NULL;
}

static int add(hub_t *hub, int fd) {
    descriptor_t *descriptor = memory_alloc_zeroed(sizeof *descriptor);
    if (!descriptor) return GREENLET_ENOMEM;
    descriptor->watch = (loop_watch_t){.fd = fd, .ready = become_ready};
    descriptor->waiters.emptied = nobody_waits;
    int code = hub->loop->fds->open_watch(&descriptor->watch);
    if (code < 0) {
        memory_free(descriptor);
        return code;
    }
    hub->fds->items[fd].descriptor = descriptor;
    hub->fds->count++;
    return GREENLET_OK;
}

// So that to wait cannot fail.
static int prepare(hub_t *hub, int fd) {
    if (find(hub, fd)) return GREENLET_OK;
    int code = make_room(hub, fd);
    if (code == GREENLET_OK) code = add(hub, fd);
    free_table_if_empty(hub);
    return code;
}

static void take_out(hub_t *hub, descriptor_t *descriptor) {
    loop_watch_t *watch = &descriptor->watch;
    hub->watched -= watch->events != 0;
    hub->loop->fds->close_watch(watch);
    watch->events = 0;
    hub->fds->items[watch->fd].descriptor = NULL;
    hub->fds->count--;
    free_table_if_empty(hub);
}

void gevent_fd_closed(int fd) {
    hub_t *hub = hub_if_any();
    descriptor_t *descriptor = hub ? find(hub, fd) : NULL;
    if (!descriptor) return;
    take_out(hub, descriptor);
    descriptor->is_closed = 1;
    if (waiters_are_none(&descriptor->waiters)) {
        memory_free(descriptor);
        return;
    }
    mark_waiters(descriptor, BOTH, READY | CLOSED);
    waiters_notify(&descriptor->waiters, tell_next);
}

void fd_forget_all(hub_t *hub) {
    int capacity = hub->fds ? hub->fds->capacity : 0;
    for (int fd = 0; fd < capacity; fd++) {
        descriptor_t *descriptor = find(hub, fd);
        if (!descriptor) continue;
        take_out(hub, descriptor);
        memory_free(descriptor);
    }
}

int gevent_close_fd(int fd) {
    if (fd < 0) return greenlet_fail(GREENLET_EBADF);
    gevent_fd_closed(fd);
    if (close(fd) == 0) return GREENLET_OK;
    if (errno == EBADF) return greenlet_fail(GREENLET_EBADF);
    return greenlet_raise(&GREENLET_ERROR, "close: %s", strerror(errno));
}

// ---- cases --------------------------------------------------------------------------------------

typedef struct fd_source {
    source_t source;
    unsigned mark;
} fd_source_t;

static unsigned mark_of(const gevent_case_t *each) {
    return LIST_ITEM(each->source, const fd_source_t, source)->mark;
}

static int fd_of(const gevent_case_t *each) {
    return (int)(intptr_t)each->object;
}

static int was_closed(const gevent_case_t *each) {
    return each->is_told && each->place.mark & CLOSED;
}

static int probe(hub_t *hub, int fd, unsigned events) {
    hub->is_asking_loop = 1;
    int ready = hub->loop->fds->probe(fd, events);
    hub->is_asking_loop = 0;
    return ready;
}

// The events that can be done, 0 if it has to be waited for them, or the code with which it fails.
static int look(const gevent_case_t *each) {
    hub_t *hub = hub_get();
    int fd = fd_of(each);
    unsigned mark = mark_of(each);
    if (was_closed(each)) return GREENLET_EBADF;
    if (!hub->loop->fds) return GREENLET_ENOSYS;
    if (find(hub, fd) && is_taken(find(hub, fd), mark)) return GREENLET_EBUSY;
    return probe(hub, fd, mark & BOTH);
}

static int is_ready(const gevent_case_t *each) {
    return look(each) != 0 || prepare(hub_get(), fd_of(each)) < 0;
}

// What could not be prepared a moment ago can fail only for want of memory if it now can.
static int why_not_prepared(int fd) {
    hub_t *hub = hub_get();
    if (find(hub, fd)) return GREENLET_OK;
    int code = prepare(hub, fd);
    return code < 0 ? code : GREENLET_ENOMEM;
}

static int take(gevent_case_t *each) {
    int ready = look(each);
    if (ready == 0) ready = why_not_prepared(fd_of(each));
    each->is_told = 0;
    if (ready < 0) return greenlet_fail(ready);
    each->value = (void *)(intptr_t)ready;
    return GREENLET_OK;
}

static waiters_t *waiters(const gevent_case_t *each) {
    return &find(hub_get(), fd_of(each))->waiters;
}

static void parked(gevent_case_t *each) {
    each->place.mark = mark_of(each);
    arm(find(hub_get(), fd_of(each)));
}

#define FD_SOURCE(what, mark)                                                                      \
    { {what, is_ready, take, waiters, parked, NULL}, mark }

// By their events, those of one greenlet alone and those that are shared.
static const fd_source_t sources[2][BOTH + 1] = {
    {[GEVENT_READABLE] = FD_SOURCE("readable", GEVENT_READABLE | EXCLUSIVE),
     [GEVENT_WRITABLE] = FD_SOURCE("writable", GEVENT_WRITABLE | EXCLUSIVE),
     [BOTH] = FD_SOURCE("readable or writable", BOTH | EXCLUSIVE)},
    {[GEVENT_READABLE] = FD_SOURCE("readable", GEVENT_READABLE),
     [GEVENT_WRITABLE] = FD_SOURCE("writable", GEVENT_WRITABLE),
     [BOTH] = FD_SOURCE("readable or writable", BOTH)}};

static gevent_case_t case_of(int fd, unsigned events, int is_shared) {
    const source_t *source = &sources[is_shared][events & BOTH].source;
    return (gevent_case_t){.source = source->what ? source : NULL, .object = (void *)(intptr_t)fd};
}

gevent_case_t gevent_fd_case(int fd, unsigned events) {
    return case_of(fd, events, 0);
}

gevent_case_t fd_shared_case(int fd, unsigned events) {
    return case_of(fd, events, 1);
}

int gevent_wait_fd(int fd, unsigned events, double seconds, unsigned *ready) {
    if (!(events & BOTH) || events & ~(unsigned)BOTH) return greenlet_fail(GREENLET_EINVAL);
    gevent_case_t each = gevent_fd_case(fd, events);
    int code = case_do(&each, seconds);
    if (code >= 0 && ready) *ready = (unsigned)(intptr_t)each.value;
    return code;
}
