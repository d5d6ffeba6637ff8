"""What differs between two rule books, in a supervisor's words: one sentence a difference. Pure."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from guichet.core.language import Bilingual
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_book_in_words import Thing, Words, things

_Key = tuple[str, str]


def differences(old: RuleBook, new: RuleBook) -> tuple[Bilingual, ...]:
    """Return what has changed from a book to another: parts that went, came, changed, and rules that moved."""
    before = {_key(thing): thing for thing in things(old)}
    after = {_key(thing): thing for thing in things(new)}
    found: list[Bilingual] = []
    for key, thing in before.items():
        if key not in after:
            found.append(_sentence(thing, Bilingual("n'existe plus", "taken out")))
    for key, thing in after.items():
        if key not in before:
            found.append(_sentence(thing, Bilingual(f"ajout : {_told(thing).fr}", f"added: {_told(thing).en}")))
        else:
            found.extend(_changes(before[key], thing))
    found.extend(_moves([rule.name for rule in old.rules], [rule.name for rule in new.rules]))
    return tuple(found)


def _key(thing: Thing) -> _Key:
    return thing.kind.en, thing.name


def _sentence(thing: Thing, said: Bilingual) -> Bilingual:
    """Begin a sentence with what it is about."""
    fr = f"{thing.kind.fr} « {thing.name} »" if thing.name else thing.kind.fr
    en = f"{thing.kind.en} '{thing.name}'" if thing.name else thing.kind.en
    return Bilingual(f"{fr} : {said.fr}", f"{en}: {said.en}")


def _told(thing: Thing) -> Bilingual:
    """Say all features of a new thing."""
    said = [(name, _words(words)) for name, words in thing.features.items() if words]
    return Bilingual(
        " ; ".join(f"{name.fr} : {words.fr}" for name, words in said),
        "; ".join(f"{name.en}: {words.en}" for name, words in said),
    )


def _words(words: Words) -> Bilingual:
    if isinstance(words, Bilingual):
        return words
    ordered = sorted(words, key=lambda one: one.fr)
    return Bilingual(", ".join(one.fr for one in ordered), ", ".join(one.en for one in ordered))


def _changes(old: Thing, new: Thing) -> Iterator[Bilingual]:
    """Tell each feature that is no longer the same."""
    for name in {**old.features, **new.features}:
        before = old.features.get(name, frozenset[Bilingual]())
        after = new.features.get(name, frozenset[Bilingual]())
        if before == after:
            continue
        if isinstance(before, frozenset) and isinstance(after, frozenset):
            for words, fr, en in ((before - after, "retrait de", "without"), (after - before, "ajout de", "with")):
                if words:
                    said = _words(words)
                    change = Bilingual(f"{name.fr} : {fr} {said.fr}", f"{name.en}: {en} {said.en}")
                    yield _sentence(new, change)
        else:
            was, is_ = _words(before), _words(after)
            change = Bilingual(f"{name.fr} : {was.fr} → {is_.fr}", f"{name.en}: {was.en} → {is_.en}")
            yield _sentence(new, change)


def _moves(old: Sequence[str], new: Sequence[str]) -> Iterator[Bilingual]:
    """Tell the rules that stand elsewhere among those that both books have, as few as explain the new order."""
    before = [name for name in old if name in new]
    after = [name for name in new if name in old]
    stayed = {
        after[at]
        for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        for at in range(block.b, block.b + block.size)
    }
    for at, name in enumerate(after):
        if name in stayed:
            continue
        if at == 0:
            yield Bilingual(f"règle « {name} » : passe en premier", f"rule '{name}': comes first now")
        else:
            previous = after[at - 1]
            yield Bilingual(
                f"règle « {name} » : vient après « {previous} »", f"rule '{name}': comes after '{previous}' now"
            )
