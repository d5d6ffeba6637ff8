"""Commands as they are said every day, in both languages."""

import pytest

from guichet.sms.keywords import Command, Keyword, keyword

SAID = {
    Command.STATUS: """
statut
STATUS
statu
statuts
Statut svp
mon statut
état
j'en suis où
j'en suis ou
où j'en suis
ou j en suis
où en suis-je
où en est ma demande
ou en est ma demande svp
ça en est où
ca en est ou
c'est où ma demande
où ça en est
et ma demande ?
des nouvelles ?
avez-vous des nouvelles
du nouveau ?
quand allez-vous m'appeler
quand est-ce que vous m'appelez
vous appelez quand
vous me rappelez quand
c'est pour quand
c quand mon rappel
quand serai-je rappelé
à quelle heure vous appelez
je suis le combien
combien avant moi
ma place
suivi
SUIVI
suivi svp
suivi de ma demande
avancement
progression
staut
sttatut
statut?
stautt
statue
status of my request
where is my request
any news
any update?
update
what's my status
whats the status
how long
how long do I have to wait
when will you call
when are you calling me
when will someone call me back
where am I in the queue
progress
my status please
stattus
""",
    Command.CANCEL: """
annuler
ANNULER
annulé
anuler
annuller
anulé
annulation
annulez svp
annule
annulez tout
laissez tomber
laisse tomber
laisser tomber
oubliez
oubliez ma demande
laissez tomber merci
c'est bon laissez tomber
plus besoin
je n'ai plus besoin
j'ai plus besoin
plus la peine
ce n'est plus la peine
c'est plus la peine
pas la peine
pas la peine de me rappeler
ne me rappelez pas
ne rappelez pas
pas besoin de rappeler
inutile de rappeler
inutile de me rappeler
c'est réglé
c'est résolu
problème résolu
problème réglé merci
supprimer ma demande
supprimez ma demande
abandonner
j'abandonne ma demande
retirer ma demande
withdraw
WITHDRAW
widthdraw
withraw
cancel my request
cancel it
cancel my callback
cancel the call
forget it
never mind
nevermind
no longer needed
no need to call
don't call me back
no need to call back
it's sorted
all sorted
annuler ma demande
annuler le rappel
""",
    Command.AGENT: """
agent
AGENT
un agent
agents
agen
un conseiller
conseillé
conseillere
quelqu'un
une personne
parler à quelqu'un
je veux parler à quelqu'un
un humain
une vraie personne
opérateur
un agent svp
parler a un agent
je veux un agent
human
a human please
a person
real person
speak to someone
talk to a person
advisor
adviser
someone please
operator
speak to an agent
""",
    Command.HELP: """
aide
AIDE
aide svp
aide ?
aide!
commandes
comment ça marche
comment ca marche ?
que puis-je faire
mode d'emploi
?
help
guide
GUIDE
info
options
commands
how does it work
how does this work
what can I do
""",
    Command.START: """
start
START
reprendre
reprise
réabonner
me réabonner
unstop
reabonnement svp
je veux de nouveau recevoir vos sms
start again
redémarrer
resubscribe
""",
}
OTHERWISE = """
où en est mon dossier
suivi de mon dossier APA
argent
j'ai besoin d'argent
la statue de la place est cassée
annuler la cantine de jeudi
j'ai réglé ma facture
ma facture est réglée mais vous me relancez
laissez tomber la neige
je n'ai plus besoin de la place en crèche
quand passe le camion des encombrants
combien coûte un passeport
c'est combien la cantine
quand ouvre la mairie
any news about the new school
when will the bins be collected
how long does a passport take
never mind the gap
forget-me-not street
une personne âgée seule
aide sociale
""".strip().splitlines()


@pytest.mark.parametrize(
    ("text", "command"),
    [(text, command) for command, texts in SAID.items() for text in texts.strip().splitlines()],
)
def test_a_command_is_known_as_it_is_said_every_day(text: str, command: Command) -> None:
    found = keyword(text)
    assert found is not None
    assert found.command is command


@pytest.mark.parametrize("text", OTHERWISE)
def test_what_only_sounds_alike_is_no_command(text: str) -> None:
    assert keyword(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("STATUT K7-4QX9", Keyword(Command.STATUS, "K7-4QX9")),
        ("status k7-4qx9 please", Keyword(Command.STATUS, "K7-4QX9")),
        ("où en est ma demande K7-4QX9 ?", Keyword(Command.STATUS, "K7-4QX9", everyday=True)),
        ("laissez tomber K7-4QX9", Keyword(Command.CANCEL, "K7-4QX9", everyday=True)),
    ],
)
def test_a_command_may_name_a_request(text: str, found: Keyword) -> None:
    assert keyword(text) == found
