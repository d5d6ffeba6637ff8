import csv
import io
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from guichet.carrier.simulator.parties import Answers
from guichet.console.audit import Look
from guichet.console.charts import Series, bars, lines
from guichet.console.role import Role
from guichet.console.slices import cut
from guichet.routing.measures import Period
from tests.console.browsing import Visitor, signed_in
from tests.console.units import account
from tests.journeys.people import AHMED, CATHERINE, keys, person, says
from tests.journeys.world import World

PARIS = ZoneInfo("Europe/Paris")


def birth() -> Answers:
    return person(
        ("Dites en une phrase", says("je voudrais un acte de naissance")), ("date de naissance", keys("03031985"))
    )


@pytest.fixture
async def sam(any_world: World) -> Visitor:
    return await signed_in(any_world, account("sam", role=Role.SUPERVISOR))


async def test_measures_are_shown_by_queue_over_time_with_definitions(any_world: World, sam: Visitor) -> None:
    world = any_world
    assert "Aucun contact dans cette période." in (await sam.go("/console/measures")).words
    await world.call(CATHERINE, birth())
    await world.text(AHMED, "mon badge de cantine")
    page = await sam.go("/console/measures?by=queue&figure=needing")
    assert "État civil et élections" in page.words
    assert '<svg class="chart"' in page.text
    assert "Besoins d’agent au fil du temps" in page.words
    for by in ("all", "line", "matter", "channel", "hour", "day", "month"):
        page = await sam.go(f"/console/measures?by={by}")
        assert page.status == 200, by
    day = world.clock.now().date()
    page = await sam.go(f"/console/measures?by=channel&from={day}&to={day}&figure=contacts")
    assert "Appel 1 " in page.words
    assert "SMS 1 " in page.words


async def test_an_export_is_the_report_and_is_in_the_trail(any_world: World, sam: Visitor) -> None:
    await any_world.call(CATHERINE, birth())
    page = await sam.go("/console/measures/csv?by=matter")
    assert page.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(page.text)))
    assert [(row["kind"], row["key"], row["needing"]) for row in rows if row["needing"] != "0"] == [
        ("matter", "etat_civil_acte", "1"),
        ("all", "", "1"),
    ]
    await sam.go("/console/measures/publication")
    async with any_world.services.database.read() as unit:
        noted = await unit.audit.find(Look(action="measures.exported"))
    assert [one.subject for one in noted] == ["measures:publication", "measures:matter"]


async def test_the_page_to_publish_tells_figures_with_their_definitions(any_world: World, sam: Visitor) -> None:
    await any_world.call(CATHERINE, birth())
    page = await sam.go("/console/measures/publication")
    assert "1 contacts. 1 ont eu besoin d’un agent, dont 0 pris en charge, 1 en attente" in page.words
    assert "Pris en charge par un agent 0 %" in page.words
    assert "qui raccroche, renonce ou attend encore n’est pas pris en charge" in page.words


@pytest.mark.parametrize(
    "query", ["from=hier", "from=2026-03-02&to=2026-03-01", "by=agent", "figure=joie", "to=0001-01-01"]
)
async def test_what_cannot_be_measured_is_refused(any_world: World, sam: Visitor, query: str) -> None:
    assert (await sam.go(f"/console/measures?{query}")).status == 400


@pytest.mark.parametrize(("days", "slices"), [(1, 1), (14, 14), (15, 3), (98, 14), (365, 12)])
def test_a_period_is_cut_into_slices_that_make_it_up(days: int, slices: int) -> None:
    first = date(2026, 3, 1)
    found = cut(Period(first, first + timedelta(days=days - 1), PARIS))
    assert len(found) in {slices, slices + 1}
    assert found[0].first == first
    assert found[-1].last == first + timedelta(days=days - 1)
    for one, other in pairwise(found):
        assert other.first - one.last == timedelta(days=1)


def test_charts_escape_names_leave_gaps_and_stand_figures_beside_bars() -> None:
    chart = bars("<b>", ["a & b"], [Series("x", [None]), Series("y", [2.0])], [["–"], ["2"]])
    assert "&lt;b&gt;" in chart
    assert "a &amp; b" in chart
    assert "<b>" not in chart
    drawn = lines("t", ["1", "2", "3"], [Series("x", [1.0, None, 3.0])])
    assert drawn.count("<circle") == 2
    assert lines("t", [], []).startswith("<svg")
    assert lines("t", ["1"], [Series("x", [0.0])]).count("<circle") == 1
