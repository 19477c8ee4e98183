// The tree, switch and throw: who gets what. Which stack runs is the context backend's business.
//
// A send goes: find who really receives it (the nearest that is not dead), start that one if it is
// new, put the transfer into the thread's slot, switch the context. The receiver comes out of its
// own pending send and takes the transfer from the slot. What a dying greenlet leaves goes the
// same way, to its parent.
//
// SPDX-License-Identifier: MIT
#include "greenlet.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "fatal.h"
#include "greenlet_context.h"
#include "greenlet_internal.h"
#include "memory.h"

enum { REFS_OF_THREAD = 1 << 30 }; // the thread's own, of its main greenlet

// What every switch does is one function: in wasm each frame that is left is saved and restored.
#define INLINE __attribute__((always_inline)) inline
#define NOINLINE __attribute__((noinline))

enum { HUB_ID = 2 }; // after the main greenlet's

static _Thread_local greenlet_thread_t *this_thread;

static const context_ends_t ends_of_run;
static void end_thread(void);

// ---- the thread and its main greenlet -----------------------------------------------------------

static void init_main(greenlet_t *main, greenlet_thread_t *thread) {
    main->thread = thread;
    main->refs = 1;
    main->state = STATE_STARTED;
    main->is_main = 1;
    main->id = ++thread->last_id;
}

__attribute__((noinline, cold)) greenlet_thread_t *greenlet_begin_thread(void) {
    greenlet_thread_t *thread = memory_alloc_zeroed(sizeof *thread);
    if (!thread) fatal(GREENLET_ENOMEM, "no memory for the first greenlet of a thread");
    init_main(&thread->main, thread);
    thread->last_id = HUB_ID;
    thread->main.refs = REFS_OF_THREAD;
    thread->current = thread->root = thread->base = &thread->main;
    context_enter_root(&thread->main.context);
    this_thread = thread;
    thread_at_end(end_thread);
    return thread;
}

greenlet_thread_t *greenlet_thread(void) {
    greenlet_thread_t *thread = this_thread;
    return thread ? thread : greenlet_begin_thread();
}

greenlet_t *greenlet_new_root(void) {
    greenlet_t *root = memory_alloc_zeroed(sizeof *root);
    if (root) init_main(root, greenlet_thread());
    return root;
}

void greenlet_enter(greenlet_entry_t *entry, greenlet_t *base, greenlet_t *root) {
    greenlet_thread_t *thread = greenlet_thread();
    entry->previous_current = thread->current;
    entry->previous_root = thread->root;
    entry->previous_base = thread->base;
    thread->current = greenlet_ref(base);
    thread->base = base;
    thread->root = root;
    base->state = STATE_STARTED;
    entry->previous_context = context_enter_root(&base->context);
}

void greenlet_leave(greenlet_entry_t *entry, greenlet_t *base) {
    greenlet_thread_t *thread = greenlet_thread();
    context_leave_root(&base->context, entry->previous_context);
    thread->current = entry->previous_current;
    thread->root = entry->previous_root;
    thread->base = entry->previous_base;
    greenlet_unref(base);
}

greenlet_t *greenlet_current(void) {
    return greenlet_thread()->current;
}

greenlet_t *greenlet_main(void) {
    return greenlet_thread()->root;
}

// ---- life ---------------------------------------------------------------------------------------

static void enlist(greenlet_t *greenlet, greenlet_thread_t *thread) {
    greenlet->next_live = thread->first_live;
    greenlet->live_place = &thread->first_live;
    if (thread->first_live) thread->first_live->live_place = &greenlet->next_live;
    thread->first_live = greenlet;
    thread->live++;
}

static void delist(greenlet_t *greenlet) {
    if (!greenlet->live_place) return; // a main greenlet
    *greenlet->live_place = greenlet->next_live;
    if (greenlet->next_live) greenlet->next_live->live_place = greenlet->live_place;
    greenlet->thread->live--;
}

greenlet_legacy_t *greenlet_legacy_ref(greenlet_legacy_t *legacy) {
    if (legacy) legacy->refs++;
    return legacy;
}

void greenlet_legacy_unref(greenlet_legacy_t *legacy) {
    if (legacy && --legacy->refs == 0) legacy->release(legacy);
}

void greenlet_set_legacy(greenlet_t *greenlet, greenlet_legacy_t *legacy) {
    greenlet_legacy_t *previous = greenlet->legacy;
    greenlet->legacy = greenlet_legacy_ref(legacy);
    greenlet_legacy_unref(previous);
}

