"""Since when the carrier has a caller in its queue.

Revision ID: 0004
Revises: 0003
"""
import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.add_column(sa.Column('entered_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.drop_column('entered_at')
