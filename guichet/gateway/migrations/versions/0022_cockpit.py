"""The pages of supervisors: drafts of the rule book and their replays.

Revision 0022, after 0015.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0022'
down_revision = '0015'
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


def downgrade() -> None:
    """Take back."""
    op.drop_table('rule_replays')
    op.drop_table('rule_desk_drafts')
