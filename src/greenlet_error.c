// Errors as values: types, objects, and each greenlet's last one.
//
// SPDX-License-Identifier: MIT
#include "greenlet_error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "greenlet_internal.h"
#include "memory.h"

struct greenlet_error {
    const greenlet_error_type_t *type;
    int code;
    unsigned refs; // 0: static, never freed, carries nothing
    int reason;
    char *message; // NULL: the table's text
    char *origin;
    void *data;
    void (*release_data)(void *data);
    void (*release_reason)(int reason);
    greenlet_error_t *cause;
};

const greenlet_error_type_t GREENLET_BASE_ERROR = {"BaseError", NULL, GREENLET_EFAILED};
const greenlet_error_type_t GREENLET_ERROR = {"GreenletError", &GREENLET_BASE_ERROR,
                                              GREENLET_EFAILED};
const greenlet_error_type_t GREENLET_EXIT = {"GreenletExit", &GREENLET_BASE_ERROR, GREENLET_EEXIT};
const greenlet_error_type_t GREENLET_TIMEOUT = {"Timeout", &GREENLET_BASE_ERROR, GREENLET_EEXPIRED};
const greenlet_error_type_t GREENLET_CANCELLED = {"Cancelled", &GREENLET_EXIT, GREENLET_ECANCELED};

#define TYPE_ENTRY(name, code, type, text) {type, &GREENLET_ERROR, code},
static const greenlet_error_type_t code_types[] = {GREENLET_ERRORS(TYPE_ENTRY)};
#undef TYPE_ENTRY

#define TEXT_ENTRY(name, code, type, text) {"GREENLET_" #name, text},
static const struct { const char *name, *text; } code_texts[] = {GREENLET_ERRORS(TEXT_ENTRY)};
#undef TEXT_ENTRY

enum { CODE_COUNT = sizeof code_types / sizeof code_types[0] };

greenlet_error_t greenlet_exit_error = {.type = &GREENLET_EXIT, .code = GREENLET_EEXIT};
static greenlet_error_t no_memory_error = {.type = &code_types[0], .code = GREENLET_ENOMEM};

// Codes count down from -1 without a gap, in the order of the table (tests/conformance checks it).
static int index_of(int code) {
    return code < 0 && code >= -(int)CODE_COUNT ? -code - 1 : -1;
}

const greenlet_error_type_t *greenlet_error_type_of(int code) {
    if (code == GREENLET_EEXIT) return &GREENLET_EXIT;
    if (code == GREENLET_EFAILED) return &GREENLET_ERROR;
    if (code == GREENLET_EEXPIRED) return &GREENLET_TIMEOUT;
    if (code == GREENLET_ECANCELED) return &GREENLET_CANCELLED;
    int index = index_of(code);
    return index < 0 ? &GREENLET_ERROR : &code_types[index];
}

const char *greenlet_error_name(int code) {
    int index = index_of(code);
    return index < 0 ? "GREENLET_EUSER" : code_texts[index].name;
}

const char *greenlet_error_text(int code) {
    int index = index_of(code);
    return index < 0 ? "error of the program" : code_texts[index].text;
}

int greenlet_error_type_is(const greenlet_error_type_t *type, const greenlet_error_type_t *base) {
    while (type && type != base) type = type->base;
    return type != NULL;
}

// ---- objects ------------------------------------------------------------------------------------

static greenlet_error_t *new_error(const greenlet_error_type_t *type, int code) {
    greenlet_error_t *error = memory_alloc_zeroed(sizeof *error);
    if (!error) return &no_memory_error;
    error->type = type;
    error->code = code;
    error->refs = 1;
    return error;
}

static char *format_message(const char *format, va_list args) {
    va_list copy;
    va_copy(copy, args);
    int length = vsnprintf(NULL, 0, format, copy);
    va_end(copy);
    char *message = length < 0 ? NULL : memory_alloc((size_t)length + 1);
    if (message) vsnprintf(message, (size_t)length + 1, format, args);
    return message;
}

static char *format_text(const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = format_message(format, args);
    va_end(args);
    return text;
}

// The table has one text for all of the program's codes. Without memory that one has to do.
static void number_message(greenlet_error_t *error) {
    if (error->refs == 0 || index_of(error->code) >= 0) return;
    error->message = format_text("%s (%d)", greenlet_error_text(error->code), error->code);
}

// An error that has nothing to say but its code.
static greenlet_error_t *new_plain(const greenlet_error_type_t *type, int code) {
    greenlet_error_t *error = new_error(type, code);
    number_message(error);
    return error;
}

static greenlet_error_t *new_formatted(const greenlet_error_type_t *type, const char *format,
                                       va_list args) {
    if (!format) return new_plain(type, type->code);
    greenlet_error_t *error = new_error(type, type->code);
    if (error->refs == 0) return error;
    error->message = format_message(format, args);
    if (error->message) return error;
    greenlet_error_unref(error);
    return &no_memory_error;
}

greenlet_error_t *greenlet_error_new(const greenlet_error_type_t *type, const char *format, ...) {
    va_list args;
    va_start(args, format);
    greenlet_error_t *error = new_formatted(type ? type : &GREENLET_ERROR, format, args);
    va_end(args);
    return error;
}

