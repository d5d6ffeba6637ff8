"""intent_versions: the versions of the intent book; privacy_events: the trail; an index of who lives where.

Revision 0020, after 0014.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0020'
down_revision = '0014'
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
    op.create_table(
        'privacy_events',
        sa.Column('id', sa.String(length=64), nullable=False),
        sa.Column('kind', sa.String(length=8), nullable=False),
        sa.Column('at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column('by', sa.String(length=200), nullable=False),
        sa.Column('counts', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_privacy_events')),
    )
    op.create_index(op.f('ix_privacy_events_at'), 'privacy_events', ['at'], unique=False)
    op.create_index(
        op.f('ix_citizens_postcode_citizens_address'), 'citizens', ['postcode', 'address'], unique=False
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f('ix_citizens_postcode_citizens_address'), table_name='citizens')
    op.drop_index(op.f('ix_privacy_events_at'), table_name='privacy_events')
    op.drop_table('privacy_events')
    op.drop_index(op.f('ix_intent_versions_in_force_at'), table_name='intent_versions')
    op.drop_table('intent_versions')