int greenlet_new(greenlet_run_fn run, greenlet_t *parent, greenlet_t **result) {
    greenlet_thread_t *thread = greenlet_thread();
    if (!result) return greenlet_fail(GREENLET_EINVAL);
    if (thread->is_shut_down) return greenlet_fail(GREENLET_ESHUTDOWN);
    if (parent && parent->thread != thread) return greenlet_fail(GREENLET_ETHREAD);
    greenlet_run_deferred();
    greenlet_t *greenlet = memory_alloc_zeroed(sizeof *greenlet);
    if (!greenlet) return greenlet_fail(GREENLET_ENOMEM);
    greenlet->thread = thread;
    greenlet->run = run;
    greenlet->parent = greenlet_ref(parent ? parent : thread->current);
    greenlet->refs = 1;
    greenlet->id = ++thread->last_id;
    greenlet->creator = thread->current->id;
    greenlet->legacy = greenlet_legacy_ref(thread->current->legacy);
    greenlet->stack_size = thread->default_stack_size;
    enlist(greenlet, thread);
    *result = greenlet;
    return GREENLET_OK;
}

void greenlet_make_hub(greenlet_t *greenlet) {
    greenlet_thread_t *thread = greenlet->thread;
    thread->last_id--;
    thread->hub = greenlet;
    greenlet->id = HUB_ID;
    greenlet->outlives_shutdown = 1;
}

// ---- references ---------------------------------------------------------------------------------

// A greenlet's own thread counts without a lock. What others take and drop is counted apart, until
// that thread comes to look; once it has ended, everybody counts under its lock.

// Written under the lock, and read without it by its own thread, which looks again.
static void set_mailbox(greenlet_thread_t *thread, greenlet_t *first) {
    __atomic_store_n(&thread->mailbox, first, __ATOMIC_RELAXED);
}

static int has_mail(const greenlet_thread_t *thread) {
    return __atomic_load_n(&thread->mailbox, __ATOMIC_RELAXED) != NULL;
}

static int has_deferred(const greenlet_thread_t *thread) {
    return thread->deferred || has_mail(thread);
}

static void ref_elsewhere(greenlet_t *greenlet) {
    greenlet_thread_t *thread = greenlet->thread;
    thread_lock(&thread->lock);
    if (thread->has_ended)
        greenlet->refs++;
    else
        greenlet->drops_elsewhere--;
    thread_unlock(&thread->lock);
}

greenlet_t *greenlet_ref(greenlet_t *greenlet) {
    if (!greenlet) return NULL;
    if (greenlet->thread == this_thread)
        greenlet->refs++;
    else
        ref_elsewhere(greenlet);
    return greenlet;
}

static void put_into_mailbox(greenlet_t *greenlet) {
    if (greenlet->is_in_mailbox) return;
    greenlet->is_in_mailbox = 1;
    greenlet->next_in_mailbox = greenlet->thread->mailbox;
    set_mailbox(greenlet->thread, greenlet);
}

// Returns 1 if that was the last one of a greenlet whose thread has ended.
static int drop_elsewhere(greenlet_t *greenlet) {
    greenlet_thread_t *thread = greenlet->thread;
    int is_last = 0;
    thread_lock(&thread->lock);
    if (thread->has_ended) {
        is_last = --greenlet->refs == 0;
    } else {
        greenlet->drops_elsewhere++;
        put_into_mailbox(greenlet);
    }
    thread_unlock(&thread->lock);
    return is_last;
}

static void count_drops_elsewhere(greenlet_t *greenlet) {
    greenlet->refs -= (unsigned)greenlet->drops_elsewhere;
    greenlet->drops_elsewhere = 0;
}

// Whether nobody refers to a greenlet that its thread no longer does. The mailbox is somebody.
static int is_unreferenced(greenlet_t *greenlet) {
    thread_lock(&greenlet->thread->lock);
    count_drops_elsewhere(greenlet);
    int is_unreferenced = greenlet->refs == 0 && !greenlet->is_in_mailbox;
    thread_unlock(&greenlet->thread->lock);
    return is_unreferenced;
}

// With a reference that is the caller's; NULL if the mailbox is empty.
static greenlet_t *take_from_mailbox(greenlet_thread_t *thread) {
    thread_lock(&thread->lock);
    greenlet_t *greenlet = thread->mailbox;
    if (greenlet) {
        set_mailbox(thread, greenlet->next_in_mailbox);
        greenlet->is_in_mailbox = 0;
        greenlet->refs++;
        count_drops_elsewhere(greenlet);
    }
    thread_unlock(&thread->lock);
    return greenlet;
}

// The last greenlet takes the state of an ended thread with it.
static void leave_thread(greenlet_t *greenlet) {
    greenlet_thread_t *thread = greenlet->thread;
    int is_embedded = greenlet == &thread->main;
    thread_lock(&thread->lock);
    delist(greenlet);
    thread->main_is_gone |= is_embedded;
    int is_last = thread->has_ended && thread->main_is_gone && thread->live == 0;
    thread_unlock(&thread->lock);
    if (!is_embedded) memory_free(greenlet);
    if (is_last) memory_free(thread);
}

static void release_belongings(greenlet_t *greenlet) {
    locals_release(&greenlet->locals);
    if (greenlet->release_user) greenlet->release_user(greenlet->user);
    greenlet_context_unref(greenlet->context_values);
    greenlet_legacy_unref(greenlet->legacy);
    greenlet_unref(greenlet->successor);
    greenlet_error_unref(greenlet->last_error);
    greenlet_error_unref(greenlet->exit_value);
    memory_free(greenlet->name);
}

