"""Presence of agents: reasons, time to write up, levels of skills, SIP addresses; attempts tell when was talked.

Revision 0017, after 0014.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0017'
down_revision = '0014'
branch_labels = None
depends_on = None

_FREE = sa.text('free_since IS NOT NULL')


def upgrade() -> None:
    """Apply."""
    _phone_of(20, 255)
    with op.batch_alter_table('agents', schema=None) as batch_op:
        batch_op.add_column(sa.Column('levels', sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
        batch_op.add_column(sa.Column('reason', sa.String(length=100), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column('until', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('lengthened', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('attempt', guichet.core.tables.identifier(), nullable=True))
        batch_op.add_column(sa.Column('afterwards', sa.String(length=16), nullable=True))
        batch_op.add_column(
            sa.Column('afterwards_reason', sa.String(length=100), server_default=sa.text("''"), nullable=False)
        )
    with op.batch_alter_table('agent_abilities', schema=None) as batch_op:
        batch_op.add_column(sa.Column('level', sa.Integer(), server_default=sa.text('2'), nullable=False))
        batch_op.add_column(sa.Column('free_since', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))
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
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.add_column(sa.Column('wanted', guichet.core.tables.identifier(), nullable=True))
        batch_op.add_column(sa.Column('passed_by', guichet.core.tables.identifier(), nullable=True))
        batch_op.add_column(
            sa.Column('passed_note', sa.String(length=300), server_default=sa.text("''"), nullable=False)
        )
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('bridged_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('wrapped_up_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE attempts SET bridged_at = (SELECT min(event.at) FROM request_events event"
        " WHERE event.request = attempts.request AND event.attempt = attempts.id AND event.after = 'bridged')"
    )


def downgrade() -> None:
    """Undo. Agents who are rung at a SIP address cannot be rung by the version before: they are taken out."""
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.drop_column('wrapped_up_at')
        batch_op.drop_column('bridged_at')
    for name in ('passed_note', 'passed_by', 'wanted'):
        op.drop_column('requests', name)
    op.drop_index('ix_agent_presences_agent_at', table_name='agent_presences')
    op.drop_table('agent_presences')
    op.drop_index('ix_agent_abilities_free', table_name='agent_abilities')
    op.drop_index('ix_agent_abilities_agent_id', table_name='agent_abilities')
    with op.batch_alter_table('agent_abilities', schema=None) as batch_op:
        batch_op.drop_column('free_since')
        batch_op.drop_column('level')
    op.execute("DELETE FROM agents WHERE phone LIKE 'sip%'")
    for name in ('afterwards_reason', 'afterwards', 'attempt', 'lengthened', 'until', 'reason', 'levels'):
        op.drop_column('agents', name)
    _phone_of(255, 20)


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
