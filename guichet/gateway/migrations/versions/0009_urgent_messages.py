"""urgent_messages: what every caller hears in an emergency, and emergency closures.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'urgent_messages',
        sa.Column('id', sa.String(length=64), nullable=False),
        sa.Column('fr', sa.Text(), nullable=False),
        sa.Column('en', sa.Text(), nullable=False),
        sa.Column('closes', sa.Boolean(), nullable=False),
        sa.Column('line', sa.String(length=20), nullable=True),
        sa.Column('author', sa.String(length=200), nullable=False),
        sa.Column('put_up_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column('expires_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column('taken_down_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_urgent_messages')),
    )
    op.create_index(op.f('ix_urgent_messages_expires_at'), 'urgent_messages', ['expires_at'], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f('ix_urgent_messages_expires_at'), table_name='urgent_messages')
    op.drop_table('urgent_messages')