// Most end with none, and are spared the calls that could switch.
static int has_belongings(const greenlet_t *greenlet) {
    return greenlet->locals.items || greenlet->release_user || greenlet->context_values ||
           greenlet->legacy || greenlet->successor || greenlet->last_error ||
           greenlet->exit_value || greenlet->name;
}

static void destroy(greenlet_t *greenlet) {
    if (has_belongings(greenlet)) release_belongings(greenlet);
    greenlet_unref(greenlet->root);
    leave_thread(greenlet);
}

// ---- receivers ----------------------------------------------------------------------------------

static void drop_transfer(transfer_t *transfer) {
    greenlet_error_unref(transfer->error);
    *transfer = (transfer_t){0};
}

static void make_exit_value(transfer_t *transfer) {
    transfer->exited = 1;
    transfer->value = transfer->error;
}

// What really receives: dead greenlets pass on to their parents, and swallow EXIT on the way.
static greenlet_t *find_receiver(greenlet_t *target, transfer_t *transfer) {
    if (target->state != STATE_DEAD) return target;
    if (!transfer->exited && greenlet_error_is(transfer->error, &GREENLET_EXIT))
        make_exit_value(transfer);
    while (target->state == STATE_DEAD && target->parent) target = target->parent;
    return target;
}

static const greenlet_t *root_of(const greenlet_t *greenlet) {
    if (greenlet->root) return greenlet->root;
    while (greenlet->parent) greenlet = greenlet->parent;
    return greenlet;
}

// A greenlet of another tree is out of reach, whatever its state.
static int check_reach(const greenlet_t *target) {
    if (!target) return GREENLET_EINVAL;
    const greenlet_thread_t *thread = greenlet_thread();
    if (thread->is_shut_down) return GREENLET_ESHUTDOWN;
    if (thread->forbidden) return GREENLET_EFORBIDDEN;
    if (target->thread != thread) return GREENLET_ETHREAD;
    return root_of(target) == thread->root ? GREENLET_OK : GREENLET_EJSFRAME;
}

// A new greenlet gets its stack.
static int start(greenlet_t *target) {
    if (!target->run) return GREENLET_ENORUN;
    size_t size = target->stack_size ? target->stack_size : context_default_size();
    target->context.marked = target->thread->marks_stacks;
    int code = context_make(&target->context, size, target->run, &ends_of_run);
    if (code < 0) return code;
    target->state = STATE_STARTED;
    target->root = greenlet_ref(target->thread->root);
    return GREENLET_OK;
}

static void undo_start(greenlet_t *target) {
    context_abandon(&target->context);
    target->state = STATE_NEW;
    greenlet_unref(target->root);
    target->root = NULL;
}

// Makes `target` ready to be gone to; refuses with nothing changed.
static int prepare(greenlet_t *self, greenlet_t *target) {
    if (target->state == STATE_NEW) return start(target);
    if (target == self) return GREENLET_OK;
    return context_can_switch(&self->context, &target->context);
}

// ---- sending and arriving -----------------------------------------------------------------------

// The one who is left hands over its being current; the target gets it.
INLINE static void hand_over(greenlet_thread_t *thread, greenlet_t *target) {
    greenlet_t *self = thread->current;
    assert(!thread->transfer.origin && "a transfer is taken before the next is sent");
    self->saved_errno = errno;
    thread->transfer.origin = self;
    thread->current = target;
}

static void put_transfer(greenlet_t *target, const transfer_t *transfer) {
    greenlet_thread_t *thread = greenlet_thread();
    hand_over(thread, greenlet_ref(target));
    thread->transfer.value = transfer->value;
    thread->transfer.error = transfer->error;
    thread->transfer.exited = transfer->exited;
}

// Whoever was to be left goes on, and has what it sent.
static int refuse_switch(transfer_t *transfer, int was_new) {
    greenlet_thread_t *thread = greenlet_thread();
    greenlet_t *target = thread->current;
    *transfer = thread->transfer;
    thread->transfer = (transfer_t){0};
    thread->current = transfer->origin;
    if (was_new) undo_start(target);
    greenlet_unref(target);
    return GREENLET_ENOMEM;
}

typedef struct shot {
    greenlet_t *self, *receiver;
    int was_new;
} shot_t;

// All that comes before a switch, and cannot switch: in wasm only frames that can are saved.
static int aim(shot_t *shot, greenlet_t *target, transfer_t *transfer) {
    int code = check_reach(target);
    if (code < 0) return code;
    shot->self = greenlet_current();
    shot->receiver = find_receiver(target, transfer);
    shot->was_new = shot->receiver->state == STATE_NEW;
    code = prepare(shot->self, shot->receiver);
    if (code >= 0) put_transfer(shot->receiver, transfer);
    return code;
}

