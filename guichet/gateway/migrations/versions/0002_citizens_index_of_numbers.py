"""citizens are found by an index of numbers; it is built anew.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

from guichet.citizens.citizen import Citizen
from guichet.citizens.postings import citizen_number, key_number
from guichet.citizens.search_keys import citizen_keys

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BATCH = 1000
_NAMED = ("id", "external_id", "given_names", "birth_name", "usual_name", "birth_date", "postcode")
_citizens = sa.table(
    "citizens",
    *(sa.column(name, sa.Date if name == "birth_date" else sa.String) for name in _NAMED),
    sa.column("number", sa.BigInteger),
)
_keys = sa.table("citizen_keys", sa.column("key", sa.BigInteger), sa.column("citizen", sa.BigInteger))


def upgrade() -> None:
    """Apply."""
    op.drop_table("citizen_keys")
    op.create_table(
        "citizen_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("citizen", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "citizen", name=op.f("pk_citizen_keys")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("citizens") as batch_op:
        batch_op.add_column(sa.Column("number", sa.BigInteger(), nullable=False, server_default="0"))
    _fill()
    with op.batch_alter_table("citizens") as batch_op:
        batch_op.alter_column("number", existing_type=sa.BigInteger(), server_default=None)
        batch_op.create_index(batch_op.f("ix_citizens_number"), ["number"], unique=False)


def _fill() -> None:
    """Number every citizen and index them."""
    connection, last = op.get_bind(), ""
    named = sa.select(*(_citizens.c[name] for name in _NAMED)).order_by(_citizens.c.id).limit(_BATCH)
    numbered = sa.update(_citizens).where(_citizens.c.id == sa.bindparam("_id")).values(number=sa.bindparam("_number"))
    while rows := connection.execute(named.where(_citizens.c.id > last)).mappings().all():
        people = [Citizen(**row) for row in rows]
        last = people[-1].id
        connection.execute(numbered, [{"_id": one.id, "_number": citizen_number(one.id)} for one in people])
        entries = {(key_number(key), citizen_number(one.id)) for one in people for key in citizen_keys(one)}
        if entries:
            connection.execute(sa.insert(_keys), [{"key": key, "citizen": number} for key, number in sorted(entries)])


def downgrade() -> None:
    """Take back: the former index is left empty; import again to fill it."""
    with op.batch_alter_table("citizens") as batch_op:
        batch_op.drop_index(batch_op.f("ix_citizens_number"))
        batch_op.drop_column("number")
    op.drop_table("citizen_keys")
    op.create_table(
        "citizen_keys",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("citizen_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("key", "citizen_id", name=op.f("pk_citizen_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_citizen_keys_citizen_id"), "citizen_keys", ["citizen_id"], unique=False)
