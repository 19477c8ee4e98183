// Streams: reading that parks, and a lock for each over the greenlets.
//
// SPDX-License-Identifier: MIT
#include "helpers.h"

#include <stdio.h>
#include <stdlib.h>

#include "plain.h"

static pipe_ends_t ends;
static FILE *file;

static void begin(void) {
    ends = open_pipe();
    file = fdopen(ends.reader, "r");
    CHECK(file != NULL);
}

static void end(void) {
    CHECK_INT(fclose(file), 0);
    ends.reader = -1;
    close_pipe(&ends);
}

static void say(const char *text) {
    CHECK_INT(write(ends.writer, text, strlen(text)), (long long)strlen(text));
}

static void log_line(void) {
    char line[32] = "";
    if (fgets(line, sizeof line, file)) line[strcspn(line, "\n")] = '\0';
    log_add("%s", line);
}

TEST(PATCH_a_line_is_waited_for) {
    begin();
    gevent_task_t *task = run_in_task(log_line);
    let_others_run();
    say("one");
    let_others_run();
    log_add("half");
    say(" line\n");
    wait_for(task);
    CHECK_LOG("half one line");
    end();
}

TEST(PATCH_two_readers_of_a_stream_get_whole_lines) {
    begin();
    gevent_task_t *tasks[] = {run_in_task(log_line), run_in_task(log_line)};
    let_others_run();
    say("a");
    let_others_run();
    say("b\nc");
    let_others_run();
    say("d\n");
    wait_for(tasks[0]);
    wait_for(tasks[1]);
    CHECK_LOG("ab cd");
    end();
}

static void read_by_all_means(void) {
    char *line = NULL, word[8] = "", block[4] = "";
    size_t room = 0;
    int number = 0;
    log_add("%c", fgetc(file));
    log_add("%c", getc(file));
    CHECK_INT(getline(&line, &room, file), 5);
    log_add("%.4s", line);
    CHECK_INT(getdelim(&line, &room, ';', file), 2);
    log_add("%s", line);
    CHECK_INT(fscanf(file, "%d %7s", &number, word), 2);
    log_add("%d %s", number, word);
    CHECK_INT(ungetc('!', file), '!');
    CHECK_INT(fread(block, 1, 3, file), 3);
    log_add("%.1s%.1s", block, block + 2);
    CHECK_INT(getline(&line, &room, file), -1);
    CHECK(feof(file));
    free(line);
}

static void say_slowly(void) {
    for (const char *rest = "xyline\nf;42 word \n"; *rest; rest++) {
        CHECK_INT(write(ends.writer, rest, 1), 1);
        let_others_run();
    }
    close_end(&ends.writer);
}

TEST(PATCH_every_way_to_read_parks) {
    begin();
    gevent_task_t *tasks[] = {run_in_task(read_by_all_means), run_in_task(say_slowly)};
    wait_for(tasks[0]);
    wait_for(tasks[1]);
    CHECK_LOG("x y line f; 42 word !\n");
    end();
}

static size_t length;

static void read_lines(void) {
    length = plain_read_lines(ends.reader);
    ends.reader = -1;
}

TEST(PATCH_a_shared_library_waits_as_well) {
    ends = open_pipe();
    gevent_task_t *tasks[] = {run_in_task(read_lines), run_in_task(say_slowly)};
    wait_for(tasks[0]);
    wait_for(tasks[1]);
    CHECK_INT(length, 18);
    close_pipe(&ends);
}

TEST(PATCH_a_stream_has_the_descriptor_that_it_is_of) {
    begin();
    CHECK_INT(fileno(file), ends.reader);
    CHECK_INT(fseek(file, 0, SEEK_SET), -1);
    CHECK_INT(errno, ESPIPE);
    end();
}

TEST(PATCH_a_stream_for_writing_writes) {
    char text[8] = "";
    ends = open_pipe();
    file = fdopen(ends.writer, "w");
    CHECK_INT(fprintf(file, "%d!\n", 42), 4);
    CHECK_INT(fclose(file), 0);
    ends.writer = -1;
    CHECK_INT(read(ends.reader, text, sizeof text), 4);
    CHECK_STR(text, "42!\n");
    close_pipe(&ends);
}

TEST(PATCH_a_mode_that_does_not_fit_is_refused) {
    ends = open_pipe();
    errno = 0;
    CHECK(!fdopen(ends.reader, "w"));
    CHECK_INT(errno, EINVAL);
    CHECK(!fdopen(-1, "r"));
    CHECK_INT(errno, EBADF);
    close_pipe(&ends);
}

static void hold(void) {
    flockfile(file);
    flockfile(file);
    log_add("locked");
    CHECK_INT(sleep(1), 0);
    funlockfile(file);
    log_add("still");
    CHECK_INT(sleep(1), 0);
    log_add("unlocked");
    funlockfile(file);
}