// Goes to whoever receives; returns 0 when somebody has come back to the caller, who must then
// arrive, or a code if it was refused, with the transfer still in the caller's hands.
INLINE static int send(greenlet_t *target, transfer_t *transfer) {
    shot_t shot;
    int code = aim(&shot, target, transfer);
    if (code < 0 || shot.receiver == shot.self) return code;
    code = context_switch(&shot.self->context, &shot.receiver->context);
    if (code < 0) return refuse_switch(transfer, shot.was_new);
    return GREENLET_OK;
}

static greenlet_event_t event_of(const transfer_t *transfer) {
    return transfer->error && !transfer->exited ? GREENLET_EVENT_THROW : GREENLET_EVENT_SWITCH;
}

static void tell_observers(greenlet_t *self, const transfer_t *transfer) {
    for (greenlet_observer_t *each = greenlet_thread()->observers; each; each = each->next)
        each->switched(each, event_of(transfer), transfer->origin, self);
}

// A callback that fails is removed, and its error takes the place of what was being delivered.
static void trace(greenlet_t *self, transfer_t *transfer) {
    greenlet_thread_t *thread = greenlet_thread();
    if (!thread->trace) return;
    greenlet_event_t event = event_of(transfer);
    const greenlet_error_t *thrown = event == GREENLET_EVENT_THROW ? transfer->error : NULL;
    int code = thread->trace(event, transfer->origin, self, thrown, thread->trace_data);
    if (code >= 0) return;
    thread->trace = NULL;
    greenlet_error_unref(transfer->error);
    transfer->error = greenlet_error_claim(code);
    transfer->exited = 0;
}

static int deliver(greenlet_t *self, transfer_t *transfer, void **result) {
    if (transfer->error && !transfer->exited) return greenlet_error_restore(transfer->error);
    greenlet_error_unref(self->exit_value);
    self->exit_value = transfer->error;
    if (result) *result = transfer->value;
    return transfer->exited ? GREENLET_EXITED : GREENLET_OK;
}

// The payload is out of the slot before anything else can run: the trace callback may switch, and
// to drop the origin may kill it.
NOINLINE static int take_transfer(void **result) {
    greenlet_thread_t *thread = greenlet_thread();
    greenlet_t *self = thread->current;
    transfer_t transfer = thread->transfer;
    thread->transfer = (transfer_t){0};
    tell_observers(self, &transfer);
    errno = self->saved_errno;
    trace(self, &transfer);
    greenlet_unref(transfer.origin);
    return deliver(self, &transfer, result);
}

// Nobody is told of a value that has come, and nothing ends with the one that it came from.
static int is_plain(const greenlet_thread_t *thread) {
    const transfer_t *transfer = &thread->transfer;
    const greenlet_t *origin = transfer->origin;
    return !transfer->error && !thread->current->exit_value && !thread->observers &&
           !thread->trace && origin->refs > 1;
}

// take_transfer for most switches: 0 if this is none of them.
NOINLINE static int take_value(void **result) {
    greenlet_thread_t *thread = this_thread;
    if (!is_plain(thread)) return 0;
    errno = thread->current->saved_errno;
    thread->transfer.origin->refs--;
    if (result) *result = thread->transfer.value;
    thread->transfer.origin = NULL;
    thread->transfer.value = NULL;
    return 1;
}

int greenlet_arrive(void **result) {
    return take_value(result) ? GREENLET_OK : take_transfer(result);
}

static int fail_to_send(transfer_t *transfer, int code) {
    drop_transfer(transfer);
    return greenlet_fail(code);
}

INLINE static int send_and_arrive(greenlet_t *target, transfer_t *transfer, void **result) {
    if (has_deferred(greenlet_thread())) greenlet_run_deferred();
    int code = send(target, transfer);
    return code < 0 ? fail_to_send(transfer, code) : greenlet_arrive(result);
}

NOINLINE static int switch_with_care(greenlet_t *target, void *value, void **result) {
    transfer_t transfer = {.value = value};
    return send_and_arrive(target, &transfer, result);
}

// Whether nothing has to be done or asked before a switch to it but what greenlet_switch does.
INLINE static int is_at_hand(const greenlet_thread_t *thread, const greenlet_t *target) {
    return thread && target && target->thread == thread && target->state == STATE_STARTED &&
           target != thread->current && root_of(target) == thread->root && !thread->forbidden &&
           !thread->is_shut_down && !has_deferred(thread) &&
           context_can_switch(&thread->current->context, &target->context) >= 0;
}

NOINLINE static int arrive_with_care(int code, void **result) {
    if (code >= 0) return take_transfer(result);
    transfer_t transfer;
    return fail_to_send(&transfer, refuse_switch(&transfer, 0));
}

NOINLINE static int set_out(greenlet_t *target, void *value) {
    greenlet_thread_t *thread = this_thread;
    if (!is_at_hand(thread, target)) return 0;
    target->refs++;
    hand_over(thread, target);
    thread->transfer.value = value;
    return 1;
}

