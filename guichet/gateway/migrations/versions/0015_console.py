"""The console: its audit trail, accounts and sessions, and the work of agents on cases.

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


_IS_OPEN = sa.text('closed_at IS NULL')


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.create_index(
            'ix_requests_open_agent', ['agent'], unique=False, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN
        )

    op.create_table('accounts',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('login', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('password', sa.Text(), nullable=False),
    sa.Column('totp', sa.String(length=64), nullable=True),
    sa.Column('totp_step', sa.BigInteger(), nullable=False),
    sa.Column('recovery', sa.JSON(), nullable=False),
    sa.Column('agent', sa.String(length=64), nullable=True),
    sa.Column('openid', sa.String(length=400), nullable=True),
    sa.Column('created_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('disabled_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts')),
    sa.UniqueConstraint('agent', name=op.f('uq_accounts_agent')),
    sa.UniqueConstraint('login', name=op.f('uq_accounts_login')),
    sa.UniqueConstraint('openid', name=op.f('uq_accounts_openid'))
    )
    op.create_table('audit',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=96), nullable=False),
    sa.Column('action', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=96), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index('ix_audit_action', ['action', 'id'], unique=False)
        batch_op.create_index('ix_audit_actor', ['actor', 'id'], unique=False)
        batch_op.create_index('ix_audit_subject', ['subject', 'id'], unique=False)

    op.create_table('case_drafts',
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('request', sa.String(length=64), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('changed_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('account', 'request', name=op.f('pk_case_drafts'))
    )
    op.create_table('case_flags',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('request', sa.String(length=64), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('settled_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_flags'))
    )
    with op.batch_alter_table('case_flags', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_flags_request'), ['request'], unique=False)
        batch_op.create_index('ix_case_flags_unsettled', ['kind', 'at'], unique=False, sqlite_where=sa.text('settled_at IS NULL'), postgresql_where=sa.text('settled_at IS NULL'))

    op.create_table('case_notes',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('request', sa.String(length=64), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_notes'))
    )
    with op.batch_alter_table('case_notes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_notes_request'), ['request'], unique=False)

    op.create_table('case_outcomes',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('request', sa.String(length=64), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(length=32), nullable=False),
    sa.Column('next_step', sa.Text(), nullable=False),
    sa.Column('follow_up', sa.Date(), nullable=True),
    sa.Column('settled_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_outcomes'))
    )
    with op.batch_alter_table('case_outcomes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_outcomes_account'), ['account'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_outcomes_request'), ['request'], unique=False)

    op.create_table('login_attempts',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('succeeded', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_attempts'))
    )
    with op.batch_alter_table('login_attempts', schema=None) as batch_op:
        batch_op.create_index('ix_login_attempts_address', ['address', 'at'], unique=False)
        batch_op.create_index('ix_login_attempts_login', ['login', 'at'], unique=False)

    op.create_table('console_sessions',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('account', sa.String(length=64), nullable=False),
    sa.Column('stage', sa.String(length=16), nullable=False),
    sa.Column('created_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('seen_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('user_agent', sa.String(length=300), nullable=False),
    sa.Column('offered', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['account'], ['accounts.id'], name=op.f('fk_console_sessions_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_console_sessions'))
    )
    with op.batch_alter_table('console_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_console_sessions_account'), ['account'], unique=False)
        batch_op.create_index(batch_op.f('ix_console_sessions_expires_at'), ['expires_at'], unique=False)



def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('console_sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_console_sessions_expires_at'))
        batch_op.drop_index(batch_op.f('ix_console_sessions_account'))

    op.drop_table('console_sessions')
    with op.batch_alter_table('login_attempts', schema=None) as batch_op:
        batch_op.drop_index('ix_login_attempts_login')
        batch_op.drop_index('ix_login_attempts_address')

    op.drop_table('login_attempts')
    with op.batch_alter_table('case_outcomes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_outcomes_request'))
        batch_op.drop_index(batch_op.f('ix_case_outcomes_account'))

    op.drop_table('case_outcomes')
    with op.batch_alter_table('case_notes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_notes_request'))

    op.drop_table('case_notes')
    with op.batch_alter_table('case_flags', schema=None) as batch_op:
        batch_op.drop_index('ix_case_flags_unsettled', sqlite_where=sa.text('settled_at IS NULL'), postgresql_where=sa.text('settled_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_case_flags_request'))

    op.drop_table('case_flags')
    op.drop_table('case_drafts')
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_subject')
        batch_op.drop_index('ix_audit_actor')
        batch_op.drop_index('ix_audit_action')

    op.drop_table('audit')
    op.drop_table('accounts')
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.drop_index('ix_requests_open_agent')
