"""Alembic's environment: it works on the connection that it is given by `guichet.gateway.migrations`."""

from alembic import context

import guichet.gateway.units  # noqa: F401  # brings every feature's tables
from guichet.core.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="guichet.core.tables.",
)
with context.begin_transaction():
    context.run_migrations()
