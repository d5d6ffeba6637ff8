"""Since when the carrier has a caller in its queue; tokens of streams name their turn and are no longer kept.

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
    with op.batch_alter_table('turns', schema=None) as batch_op:
        batch_op.drop_constraint('uq_turns_token', type_='unique')
        batch_op.drop_column('token')


def downgrade() -> None:
    """Undo. The streams that are open at this moment have no token to be known by, and nobody could guess these."""
    with op.batch_alter_table('turns', schema=None) as batch_op:
        batch_op.add_column(sa.Column('token', sa.String(length=64), nullable=False, server_default=''))
    op.execute("UPDATE turns SET token = call || '/' || number")
    with op.batch_alter_table('turns', schema=None) as batch_op:
        batch_op.alter_column('token', existing_type=sa.String(length=64), existing_nullable=False, server_default=None)
        batch_op.create_unique_constraint('uq_turns_token', ['token'])
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.drop_column('entered_at')
