// Scopes: a tree of its own, of which each greenlet knows the innermost that it is in.
//
// SPDX-License-Identifier: MIT
#include "scope.h"

#include <assert.h>

#include "../call.h"
#include "../fatal.h"
#include "cleanup.h"
#include "scope_internal.h"
#include "task_internal.h"

// ---- which scopes a greenlet is in --------------------------------------------------------------

// The body of a generator is in the scopes that it has opened, and while somebody advances it, in
// those around that. The latter are looked up each time: it may go on in others.
static gevent_scope_t *innermost_of(const greenlet_t *greenlet) {
    while (greenlet && !greenlet->scope) greenlet = greenlet_caller(greenlet);
    return greenlet ? greenlet->scope : NULL;
}

static gevent_scope_t *around(const gevent_scope_t *scope) {
    return scope->parent ? scope->parent : innermost_of(greenlet_caller(scope->owner));
}

// The outermost cancelled one that reaches the greenlet; NULL: none.
static gevent_scope_t *find_cancelled(const greenlet_t *greenlet) {
    gevent_scope_t *found = NULL;
    for (gevent_scope_t *scope = innermost_of(greenlet); scope; scope = around(scope)) {
        int is_left = scope->is_closing && scope->owner == greenlet;
        if (scope->is_cancelled && !is_left) found = scope;
        if (scope->is_shielded) break;
    }
    return found;
}

static greenlet_error_t *error_for(const gevent_scope_t *scope, const greenlet_t *greenlet) {
    int is_in_stretch = greenlet_runs_for(greenlet, scope->owner);
    return scope->has_expired && is_in_stretch ? scope->expired : scope->cancelled;
}

int gevent_check_cancelled(void) {
    const greenlet_t *self = greenlet_current();
    const gevent_scope_t *scope = find_cancelled(self);
    return scope ? greenlet_error_restore(greenlet_error_ref(error_for(scope, self))) : GREENLET_OK;
}

// Among its own and those of whoever goes on for it.
static gevent_scope_t *find_shield(const greenlet_t *greenlet, const gevent_scope_t *from) {
    gevent_scope_t *scope = innermost_of(greenlet_innermost(greenlet));
    for (; scope && scope != from; scope = around(scope)) {
        if (!greenlet_runs_for(scope->owner, greenlet)) break;
        if (scope->is_shielded) return scope;
    }
    return NULL;
}

int scope_is_shielded_from(const greenlet_t *greenlet, const gevent_scope_t *from) {
    return find_shield(greenlet, from) != NULL;
}

int scope_defers(const greenlet_t *greenlet, const gevent_scope_t *from, callback_t *callback) {
    gevent_scope_t *shield = find_shield(greenlet, from);
    // Then its wake-up is in the queue.
    int is_settled = wait_is_settled(greenlet_innermost(greenlet));
    if (shield)
        list_append(&shield->deferred, &callback->link);
    else if (is_settled)
        hub_call(hub_get(), callback);
    return shield || is_settled;
}

static int64_t nearest_timeout(const greenlet_t *greenlet) {
    int64_t nearest = LOOP_NEVER;
    for (const greenlet_t *each = greenlet; each; each = greenlet_caller(each)) {
        int64_t deadline = timeout_nearest(each);
        if (deadline < nearest) nearest = deadline;
    }
    return nearest;
}

int64_t scope_nearest_deadline(const greenlet_t *greenlet) {
    int64_t nearest = nearest_timeout(greenlet);
    for (const gevent_scope_t *scope = innermost_of(greenlet); scope; scope = around(scope)) {
        if (scope->expired && scope->timer.deadline < nearest) nearest = scope->timer.deadline;
        if (scope->is_shielded) break;
    }
    return nearest;
}

double gevent_time_left(void) {
    hub_t *hub = hub_get();
    if (!hub) return GEVENT_FOREVER;
    int64_t nearest = scope_nearest_deadline(greenlet_current());
    if (nearest == LOOP_NEVER) return GEVENT_FOREVER;
    int64_t left = nearest - hub_update_now(hub);
    return left > 0 ? (double)left / 1e9 : 0;
}

