// The main() of a program that measures itself:
//
//   PROGRAM BENCH NUMBER…
//
// does what the bench is as often as the last number says, twice, and prints the nanoseconds of CPU
// that each took the second time. It fails if something else came out than had to.
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_NUMBERS = 3 };

typedef struct bench {
    const char *name;
    int32_t (*run)(const int32_t *numbers); // gives how often it was done
} bench_t;

static const bench_t *find_bench(const bench_t *benches, const char *name) {
    while (benches->name && strcmp(benches->name, name) != 0) benches++;
    return benches->name ? benches : NULL;
}

#ifdef __EMSCRIPTEN__
#include <emscripten/em_js.h>
// Its clock() is not that of the CPU.
EM_JS(double, cpu_nanoseconds, (void), {
    const {user, system} = process.cpuUsage();
    return (user + system) * 1e3;
})
#else
static double cpu_nanoseconds(void) {
    return (double)clock() * (1e9 / CLOCKS_PER_SEC);
}
#endif

static int measure_main(const bench_t *benches, int argc, char **argv) {
    const bench_t *bench = argc > 2 ? find_bench(benches, argv[1]) : NULL;
    if (!bench || argc > 2 + MOST_NUMBERS) return 2;
    int32_t numbers[MOST_NUMBERS];
    for (int i = 2; i < argc; i++) numbers[i - 2] = (int32_t)strtol(argv[i], NULL, 10);
    const int32_t times = numbers[argc - 3];
    if (bench->run(numbers) != times) return 1;
    const double start = cpu_nanoseconds();
    if (bench->run(numbers) != times) return 1;
    printf("%f\n", (cpu_nanoseconds() - start) / times);
    return 0;
}

#endif