// The usual way takes only what it needs, so that the one frame that wasm saves of it is small.
int greenlet_switch(greenlet_t *target, void *value, void **result) {
    if (!set_out(target, value)) return switch_with_care(target, value, result);
    int code =
        context_switch(&this_thread->transfer.origin->context, &this_thread->current->context);
    return code >= 0 && take_value(result) ? GREENLET_OK : arrive_with_care(code, result);
}

int greenlet_throw(greenlet_t *target, const greenlet_error_t *error, void **result) {
    if (error && greenlet_error_code(error) >= 0) return greenlet_fail(GREENLET_EINVAL);
    transfer_t transfer = {.error = greenlet_error_ref(error ? error : &greenlet_exit_error)};
    return send_and_arrive(target, &transfer, result);
}

// ---- running and finishing ----------------------------------------------------------------------

static void report_unraisable(greenlet_t *greenlet, const greenlet_error_t *error) {
    greenlet_unraisable_fn hook = greenlet_thread()->unraisable;
    if (hook) {
        hook(greenlet, error);
        return;
    }
    const char *what = greenlet_error_code(error) == GREENLET_EEXIT
                           ? "did not end when its last reference was dropped"
                           : greenlet_error_message(error);
    fprintf(stderr, "greenlet: %s: %s\n", greenlet_name(greenlet), what);
}

// Nobody is left to take it: a main greenlet that has no frames at rest.
static greenlet_t *fall_back_to_base(greenlet_t *self, transfer_t *transfer) {
    if (transfer->error && !transfer->exited) report_unraisable(self, transfer->error);
    drop_transfer(transfer);
    return greenlet_thread()->base;
}

// Who takes over from a dead greenlet. A parent that cannot take the result is passed over, and
// the reason goes to the next one in its place.
static greenlet_t *find_heir(greenlet_t *self, transfer_t *transfer) {
    int is_error = transfer->error && !transfer->exited;
    greenlet_t *heir = self->successor && !is_error ? self->successor : self->parent;
    for (;;) {
        heir = find_receiver(heir, transfer);
        int code = prepare(self, heir);
        if (code >= 0) return heir;
        if (!heir->parent) return fall_back_to_base(self, transfer);
        drop_transfer(transfer);
        transfer->error = greenlet_error_from_code(code);
        greenlet_error_set_origin(transfer->error, greenlet_name(self));
        heir = heir->parent;
    }
}

static void finish(int code, void *result) {
    greenlet_thread_t *thread = greenlet_thread();
    greenlet_t *self = thread->current;
    transfer_t transfer = {.value = result};
    if (code < 0) {
        transfer.error = greenlet_error_claim(code);
        if (greenlet_error_is(transfer.error, &GREENLET_EXIT)) make_exit_value(&transfer);
    }
    if (thread->finished) thread->finished(self);
    self->state = STATE_DEAD;
    greenlet_t *heir = find_heir(self, &transfer);
    put_transfer(heir, &transfer);
    context_finish_to(&self->context, &heir->context);
}

// What run is to be called with. An exit object is dropped: run would take it for a value.
static int arrive_first(void **value) {
    int code = greenlet_arrive(value);
    if (code != GREENLET_EXITED) return code;
    greenlet_t *self = greenlet_current();
    greenlet_error_unref(self->exit_value);
    self->exit_value = NULL;
    *value = NULL;
    return GREENLET_OK;
}

static const context_ends_t ends_of_run = {.begin = arrive_first, .end = finish};

void greenlet_depart(greenlet_t *main, greenlet_t *to) {
    transfer_t transfer = {0};
    put_transfer(to, &transfer);
    context_finish_to(&main->context, &to->context);
}

// ---- killing with the last reference ------------------------------------------------------------

static void defer_kill(greenlet_t *greenlet) {
    greenlet_thread_t *thread = greenlet->thread;
    greenlet->next_deferred = thread->deferred;
    thread->deferred = greenlet;
}

// Throws EXIT into a greenlet that nobody refers to any more, with the current one as its parent.
// It may come out of it dead, or with new references, or neither.
static int throw_exit(greenlet_t *greenlet) {
    transfer_t transfer = {.error = &greenlet_exit_error};
    int code = send(greenlet, &transfer);
    if (code < 0) return code;
    if (greenlet_arrive(NULL) < 0) report_unraisable(greenlet, greenlet_last_error());
    return GREENLET_OK;
}

static void complain_if_swallowed(greenlet_t *greenlet) {
    if (greenlet->state != STATE_DEAD && greenlet->refs == 1)
        report_unraisable(greenlet, &greenlet_exit_error);
}

// The current greenlet is its parent for that time, and keeps its own last error.
static int kill_from_here(greenlet_t *greenlet) {
    greenlet_t *parent = greenlet->parent;
    greenlet_error_t *pending = greenlet_error_take();
    greenlet->parent = greenlet_ref(greenlet_current());
    int code = throw_exit(greenlet);
    greenlet_t *killer = greenlet->parent;
    greenlet->parent = parent;
    greenlet_unref(killer);
    greenlet_error_restore(pending);
    return code;
}

