"""intent_versions: the versions of the intent book; an index of who lives where.

Revision 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'intent_versions',
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('author', sa.String(length=200), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('published_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column('in_force_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column('restores', sa.Integer(), nullable=True),
        sa.Column('withdrawn_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column('text', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('number', name=op.f('pk_intent_versions')),
    )
    op.create_index(op.f('ix_intent_versions_in_force_at'), 'intent_versions', ['in_force_at'], unique=False)
    op.create_index(
        op.f('ix_citizens_postcode_citizens_address'), 'citizens', ['postcode', 'address'], unique=False
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f('ix_citizens_postcode_citizens_address'), table_name='citizens')
    op.drop_index(op.f('ix_intent_versions_in_force_at'), table_name='intent_versions')
    op.drop_table('intent_versions')
