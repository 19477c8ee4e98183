// What traces are made of: values, errors and lines.
//
// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdint.h>

#include "gevent.h"
#include "program.h"

// ---- values -------------------------------------------------------------------------------------

// A value is NULL for none, an odd number for an integer, or this for an exit object.
static int exit_value;

void *value_of(int number) {
    return (void *)((intptr_t)number * 2 + 1); // NOLINT(performance-no-int-to-ptr)
}

void *value_of_exit(void) {
    return &exit_value;
}

const char *value_text(void *value) {
    static char number[16];
    if (!value) return "-";
    if (value == &exit_value) return "EXIT";
    snprintf(number, sizeof number, "%d", (int)(((intptr_t)value - 1) / 2));
    return number;
}

// ---- errors -------------------------------------------------------------------------------------

static const greenlet_error_type_t type_e1 = {"E1", &GREENLET_ERROR, GREENLET_EUSER - 1};
static const greenlet_error_type_t type_e2 = {"E2", &GREENLET_ERROR, GREENLET_EUSER - 2};
static const greenlet_error_type_t type_e3 = {"E3", &type_e1, GREENLET_EUSER - 3};
static const greenlet_error_type_t *const error_types[] = {
    [E1] = &type_e1, [E2] = &type_e2, [E3] = &type_e3, [EXIT] = &GREENLET_EXIT};

const greenlet_error_type_t *error_type(error_name_t name) {
    return error_types[name];
}

error_name_t error_name_of(const greenlet_error_t *error) {
    const greenlet_error_type_t *type = greenlet_error_type(error);
    int name = 0;
    while (name < ERROR_NAMES && type != error_types[name]) name++;
    return (error_name_t)name;
}

// ---- lines --------------------------------------------------------------------------------------

void trace_line(FILE *trace, int who, const char *format, ...) {
    if (!trace) return;
    va_list args;
    va_start(args, format);
    fprintf(trace, "= %d ", who);
    vfprintf(trace, format, args);
    va_end(args);
    fputc('\n', trace);
}

size_t program_print_trace(FILE *file, const program_t *program, program_run_fn run) {
    fprintf(file, "program %s\n", program->id);
    size_t left = run(program, file);
    if (left > 0) fprintf(file, "= left over %zu\n", left);
    fputs("end\n", file);
    return left;
}