static void kill_unreferenced(greenlet_t *greenlet) {
    greenlet->refs = 1; // ours, or the queue's
    if (kill_from_here(greenlet) < 0) {
        defer_kill(greenlet);
        return;
    }
    complain_if_swallowed(greenlet);
    if (greenlet->state == STATE_DEAD || greenlet->refs > 1) greenlet->refs--;
}

// Returns 1 if it is to be freed.
static int drop(greenlet_t *greenlet) {
    if (greenlet->thread != this_thread) return drop_elsewhere(greenlet);
    assert(greenlet->refs > 0 && "dropped once too often");
    if (--greenlet->refs > 0 || !is_unreferenced(greenlet)) return 0;
    if (greenlet->state != STATE_STARTED || greenlet->is_main) return 1;
    kill_unreferenced(greenlet);
    return greenlet->refs == 0 && is_unreferenced(greenlet);
}

// Parents are let go of in a loop, not by recursion: chains may be long.
NOINLINE static void drop_all(greenlet_t *greenlet) {
    while (greenlet && drop(greenlet)) {
        greenlet_t *parent = greenlet->parent;
        destroy(greenlet);
        greenlet = parent;
    }
}

void greenlet_unref(greenlet_t *greenlet) {
    if (!greenlet) return;
    if (greenlet->thread == this_thread && greenlet->refs > 1)
        greenlet->refs--;
    else
        drop_all(greenlet);
}

static void empty_mailbox(greenlet_thread_t *thread) {
    while (has_mail(thread)) greenlet_unref(take_from_mailbox(thread));
}

void greenlet_run_deferred(void) {
    greenlet_thread_t *thread = greenlet_thread();
    empty_mailbox(thread);
    greenlet_t *list = thread->deferred;
    thread->deferred = NULL;
    while (list) {
        greenlet_t *next = list->next_deferred;
        greenlet_unref(list);
        list = next;
    }
}

// ---- ends ---------------------------------------------------------------------------------------

int greenlet_finish_to(greenlet_t *target, void *value, void **result) {
    greenlet_t *self = greenlet_current();
    if (!target || !result) return greenlet_fail(GREENLET_EINVAL);
    if (self->is_main) return greenlet_fail(GREENLET_EMAIN);
    if (target->thread != self->thread) return greenlet_fail(GREENLET_ETHREAD);
    greenlet_t *previous = self->successor;
    self->successor = greenlet_ref(target);
    greenlet_unref(previous);
    *result = value;
    return GREENLET_OK;
}

static void kill_if_suspended(greenlet_t *greenlet) {
    int is_suspended = greenlet->state == STATE_STARTED && !greenlet->outlives_shutdown;
    if (!is_suspended) return;
    (void)kill_from_here(greenlet);
    if (greenlet->state != STATE_DEAD) report_unraisable(greenlet, &greenlet_exit_error);
    greenlet->outlives_shutdown = greenlet->state != STATE_DEAD; // it is asked once
}

// The last to be made goes first. What clean-up makes is at the front and found by the next pass.
static int kill_all(greenlet_thread_t *thread) {
    uint64_t last_id = thread->last_id;
    for (greenlet_t *greenlet = greenlet_ref(thread->first_live); greenlet;) {
        kill_if_suspended(greenlet);
        greenlet_t *next = greenlet_ref(greenlet->next_live);
        greenlet_unref(greenlet);
        greenlet = next;
    }
    return thread->last_id != last_id;
}

int greenlet_shutdown(void) {
    greenlet_thread_t *thread = greenlet_thread();
    if (thread->current != &thread->main) return greenlet_fail(GREENLET_EFORBIDDEN);
    if (thread->is_shut_down) return greenlet_fail(GREENLET_ESHUTDOWN);
    while (kill_all(thread)) continue;
    thread->is_shut_down = 1;
    return (int)greenlet_live_count();
}

// A thread may end on the stack of a greenlet, which is left alone then.
void greenlet_bury(greenlet_t *greenlet) {
    greenlet->state = STATE_DEAD;
    if (greenlet != greenlet_current()) context_abandon(&greenlet->context);
}

int greenlet_drop(greenlet_t *greenlet) {
    const greenlet_thread_t *thread = greenlet_thread();
    if (greenlet->state != STATE_STARTED) return GREENLET_OK;
    int code = context_can_switch(&thread->current->context, &greenlet->context);
    if (code < 0) return code;
    if (thread->dropping) thread->dropping(greenlet);
    greenlet_bury(greenlet);
    return GREENLET_OK;
}

// What could not be killed, or would not die.
static void bury_all(greenlet_thread_t *thread) {
    for (greenlet_t *each = thread->first_live; each; each = each->next_live)
        if (each->state == STATE_STARTED) greenlet_bury(each);
    thread->main.state = STATE_DEAD;
}

