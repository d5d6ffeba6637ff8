"""The slot that a citizen was promised for their callback.

Revision ID: 0012
Revises: 0011
"""
import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

_HAS_SLOT = sa.text('closed_at IS NULL AND slot_at IS NOT NULL')


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.add_column(sa.Column('slot_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('slot_until', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index(
            'ix_requests_open_slots',
            ['queue', 'slot_at'],
            unique=False,
            sqlite_where=_HAS_SLOT,
            postgresql_where=_HAS_SLOT,
        )


def downgrade() -> None:
    """Undo. Callbacks keep the moment before which they are not made."""
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.drop_index('ix_requests_open_slots')
        batch_op.drop_column('slot_until')
        batch_op.drop_column('slot_at')
