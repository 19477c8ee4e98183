// What the layers above and the hosts may know of a greenlet beyond greenlet.h.
#ifndef GREENLET_INTERNAL_H
#define GREENLET_INTERNAL_H

#include "context.h"
#include "greenlet.h"
#include "pairs.h"
#include "thread.h"

typedef struct greenlet_call greenlet_call_t; // call.h

enum greenlet_state { STATE_NEW, STATE_STARTED, STATE_DEAD };

// What a greenlet hands on to those that it makes. A host's; counted.
typedef struct greenlet_legacy {
    void (*release)(struct greenlet_legacy *legacy); // nobody has it any more
    unsigned refs;
} greenlet_legacy_t;

struct greenlet {
    context_t context;
    greenlet_t *parent; // owned; NULL for a main greenlet
    greenlet_t *root;   // owned from the start on: the main greenlet above it; NULL for a main one
    struct greenlet_thread *thread;
    greenlet_run_fn run;
    size_t stack_size; // 0: the default
    greenlet_error_t *last_error;
    greenlet_error_t *exit_value; // keeps the exit object alive that it was handed as a value
    char *name;                   // NULL: "greenlet-<id>"
    void *user;
    void (*release_user)(void *user);
    struct gevent_alarm *alarms;     // gevent: of the timeouts that it started and that are pending
    struct gevent_scope *scope;      // gevent: the innermost one that it is in
    struct wait *wait;               // gevent: that it is parked in
    struct gevent_cleanup *cleanups; // gevent: the last pushed
    greenlet_call_t *call, *called_by; // that it makes; in which it runs
    greenlet_t *next_deferred;
    greenlet_t *next_in_mailbox;
    greenlet_t *next_live, **live_place; // in the thread's list
    greenlet_t *successor;               // owned: who goes on when it ends, if not its parent
    const char *site;                    // where in the source it switched last, if it said so
    struct greenlet_context *context_values;
    greenlet_legacy_t *legacy; // owned, or NULL
    pairs_t locals;
    uint64_t creator; // the id of who made it
    uint64_t id;
    unsigned refs;       // of those, what its own thread counts
    int drops_elsewhere; // and what other threads have dropped, less what they have taken
    int saved_errno;
    unsigned ignored_kills;  // gevent: calls that failed for it since
    unsigned char is_killed; // gevent: it was told to end
    unsigned char state;
    unsigned char is_in_mailbox;
    unsigned char is_main;
    unsigned char outlives_shutdown; // the hub, and what only vanishes (compat)
    unsigned char awaits_swap;       // compat: swap.c would start it, or has left it
};

// What travels with a switch: a value, an exit object as a value, or an error.
typedef struct transfer {
    greenlet_t *origin; // owned: who was left
    void *value;
    greenlet_error_t *error; // owned: what is thrown, or the exit object if `exited`
    int exited;
} transfer_t;

// Told of every switch, beside the program's own trace: in the target, before its code goes on. It
// must not switch.
typedef struct greenlet_observer {
    void (*switched)(struct greenlet_observer *observer, greenlet_event_t event, greenlet_t *origin,
                     greenlet_t *target);
    struct greenlet_observer *next;
} greenlet_observer_t;
void greenlet_observe(greenlet_observer_t *observer); // if it does not yet
void greenlet_unobserve(greenlet_observer_t *observer);

// One per thread; in wasm, one per instance. It outlives its thread while anybody refers to a
// greenlet of it.
typedef struct greenlet_thread {
    greenlet_t *current; // owned
    greenlet_t *root;    // the main greenlet of the entry that runs
    greenlet_t *base;    // whose code runs on the stack that entered
    transfer_t transfer; // in flight between a sender and its receiver
    greenlet_trace_fn trace;
    void *trace_data;
    greenlet_observer_t *observers;
    greenlet_unraisable_fn unraisable;
    greenlet_t *deferred;                   // to be killed where switching is allowed
    void (*finished)(greenlet_t *greenlet); // told, in the greenlet itself, that run has ended
    void (*dropping)(greenlet_t *greenlet); // told before the frames of one are dropped
    void (*ended)(void);                    // told at the thread's end, after all kills
    greenlet_t *mailbox;                    // of greenlets that other threads have dropped
    thread_lock_t lock; // for the mailbox, its greenlets' drops_elsewhere, and what has ended
    int has_ended;      // all of it belongs to whoever holds the lock; freed with the last greenlet
    int main_is_gone;
    size_t default_stack_size;
    unsigned char marks_stacks; // of greenlets that it starts
    greenlet_t *first_live;
    const greenlet_t *hub; // once there is one
    size_t live;
    unsigned forbidden; // regions entered that forbid switches
    int is_shut_down;
    uint64_t last_id;
    greenlet_t main;
} greenlet_thread_t;

