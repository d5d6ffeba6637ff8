"""The pages of supervisors: drafts of the rule book, replays, notes to agents, the index of what was said.

Revision 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables
from guichet.console.said_tables import filling, making, undoing

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('rule_desk_drafts',
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('based_on', sa.Integer(), nullable=False),
    sa.Column('changed_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account'], ['accounts.id'], name=op.f('fk_rule_desk_drafts_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account', name=op.f('pk_rule_desk_drafts'))
    )
    op.create_table('rule_replays',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('draft', sa.String(length=64), nullable=False),
    sa.Column('against', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.Column('started_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_replays'))
    )
    with op.batch_alter_table('rule_replays', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rule_replays_account'), ['account'], unique=False)

    op.create_table('coaching_notes',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('author', sa.String(length=200), nullable=False),
    sa.Column('at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('read_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account'], ['accounts.id'], name=op.f('fk_coaching_notes_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coaching_notes'))
    )
    with op.batch_alter_table('coaching_notes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coaching_notes_account'), ['account'], unique=False)

    op.create_table('planned_presences',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('starts_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account'], ['accounts.id'], name=op.f('fk_planned_presences_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_planned_presences'))
    )
    with op.batch_alter_table('planned_presences', schema=None) as batch_op:
        batch_op.create_index('ix_planned_presences_account_starts_at', ['account', 'starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_planned_presences_ends_at'), ['ends_at'], unique=False)

    op.create_table('said',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('contact', sa.String(length=64), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('place', sa.String(length=64), nullable=False),
    sa.Column('at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('folded', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_said'))
    )
    with op.batch_alter_table('said', schema=None) as batch_op:
        batch_op.create_index('ix_said_contact_source_place', ['contact', 'source', 'place'], unique=False)

    dialect = op.get_bind().dialect.name
    for statement in (*making(dialect), *filling(dialect)):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take back."""
    for statement in undoing(op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)
    op.drop_table('said')
    op.drop_table('planned_presences')
    op.drop_table('coaching_notes')
    op.drop_table('rule_replays')
    op.drop_table('rule_desk_drafts')
