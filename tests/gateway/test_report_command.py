"""`guichet report`: a table in both languages, JSON, CSV, and what is refused."""

import asyncio
import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from guichet.core.language import Language
from guichet.gateway.cli import run
from guichet.gateway.sample_days import write
from guichet.gateway.services import open_database
from guichet.gateway.settings import load
from guichet.routing.measures import By, Measures, Period, Report
from guichet.routing.measures_in_words import report_as_csv, report_in_words
from guichet.routing.rule_book import RuleBook
from guichet.routing.sample_history import SampleHistory

UNTIL = datetime(2026, 3, 9, tzinfo=UTC)
BOOK = RuleBook.load()
DAYS = ["report", "--from", "2026-03-01", "--to", "2026-03-09"]


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a database with a week of a sample history."""
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path))

    async def fill() -> None:
        async with open_database(load()) as base:
            await base.upgrade()
            await write(base, BOOK, SampleHistory(BOOK, 5, 7, 400, UNTIL))

    asyncio.run(fill())


@pytest.mark.usefixtures("history")
def test_people_read_a_table_in_their_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*DAYS, "--by", "channel"]) == 0
    told = capsys.readouterr().out
    lines = told.splitlines()
    assert lines[0].startswith("Du 2026-03-01 au 2026-03-09 (Europe/Paris), tel que connu le ")
    assert lines[1] == "ATTENTION : 400 de ces contacts sont un historique d'exemple, inventé."
    assert [line.split()[0] for line in lines[4:8]] == ["canal", "SMS", "voix", "ensemble"]
    assert len({len(line) for line in lines[5:8]}) == 1
    assert "Voix et SMS : attente médiane" in told
    assert lines[-2].endswith("g de CO2e.")
    assert lines[-1].startswith("Hypothèses : 10 W par cœur occupé")
    assert run([*DAYS, "--by", "day", "--language", "en"]) == 0
    told = capsys.readouterr().out
    assert "Needing an agent: " in told
    assert "\n2026-03-02  " in told
    assert max(map(len, told.splitlines()[2:12])) <= 120


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("by", By)
def test_programs_read_the_same_figures_as_json_and_csv(
    by: By, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report.csv"
    assert run([*DAYS, "--by", by.value, "--json", "--csv", str(file)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["from"], told["to"], told["by"], told["all"]["contacts"]) == ("2026-03-01", "2026-03-09", by, 400)
    assert told["sobriety"]["calls"] == told["channels"]["voice"]["contacts"]
    assert set(told["sobriety"]["assumptions"]) == {"watts", "overhead", "grams_per_kwh", "text"}
    assert told["all"]["answer_rate"] == round(told["all"]["handled"] / told["all"]["needing"], 4)
    assert sum(row["needing"] for row in told["rows"]) == told["all"]["needing"]
    assert run([*DAYS, "--by", by.value, "--format", "csv"]) == 0
    assert capsys.readouterr().out == file.read_text("utf-8")
    *rows, whole = csv.DictReader(file.read_text("utf-8").splitlines())
    assert (whole["kind"], whole["contacts"]) == ("all", "400")
    assert [row["key"].removeprefix("'") for row in rows] == [str(row["key"]) for row in told["rows"] if by != By.ALL]
    assert float(whole["wait_mean_seconds"]) == told["all"]["wait_mean_seconds"]


@pytest.mark.usefixtures("history")
def test_without_days_it_is_the_last_thirty_where_the_administration_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    today = datetime.now(ZoneInfo(told["zone"])).date()
    assert date.fromisoformat(told["to"]) in {today, today - timedelta(days=1)}
    assert date.fromisoformat(told["to"]) - date.fromisoformat(told["from"]) == timedelta(days=30)


@pytest.mark.usefixtures("history")
def test_days_without_contacts_have_no_rates(capsys: pytest.CaptureFixture[str]) -> None:
    days = ["report", "--from", "2025-03-01", "--to", "2025-03-02"]
    assert run([*days, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["all"]["needing"], told["all"]["answer_rate"]) == ([], 0, None)
    assert run(days) == 0
    assert "0 pris en charge" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "mend"),
    [
        (["--from", "March"], "write it as 2026-03-31"),
        (["--from", "2026-03-05", "--to", "2026-03-04"], "swap them"),
        (["--from", "1990-03-05", "--to", "2026-03-04"], "ask for a shorter time"),
        (["--from", "0001-01-01", "--to", "0001-01-02"], "is long past"),
        (["--to", "9999-12-31"], "is far off"),
    ],
)
@pytest.mark.usefixtures("history")
def test_days_that_are_none_are_refused(asked: list[str], mend: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", *asked]) == 2
    told = capsys.readouterr().err
    assert mend in told
    assert len(told.splitlines()) == 1


def _report(rows: dict[str | int | date, Measures], whole: Measures) -> Report:
    period = Period(date(2026, 3, 1), date(2026, 3, 2), ZoneInfo("Europe/Paris"))
    return Report(period, UNTIL, By.LINE, whole, {}, rows)


def test_only_all_of_them_are_a_hundred_per_cent() -> None:
    whole = Measures(needing=100_000, handled=99_999, contacts=3, served=3)
    row = next(line for line in report_in_words(_report({}, whole), Language.EN) if line.startswith("all"))
    assert row.split()[1:5] == ["3", "100.0", "100000", "99.9"]


def test_a_spreadsheet_takes_no_key_for_a_formula() -> None:
    text = report_as_csv(_report({"+33199001010": Measures(), "=1+1": Measures()}, Measures()))
    assert [line.split(",")[3] for line in text.splitlines()[1:]] == ["'+33199001010", "'=1+1", ""]