TEST(PATCH_a_locked_stream_is_one_greenlets) {
    begin();
    say("line\n");
    gevent_task_t *holder = run_in_task(hold), *reader = run_in_task(log_line);
    let_others_run();
    CHECK_INT(ftrylockfile(file), -1);
    wait_for(holder);
    wait_for(reader);
    CHECK_LOG("locked still unlocked line");
    CHECK_INT(ftrylockfile(file), 0);
    funlockfile(file);
    end();
}

TEST(PATCH_who_is_killed_in_a_stream_leaves_it) {
    begin();
    gevent_task_t *tasks[] = {run_in_task(log_line), run_in_task(log_line), run_in_task(log_line)};
    let_others_run();
    CHECK_OK(gevent_kill_hard(tasks[0]));
    let_others_run();
    CHECK_OK(gevent_kill(tasks[1], NULL, GEVENT_FOREVER));
    say("line\n");
    for (int i = 0; i < 3; i++) wait_for(tasks[i]);
    CHECK_LOG("line");
    end();
}

TEST(PATCH_closing_a_stream_wakes_who_reads_it) {
    begin();
    gevent_task_t *task = run_in_task(log_line);
    let_others_run();
    CHECK_INT(close(ends.reader), 0);
    wait_for(task);
    CHECK_LOG("");
    CHECK_INT(fclose(file), EOF);
    ends.reader = -1;
    close_pipe(&ends);
}

// ---- writing ------------------------------------------------------------------------------------

// More than a pipe holds, and less than a stream's buffer in each call.
static void print_lines(char mark) {
    char line[1001];
    memset(line, mark, sizeof line);
    line[1000] = '\0';
    for (int i = 0; i < 50; i++) {
        CHECK_INT(fprintf(file, "%s\n", line), 1001);
        CHECK_INT(fwrite(line, 1, 1000, file), 1000);
        CHECK_INT(fputc('\n', file), '\n');
    }
}

static void print_as(void) {
    print_lines('a');
}

static void print_bs(void) {
    print_lines('b');
    CHECK_INT(fflush(file), 0);
}

static int is_whole(const char *line) {
    return strlen(line) == 1001 && strspn(line, (char[]){line[0], '\0'}) == 1000;
}

TEST(PATCH_two_writers_of_a_stream_write_whole_lines) {
    char line[2000];
    int whole = 0;
    ends = open_pipe();
    file = fdopen(ends.writer, "w");
    FILE *reader = fdopen(ends.reader, "r");
    gevent_task_t *tasks[] = {run_in_task(print_as), run_in_task(print_bs)};
    for (int i = 0; i < 200; i++) whole += fgets(line, sizeof line, reader) && is_whole(line);
    CHECK_INT(whole, 200);
    wait_for(tasks[0]);
    wait_for(tasks[1]);
    CHECK_INT(fclose(file) | fclose(reader), 0);
}

static void print_when_killed(void) {
    CHECK_INT(sleep(1), 1);
    CHECK_INT(fprintf(file, "%s", "bye"), 3);
    CHECK_INT(fflush(file), 0);
}

TEST(PATCH_who_is_killed_can_still_print) {
    char text[4] = "";
    file = tmpfile();
    gevent_task_t *task = run_in_task(print_when_killed);
    let_others_run();
    CHECK_OK(gevent_kill(task, NULL, GEVENT_FOREVER));
    rewind(file);
    CHECK_INT(fread(text, 1, 3, file), 3);
    CHECK_STR(text, "bye");
    CHECK_INT(fclose(file), 0);
    gevent_task_unref(task);
}

static void print_twice(void) {
    flockfile(file);
    CHECK_INT(fputs("one ", file), 1);
    CHECK_INT(sleep(1), 0);
    CHECK_INT(fputs("two ", file), 1);
    funlockfile(file);
}

static void print_between(void) {
    CHECK_INT(fputs("three", file), 1);
}

TEST(PATCH_a_lock_keeps_out_who_writes) {
    char text[16] = "";
    file = tmpfile();
    gevent_task_t *tasks[] = {run_in_task(print_twice), run_in_task(print_between)};
    wait_for(tasks[0]);
    wait_for(tasks[1]);
    rewind(file);
    CHECK_INT(fread(text, 1, 15, file), 13);
    CHECK_STR(text, "one two three");
    CHECK_INT(fclose(file), 0);
}

TEST(PATCH_a_stream_can_be_opened_anew) {
    char text[4];
    begin();
    FILE *again = freopen("/dev/null", "r", file);
    CHECK_PTR(again, file);
    CHECK_INT(fread(text, 1, 1, file), 0);
    CHECK(feof(file));
    CHECK_INT(fclose(file), 0);
    close_end(&ends.writer);
}
