"""Days that were measured, for pages of measures that answer at once; an index for the search by matter.

Revision 0025, after 0023.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0025'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('measured_days',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('by', sa.String(length=8), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('counted_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('counts', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'by', name=op.f('pk_measured_days'))
    )
    op.create_index('ix_requests_changed_at', 'requests', ['changed_at'], unique=False)
    is_about_something = sa.text('intent IS NOT NULL')
    op.create_index(
        'ix_contacts_intent_outcome',
        'contacts',
        ['intent', 'outcome'],
        unique=False,
        sqlite_where=is_about_something,
        postgresql_where=is_about_something,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index('ix_contacts_intent_outcome', table_name='contacts')
    op.drop_index('ix_requests_changed_at', table_name='requests')
    op.drop_table('measured_days')
