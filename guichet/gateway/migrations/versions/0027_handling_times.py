"""Recent handling times are found by when they ended.

Revision 0027, after 0026.
"""

from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index('ix_attempts_ended_at', 'attempts', ['ended_at'])


def downgrade() -> None:
    """Take back."""
    op.drop_index('ix_attempts_ended_at', table_name='attempts')