// ---- cancelling ---------------------------------------------------------------------------------

static void throw_into_waiter(callback_t *callback) {
    wait_t *wait = LIST_ITEM(callback, wait_t, callback);
    const gevent_scope_t *scope = find_cancelled(wait->greenlet);
    assert(scope);
    hub_throw(wait->greenlet, error_for(scope, wait->greenlet));
}

// One that is queued already will see it when it next waits.
static void fail_wait(const greenlet_t *greenlet) {
    wait_t *wait = greenlet->wait;
    if (!wait || wait->ignores_cancel || !find_cancelled(greenlet)) return;
    if (!list_is_empty(&wait->callback.link)) return;
    wait->callback.run = throw_into_waiter;
    hub_call(hub_get(), &wait->callback);
}

// Puts a scope before those that are still to be visited, unless a shield keeps it.
static void visit_next(list_t *visits, gevent_scope_t *scope) {
    if (scope->is_shielded) return;
    list_remove(&scope->visit);
    list_prepend(visits, &scope->visit);
}

static gevent_scope_t *outermost_own(const greenlet_t *greenlet) {
    gevent_scope_t *scope = greenlet->scope;
    while (scope->parent) scope = scope->parent;
    return scope;
}

// The wait of a greenlet that is in a scope fails, or that of the generator that goes on for it;
// one that has opened scopes has them visited.
static void fail(greenlet_t *greenlet, list_t *visits) {
    do {
        fail_wait(greenlet);
        greenlet = greenlet_callee(greenlet);
    } while (greenlet && !greenlet->scope);
    if (greenlet) visit_next(visits, outermost_own(greenlet));
}

static void fail_members(gevent_scope_t *scope, list_t *visits) {
    for (list_t *link = scope->members.next; link != &scope->members;) {
        gevent_task_t *task = LIST_ITEM(link, gevent_task_t, in_scope);
        link = link->next;
        scope->took_effect = 1;
        if (!greenlet_started(task->greenlet))
            task_finish_unstarted(task, scope->cancelled);
        else if (task->greenlet->scope == scope)
            fail(task->greenlet, visits);
    }
}

static void visit(gevent_scope_t *scope, list_t *visits) {
    if (scope->owner->scope == scope) fail(scope->owner, visits);
    fail_members(scope, visits);
    const list_t *inner = &scope->inner;
    for (const list_t *link = inner->previous; link != inner; link = link->previous)
        visit_next(visits, LIST_ITEM(link, gevent_scope_t, in_parent));
}

// From the outside in, and not by recursion: there may be many within each other.
static void cancel(gevent_scope_t *scope) {
    if (scope->is_cancelled) return;
    scope->is_cancelled = 1;
    hub_stop_timer(&scope->timer);
    list_t visits = {&visits, &visits};
    for (gevent_scope_t *each = scope; each;) {
        visit(each, &visits);
        each = list_is_empty(&visits) ? NULL : LIST_ITEM(visits.next, gevent_scope_t, visit);
        if (each) list_remove(&each->visit);
    }
}

void gevent_scope_cancel(gevent_scope_t *scope) {
    cancel(scope);
}

static void expire(callback_t *callback) {
    gevent_scope_t *scope = LIST_ITEM(callback, gevent_scope_t, timer.callback);
    scope->has_expired = 1;
    cancel(scope);
}

int gevent_scope_is_cancelled(const gevent_scope_t *scope) {
    return scope->is_cancelled;
}

int gevent_scope_expired(const gevent_scope_t *scope) {
    return scope->has_expired;
}

size_t gevent_scope_failures(const gevent_scope_t *scope) {
    return scope->failures;
}

// ---- opening ------------------------------------------------------------------------------------

