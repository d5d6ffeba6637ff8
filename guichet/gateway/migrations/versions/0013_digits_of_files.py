"""the digits of a file's number, by which it is looked up.

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SHORTEST, LONGEST = 4, 40
"""As in `citizens.file_number`: fewer digits tell nothing."""
_files = sa.table("citizen_files", sa.column("number", sa.String), sa.column("digits", sa.String))


def digits(number: str) -> str:
    """Return the digits of a number, empty where they are too few."""
    found = "".join(sign for sign in number if sign in "0123456789")
    return found if SHORTEST <= len(found) <= LONGEST else ""


def upgrade() -> None:
    """Apply."""
    column = sa.Column("digits", sa.String(length=40), nullable=False, server_default="")
    op.add_column("citizen_files", column)
    connection = op.get_bind()
    update = sa.update(_files).where(_files.c.number == sa.bindparam("_number")).values(digits=sa.bindparam("_digits"))
    numbers = connection.execute(sa.select(_files.c.number).distinct()).scalars().all()
    for start in range(0, len(numbers), 1000):
        batch = [{"_number": number, "_digits": digits(number)} for number in numbers[start : start + 1000]]
        connection.execute(update, batch)
    op.create_index(op.f("ix_citizen_files_digits"), "citizen_files", ["digits"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_citizen_files_digits"), table_name="citizen_files")
    op.drop_column("citizen_files", "digits")
