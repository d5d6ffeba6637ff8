"""Mistakes that supervisors make: each is told at its line, with what is wrong and what would be right."""

import pytest

from guichet.routing.document import Flaw, FlawedDocument
from guichet.routing.rule_book import RuleBook, read_text

SAMPLE = read_text()
_ANSWER = SAMPLE[SAMPLE.index("    reponse:\n") : SAMPLE.index("  - nom: Un agent demandé et libre")]
_GREETING = SAMPLE[SAMPLE.index("    accueil:\n") : SAMPLE.index("  - nom: social\n    numero")]

MISTAKES = [
    # keys and words mistyped
    ("horaires:\n", "horares:\n", "clé inconnue « horares » ; vouliez-vous « horaires »", "did you mean 'horaires'"),
    ("    secours: 01", "    secour: 01", "vouliez-vous « secours »", "unknown key 'secour'"),
    ("    objectif: 4 h", "    objetif: 4 h", "vouliez-vous « objectif »", "did you mean 'objectif'"),
    ("    alors: reponse", "    alor: reponse", "vouliez-vous « alors »", "unknown key 'alor'"),
    ("{demande: horaires", "{demnde: horaires", "vouliez-vous « demande »", "unknown field 'demnde'"),
    ("alors: reponse", "alors: reponce", "vouliez-vous « reponse »", "unknown outcome"),
    ("alors: reponse", "alors: transfert",
     "on peut écrire : reponse, agent, rappel, urgence", "known: answer, agent, call"),
    ("  file: accueil", "  file: acueil", "vouliez-vous « accueil »", "unknown queue 'acueil'"),
    ("  file: accueil", "  file: mairie_annexe", "on peut écrire : accueil, etat_civil", "known: accueil, etat_civil"),
    ("    horaires: social", "    horaires: sociale", "vouliez-vous « social »", "unknown hours 'sociale'"),
    ("    langue: fr", "    langue: espagnol", "on peut écrire : fr, en", "known: "),
    ("    langue: fr", "    no: fr", "clé inconnue « no »", "unknown key 'no'"),
    ("metropole ", "france ", "on peut écrire : metropole, alsace_moselle", "known: "),
    ("veut_agent: non", "veut_agent: peut-être",
     "ni oui ni non : « peut-être » ; on peut écrire : oui, non", "known: yes, no"),
    ("- ouvert: oui", "- ligne: acceuil", "vouliez-vous « accueil »", "unknown line"),
    ("- ouvert: oui", "- canal: courriel", "on peut écrire : voix, texte", "known: voice, sms"),
    ("- ouvert: oui", "- certitude: moyenne",
     "on peut écrire : sure, a_verifier, inconnue", "known: sure, check, unknown"),
    ("{horaires}.", "{horaire}.", "on peut écrire {horaires}", "may be used"),
    ("{opening}", "{open}", "{ouverture}, {opening}", "unknown blank {open}"),
    # what YAML cannot read
    ("    langue: fr", "\tlangue: fr", "remplacez-la par des espaces", "replace it with spaces"),
    ("    lundi-vendredi: [8:30-12:00, 13:30-17:30]\n    samedi", "\tlundi: 8h-12h\n    samedi", "tabulation", "a tab"),
    ("    langue: fr", "   langue: fr", "alignez-la avec celles du même niveau", "align it with those of its level"),
    ("    langue: fr\n", "      langue: fr\n", "alignez-les", "align them"),
    ("    langue: fr", "    langue:fr", "deux-points puis une espace", "a colon and a space"),
    ("    langue: fr", "    langue： fr", "deux-points puis une espace", "a colon and a space"),
    ("    langue: fr", "\u00a0\u00a0\u00a0\u00a0langue: fr", "espace insécable", "no-break space"),
    ("13:30-17:30]\n    samedi", "13:30-17:30\n    samedi",
     "« [ » n'est pas refermé par « ] »", "'[' is not closed by ']'"),
    ('again {opening}."', "again {opening}.", "ce guillemet n'est pas refermé", "this quote is not closed"),
    ("{fr: Accueil", "{fr: @Accueil", "ne commence pas par « @ »", "does not begin with '@'"),
    ("{fr: Accueil", "{fr: %Accueil", "mettez-le entre guillemets", "put it into quotes"),
    ("fr: Bonjour, vous êtes à la mairie de V", "fr: Bonjour : la mairie de V", "contient « : »", "contains ': '"),
    ("fr: Bonjour, vous êtes à la mairie de V", 'fr: "Bonjour", la mairie de V', "tout le texte", "whole text into"),
    ("{fr: fêtes de fin", "{fr: 'fêtes d'hiver' de fin", "tout le texte entre guillemets", "whole text into quotes"),
    ("metropole ", "metro\x07pole ", "caractère invisible (U+0007)", "invisible character (U+0007)"),
    ("{fr: Accueil, en", "{fr: Accueil, bureau, en",
     "clé inconnue « bureau » ; on peut écrire : fr, en", "unknown key"),
    # twice
    ("    langue: fr", "    langue: fr\n    langue: fr",
     "déjà donnée ligne 26 ; gardez-en une", "given on line 26 already"),
    ("    langue: fr", "    langue: fr\n    language: fr", "répète une autre clé ; gardez-en", "repeats another key"),
    ("  - nom: etat_civil", "    nom: etat_civil", "« nom » est déjà donnée ligne 51", "given on line 51"),
    ("01 99 00 10 20", "01 99 00 10 10", "« +33199001010 » est déjà pris ligne 24", "already taken on line 24"),
    ("nom: Nuisances, un agent libre", "nom: Horaires et adresse", "est déjà pris ligne 82", "taken on line 82"),
    ("[aide_sociale, logement_social, apa_personne_agee, handicap_mdph]\n  - nom", "[reclamation]\n  - nom",
     "« reclamation » est déjà pris ligne 51", "taken on line 51"),
    # hours, dates, durations
    ("9:00-12:00", "9:00-25:00", "écrivez « 8:30-12:00 »", "write '8:30-12:00'"),
    ("9:00-12:00", "9:00-9:00", "plage horaire illisible", "unreadable range"),
    ("9:00-12:00", "le matin", "ou « fermé »", "or 'closed'"),
    ("9:00-12:00", "9.00-12.00", "écrivez « 8:30-12:00 »", "unreadable range"),
    ("9:00-12:00", "32400", "écrivez « 8:30-12:00 »", "unreadable range"),
    ("13:30-17:30]", "11:30-17:30]", "l'une commence à 11:30", "one starts at 11:30"),
    ("    samedi:", "    samdi:", "jour inconnu ; écrivez « lundi »", "unknown day; write 'Monday'"),
    ("    samedi: 9", "    vendredi: 9", "mettez ses plages sur une ligne", "put its ranges on one line"),
    ("2026-12-26", "31/02/2027", "« 24/12/2026 »", "unreadable date; write '2026-12-24'"),
    ("2026-12-26", "26 décembre", "date illisible", "unreadable date"),
    ("au: 2026-12-26", "au: 2026-12-23", "« au » vient après « du »", "'to' comes after 'from'"),
    ("    au: 2026-12-26\n", "", "une date « le », ou deux : « du » et « au »", "one date 'on', or two"),
    ("Europe/Paris", "Paris", "écrivez « Europe/Paris »", "write 'Europe/Paris'"),
    ("Europe/Paris", "Cayenne", "écrivez « America/Cayenne »", "write 'America/Cayenne'"),
    ("Europe/Paris", "UTC+1", "fuseau horaire inconnu", "unknown time zone"),
    ("    objectif: 8 h", "    objectif: bientôt", "écrivez « 30 min » ou « 4 h »", "write '30 min' or '4 h'"),
    ("erreur: 24 h", "erreur: demain", "durée illisible", "unreadable duration"),
    ("- ouvert: oui", "- {champ: heure, operateur: avant, valeur: 25:30}", "comme « 8:30 »", "such as '8:30'"),
    ("- ouvert: oui", "- {champ: heure, operateur: apres, valeur: 8h}", "avant, a_partir_de", "before, from"),
    ("- ouvert: oui", "- {champ: ouvert, operateur: entre, valeur: oui}", "que pour l'heure", "for the hour only"),
    ("- ouvert: oui", "- {champ: ouvert}", "« champ », « operateur » et « valeur »", "'field', 'operator' and 'value'"),
    # what is missing, or no value of its kind
    ("    numero: 01 99 00 10 10\n", "", "il manque « numero »", "'number' is missing"),
    ("01 99 00 10 10", "01 99 00 10", "écrivez « 01 99 00 12 34 »", "write '01 99 00 12 34'"),
    (_GREETING, "    accueil: Bonjour\n", "« {fr: …, en: …} »", "two languages"),
    ("      en: Hello, this is the town hall of Valmont-sur-Lise.\n", "", "texte en anglais (en)", "English text (en)"),
    ("priorite: 20", "priorite: haute", "une priorité va de 0 à 100", "from 0 to 100"),
    ("priorite: 20", "priorite: 200", "une priorité va de 0 à 100", "from 0 to 100"),
    ("essais: 4", "essais: beaucoup", "va de 1 à 20", "1 to 20"),
    ("0,0725 EUR", "gratuit", "écrivez « 0,0725 EUR »", "write '0.0725 EUR'"),
    ("nom: etat_civil", "nom: État civil", "écrivez-le « etat_civil »", "write it 'etat_civil'"),
    ("{demande: horaires_adresse", "{demande: Horaires adresse",
     "vouliez-vous « horaires_adresse »", "'horaires_adresse'"),
    ("    alors: reponse\n" + _ANSWER, "    alors: rappel\n    reponse: Oui\n\n", "deux langues", "two languages"),
    ("si: {demande: horaires_adresse, veut_agent: non}", "si: toujours", "s'écrit « champ: valeur »", "'field: value'"),
    ("    si: {demande: horaires_adresse, veut_agent: non}\n", "", "il manque « si »", "'if' is missing"),
]  # fmt: skip


