// What the parts of the cooperative libc share (docs/libc.md). Included before all else.
//
// A function of libc is defined here under its own name, so that the program's calls, and those of
// shared libraries, come here. libc's own is then reached by another name of its, or is made anew
// of the system call.
#ifndef GREENLET_PATCH_INTERNAL_H
#define GREENLET_PATCH_INTERNAL_H

#undef _FORTIFY_SOURCE
#define _GNU_SOURCE

#include <stddef.h>
#include <stdint.h>

#include "../gevent.h"

// How a call is to be made, which each asks first.
typedef enum patch_mode {
    PATCH_REFUSED = -1, // it fails: errno is ECANCELED
    PATCH_PLAIN = 0,    // as libc does: there is no hub here, or it must not wait
    PATCH_COOPERATIVE = 1
} patch_mode_t;
patch_mode_t patch_begin(void);

// Fails: sets errno to what a code of gevent is there. -1.
int patch_fail(int code);

// Which signals interrupt a call.
typedef enum patch_kind {
    PATCH_TRANSFER, // only of those whose handler was set without SA_RESTART
    PATCH_SLEEP     // any: sleep, poll, select
} patch_kind_t;

// Waits until one of the cases can be done. `cases` has room for one more. The index of the one
// that was done; else -1 and errno: EINTR, EAGAIN after `seconds`, ECANCELED, …
int patch_select(gevent_case_t *cases, size_t count, double seconds, patch_kind_t kind);

// Waits until the descriptor can be used without blocking, or until its call shall fail at once
// because that is how it is set. 0, or -1 and errno. Only one greenlet may wait to read (EBUSY).
int patch_wait_readable(int fd);
int patch_wait_acceptable(int fd); // any number
int patch_wait_writable(int fd);

int patch_is_nonblocking(int fd);

// That a signal has come, and that it is this call that it interrupts (patch_signal.c).
gevent_case_t patch_signal_case(patch_kind_t kind);

// 1 where nothing may park, on whatever stack it runs: in a handler of a signal, and in a child of
// fork, for the loop is its parent's.
int patch_is_out_of_place(void);
int patch_is_in_child(void);

// Tells who waits for a descriptor that it is about to be closed.
void patch_tell_closed(int fd);

// What the system does, as a function that pthread_cancel can end.
long patch_syscall(long number, ...);

#endif
