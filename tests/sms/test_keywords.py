import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.text import words
from guichet.sms.keywords import Command, Keyword, is_opt_out, keyword, obeyed_by_carrier, without_reference

OPT_OUTS = """
STOP
Stop
stop.
STOP!!!
Stop. Merci
stop svp
Stop s'il vous plaît
STOP SMS
stop aux sms
stop les messages merci
Bonjour, stop svp
stopp
Arrêt
ARRET
arrêt sms
arrêtez svp
Arrêtez !
arreter
arrêtez les sms
Arrêtez de m'envoyer des messages
arretez de m envoyer des textos svp
merci d'arrêter
FIN
fin merci
DESABONNER
désabonner
Me désabonner svp
merci de me désabonner
je veux me désabonner
désabonnez-moi
désabonnement
desaboner
je souhaite me désinscrire de la liste
je ne veux plus recevoir de messages
je ne veux plus recevoir vos sms
Ne plus recevoir vos SMS merci
plus de sms svp
UNSUBSCRIBE
unsubscribe me please
Please stop
Stop texting me
stop sending me messages
please stop sending texts
I don't want to receive your messages
no more texts please
do not text me
opt out
OPTOUT
stop all
CANCEL
END
quit
""".strip().splitlines()

NOT_OPT_OUTS = """
arrêt de bus
l'arrêt de bus est cassé
Il n'y a plus d'arrêt devant la mairie
arrêt maladie
un arrêté municipal svp
l'arrêté
arrêté de péril
stop devant l'école
panneau stop tombé rue Pasteur
Stop ! Il y a une fuite d'eau
le stop de la rue Victor Hugo
fin du mois
fin de mois difficile
avant la fin de la semaine
à la fin
fin de contrat
c'est la fin
bonjour je voudrais un acte de naissance
je ne veux plus attendre
je n'ai plus de message de la mairie
annuler
annuler ma demande
je veux annuler mon rendez-vous
stop covid
les travaux ne s'arrêtent pas
arrêtez les travaux rue Pasteur
le voisin n'arrête pas de crier
my weekend ended
cancel my appointment
at the end of the street
the bus stop is broken
when does the class end
stop the noise next door
quit my job
désabonnement de la cantine
résilier mon contrat d'eau
""".strip().splitlines()


@pytest.mark.parametrize("text", OPT_OUTS)
def test_this_is_an_opt_out(text: str) -> None:
    assert keyword(text) == Keyword(Command.STOP)


@pytest.mark.parametrize("text", NOT_OPT_OUTS)
def test_this_is_no_opt_out(text: str) -> None:
    found = keyword(text)
    assert found is None or found.command is not Command.STOP


@pytest.mark.parametrize(
    ("text", "command", "reference"),
    [
        ("STATUT", Command.STATUS, None),
        ("statut svp", Command.STATUS, None),
        ("Quel est le statut de ma demande ?", Command.STATUS, None),
        ("status", Command.STATUS, None),
        ("ANNULER", Command.CANCEL, None),
        ("annulez svp", Command.CANCEL, None),
        ("Annuler ma demande K7-4QX9", Command.CANCEL, "K7-4QX9"),
        ("annuler k74qx9", Command.CANCEL, "K7-4QX9"),
        ("ANNULER AB-CDEF", Command.CANCEL, "AB-CDEF"),
        ("je veux annuler mon rappel", Command.CANCEL, None),
        ("AGENT", Command.AGENT, None),
        ("un agent svp", Command.AGENT, None),
        ("parler à un conseiller", Command.AGENT, None),
        ("AIDE", Command.HELP, None),
        ("aide svp", Command.HELP, None),
        ("aidez-moi", None, None),
        ("help me", None, None),
        ("START", Command.START, None),
        ("reprendre les sms", Command.START, None),
        ("aide sociale", None, None),
        ("agent immobilier", None, None),
        ("statut de locataire hlm", None, None),
        ("annuler la cantine de mon fils", None, None),
        ("", None, None),
        ("...", None, None),
        ("1", None, None),
        ("yes", None, None),
    ],
)
def test_commands_are_found_where_a_message_says_nothing_else(
    text: str, command: Command | None, reference: str | None
) -> None:
    assert keyword(text) == (Keyword(command, reference) if command else None)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("STOP", Command.STOP),
        (" stop ", Command.STOP),
        ("End", Command.STOP),
        ("Yes", Command.START),
        ("INFO", Command.HELP),
        ("Stop. Merci", None),
        ("STOP!", None),
        ("ARRET", None),
        ("aide", None),
    ],
)
def test_the_carrier_obeys_only_its_own_words_alone(text: str, command: Command | None) -> None:
    assert obeyed_by_carrier(text) is command


@given(st.text(max_size=200))
def test_any_text_is_read_without_harm(text: str) -> None:
    keyword(text)


COURTESY = st.sampled_from(
    ["", "merci", "svp", "s'il vous plaît", "bonjour", "please", "thanks", "Bonjour,", "merci !"]
)
MARKS = st.sampled_from(["", ".", "!", " !!!", "…", ",", " ?", "\n"])


@given(COURTESY, st.sampled_from(["STOP", "arrêtez", "ARRET", "Fin", "désabonner", "unsubscribe"]), MARKS, COURTESY)
def test_courtesy_case_and_marks_change_nothing(before: str, word: str, mark: str, after: str) -> None:
    assert keyword(f"{before} {word}{mark} {after}") == Keyword(Command.STOP)
    assert keyword(f"{before} {word.upper()}{mark} {after}".upper()) == Keyword(Command.STOP)


SUBJECTS = "école bus mois rue travaux cantine maladie maire voisin eau bruit naissance contrat"
SUBJECT = st.sampled_from(SUBJECTS.split())


@given(st.sampled_from(OPT_OUTS), SUBJECT, st.booleans())
def test_a_message_about_something_is_never_an_opt_out(text: str, subject: str, first: bool) -> None:
    assert not is_opt_out(words(f"{subject} {text}" if first else f"{text} {subject}"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("deplacer 2H-4QX9 demain 15h", "deplacer   demain 15h"),
        ("deplacer 2h4qx9 demain", "deplacer   demain"),
        ("ßtraße K7-4QX9", "SSTRASSE  "),
        ("demain 15h", "demain 15h"),
    ],
)
def test_a_reference_is_no_hour(text: str, left: str) -> None:
    assert without_reference(text) == left
