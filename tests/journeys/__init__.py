"""Whole calls and conversations through the simulated carrier, against the whole gateway."""

import pytest

pytest.register_assert_rewrite("tests.journeys.aftermath", "tests.journeys.world")
