"""Recent handling times are found by when they ended.

Revision 0021, after 0022.
"""

from alembic import op

revision = '0021'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index('ix_attempts_ended_at', 'attempts', ['ended_at'])


def downgrade() -> None:
    """Take back."""
    op.drop_index('ix_attempts_ended_at', table_name='attempts')
