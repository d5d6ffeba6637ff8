"""The rule book over the API: what is in force, its versions, checking a draft, publishing, rolling back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from guichet.console.api.kinds import Book, MaybeMoment, Note, Version, moment
from guichet.console.api.operation import Answer, Asked, Operation
from guichet.console.api.ports import Unit
from guichet.console.api.problem import FlawShown, flaw_shown
from guichet.console.api.token import Scope
from guichet.core.errors import NotFound
from guichet.routing.document import FlawedDocument
from guichet.routing.publishing import Publishing, Signed
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_version import RuleVersion
from guichet.routing.rule_warnings import warnings


class VersionShown(msgspec.Struct, frozen=True):
    """A publication; `restores` is the version that a rollback has put back."""

    number: int
    digest: str
    author: str
    note: str
    published_at: datetime
    in_force_at: datetime
    restores: int | None
    withdrawn_at: datetime | None


class VersionsShown(msgspec.Struct, frozen=True):
    """Every version, latest first; `in_force` is the number of the one in force."""

    in_force: int | None
    items: tuple[VersionShown, ...]


class BookShown(msgspec.Struct, frozen=True):
    """A version with its text."""

    version: VersionShown
    text: str


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule book to be looked at."""

    text: Book


class Checked(msgspec.Struct, frozen=True):
    """Whether a book can be used; if so, `digest` is what decisions will name, and `warnings` is what looks odd."""

    ok: bool
    digest: str | None
    errors: tuple[FlawShown, ...]
    warnings: tuple[FlawShown, ...]


class Publication(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule book to be put in force, at once or `at` a moment to come.

    `based_on` is the version that was changed: refused if another one is in force by now.
    """

    text: Book
    note: Note
    at: MaybeMoment = UNSET
    based_on: Version | UnsetType = UNSET


class Rollback(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Back to version `to`, or to the one before."""

    note: Note
    to: Version | UnsetType = UNSET


async def _current(asked: Asked) -> Answer:
    version = await asked.unit.rule_versions.in_force(asked.now)
    if version is None:
        raise NotFound("nothing was published yet: the gateway publishes its first version when it starts")
    return Answer(BookShown(_shown(version), await asked.unit.rule_versions.text(version.number)))


async def _versions(asked: Asked) -> Answer:
    current = await asked.unit.rule_versions.in_force(asked.now)
    every = await asked.unit.rule_versions.all()
    return Answer(VersionsShown(current.number if current else None, tuple(map(_shown, every))))


async def _version(asked: Asked) -> Answer:
    number = asked.path["number"]
    text = await asked.unit.rule_versions.text(number)
    version = next(one for one in await asked.unit.rule_versions.all() if one.number == number)
    return Answer(BookShown(_shown(version), text))


async def _check(asked: Asked) -> Answer:
    given: Draft = asked.body
    try:
        book = await asyncio.to_thread(RuleBook.parse, given.text)
        odd = await asyncio.to_thread(warnings, book)
    except FlawedDocument as flawed:
        return Answer(Checked(ok=False, digest=None, errors=tuple(map(flaw_shown, flawed.flaws)), warnings=()))
    return Answer(Checked(ok=True, digest=book.version, errors=(), warnings=tuple(map(flaw_shown, odd))))


async def _publish(asked: Asked) -> Answer:
    given: Publication = asked.body
    based_on = None if given.based_on is UNSET else int(given.based_on)
    version = await _publishing(asked).publish(
        given.text, _signed(asked, given.note), at=moment(given.at), based_on=based_on
    )
    return _published(version)


async def _roll_back(asked: Asked) -> Answer:
    given: Rollback = asked.body
    to = None if given.to is UNSET else int(given.to)
    return _published(await _publishing(asked).rollback(_signed(asked, given.note), to))


async def _withdraw(asked: Asked) -> Answer:
    number = asked.path["number"]
    await _publishing(asked).withdraw(number)
    version = next(one for one in await asked.unit.rule_versions.all() if one.number == number)
    return Answer(_shown(version), f"rules:{number}")


def _publishing(asked: Asked) -> Publishing:
    """Return publishing inside this very transaction."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[Unit]:
        yield asked.unit

    return Publishing(begin, asked.tools.clock)


def _signed(asked: Asked, note: str) -> Signed:
    return Signed(f"{asked.token.name} ({asked.token.id})"[:200], note)


def _published(version: RuleVersion) -> Answer:
    number = version.number
    return Answer(
        _shown(version), f"rules:{number}", {"restores": version.restores}, location=f"/rules/versions/{number}"
    )


def _shown(version: RuleVersion) -> VersionShown:
    return VersionShown(
        number=version.number,
        digest=version.digest,
        author=version.author,
        note=version.note,
        published_at=version.published_at,
        in_force_at=version.in_force_at,
        restores=version.restores,
        withdrawn_at=version.withdrawn_at,
    )


def operations() -> tuple[Operation, ...]:
    """Return the operations on the rule book."""
    return (
        Operation(
            name="read_rules",
            method="GET",
            path="/rules",
            scope=Scope.RULES_READ,
            summary="Read the rule book in force",
            answers=BookShown,
            perform=_current,
        ),
        Operation(
            name="check_rules",
            method="POST",
            path="/rules/check",
            scope=Scope.RULES_READ,
            summary="Check a draft: every error and warning with its place, in both languages",
            body=Draft,
            answers=Checked,
            perform=_check,
        ),
        Operation(
            name="roll_back_rules",
            method="POST",
            path="/rules/rollback",
            scope=Scope.RULES_WRITE,
            summary="Put the version before back in force, at once",
            body=Rollback,
            answers=VersionShown,
            perform=_roll_back,
            action="rules.rolled_back",
            status=201,
            writes=True,
        ),
        Operation(
            name="list_versions",
            method="GET",
            path="/rules/versions",
            scope=Scope.RULES_READ,
            summary="List the versions of the rule book, latest first",
            answers=VersionsShown,
            perform=_versions,
        ),
        Operation(
            name="publish_rules",
            method="POST",
            path="/rules/versions",
            scope=Scope.RULES_WRITE,
            summary="Publish a rule book: calls and texts follow it within a second",
            body=Publication,
            answers=VersionShown,
            perform=_publish,
            action="rules.published",
            status=201,
            writes=True,
        ),
        Operation(
            name="read_version",
            method="GET",
            path="/rules/versions/{number}",
            scope=Scope.RULES_READ,
            summary="Read a version with its text",
            answers=BookShown,
            perform=_version,
        ),
        Operation(
            name="withdraw_version",
            method="DELETE",
            path="/rules/versions/{number}",
            scope=Scope.RULES_WRITE,
            summary="Take back a version whose moment is to come",
            answers=VersionShown,
            perform=_withdraw,
            action="rules.withdrawn",
            writes=True,
        ),
    )
