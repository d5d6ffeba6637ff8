"""whom an import must not bring back, as keyed digests.

Revision 0026, after 0025.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "erased_citizens",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_erased_citizens")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("erased_citizens")
