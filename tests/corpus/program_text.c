// The form in which programs are written down.
//
// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "program.h"

enum { MAX_LINE = 256, MAX_WORDS = 24 };

typedef struct line {
    char text[MAX_LINE];
    int word_count;
    char *words[MAX_WORDS + 1]; // NULL after the last
} line_t;

static const struct {
    const char *name, *operands;
    unsigned layers;
} forms[] = {
    [SWITCH] = {"switch", "gv", GREENLET_LAYER},
    [THROW] = {"throw", "ge", GREENLET_LAYER},
    [PARENT] = {"parent", "gg", GREENLET_LAYER},
    [DEAD] = {"dead", "g", GREENLET_LAYER},
    [DROP] = {"drop", "g", GREENLET_LAYER},
    [SLEEP] = {"sleep", "v", GEVENT_LAYER},
    [SPAWN] = {"spawn", "g", GEVENT_LAYER},
    [JOIN] = {"join", "g", GEVENT_LAYER},
    [GET] = {"get", "g", GEVENT_LAYER},
    [KILL] = {"kill", "g", GEVENT_LAYER},
    [CANCEL] = {"cancel", "g", GEVENT_LAYER},
    [WAIT] = {"wait", "n", GEVENT_LAYER},
    [SET] = {"set", "n", GEVENT_LAYER},
    [CLEAR] = {"clear", "n", GEVENT_LAYER},
    [STATUS] = {"status", "g", GEVENT_LAYER},
    [RETURN] = {"return", "v", GREENLET_LAYER | GEVENT_LAYER},
    [RAISE] = {"raise", "e", GREENLET_LAYER | GEVENT_LAYER},
};

static const char *const error_texts[] = {
    [E1] = "E1", [E2] = "E2", [E3] = "E3", [EXIT] = "EXIT", [ANY_OTHER] = "ERROR"};

const char *operand_kinds(operation_kind_t kind) {
    return forms[kind].operands;
}

const char *error_text(error_name_t name) {
    return error_texts[name];
}

// ---- reading ------------------------------------------------------------------------------------

static void split(line_t *line) {
    static char copy[MAX_LINE];
    memcpy(copy, line->text, MAX_LINE);
    line->word_count = 0;
    char *word = strtok(copy, " \r\n");
    for (; word && line->word_count < MAX_WORDS; word = strtok(NULL, " \r\n"))
        line->words[line->word_count++] = word;
    line->words[line->word_count] = NULL;
}

// The next line that has words.
static int read_line(FILE *file, line_t *line) {
    while (fgets(line->text, sizeof line->text, file)) {
        split(line);
        if (line->word_count > 0) return 1;
    }
    return 0;
}

static int begins_with(const line_t *line, const char *word, int word_count) {
    return strcmp(line->words[0], word) == 0 && line->word_count == word_count;
}

// A number from 0 to `limit` - 1, or -1.
static int read_index(const char *word, int limit) {
    char *end;
    long number = strtol(word, &end, 10);
    return *end || end == word || number < 0 || number >= limit ? -1 : (int)number;
}

static int read_kind(const char *word) {
    int kind = OPERATION_KINDS - 1;
    while (kind >= 0 && strcmp(word, forms[kind].name) != 0) kind--;
    return kind;
}

static int read_error(const char *word) {
    int name = ERROR_NAMES - 1;
    while (name >= 0 && strcmp(word, error_texts[name]) != 0) name--;
    return name;
}

static int read_operand(char kind, const char *word, int greenlet_count, int *operand) {
    if (kind == 'v') return sscanf(word, "%d", operand) == 1;
    if (kind == 'g') *operand = read_index(word, greenlet_count);
    if (kind == 'n') *operand = read_index(word, MAX_EVENTS);
    if (kind == 'e') *operand = read_error(word);
    return *operand >= 0;
}

