"""the whole record of citizens, their files and mandates, imports that can be gone on with.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TIME = guichet.core.tables.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("citizens") as batch_op:
        batch_op.add_column(sa.Column("birth_place", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("other_emails", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("channel", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("notes", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("source", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("seen_in", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("left_at", _TIME, nullable=True))
    with op.batch_alter_table("citizen_phones") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=8), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "citizen_files",
        sa.Column("citizen_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("seen_in", sa.String(length=64), nullable=False),
        sa.Column("left_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("citizen_id", "number", name=op.f("pk_citizen_files")),
    )
    op.create_index(op.f("ix_citizen_files_number"), "citizen_files", ["number"], unique=False)
    op.create_index(op.f("ix_citizen_files_source"), "citizen_files", ["source"], unique=False)
    op.create_table(
        "citizen_mandates",
        sa.Column("citizen_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("holder_id", sa.String(length=64), nullable=True),
        sa.Column("holder_name", sa.String(length=200), nullable=False),
        sa.Column("holder_phone", sa.String(length=20), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("proof", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("seen_in", sa.String(length=64), nullable=False),
        sa.Column("left_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("citizen_id", "key", name=op.f("pk_citizen_mandates")),
    )
    for column in ("holder_id", "holder_phone", "source"):
        op.create_index(op.f(f"ix_citizen_mandates_{column}"), "citizen_mandates", [column], unique=False)
    op.create_table(
        "imports",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_source_imports_started_at"), "imports", ["source", "started_at"], unique=False)


def downgrade() -> None:
    """Take back what was added."""
    op.drop_table("imports")
    op.drop_table("citizen_mandates")
    op.drop_table("citizen_files")
    with op.batch_alter_table("citizen_phones") as batch_op:
        batch_op.drop_column("shared")
        batch_op.drop_column("kind")
    with op.batch_alter_table("citizens") as batch_op:
        for column in ("left_at", "seen_in", "source", "notes", "channel", "other_emails", "birth_place"):
            batch_op.drop_column(column)
