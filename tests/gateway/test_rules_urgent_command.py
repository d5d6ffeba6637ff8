import json
from pathlib import Path

import pytest

from guichet.gateway.cli import run

TEXTS = ("--fr", "L'eau est coupée.", "--en", "There is no water.")


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test an installation of its own, with an empty database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "var"))
    assert run(["database", "upgrade"]) == 0


def urgent(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """Run a command; return what it prints, or its complaint."""
    capsys.readouterr()
    assert run(["rules", "urgent", *arguments]) == code
    told = capsys.readouterr()
    return told.err if code else told.out


def test_a_message_is_put_up_listed_and_taken_down(capsys: pytest.CaptureFixture[str]) -> None:
    assert "aucun message" in urgent(capsys, "list")
    message = json.loads(urgent(capsys, "put", "--for", "2 h", *TEXTS, "--author", "Awa", "--json"))
    assert (message["fr"], message["closes"], message["is_up"]) == ("L'eau est coupée.", False, True)
    assert "Awa: There is no water." in urgent(capsys, "list", "--language", "en")
    assert message["id"] in urgent(capsys, "end")
    (past,) = json.loads(urgent(capsys, "list", "--json"))
    assert past["taken_down_at"]
    assert not past["is_up"]


def test_a_closure_has_words_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    message = json.loads(urgent(capsys, "put", "--for", "45 min", "--close", "--json"))
    assert message["closes"]
    assert message["en"].startswith("Our services are closed")


def test_a_message_may_be_for_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    message = json.loads(urgent(capsys, "put", "--for", "1 h", "--line", "social", *TEXTS, "--json"))
    assert message["line"] == "+33199001020"
    complaint = urgent(capsys, "put", "--for", "1 h", "--line", "piscine", *TEXTS, code=2)
    assert "there are accueil, social, english" in complaint


@pytest.mark.parametrize(
    ("arguments", "way_out"),
    [
        (["put", "--for", "1 h", "--fr", "Oui"], "both languages"),
        (["put", "--for", "longtemps", *TEXTS], "write '45 min' or '4 h'"),
        (["put", "--for", "900 h", *TEXTS], "31 days"),
        (["put", "--for", "1 h", "--close", "--line", "social"], "every line"),
        (["end", "urg_1"], "guichet rules urgent list"),
        (["end"], "guichet rules urgent list"),
    ],
)
def test_what_is_wrong_is_told_with_the_way_out(
    capsys: pytest.CaptureFixture[str], arguments: list[str], way_out: str
) -> None:
    complaint = urgent(capsys, *arguments, code=2)
    assert way_out in complaint
    assert complaint.count("\n") == 1
