"""What programs/measure.h is in C."""

import sys
import time


def measure(functions):
    what, numbers = functions[sys.argv[1]], [int(number) for number in sys.argv[2:]]
    times = numbers[-1]
    assert what(*numbers) == times
    start = time.process_time()
    assert what(*numbers) == times
    print((time.process_time() - start) / times * 1e9)