// This thread's state, made on first use.
greenlet_thread_t *greenlet_thread(void);
greenlet_thread_t *greenlet_begin_thread(void); // for greenlet_thread alone

// An entry: code of `base` runs on the calling stack, in the tree of `root`. For hosts that call
// in and leave again (see context_enter_root).
typedef struct greenlet_entry {
    context_t *previous_context;
    greenlet_t *previous_current, *previous_root, *previous_base;
} greenlet_entry_t;
void greenlet_enter(greenlet_entry_t *entry, greenlet_t *base, greenlet_t *root);
void greenlet_leave(greenlet_entry_t *entry, greenlet_t *base);

// A second main greenlet, for an entry above live frames. NULL without memory.
greenlet_t *greenlet_new_root(void);

// Takes what was sent to the current greenlet: the end of every switch, the start of every entry
// function. Returns and stores what greenlet_switch does.
int greenlet_arrive(void **result);

// Makes the greenlet that was made last the thread's hub. It is not counted, and has its own
// number, so that both are the same for all others whether or not there is a hub.
void greenlet_make_hub(greenlet_t *greenlet);

// Adds a reference and returns its argument; drops one. NULL is allowed.
greenlet_legacy_t *greenlet_legacy_ref(greenlet_legacy_t *legacy);
void greenlet_legacy_unref(greenlet_legacy_t *legacy);
// Gives a greenlet another legacy, or none (NULL), and a reference of its own to it.
void greenlet_set_legacy(greenlet_t *greenlet, greenlet_legacy_t *legacy);

// Ends the main greenlet's frames (not the greenlet) and goes on in `to`; as context_finish_to.
void greenlet_depart(greenlet_t *main, greenlet_t *to);

// Makes one dead whose thread ends, without another word to it: its frames go with its stack.
void greenlet_bury(greenlet_t *greenlet);

// Ends one that is suspended, and that nobody waits in, or one that is new: its frames are dropped
// as they are, but for what the layers above know to be on them. GREENLET_EJSFRAME if they lie
// below a JavaScript frame.
int greenlet_drop(greenlet_t *greenlet);

// Kills what could not be killed before, if it can be now.
void greenlet_run_deferred(void);

// The error that a function which returned `code` has failed with: its last error if that has this
// code, else a new one with the last error as cause. The caller owns it; the last error is taken.
greenlet_error_t *greenlet_error_claim(int code);

// An error with the library's or a program's code and no type of its own.
greenlet_error_t *greenlet_error_from_code(int code);

// Names who raised it, once.
void greenlet_error_set_origin(greenlet_error_t *error, const char *origin);

// A host's own reference to the reason of an error (JavaScript: the value that a promise was
// rejected with), given back through `release` with the error.
void greenlet_error_set_reason(greenlet_error_t *error, int reason, void (*release)(int reason));
int greenlet_error_reason(const greenlet_error_t *error);

// Values by key (greenlet_local.c): gets one, sets one (0 or a code), releases all.
struct greenlet_key;
void *locals_get(const pairs_t *locals, const struct greenlet_key *key);
int locals_set(pairs_t *locals, const struct greenlet_key *key, void *value);
void locals_release(pairs_t *locals);

// Puts an error in the place of the current greenlet's last one (takes the reference).
void greenlet_set_last_error(greenlet_error_t *error);

extern greenlet_error_t greenlet_exit_error; // the static EXIT

#endif
