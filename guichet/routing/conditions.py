"""The conditions of a rule: what they look at, whether they hold, and how that is said. Pure.

A condition is a comparison (field, operator, value) or a group (all, any, none) of conditions. It is compiled once into
a function of a `View`; nothing written by a supervisor is ever evaluated as code.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import assert_never

from guichet.routing.hours import DAY_MINUTES
from guichet.routing.view import Field, View

Test = Callable[[View], bool]


class Operator(StrEnum):
    """How a field is compared. `is` takes one value or several; the others are for hours: minutes from midnight."""

    IS = "is"
    IS_NOT = "is_not"
    BETWEEN = "between"
    NOT_BETWEEN = "not_between"
    BEFORE = "before"
    FROM = "from"


class Quantifier(StrEnum):
    """How many conditions of a group must hold."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


Value = str | bool | int


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison: a set of values for `is` and `is_not`; (start, end) or (moment,) in minutes for hours."""

    field: Field
    operator: Operator
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all, any or none must hold. An empty `all` always holds."""

    quantifier: Quantifier
    members: "tuple[Condition, ...]"


Condition = Compare | Group

ALWAYS = Group(Quantifier.ALL, ())


def compiled(condition: Condition) -> Test:
    """Return the function that says whether a condition holds."""
    match condition:
        case Compare():
            return _compiled_compare(condition)
        case Group(quantifier, members):
            return _compiled_group(quantifier, tuple(compiled(member) for member in members))
        case _:
            assert_never(condition)


def _compiled_group(quantifier: Quantifier, tests: tuple[Test, ...]) -> Test:
    match quantifier:
        case Quantifier.ALL if len(tests) == 1:
            return tests[0]
        case Quantifier.ALL:
            return lambda view: all(test(view) for test in tests)
        case Quantifier.ANY:
            return lambda view: any(test(view) for test in tests)
        case Quantifier.NONE:
            return lambda view: not any(test(view) for test in tests)
        case _:
            assert_never(quantifier)


def _compiled_compare(compare: Compare) -> Test:
    get = attrgetter(compare.field.value)
    allowed = values_allowed(compare)
    return lambda view: get(view) in allowed


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything but some values."""

    values: frozenset[Value] | range

    def __contains__(self, value: object) -> bool:
        return value not in self.values


Allowed = frozenset[Value] | range | Outside
"""What a field may be, as something that answers `in`."""


def values_allowed(compare: Compare) -> Allowed:
    """Return what the field may be for the comparison to hold; a range or its outside for hours, in minutes."""
    match compare.operator:
        case Operator.IS:
            return frozenset(compare.values)
        case Operator.IS_NOT:
            return Outside(frozenset(compare.values))
        case Operator.BETWEEN | Operator.NOT_BETWEEN:
            start, end = (int(bound) for bound in compare.values)
            inside = (start < end) == (compare.operator is Operator.BETWEEN)
            minutes = range(start, end) if start < end else range(end, start)  # past midnight: all but the day between
            return minutes if inside else Outside(minutes)
        case Operator.BEFORE:
            return range(int(compare.values[0]))
        case Operator.FROM:
            return range(int(compare.values[0]), DAY_MINUTES)
        case _:
            assert_never(compare.operator)


def decisive(condition: Condition, view: View) -> Iterator[Field]:
    """Yield the fields that made a condition hold, in the order written (a field may come twice)."""
    match condition:
        case Compare(field):
            yield field
        case Group(Quantifier.ANY, members):
            for member in members:
                if compiled(member)(view):
                    yield from decisive(member, view)
        case Group(Quantifier.ALL, members):
            for member in members:
                yield from decisive(member, view)
        case Group():
            yield from (compare.field for compare in comparisons(condition))
        case _:
            assert_never(condition)


def comparisons(condition: Condition) -> Iterator[Compare]:
    """Yield every comparison of a condition, in the order written."""
    match condition:
        case Compare():
            yield condition
        case Group(_, members):
            for member in members:
                yield from comparisons(member)
        case _:
            assert_never(condition)


def intents_asked(condition: Condition) -> frozenset[Value] | None:
    """Return the only matters for which a condition can hold, or None when it may hold for any."""
    match condition:
        case Compare(Field.INTENT, Operator.IS, values):
            return frozenset(values)
        case Group(Quantifier.ALL, members):
            asked = [intents for intents in map(intents_asked, members) if intents is not None]
            return frozenset.intersection(*asked) if asked else None
        case _:
            return None
