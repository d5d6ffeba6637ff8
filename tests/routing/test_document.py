import pytest

from guichet.routing.document import FlawedDocument, Flaws, key_name, read


def refused(text: str) -> str:
    with pytest.raises(FlawedDocument) as caught:
        read(text)
    return str(caught.value)


def test_every_scalar_is_a_text() -> None:
    fields = read("tel: 0612345678\nreponse: no\nvide: ~\n").fields({"tel": "tel", "reponse": "r", "vide": "v"})
    assert [item.text() for item in fields.values()] == ["0612345678", "no", "~"]


@pytest.mark.parametrize("key", ["Un des", "un_des", "UN-DES", "un  des"])
def test_keys_are_read_whatever_their_capitals_accents_and_spaces(key: str) -> None:
    assert key_name(key) == "un_des"
    assert list(read(f"{key}: x").fields({"un_des": "any"})) == ["any"]


def test_an_unknown_key_is_refused_with_the_nearest_and_the_others_are_read() -> None:
    flaws = Flaws()
    known = {"horaires": "hours", "files": "queues"}
    fields = read("horaire: x\nfiles: y\n").fields(known, flaws)
    assert list(fields) == ["hours", "queues"], "what is mistyped is not told as missing too"
    with pytest.raises(FlawedDocument, match="line 1, column 1: unknown key 'horaire'; did you mean 'horaires'"):
        flaws.check()


def test_a_key_in_both_languages_is_given_once_only() -> None:
    with pytest.raises(FlawedDocument, match="line 2, column 1: 'hours' repeats another key"):
        read("horaires: x\nhours: y\n").fields({"horaires": "hours", "hours": "hours"})


def test_flaws_are_told_once_and_in_the_document_s_order() -> None:
    root = read("a: x\nb: y\n")
    (_, first), (_, second) = root.pairs()
    flaws = Flaws()
    for item in (second, first, second):
        flaws.attempt(item.items, None)
    with pytest.raises(FlawedDocument) as caught:
        flaws.check()
    assert [flaw.line for flaw in caught.value.flaws] == [1, 2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1, column 1: the document is empty"),
        ("a: [1, 2\nb: 3\n", "line 1, column 4: '[' is not closed by ']'"),
        ("a: b\nc: \x07\n", "line 2, column 4: there is an invisible character"),
        ("a: &x [1]\nb: *x\n", "line 1, column 4: YAML aliases"),
        ("a: &x [*x]\n", "YAML aliases"),
    ],
)
def test_what_is_no_document_is_refused_at_its_place(text: str, said: str) -> None:
    assert said in refused(text)


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000])
def test_a_document_nested_without_end_is_refused_and_crashes_nothing(text: str) -> None:
    assert "nested too deep" in refused(text)
