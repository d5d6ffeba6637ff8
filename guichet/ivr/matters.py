"""How the matters of the reference book are named aloud: after « Vous appelez pour », "You are calling about". Pure."""

from collections.abc import Mapping

from guichet.core.language import Bilingual
from guichet.routing.intent import DANGER

NAMES: Mapping[str, Bilingual] = {
    "etat_civil_acte": Bilingual("un acte d'état civil", "a birth, marriage or death certificate"),
    "identite_titre": Bilingual("une carte d'identité ou un passeport", "an identity card or a passport"),
    "inscription_scolaire": Bilingual("une inscription à l'école", "a school registration"),
    "cantine_periscolaire": Bilingual("la cantine ou la garderie", "school meals or after-school care"),
    "paiement_facture": Bilingual("une facture ou un paiement", "a bill or a payment"),
    "creche_petite_enfance": Bilingual("une place en crèche", "a nursery place"),
    "urbanisme_permis": Bilingual("un permis de construire ou l'urbanisme", "a building permit or planning"),
    "voirie_signalement": Bilingual("un problème dans la rue", "a problem in the street"),
    "dechets_encombrants": Bilingual("les déchets et les encombrants", "waste and bulky items"),
    "logement_social": Bilingual("un logement social", "social housing"),
    "aide_sociale": Bilingual("une aide sociale", "social benefits"),
    "apa_personne_agee": Bilingual("l'aide à une personne âgée", "help for an elderly person"),
    "handicap_mdph": Bilingual("le handicap et la MDPH", "disability services"),
    "elections_liste": Bilingual("les élections", "elections and the electoral roll"),
    "mariage_pacs": Bilingual("un mariage ou un PACS", "a marriage or a civil partnership"),
    "cimetiere_concession": Bilingual("le cimetière", "the cemetery"),
    "associations_salle": Bilingual("les associations ou une salle à louer", "associations or hiring a hall"),
    "emploi_stage": Bilingual("un emploi ou un stage", "a job or an internship"),
    "police_municipale_nuisance": Bilingual("le bruit ou la police municipale", "noise or the municipal police"),
    "eau_assainissement": Bilingual("l'eau et l'assainissement", "water and drains"),
    "transport_scolaire": Bilingual("le transport scolaire", "school transport"),
    "suivi_dossier": Bilingual("le suivi de votre dossier", "an application already under way"),
    "rendez_vous": Bilingual("un rendez-vous", "an appointment"),
    "horaires_adresse": Bilingual("les horaires ou l'adresse", "opening hours or the address"),
    "reclamation": Bilingual("une réclamation", "a complaint"),
    "aide_numerique": Bilingual("de l'aide pour une démarche en ligne", "help with an online procedure"),
    DANGER: Bilingual("une urgence", "an emergency"),
}

MENU = (
    "etat_civil_acte",
    "identite_titre",
    "logement_social",
    "dechets_encombrants",
    "suivi_dossier",
    "horaires_adresse",
)
"""The six matters offered by key 1 to 6, unless the settings say otherwise."""

ANOTHER = Bilingual("votre demande", "your request")


def name_of(intent: str | None, names: Mapping[str, Bilingual] = NAMES) -> Bilingual:
    """Return how a matter is said; an unknown one is « votre demande »."""
    return names.get(intent or "", ANOTHER)
