// Exports that give JavaScript many values, one after the other: generators, and channels that a
// producer puts into.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_ITERATE_H
#define GEVENT_ITERATE_H

#include "../generator.h"
#include "channel.h"
#include "door.h"

// GEVENT_EXPORT_GENERATOR(type, name, parameters…) makes the program's function
//
//   int name(parameters…);
//
// an async iterable: `app.iterate('name', …)`. It is the body of a generator (generator.h) that
// starts when the first value is asked for; each generator_yield, at any depth, gives a value and
// waits until JavaScript asks for the next. When that stops early, the yield fails with
// GREENLET_EEXIT, and `break` has ended once the body has. A negative result rejects what
// JavaScript waits for. Natively it is a plain function, to be run in a generator.
//   GEVENT_EXPORT_GENERATOR(i32, primes, i32)
//
// GEVENT_EXPORT_CHANNEL(type, name, parameters…) makes the program's function
//
//   int name(parameters…, gevent_channel_t *values);
//
// an async iterable of what it, or tasks that it has spawned and joins, put into the channel. It
// runs from when the first value is asked for, as a task, and is at most the value ahead with which
// it waits in gevent_channel_put. When JavaScript stops early the channel is closed: to put fails
// with GREENLET_ECLOSED; if nobody is putting, the task is killed. When it returns the iteration
// ends. Natively it is a plain function, and anybody can get from the channel.
//   GEVENT_EXPORT_CHANNEL(string, lines, string)
//
// What is yielded or put is, by `type`, borrowed until the call that did so returns:
//   i32 i64 f32 f64 ref   a pointer to an int32_t, int64_t, float, double, int32_t
//   bytes                 a pointer to a gevent_bytes_t
//   string json           the const char * itself

#include "iterate_wasm.h"

#endif
