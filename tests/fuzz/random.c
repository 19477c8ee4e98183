// From bytes to programs. Every input is a valid one.
//
// SPDX-License-Identifier: MIT
#include "random.h"

enum { GREENLETS = 8, OPERATIONS = 64, BYTES = 256 };

// Most of the operations switch.
static const operation_kind_t kinds[16] = {SWITCH, SWITCH, SWITCH, SWITCH, SWITCH, SWITCH,
                                           SWITCH, DROP,   THROW,  THROW,  THROW,  PARENT,
                                           PARENT, DEAD,   RETURN, RAISE};

typedef struct source {
    const uint8_t *bytes;
    size_t size;
} source_t;

// From 0 to `limit` - 1; 0 when the bytes are used up.
static int take(source_t *source, int limit) {
    if (source->size == 0) return 0;
    source->size--;
    return *source->bytes++ % limit;
}

static int take_operand(source_t *source, char kind, int greenlet_count) {
    if (kind == 'g') return take(source, greenlet_count);
    return take(source, kind == 'e' ? ERROR_NAMES : 100);
}

// When the main greenlet ends, so does the program; it goes on to its last operation.
static operation_kind_t take_kind(int greenlet, int choice, int drops) {
    operation_kind_t kind = kinds[choice % 16];
    int is_excluded = kind == DROP ? !drops : greenlet == 0 && (kind == RETURN || kind == RAISE);
    return is_excluded ? SWITCH : kind;
}

static void take_operation(source_t *source, program_t *program, int drops) {
    operation_t *operation = &program->operations[program->operation_count++];
    operation->greenlet = take(source, program->greenlet_count);
    int choice = take(source, 64);
    operation->kind = take_kind(operation->greenlet, choice, drops);
    operation->is_tried = operation->greenlet == 0 || choice >= 16;
    const char *operands = operand_kinds(operation->kind);
    for (int i = 0; operands[i]; i++)
        operation->operands[i] = take_operand(source, operands[i], program->greenlet_count);
}

int program_decode(program_t *program, const uint8_t *bytes, size_t size) {
    source_t source = {bytes, size};
    int drops = take(&source, 4) == 3;
    *program = (program_t){.id = "decoded", .greenlet_count = 2 + take(&source, GREENLETS - 1)};
    for (int i = 1; i < program->greenlet_count; i++) program->parents[i] = take(&source, i);
    while (source.size > 0 && program->operation_count < OPERATIONS)
        take_operation(&source, program, drops);
    return drops;
}

// splitmix64: a small generator that needs no warming up.
static uint64_t next_random(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void program_make(program_t *program, uint64_t seed, uint64_t number) {
    uint64_t mixed = seed;
    uint64_t state = next_random(&mixed) ^ number;
    uint8_t bytes[BYTES];
    for (size_t i = 0; i < BYTES; i++) bytes[i] = (uint8_t)(next_random(&state) >> 32);
    program_decode(program, bytes, 16 + (size_t)(next_random(&state) % (BYTES - 16)));
    snprintf(program->id, sizeof program->id, "%llu-%llu", (unsigned long long)seed,
             (unsigned long long)number);
}
