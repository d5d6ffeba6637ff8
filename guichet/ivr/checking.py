"""What proves who calls: CHECK (birth date), FILE (file number); POSTCODE, which tells people apart. Pure.

By keys and by voice. A number given for the one is never taken for the other, whatever its length: each has its own
question.
"""

from datetime import date

from guichet.ivr import script as said
from guichet.ivr import wishes
from guichet.ivr.asking import BIRTH_DATE_KEYS, POSTCODE_KEYS, Turned, ask, decide_now, keep_keying, missed
from guichet.ivr.call import At, Call
from guichet.ivr.inputs import Spoken
from guichet.ivr.moves import Identify, Tell
from guichet.ivr.script import Script

FILE_KEY = "5"
SHORTEST_FILE = 4
"""Digits of a file number at least."""
FIRST_YEAR = 1900


def check_keys(script: Script, call: Call, digits: str) -> Turned:
    """Eight digits, in one go or in several; 5 gives a file number instead, since no date begins with it."""
    if digits == FILE_KEY and not call.keyed and call.has_files:
        return _ask_file(script, call.evolve(by_keys=True))
    keyed = call.keyed + digits
    if keyed.isdecimal() and len(keyed) < BIRTH_DATE_KEYS:
        return keep_keying(script, call.evolve(keyed=keyed), BIRTH_DATE_KEYS)
    born = birth_date(keyed)
    if born is None:
        return missed(script, call, Tell(said.NOT_A_DATE))
    return call.evolve(birth_dates=(born,), keyed=""), (Identify(),)


def check_spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Take a date, or the wish not to give one; who speaks of a file is asked for its number."""
    if call.has_files and wishes.gives_file_number(heard.text):
        return _ask_file(script, call)
    if heard.value:
        return call.evolve(birth_dates=(heard.value,)), (Identify(),)
    if wishes.wants_to_skip(heard.text):
        return decide_now(call, Tell(said.GO_ON))
    return missed(script, call, Tell(said.NOT_A_DATE))


def _ask_file(script: Script, call: Call) -> Turned:
    """Ask for the file number."""
    return ask(script, call.evolve(at=At.FILE, misses=0, keyed=""))


def file_keys(script: Script, call: Call, digits: str) -> Turned:
    """Take the digits of a file number, all in one go: only the caller knows how many there are."""
    if not digits.isdecimal() or len(digits) < SHORTEST_FILE:
        return missed(script, call, Tell(said.NOT_A_FILE))
    return call.evolve(files=(digits,), keyed=""), (Identify(),)


def file_spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Take every reading of a file number, or the wish not to give one."""
    if heard.value:
        return call.evolve(files=tuple(heard.value.split("\n"))), (Identify(),)
    if wishes.wants_to_skip(heard.text):
        return decide_now(call, Tell(said.GO_ON))
    return missed(script, call, Tell(said.NOT_A_FILE))


def postcode_keys(script: Script, call: Call, digits: str) -> Turned:
    """Five digits, in one go or in several."""
    keyed = call.keyed + digits
    if keyed.isdecimal() and len(keyed) < POSTCODE_KEYS:
        return keep_keying(script, call.evolve(keyed=keyed), POSTCODE_KEYS)
    if not keyed.isdecimal() or len(keyed) != POSTCODE_KEYS:
        return missed(script, call, Tell(said.NOT_A_POSTCODE))
    return call.evolve(postcodes=(keyed,), keyed=""), (Identify(),)


def postcode_spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Take a postcode, or the wish not to give one."""
    if heard.value:
        return call.evolve(postcodes=tuple(heard.value.split("\n"))), (Identify(),)
    if wishes.wants_to_skip(heard.text):
        return decide_now(call, Tell(said.GO_ON))
    return missed(script, call, Tell(said.NOT_A_POSTCODE))


def birth_date(keyed: str) -> str | None:
    """Read JJMMAAAA (eight digits) as ISO 8601; None for what is no day, or no birth date of the living."""
    if len(keyed) != BIRTH_DATE_KEYS or not keyed.isdecimal():
        return None
    try:
        born = date(int(keyed[4:]), int(keyed[2:4]), int(keyed[:2]))
    except ValueError:
        return None
    return born.isoformat() if born.year >= FIRST_YEAR else None
