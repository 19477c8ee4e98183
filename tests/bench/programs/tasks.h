// Each does something as often as its last number says, and leaves that number in *done.
#ifndef BENCH_TASKS_H
#define BENCH_TASKS_H

#include "gevent.h"

// Spawns tasks that end at once, and waits for them all.
int spawn_and_join(int32_t tasks, int32_t *done);
GEVENT_EXPORT(i32, spawn_and_join, i32)

// As many tasks as asked for let one another run.
int yield_among(int32_t tasks, int32_t yields, int32_t *done);
GEVENT_EXPORT(i32, yield_among, i32, i32)

// An item goes through one queue to a task, and through another one back.
int queue_ping_pong(int32_t round_trips, int32_t *done);
GEVENT_EXPORT(i32, queue_ping_pong, i32)

#endif