// The errors are made with it, so that to cancel cannot run out of memory.
static greenlet_error_t *make_error(gevent_scope_t *scope, const greenlet_error_type_t *type,
                                    double seconds) {
    greenlet_error_t *error = type == &GREENLET_TIMEOUT
                                  ? greenlet_error_new(type, "a scope of %g s expired", seconds)
                                  : greenlet_error_new(type, NULL);
    if (greenlet_error_code(error) == GREENLET_ENOMEM) return NULL;
    greenlet_error_set_data(error, scope, NULL);
    return error;
}

static int make_errors(gevent_scope_t *scope, double seconds, int64_t deadline) {
    scope->cancelled = make_error(scope, &GREENLET_CANCELLED, seconds);
    if (!scope->cancelled) return greenlet_fail(GREENLET_ENOMEM);
    if (deadline == LOOP_NEVER) return GREENLET_OK;
    scope->expired = make_error(scope, &GREENLET_TIMEOUT, seconds);
    if (scope->expired) return GREENLET_OK;
    greenlet_error_unref(scope->cancelled);
    return greenlet_fail(GREENLET_ENOMEM);
}

static int open_scope(gevent_scope_t *scope, double seconds, int is_shielded) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    if (!scope) return greenlet_fail(GREENLET_EINVAL);
    int code = wait_check(hub);
    if (code < 0) return greenlet_fail(code);
    greenlet_t *self = greenlet_current();
    int64_t deadline = hub_deadline(hub, seconds);
    *scope = (gevent_scope_t){.owner = self, .parent = self->scope};
    scope->is_shielded = (unsigned char)is_shielded;
    code = make_errors(scope, seconds, deadline);
    if (code < 0) return code;
    list_init(&scope->inner);
    list_init(&scope->members);
    list_init(&scope->deferred);
    if (scope->parent) list_append(&scope->parent->inner, &scope->in_parent);
    self->scope = scope;
    hub_start_timer(hub, &scope->timer, deadline, expire);
    return GREENLET_OK;
}

int gevent_scope_open(gevent_scope_t *scope, double seconds) {
    return open_scope(scope, seconds, 0);
}

int gevent_scope_open_shielded(gevent_scope_t *scope, double seconds) {
    return open_scope(scope, seconds, 1);
}

int gevent_scope_spawn(gevent_scope_t *scope, greenlet_run_fn run, void *argument,
                       gevent_task_t **result) {
    if (!scope) return greenlet_fail(GREENLET_EINVAL);
    if (scope->is_cancelled) return greenlet_error_restore(greenlet_error_ref(scope->cancelled));
    gevent_task_t *task;
    int code = gevent_spawn(run, argument, &task);
    if (code < 0) return code;
    task->scope = task->greenlet->scope = scope;
    list_append(&scope->members, &task->in_scope);
    if (result)
        *result = task;
    else
        gevent_task_unref(task);
    return GREENLET_OK;
}

// ---- closing ------------------------------------------------------------------------------------

void scope_check_all_closed(const greenlet_t *greenlet) {
    if (greenlet->scope && greenlet->scope->owner == greenlet)
        fatal(GREENLET_EINVAL, "%s returned without having closed a scope that it had opened",
              greenlet_name(greenlet));
}

int scope_member_finished(gevent_task_t *task) {
    gevent_scope_t *scope = task->scope;
    scope_check_all_closed(task->greenlet);
    if (!scope) return 0;
    task->scope = task->greenlet->scope = NULL;
    list_remove(&task->in_scope);
    int has_failed = task->status == GEVENT_FAILED;
    int is_first = has_failed && scope->failures++ == 0;
    if (is_first) scope->failure = greenlet_error_ref(task->error);
    if (has_failed) cancel(scope);
    if (list_is_empty(&scope->members) && scope->closing) wait_wake(scope->closing);
    return is_first;
}

static int wait_for_members(gevent_scope_t *scope) {
    int code = GREENLET_OK;
    while (code >= 0 && !list_is_empty(&scope->members)) {
        wait_t wait = {.what = "scope"};
        scope->closing = &wait;
        code = wait_until(&wait, LOOP_NEVER);
        scope->closing = NULL;
    }
    return code;
}

