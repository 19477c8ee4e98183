// What a host may know of a task beyond gevent.h, and what the files of tasks ask of each other.
#ifndef GREENLET_TASK_INTERNAL_H
#define GREENLET_TASK_INTERNAL_H

#include "waiters.h"

struct gevent_task {
    greenlet_t *greenlet; // owned
    greenlet_run_fn run;
    void *argument;
    void (*release_argument)(void *argument); // NULL: it is not the task's
    timer_node_t start;
    list_t due;            // its place in the hub's list
    list_t kills;          // that have not been delivered
    waiters_t waiters;     // who joins, and links
    gevent_scope_t *scope; // that joins it, or NULL
    list_t in_scope;
    struct spawn_tree *tree;     // owned; NULL: it shares nothing yet
    const char *site, *run_name; // what was said when it was made, or NULL
    void *value;
    greenlet_error_t *error; // owned; the exit object of one that was killed
    // A host's: told in the task when its outcome is known; then the host reports failures.
    void (*finished)(gevent_task_t *task);
    void *host;
    uint32_t ident; // 1 + its minimal ident; 0: it has none
    unsigned refs;  // one is the hub's, from the start on until it has finished
    gevent_status_t status;
    unsigned char has_start; // it is, or was, to be started
};

// The task that a greenlet is; borrowed, NULL if it is none.
gevent_task_t *task_of(const greenlet_t *greenlet);

// Records how a task has ended (takes the error) and queues those who wait for that.
void task_finish(gevent_task_t *task, void *value, greenlet_error_t *error);
// Ends a task that has not been started, as having failed with `error` or been killed by it.
void task_finish_unstarted(gevent_task_t *task, const greenlet_error_t *error);

// join.c: waits until a task has finished. Takes a reference of the caller's to it, and gives that
// back only with GREENLET_OK; so nothing is lost if the caller's frames are dropped meanwhile.
int task_wait(gevent_task_t *task, int64_t deadline);

// kill.c: a kill that is ready to be sent. NULL without memory; takes references.
typedef struct kill kill_t;
kill_t *kill_new(gevent_task_t *task, const greenlet_error_t *error);
void kill_free(kill_t *kill);
// Does what gevent_kill does before it waits.
void kill_send(kill_t *kill);
// Frees those that have not been delivered to a finished task, unless a killer waits for that.
void kill_forget(gevent_task_t *task);
// Whether a kill with that error that waits so long is allowed: 0 or the code of the refusal.
int kill_check(const greenlet_error_t *error, double seconds);

// spawn_tree.c: at the making of a task (0 or GREENLET_ENOMEM), at its start and when it is freed.
int task_enter_tree(gevent_task_t *task);
void task_tell_hooks(gevent_task_t *task);
void task_leave_tree(gevent_task_t *task);

// ident.c: when it is freed.
void task_release_ident(const gevent_task_t *task);

#endif
