"""callbacks: when and where they are made, the citizen's leg, the one order.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('citizen_call', sa.String(length=64), nullable=True))
        batch_op.create_index('uq_attempts_citizen_call', ['citizen_call'], unique=True)

    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.add_column(sa.Column('not_before', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('callback_number', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('warned_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index(
            'ix_requests_one_order',
            ['state', sa.literal_column('priority DESC'), 'target_at', 'id'],
            unique=False,
            sqlite_where=sa.text('closed_at IS NULL'),
            postgresql_where=sa.text('closed_at IS NULL'),
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.drop_index(
            'ix_requests_one_order',
            sqlite_where=sa.text('closed_at IS NULL'),
            postgresql_where=sa.text('closed_at IS NULL'),
        )
        batch_op.drop_column('warned_at')
        batch_op.drop_column('callback_number')
        batch_op.drop_column('not_before')

    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.drop_index('uq_attempts_citizen_call')
        batch_op.drop_column('citizen_call')
