// The cooperative libc: with -lgreenlet_patch linked in, C that was never written for greenlets
// waits like gevent's own calls do. sleep, read, poll, accept and their like park only the greenlet
// that calls them, wherever the call is made from, and do what they always did in a thread without
// a hub. docs/libc.md says which, call by call. Nothing has to be included or called for that.
//
// SPDX-License-Identifier: MIT
#ifndef GREENLET_PATCH_H
#define GREENLET_PATCH_H

#ifdef __cplusplus
extern "C" {
#endif

// Each patched call of a task that has been killed fails with ECANCELED until the task ends. One
// that goes on all the same, for example in a loop that ignores errors, is ended as by
// gevent_kill_hard in its `calls`-th such call. 0: never, as at first. For all threads. From
// anywhere. (ours)
void greenlet_patch_set_limit(unsigned calls);

#ifdef __cplusplus
}
#endif
#endif
