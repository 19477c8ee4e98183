// libco's API over greenlets: a program that was written for it compiles as it is.
//
// A cothread has a stack of its own; co_switch leaves the running one and goes on in another. Main,
// and every task or other greenlet, is a cothread, too. Cothreads that switch to one another are
// one flow of control: of a flow that began in a task, one cothread runs, or waits, and the others
// do not. A cothread may wait (gevent.h, or calls of libc that do); other tasks run meanwhile. What
// is thrown into the task by a kill or a timeout comes out of the call in which that cothread
// waits.
//
// All calls belong to the thread that made the cothread. What libco leaves undefined ends the
// process or instance with an error that says what was wrong. More in docs/compat.md.
//
// SPDX-License-Identifier: MIT
#ifndef LIBCO_H
#define LIBCO_H

#ifdef __cplusplus
extern "C" {
#endif

typedef void *cothread_t;

// The running cothread: borrowed, never NULL. From anywhere.
cothread_t co_active(void);

// Makes a cothread; nothing runs before the first co_switch to it.
//   heapsize  bytes of its stack; less than 32768 are taken for 32768
//   coentry   what it runs. It must not return: GREENLET_EFAILED ends the process or instance
// Returns it, the caller's to delete; NULL without an entry, without memory, or after
// greenlet_shutdown. The stack is allocated by the first co_switch, which GREENLET_ENOMEM ends.
// From anywhere.
cothread_t co_create(unsigned int heapsize, void (*coentry)(void));

// The same for a program that brings the memory. The stack does not lie in it, but what the memory
// is given to next takes the place of the cothread, which is then deleted. NULL also without
// memory.
cothread_t co_derive(void *memory, unsigned int heapsize, void (*coentry)(void));

// Deletes a cothread that is not running. Its stack vanishes: no code of it runs any more, but for
// what it has registered with gevent_cleanup_push. Memory that was brought stays the caller's. The
// active one, one that waits for something, and the one in which a flow began
// (GREENLET_EEXECUTING), no cothread (GREENLET_EINVAL), and one of another thread
// (GREENLET_ETHREAD) end the process or instance.
void co_delete(cothread_t cothread);

// Goes to a cothread, and returns when somebody switches back; at once if it is the active one. If
// something was thrown in meanwhile, it is then greenlet_last_error(). A cothread of another flow
// which is active there, or waits, or in which that flow began (GREENLET_EEXECUTING), none, or one
// that has ended (GREENLET_EINVAL), one of another thread (GREENLET_ETHREAD), and a want of memory
// (GREENLET_ENOMEM) end the process or instance.
void co_switch(cothread_t cothread);

// Whether cothreads can be saved as bytes, and loaded: 0.
int co_serializable(void);

#ifdef __cplusplus
}
#endif
#endif
