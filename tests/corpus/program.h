// A program of the corpus: greenlets, or tasks, that run their operations once, top to bottom.
// README.md says what the operations are and what they log.
//
// SPDX-License-Identifier: MIT
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdio.h>

#include "greenlet.h"

enum {
    MAX_ID = 64,
    MAX_GREENLETS = 64,
    MAX_OPERATIONS = 1024,
    MAX_OPERANDS = 2,
    MAX_LIMITS = 8,
    MAX_EVENTS = 16
};

// What a program is of: each layer has operations of its own, and some that both have.
typedef enum layer { GREENLET_LAYER = 1, GEVENT_LAYER = 2 } layer_t;

typedef enum operation_kind {
    // of greenlets
    SWITCH,
    THROW,
    PARENT,
    DEAD,
    DROP,
    // of tasks
    SLEEP,
    SPAWN,
    JOIN,
    GET,
    KILL,
    CANCEL,
    WAIT,
    SET,
    CLEAR,
    STATUS,
    // of both
    RETURN,
    RAISE,
    OPERATION_KINDS
} operation_kind_t;

// What an error operand names. ANY_OTHER stands for whatever the library itself raises.
typedef enum error_name { E1, E2, E3, EXIT, ERROR_NAMES, ANY_OTHER = ERROR_NAMES } error_name_t;

typedef struct operation {
    int greenlet; // or task: who does it
    int is_tried;
    int limit_count;
    int limits[MAX_LIMITS]; // in ticks, from the outermost to the innermost
    operation_kind_t kind;
    int operands[MAX_OPERANDS];
} operation_t;

typedef struct program {
    char id[MAX_ID];
    int greenlet_count;         // with the main one, which is 0; as many as there may be of tasks
    int parents[MAX_GREENLETS]; // of greenlets
    int operation_count;
    operation_t operations[MAX_OPERATIONS];
} program_t;

// ---- its text -----------------------------------------------------------------------------------

// Of what kind each operand of an operation is: g a greenlet or task, v a value, e an error_name_t,
// n an event.
const char *operand_kinds(operation_kind_t kind);
const char *error_text(error_name_t name);

// Reads the next program of a layer. 1; 0 at the end; -1 for a line that is not of the form, which
// is reported.
int program_read(FILE *file, layer_t layer, program_t *program);
// Writes all of a program of greenlets but the trace and the line `end`.
void program_print(FILE *file, const program_t *program);

// ---- what a trace is made of --------------------------------------------------------------------

// A value is NULL for none, or one of these.
void *value_of(int number);
void *value_of_exit(void); // an exit object
const char *value_text(void *value);

const greenlet_error_type_t *error_type(error_name_t name);
// ANY_OTHER if none of ours.
error_name_t error_name_of(const greenlet_error_t *error);

// A line of what a greenlet or task logs. `trace` may be NULL.
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
void trace_line(FILE *trace, int who, const char *format, ...);

// ---- its trace ----------------------------------------------------------------------------------

// Runs it in the current thread, drops its greenlets, and writes what is logged before that to
// `trace` (NULL: nowhere). Returns how many greenlets are left over. That should be none, but for
// a program with drops: greenlets that survive these may refer to one another.
size_t greenlet_program_run(const program_t *program, FILE *trace);
// The same for tasks, under the virtual clock; those that have not finished are killed afterwards.
size_t gevent_program_run(const program_t *program, FILE *trace);

typedef size_t (*program_run_fn)(const program_t *program, FILE *trace);
// Writes `program ID`, the trace and `end`; before that, how many are left over if any are. Returns
// as `run`.
size_t program_print_trace(FILE *file, const program_t *program, program_run_fn run);

#endif