// From here on everybody counts under the lock. 0 if something is left to do first.
static int close_mailbox(greenlet_thread_t *thread) {
    thread_lock(&thread->lock);
    int is_empty = !thread->mailbox;
    if (is_empty) {
        for (greenlet_t *each = thread->first_live; each; each = each->next_live)
            count_drops_elsewhere(each);
        count_drops_elsewhere(&thread->main);
        thread->main.refs -= REFS_OF_THREAD - 1;
        thread->has_ended = 1;
    }
    thread_unlock(&thread->lock);
    return is_empty;
}

// What was given away when main was left comes back.
static void return_to_main(greenlet_thread_t *thread) {
    greenlet_t *left = thread->current;
    if (left == &thread->main) return;
    thread->current = greenlet_ref(&thread->main);
    greenlet_unref(left);
}

static void end_thread(void) {
    greenlet_thread_t *thread = this_thread;
    greenlet_run_deferred();
    if (thread->current == &thread->main)
        while (kill_all(thread)) continue;
    if (thread->ended) thread->ended();
    bury_all(thread);
    return_to_main(thread);
    do greenlet_run_deferred();
    while (!close_mailbox(thread));
    context_leave_root(&thread->main.context, NULL);
    this_thread = NULL;
    greenlet_unref(&thread->main);
}

void greenlet_forbid_switches(void) {
    greenlet_thread()->forbidden++;
}

void greenlet_allow_switches(void) {
    greenlet_thread_t *thread = greenlet_thread();
    if (thread->forbidden > 0) thread->forbidden--;
}

// ---- what one can ask and set -------------------------------------------------------------------

greenlet_t *greenlet_parent(const greenlet_t *greenlet) {
    return greenlet->parent;
}

static int makes_cycle(const greenlet_t *greenlet, const greenlet_t *parent) {
    while (parent && parent != greenlet) parent = parent->parent;
    return parent != NULL;
}

int greenlet_set_parent(greenlet_t *greenlet, greenlet_t *parent) {
    if (!greenlet) return greenlet_fail(GREENLET_EINVAL);
    if (greenlet->is_main) return greenlet_fail(GREENLET_EMAIN);
    if (!parent) return greenlet_fail(GREENLET_EPARENT);
    const greenlet_thread_t *thread = greenlet_thread();
    if (thread->is_shut_down) return greenlet_fail(GREENLET_ESHUTDOWN);
    if (greenlet->thread != thread || parent->thread != thread)
        return greenlet_fail(GREENLET_ETHREAD);
    if (makes_cycle(greenlet, parent)) return greenlet_fail(GREENLET_ECYCLE);
    if (greenlet->state != STATE_NEW && root_of(parent) != greenlet->root)
        return greenlet_fail(GREENLET_EJSFRAME);
    greenlet_t *previous = greenlet->parent;
    greenlet->parent = greenlet_ref(parent);
    greenlet_unref(previous);
    return GREENLET_OK;
}

int greenlet_started(const greenlet_t *greenlet) {
    return greenlet->state != STATE_NEW;
}

int greenlet_active(const greenlet_t *greenlet) {
    return greenlet->state == STATE_STARTED;
}

int greenlet_dead(const greenlet_t *greenlet) {
    return greenlet->state == STATE_DEAD;
}

int greenlet_is_main(const greenlet_t *greenlet) {
    return greenlet->is_main;
}

int greenlet_get_run(const greenlet_t *greenlet, greenlet_run_fn *run) {
    if (greenlet->state != STATE_NEW || !greenlet->run) return greenlet_fail(GREENLET_ENORUN);
    if (run) *run = greenlet->run;
    return GREENLET_OK;
}

int greenlet_set_run(greenlet_t *greenlet, greenlet_run_fn run) {
    if (greenlet->is_main) return greenlet_fail(GREENLET_EMAIN);
    if (greenlet->state != STATE_NEW) return greenlet_fail(GREENLET_ESTARTED);
    greenlet->run = run;
    return GREENLET_OK;
}

int greenlet_set_name(greenlet_t *greenlet, const char *name) {
    char *copy = name ? memory_copy_string(name) : NULL;
    if (name && !copy) return greenlet_fail(GREENLET_ENOMEM);
    memory_free(greenlet->name);
    greenlet->name = copy;
    return GREENLET_OK;
}

const char *greenlet_name(const greenlet_t *greenlet) {
    static _Thread_local char unnamed[32];
    if (greenlet->name) return greenlet->name;
    if (greenlet->is_main) return "main";
    snprintf(unnamed, sizeof unnamed, "greenlet-%llu", (unsigned long long)greenlet->id);
    return unnamed;
}

uint64_t greenlet_id(const greenlet_t *greenlet) {
    return greenlet->id;
}

void greenlet_set_user(greenlet_t *greenlet, void *user, void (*release)(void *user)) {
    void *previous = greenlet->user;
    void (*release_previous)(void *) = greenlet->release_user;
    greenlet->user = user;
    greenlet->release_user = release;
    if (release_previous) release_previous(previous);
}

void *greenlet_user(const greenlet_t *greenlet) {
    return greenlet->user;
}

