// SPDX-License-Identifier: MIT
#include "trace.h"

#include "../memory.h"
#include "hub_internal.h"

typedef struct record {
    int64_t time;
    uint64_t origin, target;
    gevent_trace_kind_t kind;
} record_t;

typedef struct tracer {
    greenlet_observer_t observer;
    record_t *ring;
    size_t capacity;
    uint64_t count;
    uint64_t hash;
    uint64_t last_id; // when it was started
    int64_t start;
} tracer_t;

static _Thread_local tracer_t tracer;

// The order counts: what was mixed in is turned before the next comes.
static void mix(uint64_t value) {
    tracer.hash = (tracer.hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    tracer.hash ^= tracer.hash >> 29;
}

// New greenlets count from the start on, so that what was before does not matter.
static void mix_id(uint64_t id) {
    mix(id > tracer.last_id ? id - tracer.last_id : ~id);
}

static void add_to_hash(const record_t *record, int is_virtual) {
    mix_id(record->origin);
    mix_id(record->target);
    mix((uint64_t)record->kind);
    if (is_virtual) mix((uint64_t)record->time);
}

static gevent_trace_kind_t kind_of(greenlet_event_t event, const greenlet_t *origin) {
    if (greenlet_dead(origin)) return GEVENT_TRACE_END;
    return event == GREENLET_EVENT_THROW ? GEVENT_TRACE_THROW : GEVENT_TRACE_SWITCH;
}

static void keep(greenlet_observer_t *observer, greenlet_event_t event, greenlet_t *origin,
                 greenlet_t *target) {
    (void)observer;
    const loop_t *loop = hub_get()->loop;
    record_t record = {loop->now() - tracer.start, greenlet_id(origin), greenlet_id(target),
                       kind_of(event, origin)};
    if (tracer.capacity) tracer.ring[tracer.count % tracer.capacity] = record;
    tracer.count++;
    add_to_hash(&record, loop->is_virtual);
}

int gevent_trace_start(size_t capacity) {
    hub_t *hub = hub_get();
    if (!hub || capacity > SIZE_MAX / sizeof(record_t)) return greenlet_fail(GREENLET_ENOMEM);
    record_t *ring = capacity ? memory_alloc(capacity * sizeof *ring) : NULL;
    if (capacity && !ring) return greenlet_fail(GREENLET_ENOMEM);
    gevent_trace_stop();
    tracer = (tracer_t){.ring = ring, .capacity = capacity, .start = hub->loop->now()};
    tracer.last_id = greenlet_thread()->last_id;
    tracer.observer.switched = keep;
    greenlet_observe(&tracer.observer);
    return GREENLET_OK;
}

void gevent_trace_stop(void) {
    greenlet_unobserve(&tracer.observer);
    memory_free(tracer.ring);
    tracer.ring = NULL;
    tracer.capacity = 0;
}

int gevent_trace_next(uint64_t *position, gevent_trace_event_t *event) {
    uint64_t kept = tracer.count < tracer.capacity ? tracer.count : tracer.capacity;
    uint64_t oldest = tracer.count - kept;
    uint64_t at = *position > oldest ? *position : oldest;
    if (at >= tracer.count) return 0; // also if none is kept
    const record_t *record = &tracer.ring[at % tracer.capacity];
    *event = (gevent_trace_event_t){(double)record->time / 1e9, record->origin, record->target,
                                    record->kind};
    *position = at + 1;
    return 1;
}

uint64_t gevent_trace_count(void) {
    return tracer.count;
}

uint64_t gevent_trace_hash(void) {
    return tracer.hash;
}
