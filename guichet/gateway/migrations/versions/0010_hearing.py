"""contacts: what hearing them has cost; recorded messages.

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('listened_seconds', sa.Float(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('cpu_seconds', sa.Float(), server_default='0', nullable=False))

    op.create_table(
        'recordings',
        sa.Column('id', guichet.core.tables.identifier(), nullable=False),
        sa.Column('contact', guichet.core.tables.identifier(), nullable=False),
        sa.Column('call', guichet.core.tables.identifier(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('announced_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column('seconds', sa.Integer(), nullable=True),
        sa.Column('state', sa.String(length=12), nullable=False),
        sa.Column('worked', sa.Float(), nullable=False),
        sa.Column('words', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(length=200), nullable=False),
        sa.Column('deleted_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column('kept_until', guichet.core.tables.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_recordings')),
        sa.UniqueConstraint('contact', 'place', name=op.f('uq_recordings_contact_place')),
    )
    with op.batch_alter_table('recordings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recordings_kept_until'), ['kept_until'], unique=False)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('recordings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recordings_kept_until'))
    op.drop_table('recordings')
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.drop_column('cpu_seconds')
        batch_op.drop_column('listened_seconds')
