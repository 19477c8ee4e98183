// The one door between C and JavaScript: what a program calls of its host, and what the host calls
// of it. Natively both are plain C functions.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_DOOR_H
#define GEVENT_DOOR_H

#include <stddef.h>
#include <stdint.h>

#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

// The types of the door, and what they are in C:
//
//            parameter               result, by out-pointer            JavaScript
//   i32      int32_t                 int32_t *                         number
//   i64      int64_t                 int64_t *                         bigint
//   f32      float                   float *                           number
//   f64      double                  double *                          number
//   string   const char *            char **           (malloc)        string, as UTF-8, NUL-ended
//   bytes    gevent_bytes_t          gevent_bytes_t *  (data: malloc)  Uint8Array
//   json     const char *            char **           (malloc)        any value JSON can say
//   ref      int32_t                 int32_t *                         any value, kept in a table
//   stream   int32_t                 int32_t *                         a stream (io/streams.h)
//   lent     int32_t                 (parameter of an import only)     the entry of that table
//   void                             none                              undefined
//
// Parameters are borrowed: for as long as the call lasts. Results belong to whoever called: C frees
// what an import gave it with free(); what an export leaves is freed by the host after reading.
// A result that C leaves NULL is '' as a string, no bytes, undefined as json. A `ref` is a number
// that stands for a JavaScript value for as long as the call lasts in which it was handed over;
// what main() or a task of C's own was handed, until gevent_ref_drop. A `stream` is one for which
// JavaScript has to give something that values come out of or go into. As `lent` JavaScript gets
// its entry, `{ value, end }`, whose `end` it may set: it is called when the number ends.
typedef struct gevent_bytes {
    void *data;
    size_t size;
} gevent_bytes_t;

// GEVENT_IMPORT(result, module, name, parameters…) declares (and in wasm defines)
//
//   int name(parameters…, result *result);
//
// which calls the host's function `module.name`. If that one answers with a promise, only the
// calling greenlet waits. Returns GREENLET_OK; GREENLET_EREJECTED with the reason's message as the
// last error if it throws or rejects, or gives what its type is not; or as any call that waits (see
// gevent.h). The result may be NULL where the caller does not care. At most eight parameters. In
// one file only.
//   GEVENT_IMPORT(bytes, crawl, fetch_page, string)
//
// GEVENT_IMPORT_INLINE(result, module, name, parameters…) is the same for a header: each file that
// includes it has a definition of its own. A module asks its host only for those that it calls.
//
// GEVENT_IMPORT_RESULT(result, module, name, parameters…) declares (and in wasm defines)
//
//   int name(parameters…, gevent_result_t **result);
//
// which calls the same, but does not wait: what the function answers, or its promise settles with,
// settles `result` (result.h), of which the caller owns a reference. So several operations can go
// on at once. May be called from anywhere, hub callbacks and synchronous calls included. When the
// last reference is dropped before, or the result is cancelled, the operation is abandoned: the
// function's signal aborts. What it throws or rejects with is the result's error, as above; the
// call itself fails with GREENLET_EINVAL (no `result`) and GREENLET_ENOMEM only. A value of type
// void is got as a NULL pointer.
//   GEVENT_IMPORT_RESULT(string, crawl, fetch_text, string)
//   gevent_result_t *text;
//   const char *value;
//   int code = fetch_text("/", &text);
//   if (code >= 0) code = gevent_result_get_string(text, 5.0, &value);
//
// GEVENT_EXPORT(result, name, parameters…) makes the program's function of the same shape
//
//   int name(parameters…, result *result);
//
// callable from the host, each call a task. A negative result is a failure, as for any
// greenlet_run_fn; an error that it lets pass reaches whoever called. The macro declares the
// function and does not define it. At most eight parameters. In one file only.
//   GEVENT_EXPORT(i32, add, i32, i32)
//
// One that gives many values, one after the other: GEVENT_EXPORT_GENERATOR and
// GEVENT_EXPORT_CHANNEL of iterate.h.

// Ends a reference before the call ends in which it was handed over, and closes what it stands for
// if that is a stream. From anywhere; 0, and one that has ended, are allowed. In wasm only:
// natively whoever defines the imports defines it.
void gevent_ref_drop(int32_t ref);

#ifdef __cplusplus
}
#endif

#include "door_wasm.h"

#endif
