"""Texts that agents answer, what texts cost, surveys, overtakings, whom to ask for in a callback.

Revision ID: 0016
Revises: 0015
"""
import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

_IS_IN_HAND = sa.text("closed_at IS NULL AND state = 'offered'")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.add_column(sa.Column('overtook', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('ask_for', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('asked_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('relayed', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(
            'uq_requests_in_hand', ['agent'], unique=True, sqlite_where=_IS_IN_HAND, postgresql_where=_IS_IN_HAND
        )
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('encoding', sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column('cost', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('currency', sa.String(length=3), nullable=True))
        batch_op.add_column(sa.Column('leaves_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_messages_line_leaves_at', ['line', 'leaves_at'], unique=False)
        batch_op.create_index('ix_messages_created_at', ['created_at'], unique=False)
    op.create_table(
        'surveys',
        sa.Column('id', guichet.core.tables.identifier(), nullable=False),
        sa.Column('number', sa.String(length=20), nullable=False),
        sa.Column('citizen', guichet.core.tables.identifier(), nullable=True),
        sa.Column('request', guichet.core.tables.identifier(), nullable=True),
        sa.Column('contact', guichet.core.tables.identifier(), nullable=False),
        sa.Column('line', sa.String(length=20), nullable=False),
        sa.Column('channel', sa.String(length=8), nullable=False),
        sa.Column('intent', sa.String(length=64), nullable=False),
        sa.Column('queue', sa.String(length=64), nullable=False),
        sa.Column('language', sa.String(length=8), nullable=False),
        sa.Column('message', guichet.core.tables.identifier(), nullable=False),
        sa.Column('asked_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column('answered_at', guichet.core.tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column('score', sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_surveys')),
    )
    with op.batch_alter_table('surveys', schema=None) as batch_op:
        batch_op.create_index('ix_surveys_asked_at', ['asked_at'], unique=False)
        batch_op.create_index('ix_surveys_citizen', ['citizen', 'asked_at'], unique=False)
        batch_op.create_index('ix_surveys_number', ['number', 'asked_at'], unique=False)


def downgrade() -> None:
    """Undo: what texts have cost and what surveys found is lost."""
    op.drop_table('surveys')
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.drop_index('ix_messages_created_at')
        batch_op.drop_index('ix_messages_line_leaves_at')
        batch_op.drop_column('leaves_at')
        batch_op.drop_column('currency')
        batch_op.drop_column('cost')
        batch_op.drop_column('encoding')
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.drop_index('uq_requests_in_hand')
        batch_op.drop_column('relayed')
        batch_op.drop_column('asked_at')
        batch_op.drop_column('ask_for')
        batch_op.drop_column('overtook')
