"""what citizens said that was not understood.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TIME = guichet.core.tables.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "unclear_texts",
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("settled_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("contact", "turn", name=op.f("pk_unclear_texts")),
    )
    op.create_index(op.f("ix_unclear_texts_at"), "unclear_texts", ["at"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("unclear_texts")
