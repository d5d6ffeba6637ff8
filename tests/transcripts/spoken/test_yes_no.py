import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.transcripts import number_words
from guichet.transcripts.spoken.yes_no import yes_no

FR, EN = Language.FR, Language.EN
YES = {
    FR: ["oui", "ouais", "c'est ça", "tout à fait", "oui c'est bien moi", "bien sûr", "d'accord", "pas de problème"],
    EN: ["yes", "yeah", "yep", "that's right", "of course", "no problem", "yeah that's me", "i think so"],
}
NO = {
    FR: ["non", "non merci", "pas du tout", "pas vraiment", "bien sûr que non", "c'est pas ça", "non c'est pas grave"],
    EN: ["no", "nope", "not really", "of course not", "that's not right", "no thank you", "i don't think so"],
}
OPEN = {
    FR: ["", "euh", "oui non", "oui ou non", "je ne sais pas", "oui mais pas lui", "je voudrais un agent"],
    EN: ["", "um", "yes no", "i don't know", "not sure", "yes but not him", "i would like an agent"],
}


@pytest.mark.parametrize("language", Language)
def test_everyday_forms_are_understood(language: Language) -> None:
    for meaning, texts in ((True, YES), (False, NO), (None, OPEN)):
        assert {text: yes_no(text, language) for text in texts[language]} == dict.fromkeys(texts[language], meaning)


@pytest.mark.parametrize("language", Language)
def test_all_that_a_closed_turn_can_hear_is_understood(language: Language) -> None:
    assert {yes_no(phrase, language) for phrase in number_words.YES[language]} == {True}
    assert {yes_no(phrase, language) for phrase in number_words.NO[language]} == {False}


@given(st.sampled_from(Language), st.data())
def test_both_leave_the_answer_open(language: Language, data: st.DataObject) -> None:
    answers = [data.draw(st.sampled_from(YES[language])), data.draw(st.sampled_from(NO[language]))]
    assert yes_no(" euh ".join(data.draw(st.permutations(answers))), language) is None


@given(st.sampled_from(Language), st.data())
def test_saying_it_twice_changes_nothing(language: Language, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(YES[language] + NO[language]))
    assert yes_no(f"{text}, {text}", language) == yes_no(text, language)
