"""Turns that give more time: a text relay service speaks.

Revision 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('turns', sa.Column('grace', sa.Float(), server_default=sa.text('0'), nullable=False))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('turns') as batch_op:
        batch_op.drop_column('grace')
