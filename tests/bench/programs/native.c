// What modules do here, natively.
#include "measure.h"
#include "switch.h"
#include "tasks.h"

static int32_t done_by(int code, int32_t done) {
    return code < 0 ? code : done;
}

static int32_t run_ring(const int32_t *numbers) {
    int32_t done = 0;
    int code = ring(numbers[0], numbers[1], numbers[2], &done);
    return done_by(code, done);
}

static int32_t run_bounce(const int32_t *numbers) {
    int32_t done = 0;
    int code = bounce(numbers[0], numbers[1], &done);
    return done_by(code, done);
}

static int32_t run_create(const int32_t *numbers) {
    int32_t done = 0;
    int code = create(numbers[0], &done);
    return done_by(code, done);
}

static int32_t run_spawn_and_join(const int32_t *numbers) {
    int32_t done = 0;
    int code = spawn_and_join(numbers[0], &done);
    return done_by(code, done);
}

static int32_t run_yield_among(const int32_t *numbers) {
    int32_t done = 0;
    int code = yield_among(numbers[0], numbers[1], &done);
    return done_by(code, done);
}

static int32_t run_queue_ping_pong(const int32_t *numbers) {
    int32_t done = 0;
    int code = queue_ping_pong(numbers[0], &done);
    return done_by(code, done);
}

int main(int argc, char **argv) {
    static const bench_t benches[] = {
        {"ring", run_ring},
        {"bounce", run_bounce},
        {"create", run_create},
        {"spawn_and_join", run_spawn_and_join},
        {"yield_among", run_yield_among},
        {"queue_ping_pong", run_queue_ping_pong},
        {NULL, NULL},
    };
    greenlet_set_default_stack_size(65536);
    return measure_main(benches, argc, argv);
}
