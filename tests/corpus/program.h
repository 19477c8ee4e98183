// A program of the corpus: greenlets that run their operations once, top to bottom. README.md says
// what the operations are and what they log.
//
// SPDX-License-Identifier: MIT
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdio.h>

enum { MAX_ID = 64, MAX_GREENLETS = 64, MAX_OPERATIONS = 1024, MAX_OPERANDS = 2 };

typedef enum operation_kind {
    SWITCH,
    THROW,
    PARENT,
    DEAD,
    DROP,
    RETURN,
    RAISE,
    OPERATION_KINDS
} operation_kind_t;

// What an error operand names. ANY_OTHER stands for whatever the library itself raises.
typedef enum error_name { E1, E2, E3, EXIT, ERROR_NAMES, ANY_OTHER = ERROR_NAMES } error_name_t;

typedef struct operation {
    int greenlet; // who does it
    int is_tried;
    operation_kind_t kind;
    int operands[MAX_OPERANDS];
} operation_t;

typedef struct program {
    char id[MAX_ID];
    int greenlet_count; // with the main one, which is 0
    int parents[MAX_GREENLETS];
    int operation_count;
    operation_t operations[MAX_OPERATIONS];
} program_t;

// ---- its text -----------------------------------------------------------------------------------

// Of what kind each operand of an operation is: g a greenlet, v a value, e an error_name_t.
const char *operand_kinds(operation_kind_t kind);
const char *error_text(error_name_t name);

// Reads the next program. 1; 0 at the end; -1 for a line that is not of the form, which is
// reported.
int program_read(FILE *file, program_t *program);
// Writes all but the trace and the line `end`.
void program_print(FILE *file, const program_t *program);

// ---- its trace ----------------------------------------------------------------------------------

// Runs it in the current thread, drops its greenlets, and writes what is logged before that to
// `trace` (NULL: nowhere). Returns how many greenlets are left over. That should be none, but for
// a program with drops: greenlets that survive these may refer to one another.
size_t program_run(const program_t *program, FILE *trace);
// Writes `program ID`, the trace and `end`; before that, how many are left over if any are. Returns
// as program_run.
size_t program_print_trace(FILE *file, const program_t *program);

#endif
