"""How people shorten words in French texts, and the sounds that mean nothing. Pure data.

A shorthand that is also an English word ("is",
"tell", "me") is left out: one matcher serves both languages.
"""

from typing import Final

SHORTHAND: Final[dict[str, str]] = {
    # asking
    "jvoudrai": "je voudrais", "jvoudrais": "je voudrais", "jvoudrait": "je voudrais", "jvoudré": "je voudrais",
    "jvoudre": "je voudrais", "voudrai": "voudrais", "voudré": "voudrais", "jveu": "je veux", "jveux": "je veux",
    "jaimerai": "j aimerais", "jaimerais": "j aimerais", "jvx": "je veux", "vx": "veux", "veu": "veux",
    "jpeu": "je peux", "jpeux": "je peux", "jpe": "je peux", "pe": "peux", "pvez": "pouvez", "pouvé": "pouvez",
    "jcherche": "je cherche", "jdois": "je dois", "jdoi": "je dois", "doi": "dois", "jai": "j ai", "jé": "j ai",
    "jss": "je suis", "jsuis": "je suis", "chui": "je suis", "chuis": "je suis", "jsui": "je suis",
    "jme": "je me", "jm": "je m", "sui": "suis", "jvais": "je vais", "jvai": "je vais", "jve": "je veux",
    "jdors": "je dors", "jdor": "je dors", "jpense": "je pense", "jsens": "je sens", "jcrois": "je crois",
    "jarrive": "j arrive", "jhabite": "j habite", "jabite": "j habite", "jveut": "je veux", "jfais": "je fais",
    "jcomprends": "je comprends", "jcompren": "je comprends", "jconnais": "je connais", "jmarie": "je marie",
     "savwar": "savoir", "fo": "faut", "fau": "faut", "fodrait": "faudrait",
    "fodré": "faudrait", "faudré": "faudrait", "bsoin": "besoin", "bezoin": "besoin",
    # questions
    "koi": "quoi", "kwa": "quoi", "kan": "quand", "qd": "quand", "qand": "quand", "pk": "pourquoi",
    "pq": "pourquoi", "pkoi": "pourquoi", "prq": "pourquoi", "cmt": "comment",
    "cmnt": "comment", "coment": "comment", "komen": "comment", "kel": "quel", "kelle": "quelle",
    "qle": "quelle", "qls": "quels", "qles": "quelles", "ki": "qui", "ke": "que", "kil": "qu il", "kelk": "quelque",
    "qq": "quelque", "qqun": "quelqu un", "qqn": "quelqu un", "kelkun": "quelqu un", "qqch": "quelque chose",
    "qqchose": "quelque chose", "combi1": "combien", "cb": "combien", "cbien": "combien", "kombien": "combien",
      "esk": "est ce que", "eske": "est ce que", "esque": "est ce que",
    "estceque": "est ce que", "keske": "qu est ce que", "kesk": "qu est ce que",
    # small words
    "pr": "pour", "ds": "dans", "avk": "avec", "ss": "sans",
    "sn": "son", "ts": "tous", "tt": "tout", "tte": "toute", "ttes": "toutes", "tjs": "toujours",
    "tjrs": "toujours", "tjr": "toujours", "tj": "toujours", "jms": "jamais", "jamé": "jamais", "mtn": "maintenant",
    "mnt": "maintenant", "mtnt": "maintenant", "bcp": "beaucoup", "bocou": "beaucoup",
    "pcq": "parce que", "pck": "parce que", "psk": "parce que", "parske": "parce que", "dc": "donc", "dnc": "donc",
    "dslé": "desole", "dsl": "desole", "vs": "vous", "ns": "nous", "vrs": "vers", "ché": "chez",
     "cete": "cette", "ct": "c etait", "cété": "c etait", "c": "c est",
    "g": "j ai", "y'a": "il y a", "ya": "il y a", "yen": "il y en",
     "pa": "pas", "ossi": "aussi", "auci": "aussi",
    "oci": "aussi", "otre": "autre", "depui": "depuis", "dpuis": "depuis", "dp": "depuis",
     "aprè": "apres", "jusk": "jusque", "jusqua": "jusqu a", "qe": "que",
    "2": "de", "2main": "demain", "dem1": "demain", "dmain": "demain", "demin": "demain", "mat1": "matin",
    "b1": "bien", "bi1": "bien", "ri1": "rien", "kelq": "quelque", "qlq": "quelque",
    "qlqun": "quelqu un", "ajd": "aujourd hui", "auj": "aujourd hui", "ojd": "aujourd hui", "ojourdui": "aujourd hui",
    "aujourdhui": "aujourd hui", "cswar": "ce soir", "swar": "soir", "wk": "week end",
    "sme": "semaine", "j": "je", "nn": "non",
    "ns2": "nous", "pdt": "pendant", "pb": "probleme", "pbm": "probleme", "prob": "probleme",
    "pbs": "problemes", "pblm": "probleme", "problm": "probleme",
    # what the counter is asked for
    "rdv": "rendez vous", "rv": "rendez vous", "rdvs": "rendez vous", "rendevous": "rendez vous",
    "rendévou": "rendez vous", "rdvou": "rendez vous", "randevou": "rendez vous", "rendezvous": "rendez vous",
    "tel": "telephone", "tél": "telephone", "tph": "telephone", "num": "numero", "numé": "numero",
    "adr": "adresse", "adress": "adresse", "bd": "boulevard", "bld": "boulevard",
    "appt": "appartement", "apt": "appartement", "appart": "appartement", "lgt": "logement",
    "lgmt": "logement", "doss": "dossier", "dosier": "dossier",
     "pap": "papier", "cni": "carte nationale d identite", "idt": "identite",
    "passport": "passeport", "pssport": "passeport", "mr": "monsieur", "mme": "madame", "mlle": "madame",
    "enft": "enfant", "enfts": "enfants", "enf": "enfant", "gosse": "enfant", "gamin": "enfant",
    "ecol": "ecole", "ékol": "ecole", "ekol": "ecole", "lycé": "lycee",
    "mater": "maternelle", "hs": "hors service", "pble": "probleme",
    "inscri": "inscription", "inscr": "inscription", "insc": "inscription", "certif": "certificat",
    "attest": "attestation", "rens": "renseignement", "rensei": "renseignement",
     "mé": "mais", "lé": "les", "dé": "des", "cé": "c est",
    "admin": "administratif", "asso": "association", "assoc": "association",
     "rep": "reponse", "repondé": "repondez", "rappelé": "rappelez", "rapel": "rappel",
     "msg": "message", "ordi": "ordinateur", "poub": "poubelle",
    "deche": "dechets", "encombran": "encombrants", "vtr": "voiture",
    "trav": "travail", "taf": "travail", "svt": "souvent", "lgtps": "longtemps",
    "lontemp": "longtemps", "tps": "temps", "tmps": "temps", "h": "heure", "hr": "heure", "heur": "heure",
     "mn": "minute", "kb": "combien", "ouver": "ouvert",
    "aidé": "aider", "urg": "urgence", "urgt": "urgent",
}  # fmt: skip
"""One shortened word (or run of signs between spaces) to what it stands for."""

FILLERS: Final[frozenset[str]] = frozenset(
    """
    euh heu euhh hum humm hmm hm mmm ben bah bin bon hein voila bref um uh umm uhh er erm ah oh eh
    bonjour bonsoir bjr bsr bonj salut slt cc coucou allo merci mrc mci svp stp cordialement cdt cdlt monsieur
    madame mr mme
    """.split()  # noqa: SIM905 - read as words, not as a list
)
"""Sounds, greetings and thanks: they say nothing of the matter. English greetings stay: "hello" may be one."""
