"""requests.put_off_until: callbacks that wait for an opening, and for nothing else.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.add_column(sa.Column('put_off_until', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.drop_column('put_off_until')
