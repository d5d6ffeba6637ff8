"""One transaction as every feature sees it: all stores on one connection."""

from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks.sql_attempts import SqlAttemptStore
from guichet.callbacks.sql_flags import SqlFlagStore
from guichet.callbacks.sql_store import SqlRequestStore
from guichet.citizens.contact_sql_store import SqlContactStore
from guichet.citizens.erased import SqlErasedStore
from guichet.citizens.import_store import SqlImportStore
from guichet.citizens.record_sql_store import SqlRecordStore
from guichet.citizens.sql_store import SqlCitizenStore
from guichet.console.account_sql_store import SqlAccountStore
from guichet.console.api.answers import SqlAnswerStore
from guichet.console.api.listing import SqlListing
from guichet.console.api.token_store import SqlTokenStore
from guichet.console.audit_sql_store import SqlAuditStore
from guichet.console.board_sql_store import SqlBoardStore
from guichet.console.friction_sql_store import SqlFrictionStore
from guichet.console.hooks.sql_store import SqlHookStore
from guichet.console.look_reader import LookReader
from guichet.console.queue_reader import QueueReader
from guichet.console.rule_draft_sql_store import SqlDraftStore
from guichet.console.said_sql_store import SqlSaidStore
from guichet.console.session_sql_store import SqlSessionStore, SqlTryStore
from guichet.console.team_sql_store import SqlTeamStore
from guichet.console.work_sql_store import SqlWorkStore
from guichet.core.clock import Clock
from guichet.gateway.kept_measures import KeptMeasures
from guichet.gateway.outbox import SqlOutbox
from guichet.gateway.sql_history import SqlHistory
from guichet.gateway.sql_measured_days import SqlMeasuredDays
from guichet.gateway.sql_measures import SqlMeasures
from guichet.gateway.told_stores import ToldContactStore, ToldRequestStore
from guichet.ivr.recording_sql_store import SqlRecordingStore
from guichet.ivr.sql_store import SqlCallStore
from guichet.ivr.supervisor_sql_store import SqlSupervisorStore
from guichet.routing.sql_agent_store import SqlAgentStore
from guichet.routing.sql_draft_shelf import SqlDraftShelf
from guichet.routing.sql_rule_version_store import SqlRuleVersionStore
from guichet.routing.sql_urgent_store import SqlUrgentStore
from guichet.routing.tables import intent_versions
from guichet.routing.unclear_store import SqlUnclearStore
from guichet.sms.sql_store import SqlConsentStore, SqlMessageStore
from guichet.sms.survey_sql_store import SqlSurveyStore
from guichet.transcripts.sql_store import SqlTranscriptStore


