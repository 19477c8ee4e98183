"""python-greenlet: what programs/switch.c does, and the greenlets of programs/parked.c."""

from greenlet import getcurrent, greenlet
from measure import measure


def ring(count, depth, transfers):
    root, places = getcurrent(), []

    def pass_on(place):
        value = root.switch()
        following = places[(place + 1) % count]
        while value < transfers:
            value = following.switch(value + 1)
        return value

    for place in range(count):
        places.append(greenlet(pass_on))
        places[place].switch(place)
    return places[0].switch(0)


def create(times):
    value = 0
    while value < times:
        value = greenlet(lambda got: got + 1).switch(value)
    return value


def park(count):
    root = getcurrent()

    def wait_for_root(value):
        return root.switch(value)

    places = [greenlet(wait_for_root) for _ in range(count)]
    for place in places:
        place.switch(0)
    return lambda: sum(place.switch(1) for place in places)


measure({"ring": ring, "create": create, "parked": park})
