"""Each kind is found, written and dictated, in both languages; what tells the matter stays."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.transcripts.redact import mask_text
from guichet.transcripts.redaction import runs
from guichet.transcripts.redaction.find import find
from guichet.transcripts.redaction.known import Known
from guichet.transcripts.redaction.numerals import Group

FR, EN = Language.FR, Language.EN
PERSONAL = [
    (FR, "appelez le +33 6 12 34 56 78", "appelez le [téléphone]"),
    (FR, "c'est le zéro six vingt deux quatre vingt dix soixante et onze zéro trois", "c'est le [téléphone]"),
    (FR, "au 06.12.34.56.78 ou au 01.42.34.56.78", "au [téléphone] ou au [téléphone]"),
    (FR, "06 12 34 56 78 et 01 42 34 56 78", "[téléphone] et [téléphone]"),
    (FR, "sécu 2 69 05 49 588 157 80", "sécu [numéro de sécurité sociale]"),
    (FR, "le 1 85 05 2A 006 048 22", "le [numéro de sécurité sociale]"),
    (FR, "mon numéro fiscal 30 23 217 600 053", "mon numéro fiscal [numéro fiscal]"),
    (FR, "carte 4970 1012 3456 7893 merci", "carte [carte bancaire] merci"),
    (FR, "iban FR76 3000 6000 0112 3456 7890 189 (BNP)", "iban [IBAN] (BNP)"),
    (FR, "cest jean point roche arobase mairie tiret exemple point fr", "cest [e-mail]"),
    (FR, "à claire@example.fr, merci", "à [e-mail], merci"),
    (FR, "j'habite douze bis rue des lilas soixante neuf zéro zéro six lyon", "j'habite [adresse]"),
    (FR, "au 3 rue du 8 mai 1945, 75012 Paris", "au [adresse]"),
    (FR, "je suis de 1948", "je suis de [date de naissance]"),
    (FR, "nés en 2015 et 2018", "nés en [date de naissance]"),
    (FR, "ma plaque est AB-123-CD", "ma plaque est [numéro]"),
    (FR, "dossier PC 075 112 24 V0031 refusé", "dossier [numéro de dossier] refusé"),
    (EN, "ring +44 7700 900123 or +1 (202) 555-0143", "ring [phone] or [phone]"),
    (EN, "my number is oh seven seven double oh nine hundred one two three", "my number is [phone]"),
    (EN, "NI number QQ 12 34 56 C", "NI number [social security number]"),
    (EN, "flat four twenty two baker street", "[address]"),
    (EN, "we live at 12 St. John's Road, Oxford OX1 1AA", "we live at [address]"),
    (EN, "postcode is s w one a two a a", "postcode is [address]"),
    (EN, "born on march third nineteen eighty five", "born on [date of birth]"),
    (EN, "mary underscore jones at yahoo dot co dot uk", "[email]"),
]
PIECES = (
    "my sons was were born on birthday is the first third twenty one of may march june 1985 85 2 12 eighty nineteen "
    "mon fils né née le premier trois vingt et un mai mars juin quatre-vingt-cinq an jour date naissance dossier "
    "numéro rue des lilas flat street lives at code postal s w 1 a zero double oh six 06 33 + . , - / : ' @ iban fr76 "
    "arobase point number phone carte bp cedex je m'appelle name"
)
PLAIN = [
    (FR, "le 14 juillet de 9h à 12h30, salle 204"),
    (FR, "j'attends depuis 2019 et mon fils a 18 mois"),
    (FR, "une amende de 135 euros, le 115 et le 3919 aussi"),
    (FR, "un trou dans la rue des Lilas, place du 11 novembre 1918"),
    (FR, "rendez-vous le lundi 12 mars 2026 à 14:30"),
    (FR, "il est mort le 3 avril 2020"),
    (FR, "trois quatre semaines, trois places de parking, deux cours de judo"),
    (FR, "la D907, le T2 et le bus 183, covid-19"),
    (FR, "des enfants de 4, 6 et 9 ans"),
    (FR, "entre huit heures et midi et de treize heures trente à dix sept heures"),
    (EN, "the nine fifteen bus from nine to twelve thirty"),
    (EN, "since twenty nineteen i looked at the site dot com page"),
    (EN, "bus one hundred and eighty three, room three oh five"),
]


@example(["my", "2", "sons", "were", "born", "on", "march", "third"], Language.EN)
@given(st.lists(st.sampled_from(PIECES.split()), max_size=12), st.sampled_from(Language))
def test_whatever_is_said_is_masked_in_order(said: list[str], language: Language) -> None:
    text = " ".join(said)
    found = find(text, language)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@pytest.mark.parametrize(
    ("language", "said", "stored"),
    [
        (
            FR,
            "mon dossier c'est deux mille vingt-quatre tiret l o g tiret cent vingt-trois",
            "mon dossier c'est [numéro de dossier]",
        ),
        (EN, "the reference is l o g dash one two three", "the reference is [file number]"),
        (FR, "bonjour je m'appelle Mohamed Benali et je déménage", "bonjour je m'appelle [nom] et je déménage"),
        (FR, "on m'appelle demain pour le rendez-vous", "on m'appelle demain pour le rendez-vous"),
        (EN, "my name is priya patel calling about my passport", "my name is [name] calling about my passport"),
        (EN, "my name is on the list", "my name is on the list"),
    ],
)
def test_joined_parts_of_a_number_and_names_that_people_give_are_found(
    language: Language, said: str, stored: str
) -> None:
    assert mask_text(said, language) == stored


@pytest.mark.parametrize(("language", "said", "stored"), PERSONAL)
def test_each_kind_is_found(language: Language, said: str, stored: str) -> None:
    assert mask_text(said, language) == stored


@pytest.mark.parametrize(("language", "said"), PLAIN)
def test_what_tells_the_matter_stays(language: Language, said: str) -> None:
    assert mask_text(said, language) == said


@pytest.mark.parametrize(
    ("record", "said", "stored"),
    [
        ("Claire Dubois", "dubois claire, d u b o i s", "[nom], [nom]"),
        ("Sylvie Petit", "un petit souci, signé madame petit", "un petit souci, signé madame [nom]"),
        ("Martine Lefèvre", "c'est madame le fèvre", "c'est madame [nom]"),
        ("Awa Koné", "monsieur Konné et Awa", "monsieur [nom] et [nom]"),
        ("Hélène de la Tour", "Hélène de la Tour, de la tour de guet", "[nom], de la tour de guet"),
        ("Jean-Paul Roche", "J.-P. Roche, oui", "[nom], oui"),
        ("John Smith", "rien", "rien"),
        ("", "rien", "rien"),
    ],
)
def test_names_on_record_are_found_as_people_say_them(record: str, said: str, stored: str) -> None:
    assert mask_text(said, FR, Known((record,))) == stored


@pytest.mark.parametrize(
    ("language", "said", "stored"),
    [
        (FR, "oui alors je m'appelle yves kerdual", "oui alors je m'appelle [nom]"),
        (FR, "madame de la rochefoucauld", "madame de la [nom]"),
        (FR, "non je veux parler à un agent", "non je veux parler à un agent"),
        (EN, "my name is grace o'hara", "my name is [name]"),
        (EN, "it's s m i t h", "it's [name]"),
        (EN, "i don't know", "i don't know"),
    ],
)
def test_a_name_that_was_asked_for_is_masked_on_record_or_not(language: Language, said: str, stored: str) -> None:
    assert mask_text(said, language, Known(is_asked=True)) == stored


def test_a_row_of_numbers_is_read_a_few_times_and_not_once_for_each_stroke(monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[int]()
    groups = runs.groups

    def counted(said: Sequence[str], language: Language) -> tuple[Group, ...]:
        read.append(len(said))
        return groups(said, language)

    monkeypatch.setattr(runs, "groups", counted)
    find("12/" * 200, Language.FR)
    assert 0 < sum(read) < 10 * 2 * 200
