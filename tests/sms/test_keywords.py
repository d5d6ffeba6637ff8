import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.text import words
from guichet.sms.keywords import Command, Keyword, keyword, obeyed_by_carrier, without_reference
from guichet.sms.opt_out import is_opt_out

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
ARRÊT
arrêt
Arret.
fin.
DÉSABONNER
desabonner
arrêtez s'il vous plait
arretez
STOP STOP STOP
stop stop
STOOOP
stoop
Stop svp merci
stop c'est bon
stop ça suffit
ça suffit stop
ca suffit arretez
ARRETEZ MAINTENANT
stop maintenant
Arrêtez tout
Arrêter tout
stop tout
Merci de stopper
stopper les sms
stoppez les messages
Arrêtez vos sms
Arrêtez d'envoyer des sms
arrêtez de m'envoyer des sms
arrêtez de m'écrire
ne m'écrivez plus
Ne m'envoyez plus de sms
n'envoyez plus rien
Plus de messages svp
Je ne veux plus de sms
je veux plus de sms
j'veux plus de sms
je ne souhaite plus recevoir de sms de votre part
Merci de ne plus m'envoyer de sms
Merci de ne plus me contacter par sms
ne plus me contacter
ne me contactez plus
désinscription
desinscrire
désinscrivez-moi
me désinscrire
Retirez-moi de votre liste
enlevez mon numéro de votre liste
unsubscribe
UNSUBSCRIBE ME
please stop
stop please
Stop, thanks
stop messaging me
stop contacting me
Stop sending me texts
remove me from your list
take me off your list
take me off this list please
no more messages
No more texts
don't text me again
do not contact me
don't message me
leave me alone
opt-out please
optout
STOPALL
QUIT
revoke
Bonjour, stop. Merci bonne journée
Bonjour je souhaite ne plus recevoir vos messages merci
STOP au 36180
Stop sms svp
stop 🙏
STOP 😡
"STOP"
«STOP»
arrêtez !!!
Arret SMS
Arrêt des sms
fin des sms
fin sms
stop ✋
Envoyez plus rien
STP ARRETE
arrete stp
résilier sms
stop pub
stop spam
Oui stop
je voudrais arrêter de recevoir vos sms
I want to stop receiving these
i would like to unsubscribe
please unsubscribe me from this list
Stop these messages
stop it please
s t o p
ST0P
Desabonement
se désabonner
désabonnez moi svp
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
ne vous arrêtez pas
n'arrêtez pas
ne vous arrêtez pas de m'écrire
fin de droits
annulez
stop au carrefour
le stop rue Jean Jaurès est tombé
Le panneau stop
arrêt de travail
arrêt cardiaque
on ne s'arrête plus au stop
le bus ne s'arrête plus
le bus ne s'arrête pas
arrêter la cantine
arrêter le prélèvement
arrêtez les travaux
stop aux travaux
stop au bruit
stop au harcèlement
fin de chantier
fin de bail
fin des travaux
à la fin de l'année
fin juin
fin de semaine
jusqu'à la fin
je ne veux plus
je ne veux plus de rendez-vous
j'en peux plus
ne m'appelez plus
Stop now the bin collection
bus stop
the bus doesn't stop
don't stop
please don't stop
do not stop
non stop
the end of the month
end of lease
weekend
cancel my request
quit my flat
quitter le logement
I want to quit my job
my benefits ended
stop line
stop smoking help
arrêter de fumer
aide pour arrêter de fumer
pas de stop
Je ne veux pas arrêter
je n'ai pas dit stop
j'ai envoyé stop par erreur
pourquoi stop
stop ou encore
c'est quoi stop
que veut dire STOP
auto-stop
désabonner de la newsletter
me désabonner du journal municipal
pas fin
arrêté municipal
Arrêtez-vous ?
stop toujours
je n'ai plus de message
je ne reçois plus vos sms
je n'ai pas reçu de sms
pourquoi je ne reçois pas de message
i did not get your text
I don't receive your texts
I do not receive your messages
not received any message
stop sign
pit stop
arrêt minute
arrets de jeu
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
