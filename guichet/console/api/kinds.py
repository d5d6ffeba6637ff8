"""The types of what is asked and answered, each with its bounds: they serve, and they are documented. Pure."""

from datetime import UTC, date, datetime
from typing import Annotated

from msgspec import Meta, UnsetType

from guichet.core.errors import BadInput

_PLAIN = r"^[^\u0000]*$"
"""Any letter but the one that databases refuse."""

Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.:-]{1,64}$", description="An identifier.", examples=["req_01m8…"])]
Name = Annotated[str, Meta(pattern=r"^[^\u0000]{1,200}$")]
Short = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.:-]{1,64}$", description="A name in the rule or intent book.")]
Line = Annotated[str, Meta(max_length=200, pattern=_PLAIN)]
Postcode = Annotated[str, Meta(max_length=16, pattern=_PLAIN)]
Text = Annotated[str, Meta(max_length=2000, pattern=_PLAIN)]
Note = Annotated[str, Meta(min_length=1, max_length=200, pattern=_PLAIN, description="Why: kept in the history.")]
Book = Annotated[str, Meta(min_length=1, max_length=200_000, pattern=_PLAIN, description="A rule book (YAML).")]
Phone = Annotated[
    str,
    Meta(pattern=r"^\+[1-9][0-9]{4,14}$", description="A telephone number in E.164.", examples=["+33639981001"]),
]
Moment = Annotated[datetime, Meta(tz=True, description="A moment with its offset (RFC 3339).")]
Day = Annotated[date, Meta(description="A day (2026-03-31).")]
Limit = Annotated[int, Meta(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9_-]{1,600}$", description="The `next` of the page before; left out: the first page.")
]
Version = Annotated[int, Meta(ge=1, le=2_000_000_000, description="The number of a version.")]

MaybeId = Id | UnsetType
MaybeShort = Short | UnsetType
MaybeMoment = Moment | UnsetType
MaybeDay = Day | UnsetType
MaybeCursor = Cursor | UnsetType

USUAL_LIMIT = 50
_FIRST, _LAST = datetime(1971, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def moment(given: datetime | UnsetType | None) -> datetime | None:
    """Return a moment in UTC, None where none was given. Raises BadInput for one that clocks do not count."""
    if not isinstance(given, datetime):
        return None
    try:
        found = given.astimezone(UTC)
    except OverflowError:
        found = _LAST
    if not _FIRST <= found < _LAST:
        raise BadInput("a moment lies between the years 1971 and 8999")
    return found