int greenlet_set_stack_size(greenlet_t *greenlet, size_t bytes) {
    if (greenlet->is_main) return greenlet_fail(GREENLET_EMAIN);
    if (greenlet->state != STATE_NEW) return greenlet_fail(GREENLET_ESTARTED);
    greenlet->stack_size = bytes;
    return GREENLET_OK;
}

void greenlet_set_default_stack_size(size_t bytes) {
    greenlet_thread()->default_stack_size = bytes;
}

size_t greenlet_parked_bytes(const greenlet_t *greenlet) {
    int suspended = greenlet->state == STATE_STARTED && greenlet != greenlet_current();
    return suspended ? context_parked_bytes(&greenlet->context) : 0;
}

void greenlet_set_stack_marking(int on) {
    greenlet_thread()->marks_stacks = on != 0;
}

size_t greenlet_stack_peak(const greenlet_t *greenlet) {
    return context_peak(&greenlet->context);
}

static const char *state_text(const greenlet_t *greenlet) {
    if (greenlet->state == STATE_NEW) return "pending";
    if (greenlet->state == STATE_DEAD) return "dead";
    return greenlet == greenlet_current() ? "current active started" : "suspended active started";
}

static int outlives_its_thread(const greenlet_t *greenlet) {
    thread_lock(&greenlet->thread->lock);
    int has_ended = greenlet->thread->has_ended;
    thread_unlock(&greenlet->thread->lock);
    return has_ended;
}

size_t greenlet_describe(const greenlet_t *greenlet, char *buffer, size_t size) {
    int length = snprintf(buffer, size, "<greenlet '%s' #%llu %s%s%s>", greenlet_name(greenlet),
                          (unsigned long long)greenlet->id, state_text(greenlet),
                          greenlet->is_main ? " main" : "",
                          outlives_its_thread(greenlet) ? " thread-ended" : "");
    return length < 0 ? 0 : (size_t)length;
}

uint64_t greenlet_creator(const greenlet_t *greenlet) {
    return greenlet->creator;
}

void greenlet_mark_site(const char *site) {
    greenlet_current()->site = site;
}

const char *greenlet_parked_at(const greenlet_t *greenlet) {
    int suspended = greenlet->state == STATE_STARTED && greenlet != greenlet_current();
    return suspended ? greenlet->site : NULL;
}

static size_t tell_origin(const greenlet_t *greenlet, char *buffer, size_t size) {
    const char *site = greenlet_parked_at(greenlet);
    int length =
        snprintf(buffer, size, " made by #%llu%s%s\n", (unsigned long long)greenlet->creator,
                 site ? " parked at " : "", site ? site : "");
    return length < 0 ? 0 : (size_t)length;
}

static size_t room_of(size_t size, size_t length) {
    return length < size ? size - length : 0;
}

static char *rest_of(char *buffer, size_t size, size_t length) {
    return length < size ? buffer + length : NULL;
}

size_t greenlet_report(char *buffer, size_t size) {
    size_t length = 0;
    if (size) *buffer = '\0';
    for (greenlet_t *each = greenlet_thread()->first_live; each; each = each->next_live) {
        length += greenlet_describe(each, rest_of(buffer, size, length), room_of(size, length));
        length += tell_origin(each, rest_of(buffer, size, length), room_of(size, length));
    }
    return length;
}

size_t greenlet_live_count(void) {
    const greenlet_thread_t *thread = greenlet_thread();
    return thread->live - (thread->hub != NULL);
}

const char *greenlet_version(void) {
    return GREENLET_VERSION;
}

const char *greenlet_backend(void) {
    return context_name();
}

// ---- hooks --------------------------------------------------------------------------------------

greenlet_trace_fn greenlet_set_trace(greenlet_trace_fn callback, void *data) {
    greenlet_thread_t *thread = greenlet_thread();
    greenlet_trace_fn previous = thread->trace;
    thread->trace = callback;
    thread->trace_data = data;
    return previous;
}

greenlet_trace_fn greenlet_get_trace(void) {
    return greenlet_thread()->trace;
}

static greenlet_observer_t **place_of(const greenlet_observer_t *observer) {
    greenlet_observer_t **place = &greenlet_thread()->observers;
    while (*place && *place != observer) place = &(*place)->next;
    return place;
}

void greenlet_observe(greenlet_observer_t *observer) {
    greenlet_observer_t **place = place_of(observer);
    if (*place) return;
    observer->next = NULL;
    *place = observer;
}

void greenlet_unobserve(greenlet_observer_t *observer) {
    greenlet_observer_t **place = place_of(observer);
    if (*place) *place = observer->next;
}

greenlet_unraisable_fn greenlet_set_unraisable(greenlet_unraisable_fn hook) {
    greenlet_thread_t *thread = greenlet_thread();
    greenlet_unraisable_fn previous = thread->unraisable;
    thread->unraisable = hook;
    return previous;
}

void greenlet_stack_overflow(size_t size, size_t need) {
    fatal(GREENLET_EOVERFLOW, "stack overflow in '%s': its stack has %zu bytes, it needed %zu",
          greenlet_name(greenlet_current()), size, need);
}
