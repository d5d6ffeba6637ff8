"""Named drafts of the rule book; the one that an account's own draft was taken from.

Revision 0022, after 0020.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0022'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('rule_drafts',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('based_on', sa.Integer(), nullable=False),
    sa.Column('changed_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_rule_drafts'))
    )
    with op.batch_alter_table('rule_desk_drafts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('name', sa.String(length=60), server_default='', nullable=False))
        batch_op.add_column(sa.Column('revision', sa.Integer(), server_default='0', nullable=False))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('rule_desk_drafts', schema=None) as batch_op:
        batch_op.drop_column('revision')
        batch_op.drop_column('name')
    op.drop_table('rule_drafts')
