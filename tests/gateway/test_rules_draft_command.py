import json
from pathlib import Path

import pytest

from guichet.gateway.cli import run
from guichet.routing.rule_book import SAMPLE

TEXT = SAMPLE.read_text(encoding="utf-8")
SHORTER = TEXT.replace("    samedi: 9:00-12:00", "    samedi: fermé")


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "var"))
    assert run(["database", "upgrade"]) == 0
    Path("draft.yaml").write_text(SHORTER, encoding="utf-8")


def out(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert run(["rules", *arguments]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert run(["rules", *arguments]) == 2
    return capsys.readouterr().err


def test_a_draft_is_kept_checked_compared_replayed_and_published_by_its_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "« été » gardé" in out(capsys, "draft", "save", "été", "draft.yaml", "--note", "court", "--author", "Awa")
    (kept,) = json.loads(out(capsys, "draft", "list", "--json"))
    assert (kept["name"], kept["author"], kept["note"], kept["based_on"]) == ("été", "Awa", "court", 1)
    assert out(capsys, "draft", "show", "été") == SHORTER
    assert "0 avertissement" in out(capsys, "check", "@été")
    assert "horaires « mairie » : semaine" in out(capsys, "diff", "@été")
    assert "aucun contact" in out(capsys, "replay", "--draft", "@été")
    assert "version 2" in out(capsys, "publish", "@été", "--note", "l'été")
    assert "supprimé" in out(capsys, "draft", "delete", "été")
    assert json.loads(out(capsys, "draft", "list", "--json")) == []
    assert "guichet rules draft list" in refused(capsys, "draft", "show", "été")
    assert "guichet rules draft list" in refused(capsys, "publish", "@été", "--note", "x")
    assert "guichet rules draft list" in refused(capsys, "draft", "delete", "été")


def test_a_draft_begun_with_an_older_version_is_not_published_over_a_newer_one_unseen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out(capsys, "draft", "save", "été", "draft.yaml")
    Path("other.yaml").write_text(TEXT.replace("objectif: 2 h", "objectif: 3 h"), encoding="utf-8")
    out(capsys, "publish", "other.yaml", "--note", "plus long")
    assert "begun with version 1; 2 is in force" in out(capsys, "draft", "list", "--language", "en")
    told = refused(capsys, "publish", "@été", "--note", "l'été")
    assert "version 2 is in force by now, not 1" in told
    assert "--based-on 2" in told
    assert "version 3" in out(capsys, "publish", "@été", "--note", "l'été", "--based-on", "2")


def test_a_draft_of_another_is_written_over_only_once_it_was_seen(capsys: pytest.CaptureFixture[str]) -> None:
    out(capsys, "draft", "save", "été", "draft.yaml", "--author", "Awa")
    told = refused(capsys, "draft", "save", "été", "draft.yaml")
    assert "by Awa" in told
    assert "--over 1" in told
    again = out(capsys, "draft", "save", "été", "draft.yaml", "--over", "1", "--author", "Paul", "--json")
    assert (json.loads(again)["revision"], json.loads(again)["author"]) == (2, "Paul")
    refused(capsys, "draft", "save", "été", "draft.yaml", "--over", "1")


def test_a_draft_may_have_errors_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    Path("draft.yaml").write_text(TEXT.replace("fuseau: Europe/Paris", "fuseau: Lune"), encoding="utf-8")
    assert "guichet rules check @brut" in out(capsys, "draft", "save", "brut", "draft.yaml")
    told = refused(capsys, "check", "@brut")
    assert told.startswith("@brut:7:9: erreur : fuseau horaire inconnu")
    assert "does not begin with '@'" in refused(capsys, "draft", "save", "@brut", "draft.yaml")
