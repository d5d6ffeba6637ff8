"""What counts as consent and refusal in a call: everyday forms, and never a refusal for a yes."""

import pytest

from guichet.ivr.wishes import is_no, is_yes

YES = (
    "oui, ouais, bah oui, ben oui, euh oui, eh bien oui, carrément, c'est exact, parfait, allez-y, ça marche, "
    "absolument, affirmatif, pourquoi pas, pas de souci, pas de problème, merci oui, oui pour ma mère s'il vous plaît, "
    "yes, definitely, indeed, go ahead, fine, it is, why not, uh huh, no problem, thank you yes, yes please do that"
)
NO = (
    "non, nan, ben non, bah non, euh non, non merci, pas vraiment, certainement pas, absolument pas, surtout pas, "
    "bien sûr que non, c'est tout, merci, au revoir, "
    "no, not really, i don't think so, that's wrong, never, it isn't, i'd rather not, of course not, absolutely not, "
    "that's all, no thanks"
)
NOT_YES = (
    "bien sûr que non, of course not, absolutely not, sure not, oui enfin non, oui mais non, yes no, yeah no, "
    "yes no wait no, exactement pas, si je veux rester, ok no, oui mais pas lundi, je ne sais pas, "
    "je voudrais savoir si vous êtes ouverts demain"
)


@pytest.mark.parametrize("text", YES.split(", "))
def test_everyday_consent_is_a_yes(text: str) -> None:
    assert is_yes(text)
    assert not is_no(text)


@pytest.mark.parametrize("text", NO.split(", "))
def test_everyday_refusals_are_a_no(text: str) -> None:
    assert is_no(text)
    assert not is_yes(text)


@pytest.mark.parametrize("text", NOT_YES.split(", "))
def test_no_refusal_and_no_question_is_taken_for_consent(text: str) -> None:
    assert not is_yes(text)
