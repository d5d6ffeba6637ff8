"""Journeys in both voice modes: turn by turn, where the carrier speaks, and over one stream, where we do."""

import pytest

from guichet.gateway.settings import VoiceMode

in_both_voices = pytest.mark.parametrize("voice_mode", list(VoiceMode), ids=lambda mode: mode.value)
"""Takes the place of the fixture `voice_mode`, whether or not the test names it."""
