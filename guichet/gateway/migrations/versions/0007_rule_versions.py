"""rule_versions: the versions of the rule book.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'rule_versions',
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('author', sa.String(length=200), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('published_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column('in_force_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column('restores', sa.Integer(), nullable=True),
        sa.Column('withdrawn_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column('text', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('number', name=op.f('pk_rule_versions')),
    )
    op.create_index(op.f('ix_rule_versions_in_force_at'), 'rule_versions', ['in_force_at'], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f('ix_rule_versions_in_force_at'), table_name='rule_versions')
    op.drop_table('rule_versions')
