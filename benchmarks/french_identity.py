"""A French set for `guichet citizens evaluate`: `python -m benchmarks.french_identity FOLDER [--records N]`.

Writes `records.csv` and `dialogues.jsonl` into FOLDER: invented people (french_people.py), and what a recogniser
may make of it (french_speech.py). One dialogue in ten is of somebody who is not in the record
(every other of them of the home and surname of somebody who is), one in fifty gives the
birth date of somebody else of the home. Then:

    guichet citizens evaluate FOLDER/dialogues.jsonl --records FOLDER/records.csv
"""

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.french_people import Person, arguments, people, write_people
from benchmarks.french_speech import heard_date, heard_name, heard_postcode, said_name, spelt_name


def relative(person: Person, stranger: Person) -> Person:
    """Return somebody of the home of a person, who has the given name and birth date of a stranger."""
    return replace(person, given=stranger.given, born=stranger.born)


def turns(person: Person, other: Person, chance: random.Random) -> list[dict[str, Any]]:
    """Return the turns of one dialogue: every item once, a third of them twice, the second name sometimes spelt."""
    born = other.born if chance.random() < 0.02 else person.born
    said = said_name(person, chance)
    found = []
    for attempt in range(2):
        spelt = attempt > 0 and chance.random() < 0.5
        answers = {
            "name": spelt_name(said, chance) if spelt else heard_name(said, chance),
            "birth_date": heard_date(born, chance),
            "postcode": heard_postcode(person.postcode, chance),
        }
        kept = [asked for asked in answers if attempt == 0 or chance.random() < 0.35]
        found += [{"asked": asked, "attempt": attempt, "heard": answers[asked]} for asked in kept]
    return found


def main() -> None:
    """Write both files."""
    options = arguments()
    options.set_defaults(records=10_000)
    options.add_argument("--dialogues", type=int, default=1000)
    options.add_argument("folder", type=Path)
    chosen = options.parse_args()
    known = list(people(chosen.records, chosen.seed, chosen.postcodes))
    strangers = list(people(chosen.dialogues, chosen.seed + 1, chosen.postcodes))
    chance = random.Random(chosen.seed + 2)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    write_people(chosen.folder / "records.csv", iter(known))
    with (chosen.folder / "dialogues.jsonl").open("w", encoding="utf-8") as file:
        for number in range(chosen.dialogues):
            is_stranger = chance.random() < 0.1
            place = chance.randrange(len(known) - 1)
            person, other = known[place], known[place + 1]
            if is_stranger:
                person = strangers[number] if chance.random() < 0.5 else relative(person, strangers[number])
            line = {
                "id": f"F{number:05}",
                "expected": None if is_stranger else person.id,
                "turns": turns(person, other, chance),
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