static int read_operands(char **words, int greenlet_count, operation_t *operation) {
    const char *kinds = operand_kinds(operation->kind);
    for (int i = 0; kinds[i]; i++)
        if (!words[i] || !read_operand(kinds[i], words[i], greenlet_count, &operation->operands[i]))
            return 0;
    return !words[strlen(kinds)];
}

// What stands before an operation; `*words` goes on to its name. Like the name it may be missing.
static int read_try(char ***words) {
    if (!**words || strcmp(**words, "try") != 0) return 0;
    ++*words;
    return 1;
}

static int read_limits(char ***words, operation_t *operation) {
    for (; **words && strcmp(**words, "within") == 0; *words += 2) {
        int *limit = &operation->limits[operation->limit_count];
        if (operation->limit_count++ == MAX_LIMITS) return 0;
        if (!(*words)[1] || !read_operand('v', (*words)[1], 0, limit)) return 0;
    }
    return 1;
}

static int read_operation(const line_t *line, layer_t layer, program_t *program) {
    if (line->word_count < 3 || program->operation_count == MAX_OPERATIONS) return 0;
    operation_t *operation = &program->operations[program->operation_count++];
    char **words = (char **)line->words + 2;
    operation->greenlet = read_index(line->words[1], program->greenlet_count);
    operation->is_tried = read_try(&words);
    if (layer == GEVENT_LAYER && !read_limits(&words, operation)) return 0;
    int kind = *words ? read_kind(*words) : -1;
    if (kind < 0 || !(forms[kind].layers & layer) || operation->greenlet < 0) return 0;
    operation->kind = (operation_kind_t)kind;
    return read_operands(words + 1, program->greenlet_count, operation);
}

static int read_greenlet(const line_t *line, program_t *program) {
    int number = program->greenlet_count;
    if (number == MAX_GREENLETS || read_index(line->words[1], number + 1) != number) return 0;
    program->parents[number] = read_index(line->words[3], number);
    program->greenlet_count++;
    return program->parents[number] >= 0;
}

static int read_part(const line_t *line, layer_t layer, program_t *program) {
    if (strcmp(line->words[0], "=") == 0) return 1; // a trace, for whoever compares
    if (strcmp(line->words[0], "op") == 0) return read_operation(line, layer, program);
    return begins_with(line, "greenlet", 4) && read_greenlet(line, program);
}

static int complain(const line_t *line) {
    fprintf(stderr, "not of the form: %s\n", line->text);
    return -1;
}

int program_read(FILE *file, layer_t layer, program_t *program) {
    line_t line;
    if (!read_line(file, &line)) return 0;
    if (!begins_with(&line, "program", 2)) return complain(&line);
    *program = (program_t){.greenlet_count = layer == GEVENT_LAYER ? MAX_GREENLETS : 1};
    snprintf(program->id, sizeof program->id, "%s", line.words[1]);
    while (read_line(file, &line)) {
        if (begins_with(&line, "end", 1)) return 1;
        if (!read_part(&line, layer, program)) return complain(&line);
    }
    fprintf(stderr, "no end of program %s\n", program->id);
    return -1;
}

// ---- writing ------------------------------------------------------------------------------------

static void print_operation(FILE *file, const operation_t *operation) {
    const char *kinds = operand_kinds(operation->kind);
    fprintf(file, "op %d %s%s", operation->greenlet, operation->is_tried ? "try " : "",
            forms[operation->kind].name);
    for (int i = 0; kinds[i]; i++) {
        int operand = operation->operands[i];
        if (kinds[i] == 'e')
            fprintf(file, " %s", error_texts[operand]);
        else
            fprintf(file, " %d", operand);
    }
    fputc('\n', file);
}

void program_print(FILE *file, const program_t *program) {
    fprintf(file, "program %s\n", program->id);
    for (int i = 1; i < program->greenlet_count; i++)
        fprintf(file, "greenlet %d parent %d\n", i, program->parents[i]);
    for (int i = 0; i < program->operation_count; i++)
        print_operation(file, &program->operations[i]);
}
