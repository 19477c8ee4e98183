// Each does something as often as its last number says, and leaves that number in *done.
#ifndef BENCH_SWITCH_H
#define BENCH_SWITCH_H

#include "gevent.h"

// `count` greenlets, each `depth` calls deep, hand a number on, each to the next.
int ring(int32_t count, int32_t depth, int32_t transfers, int32_t *done);
GEVENT_EXPORT(i32, ring, i32, i32, i32)

// The main greenlet goes to a child that is `depth` calls deep, and is given back to.
int bounce(int32_t depth, int32_t round_trips, int32_t *done);
GEVENT_EXPORT(i32, bounce, i32, i32)

// Makes a greenlet that runs to its end at once, and drops it, one after the other.
int create(int32_t times, int32_t *done);
GEVENT_EXPORT(i32, create, i32)

#endif
