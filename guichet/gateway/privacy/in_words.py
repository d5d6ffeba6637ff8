"""What is kept of a person as a text that they can read: every field by name, indented as it belongs together. Pure."""

from typing import Any

_TITLES = {
    "record": "Fiche · Record",
    "contacts": "Appels et conversations · Calls and conversations",
    "requests": "Demandes · Requests",
    "texts": "SMS · Texts",
    "consents": "Consentements · Consents",
}


def in_words(found: dict[str, Any]) -> str:
    """Write an export for people."""
    lines = [f"Exporté le · exported at {found['exported_at']}"]
    for name, title in _TITLES.items():
        lines += ["", title, "-" * len(title)]
        value = found[name]
        lines += list(_lines(value, "")) if value else ["(rien · nothing)"]
    return "\n".join(lines)


def _lines(value: Any, indent: str) -> list[str]:
    """Write a value; what is empty says nothing and is left out."""
    if isinstance(value, list):
        return _listed(value, indent)
    if isinstance(value, dict):
        return [line for name, held in value.items() if _says(held) for line in _field(name, held, indent)]
    return [f"{indent}{value}"]


def _listed(values: list[Any], indent: str) -> list[str]:
    """Write each of several, numbered."""
    lines: list[str] = []
    for place, one in enumerate(values, 1):
        lines += [f"{indent}{place}.", *_lines(one, f"{indent}   ")]
    return lines


def _field(name: str, value: Any, indent: str) -> list[str]:
    """Write a field and what is in it."""
    if isinstance(value, dict | list):
        return [f"{indent}{name}:", *_lines(value, f"{indent}  ")]
    return [f"{indent}{name}: {value}"]


def _says(value: Any) -> bool:
    return value not in ("", None, [], {})
