"""Numbers that tell what the matter is and not who speaks: hours, prices, rooms, buses, ages, years since. Pure.

They stay readable, for the agent's sake, when all of this holds: one or two digits; or up to three with a unit after
them (`135 euros`, `200 personnes`), a thing that bears numbers before them (`salle 204`, `bus 183`) or a public service
(`le 115`, `le 3919`); a round hundred; a day and a month; a year from 1800 to 2099 after a word of time (`depuis
2019`). Such years and public short numbers are the only runs of four digits that are ever left.
"""

import re
from functools import cache

from guichet.core.language import Language
from guichet.core.text import words
from guichet.transcripts.redaction.runs import Run
from guichet.transcripts.redaction.sentence import Sentence

_UNITS = {
    Language.FR: (
        "euro euros eur h heure heures min minute minutes mn seconde secondes jour jours semaine semaines mois an ans "
        "annee annees fois enfant enfants personne personnes metre metres m m2 km kilometre kilometres litre litres l "
        "kg kilo kilos degre degres place places piece pieces etage etages page pages photo photos copie copies "
        "exemplaires part parts adherents lots bacs sacs points timbres pour pourcent centimes habitants logements "
        "familles invites convives eleves j cm watts kwh"
    ),
    Language.EN: (
        "euro euros pound pounds pence cents dollars hour hours minute minutes second seconds day days week "
        "weeks month "
        "months year years time times child children kids people persons metre metres meter meters m km litre litres "
        "kilometres miles mile yards feet degrees place places rooms pages copies percent o am pm a p guests pupils "
        "tickets stamps points square bins bags"
    ),
}
_BEARERS = {
    Language.FR: (
        "article articles ligne lignes bus tram tramway salle bureau chambre porte guichet quai page box loi lot etage "
        "departementale nationale rd rn d n alinea annexe chapitre place autobus train vol poste couloir parking"
    ),
    Language.EN: "article line bus tram room page platform office gate route floor rule law desk train flight section",
}
_TIME_WORDS = {
    Language.FR: (
        "depuis en annee annees an ete hiver printemps automne fin debut rentree avant apres jusqu loi exercice "
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre saison scolaire"
    ),
    Language.EN: (
        "since in year until before after by from summer winter spring autumn during january february march april may "
        "june july august september october november december season"
    ),
}
_AT = {
    Language.FR: frozenset({"a", "vers", "jusqu", "avant", "apres", "de", "des"}),
    Language.EN: frozenset(
        {"at", "to", "from", "for", "until", "till", "before", "after", "by", "around", "or", "and", "the"}
    ),
}
SERVICES = frozenset(
    words(
        "112 114 115 116 119 196 197 911 999 3018 3020 3114 3117 3128 3230 3237 3430 3631 3635 3646 3919 3939 3949 "
        "3957 3959 3960 3966 3975 3977"
    )
)
"""Emergency numbers and helplines, short numbers of public services: who calls them tells what the matter is."""
_HESITATIONS = frozenset(words("euh heu hum ben bah alors oui c est le la l um uh er well yes it s is the so"))
_MONEY = re.compile(r"[€$£%²]")
_BIGGEST = 3
"""Digits that a harmless number has at most, but for years."""


