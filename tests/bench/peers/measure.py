"""What programs/measure.h is in C; and memory: PROGRAM parked COUNT."""

import json
import os
import sys
import time


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def measure_parked(park, count):
    """park gives a function that has all go on to their end, and gives how many did."""
    before = resident()
    wake = park(count)
    used = resident() - before
    start = time.process_time()
    assert wake() == count
    wake_time = (time.process_time() - start) * 1e9
    print(json.dumps({"bytes": used / count, "wake": wake_time / count}))


def measure_time(function, numbers):
    times = numbers[-1]
    assert function(*numbers) == times
    start = time.process_time()
    assert function(*numbers) == times
    print((time.process_time() - start) / times * 1e9)


def measure(functions):
    what, numbers = sys.argv[1], [int(number) for number in sys.argv[2:]]
    if what == "parked":
        measure_parked(functions[what], *numbers)
    else:
        measure_time(functions[what], numbers)