def flaws(text: str) -> tuple[Flaw, ...]:
    with pytest.raises(FlawedDocument) as refused:
        RuleBook.parse(text)
    return refused.value.flaws


@pytest.mark.parametrize(("right", "wrong", "fr", "en"), MISTAKES)
def test_a_mistake_is_told_where_it_is_with_what_would_be_right(right: str, wrong: str, fr: str, en: str) -> None:
    assert right in SAMPLE
    changed = SAMPLE.replace(right, wrong, 1)
    told = flaws(changed)
    found = [one for one in told if fr in one.text.fr]
    assert found, [one.text.fr for one in told]
    assert any(en in one.text.en for one in found), [one.text.en for one in told]
    first = SAMPLE[: SAMPLE.index(right)].count("\n") + 1
    assert any(first - 6 <= one.line <= first + wrong.count("\n") + 7 for one in found), [one.line for one in told]
    assert len(told) <= 6, "one mistake is not told many times"


@pytest.mark.parametrize(
    ("text", "line", "fr", "en"),
    [
        ("", 1, "le document est vide", "the document is empty"),
        ("# rien\n", 1, "le document est vide", "the document is empty"),
        ("bonjour\n", 1, "des lignes « clé: valeur »", "'key: value' lines"),
        ("- a\n- b\n", 1, "des lignes « clé: valeur »", "'key: value' lines"),
        (f"{SAMPLE}\n---\nautre: x\n", SAMPLE.count("\n") + 2, "un second document", "a second document"),
        (f"{SAMPLE}files: []\n", SAMPLE.count("\n") + 1, "« files » est déjà donnée", "'files' is given"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", 1, "renvois YAML (*nom)", "YAML aliases (*name)"),
        ("a: " + "[" * 3000, 1, "trop profondément imbriqué", "nested too deep"),
        ("files: accueil\n", 1, "il manque la partie « lignes » : une ligne « lignes: »", "part 'lines' is missing"),
    ],
)
def test_a_text_that_is_no_rule_book_says_so(text: str, line: int, fr: str, en: str) -> None:
    found = [one for one in flaws(text) if fr in one.text.fr]
    assert [one.line for one in found][:1] == [line]
    assert en in found[0].text.en


@pytest.mark.parametrize(
    "text",
    [
        SAMPLE.replace("\n", "\r\n"),
        SAMPLE.replace("9:00-12:00", "9:00–12:00"),
        SAMPLE.replace("objectif: 4 h", "objectif: 4\u00a0h"),
        SAMPLE.replace("    langue: fr", "    \u200blangue: fr"),
        SAMPLE.replace("jours fériés", "Jours_feries"),
    ],
)
def test_what_means_the_same_is_read_as_the_same(text: str) -> None:
    book, same = RuleBook.parse(text), RuleBook.parse(SAMPLE)
    assert {name: (one.week, one.on_holidays) for name, one in book.hours.items()} == {
        name: (one.week, one.on_holidays) for name, one in same.hours.items()
    }
    assert [queue.target_minutes for queue in book.queues.values()] == [
        queue.target_minutes for queue in same.queues.values()
    ]
    assert [one.language for one in book.lines] == [one.language for one in same.lines]


def test_no_line_of_a_book_taken_out_or_broken_makes_it_crash() -> None:
    lines = SAMPLE.splitlines()
    for at in range(len(lines)):
        for broken in ("", f"\t{lines[at]}", lines[at][:-1], f"{lines[at]} :", f"{lines[at]} [", f" {lines[at]}"):
            text = "\n".join([*lines[:at], broken, *lines[at + 1 :]])
            for one in flaws_of(text):
                assert one.line >= 1
                assert one.column >= 1
                assert one.text.fr
                assert one.text.en


def flaws_of(text: str) -> tuple[Flaw, ...]:
    try:
        RuleBook.parse(text)
    except FlawedDocument as refused:
        return refused.flaws
    return ()
