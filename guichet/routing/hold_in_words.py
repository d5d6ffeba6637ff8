"""The rules of holding in words: what differences of the rule book are told of. Pure."""

from guichet.core.language import Bilingual, counted
from guichet.routing.hold_rules import HoldRules

_NEVER = Bilingual("jamais", "never")
_MUSIC, _SILENCE = Bilingual("musique", "music"), Bilingual("silence", "silence")
_AGENT = Bilingual("{count} agent présent", "{count} agent at work")
_AGENTS = Bilingual("{count} agents présents", "{count} agents at work")
_PERSON = Bilingual("{count} personne en ligne", "{count} person on hold")
_PEOPLE = Bilingual("{count} personnes en ligne", "{count} people on hold")
_MINUTE = Bilingual("{count} minute", "{count} minute")
_MINUTES = Bilingual("{count} minutes", "{count} minutes")
_YES, _NO = Bilingual("oui", "yes"), Bilingual("non", "no")


def hold_in_words(rules: HoldRules) -> dict[Bilingual, Bilingual]:
    """Say how people hold in a queue: each rule by its name."""
    return {
        Bilingual("attente en ligne au plus", "longest hold"): _minutes(rules.longest_minutes),
        Bilingual("fond de l'attente", "sound of holding"): _MUSIC if rules.music else _SILENCE,
        Bilingual("écoute pendant l'attente", "listening on hold"): _YES if rules.voice else _NO,
        Bilingual("déborde vers", "overflows to"): _same(rules.to) if rules.to else Bilingual("rappel", "callback"),
        Bilingual("déborde sous", "overflows below"): counted(rules.agents, _AGENT, _AGENTS),
        Bilingual("déborde à partir de", "overflows from"): counted(rules.most, _PERSON, _PEOPLE)
        if rules.most
        else _NEVER,
        Bilingual("déborde au-delà de", "overflows beyond"): _minutes(rules.wait_minutes),
        Bilingual("déborde après", "overflows after"): _minutes(rules.after_minutes),
    }


def _minutes(count: int | None) -> Bilingual:
    return _NEVER if count is None else counted(count, _MINUTE, _MINUTES)


def _same(text: str) -> Bilingual:
    return Bilingual(text, text)
