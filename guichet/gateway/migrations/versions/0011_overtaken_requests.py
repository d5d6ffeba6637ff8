"""Who is overtaken is counted by an index: the cost of a claim does not grow with those who wait.

Revision ID: 0011
Revises: 0010
"""
import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

_IS_OPEN = sa.text('closed_at IS NULL')


def upgrade() -> None:
    """Apply."""
    op.create_index(
        'ix_requests_open_by_opening',
        'requests',
        ['queue', 'state', 'opened_at'],
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index('ix_requests_open_by_opening', table_name='requests')
