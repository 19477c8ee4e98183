// A machine of two chips, written for libco: each is a cothread with a clock of its own, and
// whoever is ahead lets the other catch up.
//
//   greenlet-wasm run --compat examples/compat/cothreads.c
//
// SPDX-License-Identifier: MIT
#include "libco.h"

#include <stdio.h>

enum { STACK = 65536 * sizeof(void *), FRAME = 60 };

typedef struct chip {
    cothread_t thread;
    const char *name;
    int step; // cycles that an instruction takes
    int clock;
    int steps;
} chip_t;

static cothread_t host;
static chip_t cpu = {.name = "cpu", .step = 4}, sound = {.name = "sound", .step = 7};

static void run_chip(chip_t *self, const chip_t *other) {
    for (;;) {
        self->clock += self->step;
        self->steps++;
        if (self->clock >= FRAME && other->clock >= FRAME) co_switch(host);
        if (self->clock > other->clock) co_switch(other->thread);
    }
}

static void run_cpu(void) {
    run_chip(&cpu, &sound);
}

static void run_sound(void) {
    run_chip(&sound, &cpu);
}

int main(void) {
    host = co_active();
    cpu.thread = co_create(STACK, run_cpu);
    sound.thread = co_create(STACK, run_sound);
    if (!cpu.thread || !sound.thread) return 1;
    for (int frame = 1; frame <= 3; frame++) {
        co_switch(cpu.thread);
        printf("frame %d: %s %d instructions, %s %d\n", frame, cpu.name, cpu.steps, sound.name,
               sound.steps);
        cpu.clock -= FRAME;
        sound.clock -= FRAME;
    }
    co_delete(cpu.thread);
    co_delete(sound.thread);
    return 0;
}
