"""gevent: what programs/tasks.c does."""

import gevent
from gevent.queue import Queue
from measure import measure


def run_all(run, tasks):
    counted = 0

    def count():
        nonlocal counted
        counted += 1

    gevent.joinall([gevent.spawn(run, count) for _ in range(tasks)], raise_error=True)
    return counted


def spawn_and_join(tasks):
    return run_all(lambda count: count(), tasks)


def yield_among(tasks, yields):
    def yield_often(count):
        for _ in range(yields // tasks):
            gevent.sleep(0)
            count()

    return run_all(yield_often, tasks)


def queue_ping_pong(round_trips):
    there, back = Queue(), Queue()

    def add_one():
        for _ in range(round_trips):
            back.put(there.get() + 1)

    other, item = gevent.spawn(add_one), 0
    while item < round_trips:
        there.put(item)
        item = back.get()
    other.get()
    return item


measure(
    {"spawn_and_join": spawn_and_join, "yield_among": yield_among, "queue_ping_pong": queue_ping_pong}
)
