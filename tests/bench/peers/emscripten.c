// Emscripten's fibers: each swap unwinds into JavaScript, and comes back from there.
#include <emscripten/fiber.h>

#include "frames.h"
#include "measure.h"

enum { C_STACK = 1024, ASYNCIFY_STACK = 4096 };

typedef struct place {
    emscripten_fiber_t fiber;
    _Alignas(16) char c_stack[C_STACK];
    char asyncify_stack[ASYNCIFY_STACK];
} place_t;

static emscripten_fiber_t root;
static char root_stack[65536];
static place_t *places;
static place_t *const *neighbours; // who starts next, and whom it hands on to
static int32_t value, last, levels;

// The lowest frame: hands on one more than it gets.
NOINLINE static void pass_on(void *unused) {
    (void)unused;
    kept_t kept = keep();
    place_t *const *pair = neighbours;
    emscripten_fiber_swap(&pair[0]->fiber, &root);
    while (value < last) {
        value++;
        emscripten_fiber_swap(&pair[0]->fiber, &pair[1]->fiber);
    }
    note(kept);
    emscripten_fiber_swap(&pair[0]->fiber, &root);
}

NOINLINE static void descend(void *unused) {
    (void)unused;
    kept_t kept = keep();
    if (--levels > 1)
        descend(NULL);
    else
        pass_on(NULL);
    note(kept);
}

static void init(place_t *place, em_arg_callback_func entry, void *argument) {
    emscripten_fiber_init(&place->fiber, entry, argument, place->c_stack, C_STACK,
                          place->asyncify_stack, ASYNCIFY_STACK);
}

static int32_t run_ring(const int32_t *numbers) {
    const int32_t count = numbers[0], depth = numbers[1];
    place_t *(*pairs)[2] = calloc((size_t)count, sizeof *pairs);
    places = calloc((size_t)count, sizeof *places);
    if (!pairs || !places) return -1;
    value = 0;
    last = numbers[2];
    for (int32_t i = 0; i < count; i++) {
        pairs[i][0] = &places[i];
        pairs[i][1] = &places[(i + 1) % count];
        neighbours = pairs[i];
        levels = depth;
        init(&places[i], depth > 1 ? descend : pass_on, NULL);
        emscripten_fiber_swap(&root, &places[i].fiber);
    }
    emscripten_fiber_swap(&root, &places[0].fiber);
    free(places);
    free(pairs);
    return value;
}

static void add_one(void *place) {
    value++;
    emscripten_fiber_swap(&((place_t *)place)->fiber, &root);
}

static int32_t run_create(const int32_t *numbers) {
    places = calloc(1, sizeof *places);
    if (!places) return -1;
    for (value = 0; value < numbers[0];) {
        init(places, add_one, places);
        emscripten_fiber_swap(&root, &places->fiber);
    }
    free(places);
    return value;
}

int main(int argc, char **argv) {
    static const bench_t benches[] = {{"ring", run_ring}, {"create", run_create}, {NULL, NULL}};
    emscripten_fiber_init_from_current_context(&root, root_stack, sizeof root_stack);
    return measure_main(benches, argc, argv);
}
