// Programs that are made at random.
//
// SPDX-License-Identifier: MIT
#ifndef RANDOM_H
#define RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "program.h"

// Makes a program of any bytes. Similar bytes make similar programs. Returns 1 if it has drops.
int program_decode(program_t *program, const uint8_t *bytes, size_t size);

// The program with this number in the sequence that belongs to the seed.
void program_make(program_t *program, uint64_t seed, uint64_t number);

#endif
