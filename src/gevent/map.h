// Mapping: a function over the items of an array, by the members of a pool.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_MAP_H
#define GEVENT_MAP_H

#include "pool.h"

#ifdef __cplusplus
extern "C" {
#endif

// In all of these, `run(item, &result)` is called in a member of the pool for each of `count`
// items, which are borrowed, as the array is, until the call or the iterator has ended. As many run
// at a time as there are places. A member that is killed has failed, with GREENLET_EEXIT. In a
// member of this very pool, `run` is called in that, for one item after the other as results are
// asked for, so that none waits for a place which it holds itself.

// Waits for all; the results go into `results` (NULL: nowhere), which may be `items`, in the order
// of the items. Fails with the error of the first item, in that order, that failed, as soon as
// those before it are done, or with what is thrown into the caller: those that run are then killed
// and waited for, the rest is not started, and `results` has what came before. GREENLET_EINVAL,
// GREENLET_ENOMEM. (gevent: map, whose members go on after an error)
int gevent_pool_map(gevent_pool_t *pool, greenlet_run_fn run, void *const *items, void **results,
                    size_t count);

// Results one at a time, while others are being made.
//
//   gevent_imap_t *pages;
//   int code = gevent_pool_imap(&pool, fetch, urls, count, 0, &pages);
//   if (code < 0) return code;
//   while ((code = gevent_imap_next(pages, &page)) == GREENLET_OK) show(page);
//   return gevent_imap_end(pages, code);
//
// Items are started by the hub as places become free, not by whoever asks for results.
typedef struct gevent_imap gevent_imap_t;

// Begins one that gives the results in the order of the items, or in that in which they are ready.
// What there are places for is spawned at once; from anywhere.
//   ahead  how many more items than have been asked for may be started; 0: any number
//   imap   gets the iterator; gevent_imap_end frees it
// GREENLET_EINVAL, GREENLET_ENOMEM. (gevent: imap and imap_unordered, and their maxsize)
int gevent_pool_imap(gevent_pool_t *pool, greenlet_run_fn run, void *const *items, size_t count,
                     size_t ahead, gevent_imap_t **imap);
int gevent_pool_imap_unordered(gevent_pool_t *pool, greenlet_run_fn run, void *const *items,
                               size_t count, size_t ahead, gevent_imap_t **imap);

// Waits for the next result. GREENLET_OK; GEVENT_DONE, a success, after the last; the error of an
// item that failed, or could not be started: then the next call goes on with the others. Anything
// else is thrown into the caller, and no result is lost by it.
enum { GEVENT_DONE = 3 };
int gevent_imap_next(gevent_imap_t *imap, void **value);
// Which item the last result or error was of, and 1 if it was an error of that item. From anywhere.
size_t gevent_imap_index(const gevent_imap_t *imap);
int gevent_imap_item_failed(const gevent_imap_t *imap);

// Frees it. What it started and has not finished is killed and waited for, what it did not start
// stays so. Nobody else may be waiting for a result.
//   code  how the stretch went, which is returned; GREENLET_OK for GEVENT_DONE
// An error that is thrown into the caller while it waits is returned instead; after a second one
// the rest is killed hard (cleanup.h). (gevent: what an iterator started goes on without it)
int gevent_imap_end(gevent_imap_t *imap, int code);

#ifdef __cplusplus
}
#endif
#endif
