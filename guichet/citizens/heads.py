"""The names of columns that are known without being told, French and English, by the field that they fill. Pure."""

from collections.abc import Mapping

from guichet.citizens.import_run import Part

_ID = (
    *("id", "identifiant", "external id", "id externe", "numero usager", "numero citoyen", "matricule"),
    *("person", "citizen", "usager", "id usager"),
)
_PEOPLE: Mapping[str, tuple[str, ...]] = {
    "external_id": _ID,
    "given_names": (
        *("given names", "given name", "first name", "first names", "forename", "forenames"),
        *("prenom", "prenoms"),
    ),
    "birth_name": (
        *("birth name", "family name", "last name", "surname", "maiden name"),
        *("nom", "nom de naissance", "nom de famille", "nom naissance"),
    ),
    "usual_name": (
        *("usual name", "married name", "nom d usage", "nom usage", "nom usuel", "nom marital", "nom d epouse"),
    ),
    "birth_date": (
        *("birth date", "date of birth", "birthdate", "dob", "birthday"),
        *("date de naissance", "date naissance", "ne le", "nee le", "ne e le", "naissance"),
    ),
    "birth_place": ("birth place", "place of birth", "born in", "lieu de naissance", "commune de naissance", "ne a"),
    "phone": ("phone", "phones", "phone number", "telephone", "telephones", "tel", "numero de telephone", "numero"),
    "home_phone": ("home phone", "landline", "telephone fixe", "tel fixe", "fixe", "domicile"),
    "mobile": (
        *("mobile", "mobile phone", "portable", "telephone portable", "telephone mobile", "tel portable", "tel mobile"),
    ),
    "work_phone": ("work phone", "office phone", "telephone professionnel", "tel professionnel", "tel pro", "bureau"),
    "shared_phone": ("shared phone", "telephone partage", "telephone commun", "tel partage"),
    "email": (
        "email",
        "emails",
        "e mail",
        "mail",
        "courriel",
        "adresse electronique",
        "adresse mail",
        "adresse e mail",
    ),
    "address": ("address", "street", "adresse", "adresse postale", "rue", "voie"),
    "postcode": ("postcode", "post code", "postal code", "zip", "zip code", "code postal", "cp"),
    "town": ("town", "city", "ville", "commune", "localite"),
    "language": ("language", "langue"),
    "channel": ("channel", "preferred channel", "canal", "canal prefere", "contact prefere"),
    "never_call": ("never call", "do not call", "ne jamais appeler", "ne pas appeler"),
    "notes": ("notes", "note", "remarques", "observations", "commentaire", "comment"),
    "file_number": ("file number", "case number", "numero de dossier", "no dossier", "dossier"),
    "file_kind": ("file kind", "file type", "type de dossier", "nature du dossier"),
    "file_state": ("file state", "file status", "etat du dossier", "statut du dossier"),
}
_FILES: Mapping[str, tuple[str, ...]] = {
    "external_id": _ID,
    "number": (*_PEOPLE["file_number"], "number", "numero"),
    "kind": (*_PEOPLE["file_kind"], "kind", "type", "nature"),
    "state": (*_PEOPLE["file_state"], "state", "status", "etat", "statut"),
}
_MANDATES: Mapping[str, tuple[str, ...]] = {
    "external_id": (*_ID, "mandant", "represented", "personne representee"),
    "holder": ("holder", "holder id", "mandataire", "id mandataire", "identifiant mandataire"),
    "holder_name": ("holder name", "nom du mandataire", "nom mandataire"),
    "holder_phone": ("holder phone", "telephone du mandataire", "telephone mandataire", "tel mandataire"),
    "role": ("role", "qualite", "lien"),
    "scope": ("scope", "matters", "perimetre", "portee", "matieres", "demarches"),
    "until": ("until", "expires", "expiry", "expiration", "fin", "jusqu au", "date de fin", "fin de validite"),
    "proof": ("proof", "preuve", "justificatif", "piece"),
}
HEADS: Mapping[Part, Mapping[str, tuple[str, ...]]] = {
    Part.PEOPLE: _PEOPLE,
    Part.FILES: _FILES,
    Part.MANDATES: _MANDATES,
}
NEEDED: Mapping[Part, tuple[tuple[str, ...], ...]] = {
    Part.PEOPLE: (("external_id",), ("given_names",), ("birth_name", "usual_name")),
    Part.FILES: (("external_id",), ("number",)),
    Part.MANDATES: (("external_id",), ("holder", "holder_name"), ("role",)),
}
"""Of each group one is enough."""
