"""Writes the inside contracts of `.importlinter`: the files of each package in the layers that they stand in today.

    python tools/layers.py > .importlinter.new

A file that is new, or that imports upwards, breaks `lint-imports` until it is given its place: by hand, or by this
script when the new picture is the one that is wanted. Read the difference before you keep it.
"""

from pathlib import Path

import grimp

FEATURES = ("carrier", "citizens", "transcripts", "routing", "callbacks", "sms", "ivr", "console", "gateway")
INSIDE = "[importlinter:contract:inside_"


def levels(graph: grimp.ImportGraph, package: str) -> list[list[str]]:
    """Return the children of a package, highest first: each imports only from the lines below its own."""
    children = {module: module.rsplit(".", 1)[1] for module in graph.find_children(package)}
    below: dict[str, set[str]] = {name: set() for name in children.values()}
    for module, name in children.items():
        for inner in (module, *graph.find_descendants(module)):
            for imported in graph.find_modules_directly_imported_by(inner):
                for other, other_name in children.items():
                    if other != module and (imported == other or imported.startswith(f"{other}.")):
                        below[name].add(other_name)
    found: list[list[str]] = []
    left = set(below)
    while left:
        line = sorted(name for name in left if not below[name] & left)
        if not line:
            raise SystemExit(f"{package}: {', '.join(sorted(left))} import each other in a circle")
        found.append(line)
        left -= set(line)
    return found[::-1]


def contract(graph: grimp.ImportGraph, feature: str) -> str:
    """Return the contract of one feature."""
    lines = "\n".join(f"    {' | '.join(line)}" for line in levels(graph, f"guichet.{feature}"))
    return (
        f"{INSIDE}{feature}]\nname = Inside {feature}: each file imports only from lines below its own\n"
        f"type = layers\ncontainers = guichet.{feature}\nexhaustive = True\nlayers =\n{lines}\n"
    )


if __name__ == "__main__":
    kept = Path(".importlinter").read_text("utf-8").split(INSIDE, 1)[0].rstrip()
    graph = grimp.build_graph("guichet")
    print("\n\n".join([kept, *(contract(graph, feature) for feature in FEATURES)]).rstrip())
