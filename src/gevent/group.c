// Groups: a member is a link of its task, which takes it out.
//
// SPDX-License-Identifier: MIT
#include "group.h"

#include "../memory.h"
#include "cleanup.h"
#include "event_internal.h"
#include "task_internal.h"

typedef struct member {
    waiter_t waiter; // in the task's list
    note_t note;
    list_t link;
    gevent_group_t *group;
    gevent_task_t *task; // owned
    int is_dying;        // it has been killed
} member_t;

// Who wants to hear of failures.
typedef struct joiner {
    list_t link;
    greenlet_error_t *failure; // the first; owned
} joiner_t;

// ---- members ------------------------------------------------------------------------------------

static void finished(waiter_t *waiter);

static member_t *find(const gevent_group_t *group, const gevent_task_t *task) {
    const list_t *all = task ? &task->waiters.list : NULL;
    for (list_t *link = all ? all->next : NULL; link && link != all; link = link->next) {
        waiter_t *waiter = LIST_ITEM(link, waiter_t, link);
        if (waiter->tell != finished) continue;
        member_t *member = LIST_ITEM(waiter, member_t, waiter);
        if (member->group == group) return member;
    }
    return NULL;
}

static void free_member(member_t *member) {
    list_remove(&member->note.all);
    gevent_task_unref(member->task);
    memory_free(member);
}

static void forget(note_t *note) {
    member_t *member = LIST_ITEM(note, member_t, note);
    waiters_remove(&member->waiter);
    free_member(member);
}

// It is in no list of its task any more.
static void leave(member_t *member) {
    gevent_group_t *group = member->group;
    list_remove(&member->link);
    free_member(member);
    if (--group->length == 0) gevent_event_set(&group->emptied);
    if (group->changed) group->changed(group);
}

static void tell_joiners(const gevent_group_t *group, const greenlet_error_t *failure) {
    const list_t *all = &group->joiners;
    for (list_t *link = all->next; link && link != all; link = link->next) {
        joiner_t *joiner = LIST_ITEM(link, joiner_t, link);
        if (!joiner->failure) joiner->failure = greenlet_error_ref(failure);
    }
}

static void finished(waiter_t *waiter) {
    member_t *member = LIST_ITEM(waiter, member_t, waiter);
    const greenlet_error_t *failure = gevent_error(member->task);
    if (failure) tell_joiners(member->group, failure);
    leave(member);
}

static int kill_member(member_t *member, const greenlet_error_t *error) {
    if (member->is_dying) return GREENLET_OK;
    member->is_dying = 1;
    int code = gevent_kill(member->task, error, GEVENT_NOWAIT);
    if (code < 0) member->is_dying = 0;
    return code;
}

static void enter(member_t *member) {
    gevent_group_t *group = member->group;
    gevent_task_t *task = gevent_task_ref(member->task);
    member->waiter.tell = finished;
    member->note.forget = forget;
    waiters_add(&task->waiters, &member->waiter);
    list_append(&hub_get()->notes, &member->note.all);
    if (!group->members.next) list_init(&group->members);
    list_append(&group->members, &member->link);
    if (group->length++ == 0) gevent_event_clear(&group->emptied);
    if (task->status != GEVENT_PENDING) waiters_notify(&task->waiters, waiters_tell_all);
}

int gevent_group_add(gevent_group_t *group, gevent_task_t *task) {
    if (!task) return greenlet_fail(GREENLET_EINVAL);
    if (find(group, task)) return GREENLET_OK;
    if (group->is_closed) return greenlet_fail(GREENLET_ECLOSED);
    member_t *member = memory_alloc_zeroed(sizeof *member);
    if (!member) return greenlet_fail(GREENLET_ENOMEM);
    *member = (member_t){.group = group, .task = task};
    int code = group->killers > 0 ? kill_member(member, NULL) : GREENLET_OK;
    if (code < 0)
        memory_free(member);
    else
        enter(member);
    return code;
}

int gevent_group_start(gevent_group_t *group, gevent_task_t *task) {
    int code = gevent_group_add(group, task);
    return code < 0 ? code : gevent_start(task);
}

