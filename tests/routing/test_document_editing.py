from hypothesis import given
from hypothesis import strategies as st

from guichet.routing.document import read
from guichet.routing.document_editing import Key, Nth, Place, append, find, key_of, put, remove, rename
from guichet.routing.document_writing import clean

BOTH = {"fr": "fr", "en": "en"}
TEXT = """\
# en tête
horaires:
  mairie:                     # la mairie
    lundi-vendredi: [8:30-12:00, 13:30-17:30]   # deux plages
    samedi: 9:00-12:00

lignes:
  - nom: accueil
    # le numéro que tout le monde connaît
    numero: 01 99 00 10 10
    accueil:
      fr: Bonjour.
      en: "Hello: you."   # à relire

  # la seconde
  - {nom: social, numero: 01 99 00 10 20}
messages:
  urgence:
    fr: >-
      Appelez le 112, ou écrivez
      au 114.
    # en anglais
    en: Call 112.
vide:
fin: c'est tout
"""


def at(*steps: str | int) -> Place:
    return tuple(Key(one, {one: one}, one) if isinstance(one, str) else one for one in steps)


def value(text: str, place: Place) -> str | None:
    found = find(read(text), place)
    return None if found is None else found.text()


def test_a_text_is_written_over_in_its_own_quotes_and_nothing_else_changes() -> None:
    changed = put(TEXT, at("lignes", 0, "accueil", "en"), 'Hi "all"')
    assert changed == TEXT.replace('"Hello: you."', '"Hi \\"all\\""')
    changed = put(TEXT, at("lignes", 0, "accueil", "fr"), "Bonsoir : oui")
    assert changed == TEXT.replace("fr: Bonjour.", 'fr: "Bonsoir : oui"')


def test_a_folded_text_stays_folded() -> None:
    long = "Appelez tout de suite le 112 ou le 15 " * 6
    changed = put(TEXT, at("messages", "urgence", "fr"), clean(long))
    assert value(changed, at("messages", "urgence", "fr")) == clean(long)
    assert "fr: >-\n      Appelez" in changed
    assert "    # en anglais\n    en: Call 112.\n" in changed
    assert max(map(len, changed.splitlines())) <= 110


def test_a_list_becomes_a_text_and_back() -> None:
    place = (*at("horaires", "mairie"), Nth(0))
    one = put(TEXT, place, "9:00-12:00")
    assert one == TEXT.replace("[8:30-12:00, 13:30-17:30]", "9:00-12:00")
    two = put(TEXT, (*at("horaires", "mairie"), Nth(1)), ["9:00-12:00", "14:00-16:00"])
    assert two == TEXT.replace("samedi: 9:00-12:00", "samedi: [9:00-12:00, 14:00-16:00]")


def test_a_missing_key_comes_behind_the_last_one_in_the_style_of_what_is_there() -> None:
    changed = put(TEXT, at("lignes", 0, "secours"), "01 99 00 10 99")
    assert "# à relire\n    secours: 01 99 00 10 99\n\n  # la seconde" in changed
    changed = put(TEXT, at("lignes", 1, "accueil", "fr"), "Bonjour, vous")
    assert '{nom: social, numero: 01 99 00 10 20, accueil: {fr: "Bonjour, vous"}}' in changed
    changed = put(TEXT, at("messages", "ferme", "fr"), "Fermé.")
    assert "en: Call 112.\n  ferme:\n    fr: Fermé.\nvide:" in changed
    assert put(TEXT, at("vide"), "non") == TEXT.replace("vide:", "vide: non")
    assert put(TEXT, at("vide", "fr"), "non") == TEXT.replace("vide:", "vide: {fr: non}")


def test_what_is_taken_out_takes_its_line_and_what_it_empties() -> None:
    assert remove(TEXT, at("lignes", 0, "numero")) == TEXT.replace("    numero: 01 99 00 10 10\n", "")
    assert remove(TEXT, at("lignes", 1, "nom")) == TEXT.replace("nom: social, ", "")
    assert remove(TEXT, at("lignes", 1, "numero")) == TEXT.replace(", numero: 01 99 00 10 20", "")
    assert remove(TEXT, at("lignes", 1)) == TEXT.replace("  - {nom: social, numero: 01 99 00 10 20}\n", "")
    without = remove(remove(TEXT, at("lignes", 0, "accueil", "fr")), at("lignes", 0, "accueil", "en"))
    assert find(read(without), at("lignes", 0, "accueil")) is None
    assert remove(TEXT, at("nulle_part")) == TEXT
    assert remove("- a: 1\n  b: 2\n", at(0, "a")) == "- b: 2\n"
    assert remove("- a: 1\n  # b\n  b: 2\n", at(0, "a")) == "- \n  # b\n  b: 2\n"


def test_an_element_comes_behind_the_last_one() -> None:
    changed = append(TEXT, at("lignes"), {"nom": "nuit", "accueil": {"fr": "Bonne nuit", "en": "Good night"}})
    assert "10 20}\n  - nom: nuit\n    accueil:\n      fr: Bonne nuit\n      en: Good night\nmessages:" in changed
    assert append("a: [b]\n", at("a"), "c") == "a: [b, c]\n"
    assert append("a: []\n", at("a"), "c") == "a: [c]\n"
    assert append("a:\n- b\nc: d\n", at("a"), "e") == "a:\n- b\n- e\nc: d\n"
    assert append("a: b\n", at("c"), {"le": "2026-12-24"}) == "a: b\nc:\n  - le: 2026-12-24\n"
    long = "a: [" + ", ".join(f"nom_{number}" for number in range(14)) + "]\n"
    assert append(long, at("a"), "dernier").endswith(",\n    dernier]\n")


def test_a_key_is_written_anew() -> None:
    place = (*at("horaires", "mairie"), Nth(1))
    assert rename(TEXT, place, "samedi, dimanche") == TEXT.replace("samedi:", "samedi, dimanche:")
    renamed = key_of(read(rename(TEXT, place, "le: soir")), place)
    assert renamed
    assert renamed.text() == "le: soir"


PLACES = st.sampled_from(
    [
        at("lignes", 0, "accueil", "fr"),
        at("lignes", 0, "accueil", "en"),
        at("lignes", 0, "secours"),
        at("lignes", 1, "nom"),
        at("lignes", 1, "accueil", "en"),
        at("messages", "urgence", "fr"),
        at("messages", "ferme", "en"),
        at("vide"),
        (*at("horaires", "mairie"), Nth(0)),
        at("nouveau", "en"),
    ]
)


@given(st.lists(st.tuples(PLACES, st.text(min_size=1).map(clean).filter(bool)), max_size=5))
def test_whatever_is_written_reads_back_and_no_comment_is_lost(changes: list[tuple[Place, str]]) -> None:
    text, last = TEXT, dict[Place, str]()
    for place, words in changes:
        text = put(text, place, words)
        last[place] = words
    for place, words in last.items():
        assert value(text, place) == words
    for comment in (
        "# en tête",
        "# la mairie",
        "# deux plages",
        "    # le numéro que tout le monde connaît",
        "# à relire",
    ):
        assert comment in text
    for untouched in {at("fin"), at("lignes", 0, "numero"), at("lignes", 1, "numero"), at("messages", "urgence", "en")}:
        assert value(text, untouched) == value(TEXT, untouched)
