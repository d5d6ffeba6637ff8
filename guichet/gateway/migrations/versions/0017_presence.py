"""Presence of agents: reasons, time to write up, levels of skills, SIP addresses; attempts tell when was talked.

Revision 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

_FREE = sa.text('free_since IS NOT NULL')


def upgrade() -> None:
    """Apply.

    Columns are added one by one: on SQLite a batch would make `agents` anew, and take with it what refers to it.
    """
    _phone_of(20, 255)
    op.add_column('agents', sa.Column('levels', sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('agents', sa.Column('reason', sa.String(length=100), server_default=sa.text("''"), nullable=False))
    op.add_column('agents', sa.Column('until', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))
    op.add_column('agents', sa.Column('lengthened', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('agents', sa.Column('attempt', guichet.core.tables.identifier(), nullable=True))
    op.add_column('agents', sa.Column('afterwards', sa.String(length=16), nullable=True))
    op.add_column('agents', 
        sa.Column('afterwards_reason', sa.String(length=100), server_default=sa.text("''"), nullable=False)
    )
    op.add_column('agent_abilities', sa.Column('level', sa.Integer(), server_default=sa.text('2'), nullable=False))
    op.add_column('agent_abilities', sa.Column('free_since', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))
    op.create_index('ix_agent_abilities_agent_id', 'agent_abilities', ['agent_id'], unique=False)
    op.execute(
        "UPDATE agent_abilities SET free_since = (SELECT since FROM agents WHERE agents.id = agent_id)"
        " WHERE agent_id IN (SELECT id FROM agents WHERE presence = 'available')"
    )
    # Whoever writes up a call while this runs has no end of it kept: they are seen to at once.
    op.execute("UPDATE agents SET until = since WHERE presence = 'wrap_up'")
    op.create_index(
        'ix_agent_abilities_free',
        'agent_abilities',
        ['skill', 'language', sa.literal_column('level DESC'), 'free_since', 'agent_id'],
        unique=False,
        sqlite_where=_FREE,
        postgresql_where=_FREE,
    )
    op.create_table(
        'agent_presences',
        sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
        sa.Column('agent', guichet.core.tables.identifier(), nullable=False),
        sa.Column('presence', sa.String(length=16), nullable=False),
        sa.Column('reason', sa.String(length=100), nullable=False),
        sa.Column('attempt', guichet.core.tables.identifier(), nullable=True),
        sa.Column('at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_agent_presences')),
    )
    op.create_index('ix_agent_presences_agent_at', 'agent_presences', ['agent', 'at'], unique=False)
    op.add_column('requests', sa.Column('wanted', guichet.core.tables.identifier(), nullable=True))
    op.add_column('requests', sa.Column('passed_by', guichet.core.tables.identifier(), nullable=True))
    op.add_column('requests', 
        sa.Column('passed_note', sa.String(length=300), server_default=sa.text("''"), nullable=False)
    )
    op.add_column('attempts', sa.Column('bridged_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))
    op.add_column('attempts', sa.Column('wrapped_up_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE attempts SET bridged_at = (SELECT min(event.at) FROM request_events event"
        " WHERE event.request = attempts.request AND event.attempt = attempts.id AND event.after = 'bridged')"
    )
    _orders()
    op.create_table(
        'flags',
        sa.Column('id', guichet.core.tables.identifier(), nullable=False),
        sa.Column('subject', sa.String(length=96), nullable=False),
        sa.Column('kind', sa.String(length=16), nullable=False),
        sa.Column('note', sa.String(length=300), nullable=False),
        sa.Column('request', guichet.core.tables.identifier(), nullable=False),
        sa.Column('agent', guichet.core.tables.identifier(), nullable=False),
        sa.Column('at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column('expires_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column('lifted_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column('lifted_by', sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_flags')),
    )
    op.create_index('ix_flags_subject_expires_at', 'flags', ['subject', 'expires_at'], unique=False)
    op.create_table(
        'supervisors',
        sa.Column('number', sa.String(length=8), nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.Column('pin', sa.String(length=200), nullable=False),
        sa.Column('wrong', sa.Integer(), nullable=False),
        sa.Column('locked_until', guichet.core.tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column('disabled_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('number', name=op.f('pk_supervisors')),
    )
    op.create_table(
        'supervisor_calls',
        sa.Column('id', guichet.core.tables.identifier(), nullable=False),
        sa.Column('at', sa.String(length=16), nullable=False),
        sa.Column('step', sa.Integer(), nullable=False),
        sa.Column('number', sa.String(length=32), nullable=False),
        sa.Column('wrong', sa.Integer(), nullable=False),
        sa.Column('misses', sa.Integer(), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('choice', sa.Integer(), nullable=False),
        sa.Column('hours', sa.Integer(), nullable=False),
        sa.Column('changed_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_supervisor_calls')),
    )
    op.create_table(
        'supervisor_deeds',
        sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
        sa.Column('call', guichet.core.tables.identifier(), nullable=False),
        sa.Column('number', sa.String(length=16), nullable=False),
        sa.Column('deed', sa.String(length=16), nullable=False),
        sa.Column('at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column('message', guichet.core.tables.identifier(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_supervisor_deeds')),
    )


def downgrade() -> None:
    """Undo. Agents who are rung at a SIP address cannot be rung by the version before: they are taken out."""
    for name in ('supervisor_deeds', 'supervisor_calls', 'supervisors'):
        op.drop_table(name)
    op.drop_index('ix_flags_subject_expires_at', table_name='flags')
    op.drop_table('flags')
    op.drop_column('attempts', 'wrapped_up_at')
    op.drop_column('attempts', 'bridged_at')
    for name in ('passed_note', 'passed_by', 'wanted'):
        op.drop_column('requests', name)
    op.drop_index('ix_agent_presences_agent_at', table_name='agent_presences')
    op.drop_table('agent_presences')
    op.drop_index('ix_agent_abilities_free', table_name='agent_abilities')
    op.drop_index('ix_agent_abilities_agent_id', table_name='agent_abilities')
    op.drop_column('agent_abilities', 'free_since')
    op.drop_column('agent_abilities', 'level')
    op.execute("DELETE FROM agents WHERE phone LIKE 'sip%'")
    for name in ('afterwards_reason', 'afterwards', 'attempt', 'lengthened', 'until', 'reason', 'levels'):
        op.drop_column('agents', name)
    _phone_of(255, 20)


def _orders() -> None:
    """Make the indexes of the order anew on SQLite: a table made anew there has lost that priority goes downwards."""
    if op.get_bind().dialect.name != 'sqlite':
        return
    for name, first in (('ix_requests_one_order', ()), ('ix_requests_open_order', ('queue',))):
        op.drop_index(name, table_name='requests')
        op.create_index(
            name,
            'requests',
            [*first, 'state', sa.literal_column('priority DESC'), 'target_at', 'id'],
            unique=False,
            sqlite_where=sa.text('closed_at IS NULL'),
        )


def _phone_of(before: int, after: int) -> None:
    """Let telephones have so many letters.

    SQLite holds nobody to a length, and would have the table made anew, with everything that refers to it: its schema
    is told instead (https://www.sqlite.org/lang_altertable.html, section 7).
    """
    if op.get_bind().dialect.name != 'sqlite':
        op.alter_column('agents', 'phone', existing_type=sa.String(length=before), type_=sa.String(length=after))
        return
    version = op.get_bind().exec_driver_sql('PRAGMA schema_version').scalar_one()
    op.execute('PRAGMA writable_schema = ON')
    op.execute(
        f"UPDATE sqlite_master SET sql = replace(sql, 'phone VARCHAR({before})', 'phone VARCHAR({after})')"
        " WHERE type = 'table' AND name = 'agents'"
    )
    op.execute(f'PRAGMA schema_version = {version + 1}')
    op.execute('PRAGMA writable_schema = OFF')