greenlet_error_t *greenlet_error_from_code(int code) {
    if (code == GREENLET_EEXIT) return &greenlet_exit_error;
    if (code == GREENLET_ENOMEM) return &no_memory_error;
    return new_plain(greenlet_error_type_of(code), code);
}

greenlet_error_t *greenlet_error_ref(const greenlet_error_t *error) {
    // Immutable for everybody but its count.
    greenlet_error_t *counted = (greenlet_error_t *)(uintptr_t)error;
    if (counted && counted->refs) counted->refs++;
    return counted;
}

static void destroy(greenlet_error_t *error) {
    if (error->release_data) error->release_data(error->data);
    if (error->release_reason) error->release_reason(error->reason);
    memory_free(error->message);
    memory_free(error->origin);
    memory_free(error);
}

void greenlet_error_unref(const greenlet_error_t *error) {
    greenlet_error_t *counted = (greenlet_error_t *)(uintptr_t)error;
    while (counted && counted->refs && --counted->refs == 0) {
        greenlet_error_t *cause = counted->cause;
        destroy(counted);
        counted = cause;
    }
}

void greenlet_error_set_data(greenlet_error_t *error, void *data, void (*release)(void *data)) {
    if (error->refs == 0) {
        if (release) release(data);
        return;
    }
    error->data = data;
    error->release_data = release;
}

void greenlet_error_set_cause(greenlet_error_t *error, const greenlet_error_t *cause) {
    if (error->refs && !error->cause && error != cause) error->cause = greenlet_error_ref(cause);
}

void greenlet_error_set_origin(greenlet_error_t *error, const char *origin) {
    if (error->refs && !error->origin) error->origin = memory_copy_string(origin);
}

void greenlet_error_set_reason(greenlet_error_t *error, int reason, void (*release)(int reason)) {
    if (error->refs == 0) {
        release(reason);
        return;
    }
    error->reason = reason;
    error->release_reason = release;
}

int greenlet_error_reason(const greenlet_error_t *error) {
    return error->reason;
}

const greenlet_error_type_t *greenlet_error_type(const greenlet_error_t *error) {
    return error ? error->type : NULL;
}

int greenlet_error_code(const greenlet_error_t *error) {
    return error ? error->code : GREENLET_OK;
}

const char *greenlet_error_message(const greenlet_error_t *error) {
    if (!error) return "";
    return error->message ? error->message : greenlet_error_text(error->code);
}

void *greenlet_error_data(const greenlet_error_t *error) {
    return error ? error->data : NULL;
}

const greenlet_error_t *greenlet_error_cause(const greenlet_error_t *error) {
    return error ? error->cause : NULL;
}

const char *greenlet_error_origin(const greenlet_error_t *error) {
    return error && error->origin ? error->origin : "";
}

int greenlet_error_is(const greenlet_error_t *error, const greenlet_error_type_t *type) {
    return error && greenlet_error_type_is(error->type, type);
}

// ---- the current greenlet's last error ----------------------------------------------------------

void greenlet_set_last_error(greenlet_error_t *error) {
    greenlet_t *self = greenlet_current();
    greenlet_error_t *previous = self->last_error;
    self->last_error = error;
    greenlet_error_unref(previous);
}

static int raise_error(greenlet_error_t *error) {
    greenlet_error_set_origin(error, greenlet_name(greenlet_current()));
    greenlet_set_last_error(error);
    return error->code;
}

// A type whose code is no failure would make a failing call look like a success.
static greenlet_error_t *new_of_bad_type(const greenlet_error_type_t *type) {
    return greenlet_error_new(greenlet_error_type_of(GREENLET_EINVAL),
                              "the error type %s has the code %d, which is not negative",
                              type->name, type->code);
}

int greenlet_raise(const greenlet_error_type_t *type, const char *format, ...) {
    if (type && type->code >= 0) return raise_error(new_of_bad_type(type));
    va_list args;
    va_start(args, format);
    greenlet_error_t *error = new_formatted(type ? type : &GREENLET_ERROR, format, args);
    va_end(args);
    return raise_error(error);
}

int greenlet_fail(int code) {
    return raise_error(greenlet_error_from_code(code));
}

const greenlet_error_t *greenlet_last_error(void) {
    return greenlet_current()->last_error;
}

greenlet_error_t *greenlet_error_take(void) {
    greenlet_t *self = greenlet_current();
    greenlet_error_t *error = self->last_error;
    self->last_error = NULL;
    return error;
}

int greenlet_error_restore(greenlet_error_t *error) {
    greenlet_set_last_error(error);
    return error ? error->code : GREENLET_OK;
}

greenlet_error_t *greenlet_error_claim(int code) {
    greenlet_error_t *last = greenlet_error_take();
    if (last && last->code == code) return last;
    greenlet_error_t *error = greenlet_error_from_code(code);
    greenlet_error_set_cause(error, last);
    greenlet_error_set_origin(error, greenlet_name(greenlet_current()));
    greenlet_error_unref(last);
    return error;
}
