// Two fibers that hand a ball to each other, written for <emscripten/fiber.h>.
//
//   greenlet-wasm run --compat examples/compat/fibers.c
//
// SPDX-License-Identifier: MIT
#include <emscripten/fiber.h>

#include <stdio.h>

typedef struct player {
    emscripten_fiber_t fiber;
    const char *name;
    struct player *other;
    _Alignas(16) char c_stack[16384];
    char asyncify_stack[1024];
} player_t;

static emscripten_fiber_t field;
static char field_stack[1024];
static player_t ada = {.name = "Ada"}, bob = {.name = "Bob"};
static int throws;

static void play(void *argument) {
    player_t *self = argument;
    for (;;) {
        printf("%s has the ball\n", self->name);
        emscripten_fiber_t *next = ++throws < 5 ? &self->other->fiber : &field;
        emscripten_fiber_swap(&self->fiber, next);
    }
}

static void enter(player_t *player, player_t *other) {
    player->other = other;
    emscripten_fiber_init(&player->fiber, play, player, player->c_stack, sizeof player->c_stack,
                          player->asyncify_stack, sizeof player->asyncify_stack);
}

int main(void) {
    emscripten_fiber_init_from_current_context(&field, field_stack, sizeof field_stack);
    enter(&ada, &bob);
    enter(&bob, &ada);
    emscripten_fiber_swap(&field, &ada.fiber);
    printf("after %d throws\n", throws);
    return 0;
}
