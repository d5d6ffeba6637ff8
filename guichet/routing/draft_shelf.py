"""Named drafts of the rule book: each with an author, a note, and the version that it was begun with. Pure.

written ──→ kept under a name ──→ taken up again, checked, replayed ──→ published
              (revision 1, 2, …: nobody writes over what they have not seen)
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guichet.core.errors import BadInput, Conflict

LONGEST_NAME = 60
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class NamedDraft:
    """A text under a name. `based_on` is the version in force when it was begun; `author` wrote it last."""

    name: str
    text: str
    author: str
    note: str
    based_on: int
    changed_at: datetime
    revision: int = 1

    def __post_init__(self) -> None:
        """Refuse a name that nobody could call it by. Raises BadInput."""
        is_name = self.name == " ".join(self.name.split()) and self.name.isprintable()
        if not is_name or not 0 < len(self.name) <= LONGEST_NAME or self.name.startswith("@"):
            raise BadInput(f"a draft has a name of at most {LONGEST_NAME} letters, which does not begin with '@'")
        if len(self.note) > LONGEST_NOTE:
            raise BadInput(f"the note of a draft has at most {LONGEST_NOTE} letters")


class DraftShelf(Protocol):
    """Keeps named drafts, inside the current transaction."""

    async def all(self) -> tuple[NamedDraft, ...]:
        """Return all, latest change first."""
        ...

    async def find(self, name: str) -> NamedDraft | None:
        """Return a draft."""
        ...

    async def put(self, draft: NamedDraft) -> None:
        """Keep a draft: revision 1 is new, any other follows the one before. Raises Conflict where it does not."""
        ...

    async def delete(self, name: str) -> bool:
        """Forget a draft; say whether it was there."""
        ...


class MemoryDraftShelf:
    """The twin in memory."""

    def __init__(self) -> None:
        self._drafts: dict[str, NamedDraft] = {}

    async def all(self) -> tuple[NamedDraft, ...]:
        """Return all, latest change first."""
        return tuple(sorted(self._drafts.values(), key=lambda one: (one.changed_at, one.name), reverse=True))

    async def find(self, name: str) -> NamedDraft | None:
        """Return a draft."""
        return self._drafts.get(name)

    async def put(self, draft: NamedDraft) -> None:
        """Keep a draft. Raises Conflict."""
        known = self._drafts.get(draft.name)
        if draft.revision != (known.revision if known else 0) + 1:
            raise changed(draft.name)
        self._drafts[draft.name] = draft

    async def delete(self, name: str) -> bool:
        """Forget a draft."""
        return self._drafts.pop(name, None) is not None


def changed(name: str) -> Conflict:
    """Make the error for a draft that somebody else has kept under that name meanwhile."""
    return Conflict(f"somebody has kept a draft '{name}' meanwhile: look at it, or choose another name")