int gevent_group_spawn(gevent_group_t *group, greenlet_run_fn run, void *argument,
                       gevent_task_t **result) {
    gevent_task_t *task;
    int code = gevent_new(run, argument, &task);
    if (code < 0) return code;
    code = gevent_group_start(group, task);
    if (code >= 0 && result) *result = gevent_task_ref(task);
    gevent_task_unref(task);
    return code;
}

void gevent_group_discard(gevent_group_t *group, gevent_task_t *task) {
    member_t *member = find(group, task);
    if (!member) return;
    waiters_remove(&member->waiter);
    leave(member);
}

size_t gevent_group_length(const gevent_group_t *group) {
    return group->length;
}

int gevent_group_has(const gevent_group_t *group, const gevent_task_t *task) {
    return find(group, task) != NULL;
}

size_t gevent_group_members(const gevent_group_t *group, gevent_task_t **tasks, size_t size) {
    const list_t *link = group->members.next;
    for (size_t i = 0; i < size && i < group->length; i++, link = link->next)
        tasks[i] = LIST_ITEM(link, const member_t, link)->task;
    return group->length;
}

void gevent_group_close(gevent_group_t *group) {
    group->is_closed = 1;
    if (group->changed) group->changed(group);
}

// ---- join ---------------------------------------------------------------------------------------

static void forget_joiner(void *argument) {
    joiner_t *joiner = argument;
    list_remove(&joiner->link);
    greenlet_error_unref(joiner->failure);
}

// With the first failure of a member, unless the wait itself was ended by an error.
static int join_and_raise(gevent_group_t *group, double seconds) {
    joiner_t joiner = {.failure = NULL};
    gevent_cleanup_t cleanup;
    if (!group->joiners.next) list_init(&group->joiners);
    list_append(&group->joiners, &joiner.link);
    gevent_cleanup_push(&cleanup, forget_joiner, &joiner);
    int code = event_wait_as("group", &group->emptied, seconds);
    if (joiner.failure && (code >= 0 || code == GREENLET_ETIMEDOUT))
        code = greenlet_error_restore(greenlet_error_ref(joiner.failure));
    gevent_cleanup_pop(&cleanup, 1);
    return code;
}

int gevent_group_join(gevent_group_t *group, double seconds, unsigned flags) {
    if (group->length == 0) return GREENLET_OK;
    if (flags & GEVENT_RAISE) return join_and_raise(group, seconds);
    return event_wait_as("group", &group->emptied, seconds);
}

// ---- kill ---------------------------------------------------------------------------------------

static void end_killing(void *argument) {
    gevent_group_t *group = argument;
    group->killers--;
    if (group->changed) group->changed(group);
}

// Goes once around the list, since who is told of a failure may take members out.
static int kill_members(gevent_group_t *group, const greenlet_error_t *error) {
    int outcome = GREENLET_OK;
    for (size_t count = group->length; count > 0 && group->length > 0; count--) {
        member_t *first = LIST_ITEM(group->members.next, member_t, link);
        list_remove(&first->link);
        list_append(&group->members, &first->link);
        int code = kill_member(first, error);
        if (code < 0) outcome = code;
    }
    return outcome;
}

int gevent_group_kill(gevent_group_t *group, const greenlet_error_t *error, double seconds) {
    int code = kill_members(group, error);
    if (code < 0 || seconds <= 0 || group->length == 0) return code;
    gevent_cleanup_t cleanup;
    group->killers++;
    gevent_cleanup_push(&cleanup, end_killing, group);
    code = event_wait_as("group", &group->emptied, seconds);
    gevent_cleanup_pop(&cleanup, 1);
    return code;
}

int gevent_group_kill_one(gevent_group_t *group, gevent_task_t *task, const greenlet_error_t *error,
                          double seconds) {
    member_t *member = find(group, task);
    if (!member) return GREENLET_OK;
    int code = kill_member(member, error);
    return code < 0 || seconds <= 0 ? code : gevent_join(task, seconds);
}
