"""contacts: what hearing them has cost.

Revision 0010, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('listened_seconds', sa.Float(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('cpu_seconds', sa.Float(), server_default='0', nullable=False))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.drop_column('cpu_seconds')
        batch_op.drop_column('listened_seconds')