static void kill_members(gevent_scope_t *scope) {
    while (!list_is_empty(&scope->members)) {
        gevent_task_t *task = LIST_ITEM(scope->members.next, gevent_task_t, in_scope);
        if (gevent_kill_hard(task) < 0)
            fatal(GREENLET_EINVAL, "%s cannot be killed, but the scope that it belongs to is left",
                  greenlet_name(task->greenlet));
    }
}

// Waits for the children even if an error is thrown in, which is returned. What comes after that
// waits until the scope is closed; if the wait fails all the same, nobody could end it.
static greenlet_error_t *join_members(gevent_scope_t *scope) {
    scope->is_closing = 1;
    int code = wait_for_members(scope);
    if (code >= 0) return NULL;
    greenlet_error_t *interruption = greenlet_error_claim(code);
    cancel(scope);
    scope->is_shielded = 1;
    if (wait_for_members(scope) < 0) kill_members(scope);
    greenlet_error_unref(greenlet_error_take());
    return interruption;
}

static void leave(gevent_scope_t *scope) {
    hub_t *hub = hub_get();
    hub_stop_timer(&scope->timer);
    timeout_leave_scope(scope->owner, scope);
    scope->owner->scope = scope->parent;
    list_remove(&scope->in_parent);
    list_remove(&scope->visit);
    while (!list_is_empty(&scope->deferred)) {
        callback_t *callback = LIST_ITEM(scope->deferred.next, callback_t, link);
        list_remove(&callback->link);
        hub_call(hub, callback);
    }
}

static int is_own(const gevent_scope_t *scope, const greenlet_error_t *error) {
    int is_cancellation = greenlet_error_is(error, &GREENLET_CANCELLED);
    int is_expiry = greenlet_error_is(error, &GREENLET_TIMEOUT);
    return (is_cancellation || is_expiry) && greenlet_error_data(error) == scope;
}

// Of all that happened, what closing fails with: owned; NULL: nothing.
static greenlet_error_t *decide(gevent_scope_t *scope, greenlet_error_t *interruption,
                                greenlet_error_t *body) {
    if (is_own(scope, body)) {
        greenlet_error_unref(body);
        body = NULL;
        scope->took_effect = 1;
    }
    greenlet_error_t *const candidates[] = {interruption, body, scope->failure};
    greenlet_error_t *chosen = NULL;
    for (int i = 0; i < 3; i++) {
        if (!chosen)
            chosen = candidates[i];
        else
            greenlet_error_unref(candidates[i]);
    }
    if (!chosen && scope->has_expired && scope->took_effect)
        chosen = greenlet_error_ref(scope->expired);
    return chosen;
}

static void free_errors(gevent_scope_t *scope) {
    greenlet_error_unref(scope->cancelled);
    greenlet_error_unref(scope->expired);
}

int gevent_scope_close(gevent_scope_t *scope, int code) {
    if (!scope || greenlet_current() != scope->owner || scope->owner->scope != scope)
        return greenlet_raise(greenlet_error_type_of(GREENLET_EINVAL),
                              "only the innermost scope of the current greenlet can be closed");
    greenlet_error_t *body = code < 0 ? greenlet_error_claim(code) : NULL;
    if (body) cancel(scope);
    greenlet_error_t *interruption = join_members(scope);
    leave(scope);
    int was_cancelled = scope->is_cancelled;
    greenlet_error_t *error = decide(scope, interruption, body);
    free_errors(scope);
    if (error) return greenlet_error_restore(error);
    return was_cancelled && scope->took_effect ? GEVENT_CANCELLED : GREENLET_OK;
}

void scope_kill_members(const greenlet_t *greenlet) {
    for (gevent_scope_t *scope = greenlet->scope; scope && scope->owner == greenlet;
         scope = scope->parent)
        kill_members(scope);
}

void scope_leave_all(greenlet_t *greenlet) {
    while (greenlet->scope && greenlet->scope->owner == greenlet) {
        gevent_scope_t *scope = greenlet->scope;
        leave(scope);
        greenlet_error_unref(scope->failure);
        free_errors(scope);
    }
}