@cache
def _set(said: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(words(said))


def is_year(digits: str) -> bool:
    """Tell whether these are the digits of a year somebody may speak of."""
    return len(digits) == 4 and digits.isdecimal() and 1800 <= int(digits) <= 2099


def is_harmless(run: Run) -> bool:
    """Tell whether a run may stay as it is; runs of lists are cut before (`Run.without_lists`)."""
    found = [group.digits for group in run.groups]
    if len("".join(found)) <= 1:
        return True
    if _is_all(run):
        return False
    if _is_years(run, found):
        return True
    if len(found) == 1:
        return len(found[0]) <= 2 or _is_harmless_three(run, found[0])
    return _are_harmless(run, found)


def _is_all(run: Run) -> bool:
    """Tell whether nothing else was said: then it is the answer to a question of ours."""
    rest = (*run.sentence.pieces[: run.start], *run.sentence.pieces[run.end :])
    return not any(
        piece.is_digits or piece.text in "€%" or (piece.is_word and piece.plain not in _HESITATIONS) for piece in rest
    )


def _is_years(run: Run, found: list[str]) -> bool:
    """Tell whether it is a year after a word of time, or two in a row of a school year."""
    near = run.sentence.plains(run.start - 3, run.start)
    has_time = not _set(_TIME_WORDS[run.language]).isdisjoint(near)
    if not has_time:
        # `les élections de 2027`, `the budget of 2024`; `je suis de 1948` was read as a birth date before.
        has_time = run.is_written and near[-1:] in (("de",), ("of",)) and len(found) == 1
    if len(found) == 2 and all(map(is_year, found)):
        return has_time and int(found[1]) == int(found[0]) + 1
    if len(found) == 2 and not run.is_written and run.language is Language.EN:
        return has_time and is_year("".join(found))
    return has_time and len(found) == 1 and is_year(found[0])


def _is_harmless_three(run: Run, digits: str) -> bool:
    """Tell whether a number of three digits may stay; longer ones may not, unless it is the word `mille` alone."""
    if not run.is_written and run.end - run.start == 1 and digits in ("1000", "1000000"):
        return True
    if len(digits) > _BIGGEST:
        return digits in SERVICES
    return (
        _has_unit(run.sentence, run.end, run.language)
        or _has_bearer(run)
        or digits in SERVICES
        or digits.endswith("00")
    )


def _are_harmless(run: Run, found: list[str]) -> bool:
    """Tell whether some numbers in a row may stay: an hour, a price, `deux trois jours`, `14/07`, `un deux trois`."""
    whole = "".join(found)
    if (
        whole in SERVICES
        or (len(whole) <= _BIGGEST and _has_bearer(run))
        or (run.sentence.plain(run.end) in ("an", "ans") and len(found) <= 3)
    ):
        return True
    if len(found) == 2:
        return _is_pair_harmless(run, found)
    return not run.is_written and len(found) <= 5 and found == [str(n) for n in range(1, len(found) + 1)]


def _is_pair_harmless(run: Run, found: list[str]) -> bool:
    """Tell whether two numbers in a row may stay."""
    first, second = found
    if _has_unit(run.sentence, run.end, run.language) or run.sentence.plain(run.start - 1) in ("€", "$", "£"):
        return len(first) <= _BIGGEST and len(second) <= 2
    is_after_at = run.sentence.plain(run.start - 1) in _AT[run.language]
    if run.is_written:
        has_slash = run.sentence.plain(run.start + 1) == "/"
        is_after_le = run.sentence.plain(run.start - 1) in ("le", "du", "au")
        is_day = int(first) <= 31 and len(second) <= 2 and 1 <= int(second) <= 12
        is_hour = is_after_at and "." in run.words and int(first) <= 24 and len(second) == 2 and int(second) <= 59
        return len(first) + len(second) <= 2 or (is_day and (has_slash or is_after_le)) or is_hour
    return is_after_at and int(first) <= 24 and len(second) == 2 and int(second) <= 59


def _has_unit(sentence: Sentence, place: int, language: Language) -> bool:
    """Tell whether a unit follows."""
    unit = sentence.plain(place)
    return unit != "" and (unit in _set(_UNITS[language]) or _MONEY.match(sentence.pieces[place].text) is not None)


def _has_bearer(run: Run) -> bool:
    """Tell whether a thing that bears numbers stands right before, or a currency sign."""
    near = run.sentence.plains(run.start - 1, run.start) or ("",)
    bearers = _set(_BEARERS[run.language])
    second = run.sentence.plain(run.start - 2)
    return (
        near[0] in bearers
        or near[0] in ("€", "$", "£")
        or (near[0] in ("numero", "number", "°", "no") and second in bearers)
    )
