"""What working cases needs of a transaction. Pure."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from guichet.callbacks.store import AttemptStore, RequestStore
from guichet.citizens.contact_store import ContactStore
from guichet.citizens.history import Entry
from guichet.citizens.record_store import RecordStore
from guichet.citizens.store import CitizenStore
from guichet.console.account_store import AccountStore
from guichet.console.audit import AuditStore
from guichet.console.look_reader import LookReader
from guichet.console.queue_reader import QueueReader
from guichet.console.work_store import WorkStore
from guichet.core.ids import CitizenId
from guichet.core.jobs import JobQueue
from guichet.ivr.recording_store import RecordingStore
from guichet.routing.agent_store import AgentStore
from guichet.routing.unclear_store import UnclearStore
from guichet.sms.store import ConsentStore, MessageStore
from guichet.transcripts.store import TranscriptStore


class History(Protocol):
    """What happened with citizens, on every channel."""

    async def of(self, citizen: CitizenId) -> tuple[Entry, ...]:
        """Return all that happened with a citizen, first to last."""
        ...


class DeskUnit(Protocol):
    """One transaction over everything that a case touches."""

    @property
    def requests(self) -> RequestStore:
        """The requests."""
        ...

    @property
    def attempts(self) -> AttemptStore:
        """The attempts."""
        ...

    @property
    def agents(self) -> AgentStore:
        """The agents."""
        ...

    @property
    def jobs(self) -> JobQueue:
        """The outbox of jobs."""
        ...

    @property
    def citizens(self) -> CitizenStore:
        """The record."""
        ...

    @property
    def records(self) -> RecordStore:
        """Files and mandates."""
        ...

    @property
    def contacts(self) -> ContactStore:
        """The contacts."""
        ...

    @property
    def transcripts(self) -> TranscriptStore:
        """The transcripts."""
        ...

    @property
    def recordings(self) -> RecordingStore:
        """The messages that callers have left."""
        ...

    @property
    def messages(self) -> MessageStore:
        """The texts."""
        ...

    @property
    def consents(self) -> ConsentStore:
        """Who wants texts."""
        ...

    @property
    def unclear(self) -> UnclearStore:
        """What was not understood."""
        ...

    @property
    def history(self) -> History:
        """What happened with citizens."""
        ...

    @property
    def accounts(self) -> AccountStore:
        """The accounts."""
        ...

    @property
    def audit(self) -> AuditStore:
        """The audit trail."""
        ...

    @property
    def work(self) -> WorkStore:
        """Notes, drafts, outcomes, flags."""
        ...

    @property
    def queues(self) -> QueueReader:
        """What waits, and who has what."""
        ...

    @property
    def looks(self) -> LookReader:
        """What open pages follow."""
        ...


BeginDesk = Callable[[], AbstractAsyncContextManager[DeskUnit]]
"""Opens a transaction; leaving the block commits, an exception rolls back."""
