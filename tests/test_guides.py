"""The guides of `docs/`: what they quote is what the program says and accepts."""

import re
from pathlib import Path

import pytest

from guichet.core.language import Bilingual, Language
from guichet.ivr import dangers, matters, script, slot_script
from guichet.routing.intent_book import IntentBook
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_warnings import warnings
from guichet.sms import replies, slot_replies

DOCS = Path(__file__).parent.parent / "docs"
GUIDES = [
    DOCS / f"{name}.md"
    for name in (
        "citizens",
        "dialogue",
        "measures",
        "mesures",
        "operating",
        "privacy",
        "regles",
        "rules",
        "simulator",
        "vie-privee",
    )
]


def _sentences() -> list[Bilingual]:
    """Return every fixed sentence of calls and texts."""
    fixed = [
        value for module in (script, slot_script, replies, slot_replies, dangers) for value in vars(module).values()
    ]
    gathered = [*fixed, *dangers.ADVICE.values(), *matters.NAMES.values()]
    return [value for value in gathered if isinstance(value, Bilingual)]


def _yaml(page: str) -> list[str]:
    """Return the YAML examples of a page."""
    return re.findall(r"```yaml\n(.*?)```", (DOCS / page).read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("language", Language)
def test_the_dialogue_page_quotes_every_sentence_as_spoken(language: Language) -> None:
    page = (DOCS / "dialogue.md").read_text("utf-8")
    assert [text.to(language) for text in _sentences() if text.to(language) not in page] == []


@pytest.mark.parametrize("page", ["rules.md", "regles.md"])
def test_the_example_books_of_a_guide_pass_the_checker(page: str) -> None:
    book, _holding, _conditions, intents = _yaml(page)
    assert warnings(RuleBook.parse(book)) == ()
    assert IntentBook.parse(intents).intents


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
