"""`guichet citizens show`, `history` and `undo-match`."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from guichet.citizens.contact import Channel, Contact
from guichet.core.ids import CitizenId, ContactId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.gateway.cli import run
from guichet.gateway.commands.citizens import SAMPLE
from guichet.gateway.services import open_database
from guichet.gateway.settings import load

LINE = PhoneNumber("+33199001010")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Give the test an installation of its own, with the sample citizens and a mandate."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "var"))
    (tmp_path / "m.csv").write_text(
        "identifiant;mandataire;qualité;portée;fin\nVC-0039;VC-0030;fille;aide_sociale;2999-12-31\n", "utf-8"
    )
    (tmp_path / "d.csv").write_text("identifiant;dossier;type;état\nVC-0039;A-1;APA;ouvert\n", "utf-8")
    (tmp_path / "m.toml").write_text(f'people.from = "{SAMPLE}"\nfiles.from = "d.csv"\nmandates.from = "m.csv"\n')
    assert run(["database", "upgrade"]) == 0
    assert run(["citizens", "import", "--mapping", "m.toml"]) == 0
    capsys.readouterr()


async def _add_contact(external_id: str) -> CitizenId:
    async with open_database(load()) as database, database.begin() as unit:
        citizen = await unit.citizens.by_external_id(external_id)
        assert citizen is not None
        contact = Contact(
            ContactId("con_1"),
            *(Channel.VOICE, "CA1", LINE, None, Language.FR, NOON),
            citizen=citizen.id,
            intent="aide_sociale",
            outcome="callback",
            file={"heard": "je voudrais une aide"},
        )
        await unit.contacts.add(contact)
    return citizen.id


def printed(capsys: pytest.CaptureFixture[str], *command: str) -> Any:
    assert run(["citizens", *command, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_record_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    odette = printed(capsys, "show", "VC-0039")
    assert (odette["phones"], odette["phone_kinds"]) == (["+262262190139"], ["home"])
    assert odette["files"] == [{"number": "A-1", "kind": "APA", "state": "ouvert", "left_at": None}]
    assert odette["mandates"] == [
        {
            "citizen": "VC-0039",
            "holder": "VC-0030",
            "holder_name": "Inès Fernandez",
            "role": "relative",
            "scope": ["aide_sociale"],
            "until": "2999-12-31",
            "proof": "",
            "in_force": True,
        }
    ]
    assert printed(capsys, "show", "VC-0030")["speaks_for"] == odette["mandates"]
    assert printed(capsys, "show", str(odette["id"])) == odette


def test_a_household_shares_a_number_or_the_address(capsys: pytest.CaptureFixture[str]) -> None:
    household = printed(capsys, "show", "VC-0001")["household"]
    assert {one["external_id"] for one in household} == {"VC-0002", "VC-0003"}
    assert run(["citizens", "show", "VC-0001"]) == 0
    assert "external_id VC-0002, name Julien Martin" in capsys.readouterr().out


def test_a_history_is_shown_and_a_match_undone(capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(_add_contact("VC-0001"))
    (entry,) = printed(capsys, "history", "VC-0001")["history"]
    assert (entry["what"], entry["id"], entry["outcome"]) == ("contact", "con_1", "callback")
    assert run(["citizens", "history", "VC-0001"]) == 0
    assert "contact  voice · aide_sociale · callback · je voudrais une aide" in capsys.readouterr().out
    assert run(["citizens", "undo-match", "con_1", "--by", "Awa", "--right", "VC-0002"]) == 0
    assert "undone; 0 requests moved, 0 opened" in capsys.readouterr().out
    assert printed(capsys, "history", "VC-0001")["history"] == []
    (entry,) = printed(capsys, "history", "VC-0002")["history"]
    assert entry["undone"][0]["by"] == "Awa"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["show", "VC-9999"], "nobody on record"),
        (["history", "VC-9999"], "nobody on record"),
        (["undo-match", "con_9", "--by", "Awa"], "no such contact"),
    ],
)
def test_whom_nobody_knows_is_one_line_and_exit_2(
    command: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["citizens", *command]) == 2
    assert said in capsys.readouterr().err
