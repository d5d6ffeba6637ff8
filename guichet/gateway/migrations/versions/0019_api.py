"""The API and outgoing webhooks: tokens, answers kept for repeated requests, hooks, their topics and deliveries.

Revision ID: 0019
Revises: 0018
"""
import sqlalchemy as sa
from alembic import op

import guichet.core.tables

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

_MOMENT = guichet.core.tables.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'api_tokens',
        sa.Column('id', sa.String(length=64), nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('scopes', sa.JSON(), nullable=False),
        sa.Column('created_at', _MOMENT, nullable=False),
        sa.Column('expires_at', _MOMENT, nullable=True),
        sa.Column('last_used_at', _MOMENT, nullable=True),
        sa.Column('revoked_at', _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_api_tokens')),
    )
    op.create_table(
        'api_answers',
        sa.Column('token', sa.String(length=64), nullable=False),
        sa.Column('key', sa.String(length=200), nullable=False),
        sa.Column('fingerprint', sa.String(length=64), nullable=False),
        sa.Column('status', sa.Integer(), nullable=True),
        sa.Column('headers', sa.JSON(), nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('created_at', _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint('token', 'key', name=op.f('pk_api_answers')),
    )
    op.create_index(op.f('ix_api_answers_created_at'), 'api_answers', ['created_at'], unique=False)
    op.create_table(
        'hooks',
        sa.Column('id', sa.String(length=64), nullable=False),
        sa.Column('url', sa.String(length=500), nullable=False),
        sa.Column('secret', sa.String(length=100), nullable=False),
        sa.Column('created_at', _MOMENT, nullable=False),
        sa.Column('failing_since', _MOMENT, nullable=True),
        sa.Column('rests_until', _MOMENT, nullable=True),
        sa.Column('disabled_at', _MOMENT, nullable=True),
        sa.Column('disabled_why', sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hooks')),
    )
    op.create_table(
        'hook_topics',
        sa.Column('topic', sa.String(length=32), nullable=False),
        sa.Column('hook', sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(['hook'], ['hooks.id'], name=op.f('fk_hook_topics_hook'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('topic', 'hook', name=op.f('pk_hook_topics')),
    )
    op.create_table(
        'hook_deliveries',
        sa.Column('id', sa.String(length=64), nullable=False),
        sa.Column('hook', sa.String(length=64), nullable=False),
        sa.Column('event', sa.String(length=64), nullable=False),
        sa.Column('topic', sa.String(length=32), nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('created_at', _MOMENT, nullable=False),
        sa.Column('due_at', _MOMENT, nullable=True),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('tried_at', _MOMENT, nullable=True),
        sa.Column('status', sa.Integer(), nullable=True),
        sa.Column('error', sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(['hook'], ['hooks.id'], name=op.f('fk_hook_deliveries_hook'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hook_deliveries')),
    )
    op.create_index(op.f('ix_hook_deliveries_created_at'), 'hook_deliveries', ['created_at'], unique=False)
    op.create_index('ix_hook_deliveries_hook', 'hook_deliveries', ['hook', 'id'], unique=False)
    op.create_index('ix_hook_deliveries_state', 'hook_deliveries', ['hook', 'state'], unique=False)


def downgrade() -> None:
    """Undo."""
    for table in ('hook_deliveries', 'hook_topics', 'hooks', 'api_answers', 'api_tokens'):
        op.drop_table(table)
