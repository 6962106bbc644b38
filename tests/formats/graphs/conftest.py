"""What the tests of several readers share."""

from copy import deepcopy

import pytest
from hypothesis import strategies as st

JUNK = (None, -1, 0, 1, 10**15, 2.5, "", "3", "o003", "Next_To", [], {}, True, [[]], [3, 5])


def places_in(value, place=()):
    """Keys and indices that lead to each value inside a record."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield (*place, key)
        yield from places_in(child, (*place, key))


def put(record, place, junk):
    """Put a value in a place of the record, if that is still there."""
    *above, key = place
    try:
        for step in above:
            record = record[step]
        record[key] = deepcopy(junk)
    except (KeyError, IndexError, TypeError):
        return


@pytest.fixture(scope="session")
def spoiled():
    """A strategy: copies of a record in which some places hold what does not belong there."""

    def strategy(record, junk=JUNK):
        changes = st.tuples(st.sampled_from(list(places_in(record))), st.sampled_from(junk))

        def spoil(drawn):
            broken = deepcopy(record)
            for place, value in drawn:
                put(broken, place, value)
            return broken

        return st.lists(changes, min_size=1, max_size=6).map(spoil)

    return strategy
