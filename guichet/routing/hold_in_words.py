"""The rules of holding in words: what differences of the rule book are told of. Pure."""

from guichet.core.language import Bilingual
from guichet.routing.hold_rules import HoldRules

_NEVER = Bilingual("jamais", "never")
_MUSIC, _SILENCE = Bilingual("musique", "music"), Bilingual("silence", "silence")
_YES, _NO = Bilingual("oui", "yes"), Bilingual("non", "no")


def hold_in_words(rules: HoldRules) -> dict[Bilingual, Bilingual]:
    """Say how people hold in a queue: each rule by its name."""
    return {
        Bilingual("attente en ligne au plus", "longest hold"): _minutes(rules.longest_minutes),
        Bilingual("fond de l'attente", "sound of holding"): _MUSIC if rules.music else _SILENCE,
        Bilingual("écoute pendant l'attente", "listening on hold"): _YES if rules.voice else _NO,
        Bilingual("déborde vers", "overflows to"): _same(rules.to) if rules.to else Bilingual("rappel", "callback"),
        Bilingual("déborde sous", "overflows below"): Bilingual(
            f"{rules.agents} agent(s) présent(s)", f"{rules.agents} agent(s) at work"
        ),
        Bilingual("déborde à partir de", "overflows from"): Bilingual(
            f"{rules.most} personnes en ligne", f"{rules.most} people on hold"
        )
        if rules.most
        else _NEVER,
        Bilingual("déborde au-delà de", "overflows beyond"): _minutes(rules.wait_minutes),
        Bilingual("déborde après", "overflows after"): _minutes(rules.after_minutes),
    }


def _minutes(count: int | None) -> Bilingual:
    if count is None:
        return _NEVER
    plural = "s" if count > 1 else ""
    return Bilingual(f"{count} minute{plural}", f"{count} minute{plural}")


def _same(text: str) -> Bilingual:
    return Bilingual(text, text)
