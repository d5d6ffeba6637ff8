"""Indexes for the report: requests by when they were opened, contacts by caller, requests of a contact.

Revision 0014, after 0013.
"""

from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index('ix_requests_opened_at', 'requests', ['opened_at'], unique=False)
    op.create_index('ix_request_contacts_contact', 'request_contacts', ['contact'], unique=False)
    op.create_index(op.f('ix_contacts_caller_contacts_started_at'), 'contacts', ['caller', 'started_at'], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f('ix_contacts_caller_contacts_started_at'), table_name='contacts')
    op.drop_index('ix_request_contacts_contact', table_name='request_contacts')
    op.drop_index('ix_requests_opened_at', table_name='requests')