class SqlUnit:
    """The stores of one SQL transaction; it satisfies the `Unit` protocol of each feature."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self.connection = connection
        self._clock = clock

    @cached_property
    def jobs(self) -> SqlOutbox:
        """The outbox."""
        return SqlOutbox(self.connection, self._clock)

    @cached_property
    def citizens(self) -> SqlCitizenStore:
        """The citizens."""
        return SqlCitizenStore(self.connection)

    @cached_property
    def records(self) -> SqlRecordStore:
        """What belongs to citizens: files and mandates."""
        return SqlRecordStore(self.connection)

    @cached_property
    def imports(self) -> SqlImportStore:
        """How far each import of citizens is."""
        return SqlImportStore(self.connection)

    @cached_property
    def erased(self) -> SqlErasedStore:
        """Whom an import must not bring back."""
        return SqlErasedStore(self.connection)

    @cached_property
    def contacts(self) -> SqlContactStore:
        """The contacts; hooks are told of their ends."""
        return ToldContactStore(self.connection, self.hooks, self._clock)

    @cached_property
    def history(self) -> SqlHistory:
        """What happened with a citizen, on every channel."""
        return SqlHistory(self.connection)

    @cached_property
    def measures(self) -> SqlMeasures:
        """How well citizens were served."""
        return SqlMeasures(self.connection)

    @cached_property
    def measured_days(self) -> SqlMeasuredDays:
        """Days that were measured."""
        return SqlMeasuredDays(self.connection)

    @cached_property
    def kept_measures(self) -> KeptMeasures:
        """How well citizens were served, quickly: as old as it says."""
        return KeptMeasures(self.connection)

    @cached_property
    def transcripts(self) -> SqlTranscriptStore:
        """The transcripts."""
        return SqlTranscriptStore(self.connection, self._clock)

    @cached_property
    def unclear(self) -> SqlUnclearStore:
        """What was not understood."""
        return SqlUnclearStore(self.connection)

    @cached_property
    def agents(self) -> SqlAgentStore:
        """The agents."""
        return SqlAgentStore(self.connection)

    @cached_property
    def flags(self) -> SqlFlagStore:
        """The flags of incivility."""
        return SqlFlagStore(self.connection)

    @cached_property
    def supervisors(self) -> SqlSupervisorStore:
        """The supervisors by telephone."""
        return SqlSupervisorStore(self.connection)

    @cached_property
    def rule_versions(self) -> SqlRuleVersionStore:
        """The versions of the rule book."""
        return SqlRuleVersionStore(self.connection)

    @cached_property
    def intent_versions(self) -> SqlRuleVersionStore:
        """The versions of the intent book."""
        return SqlRuleVersionStore(self.connection, intent_versions)

    @cached_property
    def urgent_messages(self) -> SqlUrgentStore:
        """The urgent messages."""
        return SqlUrgentStore(self.connection)

    @cached_property
    def requests(self) -> SqlRequestStore:
        """The requests; hooks are told of their changes."""
        return ToldRequestStore(self.connection, self.hooks, self._clock)

    @cached_property
    def attempts(self) -> SqlAttemptStore:
        """The attempts."""
        return SqlAttemptStore(self.connection)

    @cached_property
    def calls(self) -> SqlCallStore:
        """The calls and their turns."""
        return SqlCallStore(self.connection)

    @cached_property
    def recordings(self) -> SqlRecordingStore:
        """The recorded messages."""
        return SqlRecordingStore(self.connection)

    @cached_property
    def messages(self) -> SqlMessageStore:
        """The texts."""
        return SqlMessageStore(self.connection)

    @cached_property
    def consents(self) -> SqlConsentStore:
        """Who wants texts, by purpose."""
        return SqlConsentStore(self.connection)

    @cached_property
    def surveys(self) -> SqlSurveyStore:
        """How citizens say that they were served."""
        return SqlSurveyStore(self.connection)

    @cached_property
    def audit(self) -> SqlAuditStore:
        """The audit trail."""
        return SqlAuditStore(self.connection)

    @cached_property
    def hooks(self) -> SqlHookStore:
        """Who is told of what happens."""
        return SqlHookStore(self.connection, self.jobs)

    @cached_property
    def tokens(self) -> SqlTokenStore:
        """What opens the API."""
        return SqlTokenStore(self.connection)

    @cached_property
    def answers(self) -> SqlAnswerStore:
        """Answers of the API kept for repeated requests."""
        return SqlAnswerStore(self.connection)

    @cached_property
    def listing(self) -> SqlListing:
        """Pages of rows."""
        return SqlListing(self.connection)

    @cached_property
    def accounts(self) -> SqlAccountStore:
        """The accounts of the console."""
        return SqlAccountStore(self.connection)

    @cached_property
    def sessions(self) -> SqlSessionStore:
        """The sessions of the console."""
        return SqlSessionStore(self.connection)

    @cached_property
    def tries(self) -> SqlTryStore:
        """The attempts to sign in to the console."""
        return SqlTryStore(self.connection)

    @cached_property
    def draft_shelf(self) -> SqlDraftShelf:
        """Named drafts of the rule book."""
        return SqlDraftShelf(self.connection)

    @cached_property
    def rule_drafts(self) -> SqlDraftStore:
        """Drafts of the rule book, and their replays."""
        return SqlDraftStore(self.connection)

    @cached_property
    def board(self) -> SqlBoardStore:
        """Who waits."""
        return SqlBoardStore(self.connection)

    @cached_property
    def said(self) -> SqlSaidStore:
        """What was said and written."""
        return SqlSaidStore(self.connection)

    @cached_property
    def team(self) -> SqlTeamStore:
        """Notes to agents, and planned presence."""
        return SqlTeamStore(self.connection)

    @cached_property
    def work(self) -> SqlWorkStore:
        """The work of agents on cases."""
        return SqlWorkStore(self.connection)

    @cached_property
    def queues(self) -> QueueReader:
        """What waits for agents, and what they have in hand."""
        return QueueReader(self.connection)

    @cached_property
    def looks(self) -> LookReader:
        """What open pages of the console follow."""
        return LookReader(self.connection)

    @cached_property
    def friction(self) -> SqlFrictionStore:
        """Where callers struggle."""
        return SqlFrictionStore(self.connection)
