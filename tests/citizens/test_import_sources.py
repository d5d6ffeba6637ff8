"""What an import reads: JSON lines, queries, mappings; the whole record, files and mandates."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from guichet.citizens.case_file import CaseFile
from guichet.citizens.citizen import PhoneKind, Preferred
from guichet.citizens.csv_file import LONGEST_HEADER, LONGEST_LINE
from guichet.citizens.import_run import Part
from guichet.citizens.import_wish import ImportReport, Wish
from guichet.citizens.importer import CitizenImport
from guichet.citizens.layout import Reading
from guichet.citizens.mandate import Mandate, Role
from guichet.citizens.mapping import Mapping, read_mapping
from guichet.citizens.source import FileSource, sources_of
from guichet.citizens.store import Saved
from guichet.core.errors import BadInput, Unavailable
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from tests.citizens.units import Begin

TODAY = date(2026, 3, 2)
ODETTE: dict[str, Any] = {
    "id": "12",
    "prénoms": "Odette Marie",
    "nom": "Payet",
    "date de naissance": "1941-08-17",
    "lieu de naissance": "Saint-Denis",
    "phones": [
        {"number": "02 62 19 01 39", "kind": "home", "shared": True},
        {"number": "06 39 98 10 39", "kind": "mobile"},
        "01 99 00 12 39",
    ],
    "emails": ["odette@example.org", "payet@example.org"],
    "langue": "en",
    "canal préféré": "courrier",
    "ne pas appeler": True,
    "notes": "parle bas",
    "dossiers": [{"numero": "2026-0117", "type": "APA", "etat": "en cours"}],
    "mandats": [{"mandataire": "13", "role": "fille", "scope": ["apa_personne_agee"], "fin": "31/12/2027"}],
}
DAUGHTER = {"id": "13", "prénoms": "Inès", "nom": "Payet", "mobile": "06 39 98 10 40"}


def json_lines(folder: Path, *people: Any) -> Path:
    file = folder / "usagers.jsonl"
    file.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in people), "utf-8")
    return file


async def run(begin: Begin, folder: Path, mapping: str, wish: Wish | None = None, **others: str) -> ImportReport:
    (folder / "m.toml").write_text(mapping, "utf-8")
    told = read_mapping(folder / "m.toml")
    wish = wish or Wish(source=told.source)
    return await CitizenImport(begin).run_sources(sources_of(None, told, folder, **others), TODAY, wish)


async def test_a_line_of_json_gives_the_whole_record(tmp_path: Path, begin: Begin) -> None:
    report = await CitizenImport(begin).run(json_lines(tmp_path, ODETTE, DAUGHTER), TODAY)
    assert report.people.layout.kind == "json lines"
    assert {part: one.progress.saved for part, one in report.parts.items()} == {
        Part.PEOPLE: Saved(added=2),
        Part.MANDATES: Saved(added=1),
    }
    async with begin() as unit:
        odette = await unit.citizens.by_external_id("12")
        ines = await unit.citizens.by_external_id("13")
        assert odette is not None
        assert ines is not None
        assert await unit.records.files_of(odette.id) == (CaseFile("2026-0117", "APA", "en cours"),)
        assert await unit.records.owners_of_files(["20260117"]) == (odette.id,)
        expected = Mandate(odette.id, Role.RELATIVE, ines.id, scope=("apa_personne_agee",), until=date(2027, 12, 31))
        assert await unit.records.mandates_of(odette.id) == (expected,)
        assert await unit.records.mandates_held(ines.id) == (expected,)
        found = await unit.citizens.with_phone(PhoneNumber("+262262190139"))
    assert found == (odette,)
    assert (odette.birth_place, odette.notes) == ("Saint-Denis", "parle bas")
    assert (odette.email, odette.other_emails) == ("odette@example.org", ("payet@example.org",))
    assert (odette.language, odette.channel, odette.never_call) == (Language.EN, Preferred.POST, True)
    assert dict(zip(odette.phones, odette.phone_kinds, strict=True)) == {
        PhoneNumber("+262262190139"): PhoneKind.HOME,
        PhoneNumber("+33639981039"): PhoneKind.MOBILE,
        PhoneNumber("+33199001239"): PhoneKind.OTHER,
    }
    assert odette.shared_phones == {PhoneNumber("+262262190139")}


async def test_a_second_import_of_the_whole_record_changes_nothing(tmp_path: Path, begin: Begin) -> None:
    for expected in (Saved(added=2), Saved(same=2)):
        report = await CitizenImport(begin).run(json_lines(tmp_path, ODETTE, DAUGHTER), TODAY)
        assert report.people.progress.saved == expected
    assert report.parts[Part.MANDATES].progress.saved == Saved(same=1)


async def test_lines_that_are_no_objects_are_reported(tmp_path: Path, begin: Begin) -> None:
    file = json_lines(tmp_path, DAUGHTER, "[1]", '{"id": ', "", {"id": "3"})
    report = await CitizenImport(begin).run(file, TODAY)
    assert [fault.number for fault in report.people.faults] == [2, 3, 5]
    assert report.people.progress.saved == Saved(added=1)


@pytest.mark.parametrize(("content", "said"), [("", "no line of it is a JSON object"), ('{"a": 1}', "external_id")])
async def test_json_without_people_is_refused(tmp_path: Path, begin: Begin, content: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        await CitizenImport(begin).run(json_lines(tmp_path, content), TODAY)


MAPPING = """
source = "ccas"
[people]
from = "u.csv"
encoding = "latin-1"
separator = ":"
columns = {external_id = "N", given_names = "P", birth_name = "NF", mobile = ["T1", "T2"]}
values.langue = {}
[files]
from = "d.csv"
columns = {external_id = "N", number = "D", kind = "TYPE", state = "E"}
[mandates]
from = "m.csv"
columns = {external_id = "N", holder = "M", role = "Q", until = "FIN"}
values.role = {T = "tuteur"}
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "u.csv").write_bytes(
        "N:P:NF:T1:T2:téléphone\n1:Zoé:Aubry:0600001001:0600001002:0199001201\n2:Léo:Roy:::\n".encode("latin-1")
    )
    (tmp_path / "d.csv").write_text("N;D;TYPE;E\n1;A-1;APA;ouvert\n9;A-2;APA;clos\n", "utf-8")
    (tmp_path / "m.csv").write_text("N;M;Q;FIN\n1;2;T;2027-01-31\n1;9;T;\n2;1;roi;\n2;1;T;31/02/2027\n", "utf-8")
    return tmp_path


async def test_a_mapping_says_where_everything_is(files: Path, begin: Begin) -> None:
    report = await run(begin, files, MAPPING.replace("values.langue = {}\n", ""))
    assert report.people.layout.encoding == "iso8859-1"
    assert report.people.progress.saved == Saved(added=2)
    assert [fault.number for fault in report.parts[Part.FILES].faults] == [3]
    assert [(fault.number, fault.reason.en.split()[1]) for fault in report.parts[Part.MANDATES].faults] == [
        *((4, "role;"), (5, "last"), (3, "holder:")),
    ]
    async with begin() as unit:
        zoe = await unit.citizens.by_external_id("1")
        leo = await unit.citizens.by_external_id("2")
        assert zoe is not None
        assert leo is not None
        assert [number.e164 for number in zoe.phones] == ["+33600001001", "+33600001002", "+33199001201"]
        assert await unit.records.files_of(zoe.id) == (CaseFile("A-1", "APA", "ouvert"),)
        assert await unit.records.mandates_of(zoe.id) == (
            Mandate(zoe.id, Role.GUARDIAN, leo.id, until=date(2027, 1, 31)),
        )


async def test_a_dry_run_names_the_same_bad_lines_and_saves_nothing(files: Path, begin: Begin) -> None:
    report = await run(begin, files, MAPPING.replace("values.langue = {}\n", ""), Wish("ccas", dry_run=True))
    assert [fault.number for fault in report.parts[Part.FILES].faults] == [3]
    assert sorted(fault.number for fault in report.parts[Part.MANDATES].faults) == [3, 4, 5]
    async with begin() as unit:
        assert await unit.citizens.count() == 0
        assert await unit.imports.latest("ccas") is None


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("[people]\ncolums = {}", "colums"),
        ("[people]\nfrom = x\nseparator = 1", "line 2"),
        ("[files]\ncolumns = {}", r"\[files\] needs `from`"),
        ('[people]\nfrom = "a"\nquery = "b"', "leave one"),
        ('[people]\nfrom = "u.csv"\ncolumns = {external_id = "X"}', "names X"),
        ('[people]\nfrom = "u.csv"\ncolumns = {identity = "N"}', "fills identity"),
        ('[people]\nfrom = "u.csv"\nencoding = "klingon"', "no encoding 'klingon'"),
        ('[people]\nquery = "SELECT 1"', "needs a database"),
        ("", "nothing to import"),
    ],
)
async def test_a_flawed_mapping_is_refused_with_the_way_out(files: Path, begin: Begin, mapping: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        await run(begin, files, mapping)


@pytest.fixture
async def theirs(tmp_path: Path) -> str:
    """Make a database of the administration's."""
    url = f"sqlite:///{tmp_path}/theirs.sqlite"
    engine = create_async_engine(url.replace("sqlite:", "sqlite+aiosqlite:"))
    async with engine.begin() as connection:
        await connection.execute(sa.text("CREATE TABLE usagers (num INTEGER, prenom TEXT, nom TEXT, ne_le DATE)"))
        rows = [{"num": number, "nom": f"Roy{number}"} for number in range(2500)]
        await connection.execute(sa.text("INSERT INTO usagers VALUES (:num, 'Anne', :nom, '1980-01-31')"), rows)
    await engine.dispose()
    return url


QUERY = 'people.query = "SELECT num AS id, prenom, nom, ne_le FROM usagers ORDER BY num"\n'


@pytest.mark.parametrize("driver", ["sqlite", "sqlite+aiosqlite", "sqlite+pysqlite"])
async def test_a_query_is_read_in_batches(tmp_path: Path, begin: Begin, theirs: str, driver: str) -> None:
    report = await run(begin, tmp_path, QUERY, database=theirs.replace("sqlite", driver, 1))
    assert report.people.layout.kind == "sql"
    assert report.people.progress.saved == Saved(added=2500)
    async with begin() as unit:
        last = await unit.citizens.by_external_id("2499")
    assert last is not None
    assert (last.birth_name, last.birth_date) == ("Roy2499", date(1980, 1, 31))


@pytest.mark.parametrize(
    ("query", "database", "error", "said"),
    [
        ("DELETE FROM usagers", "", BadInput, "begins with SELECT"),
        ("SELECT num FROM usagers", "", BadInput, "no column for external_id"),
        ("SELECT * FROM nowhere", "", (BadInput, Unavailable), "no such table"),
        ("SELECT 1", "nonsense", BadInput, "named by a URL"),
        ("SELECT 1", "klingon://host/base", BadInput, "knows no such database"),
        ("SELECT 1", "postgresql://reader:geheim@127.0.0.1:1/base", Unavailable, r"reader:\*\*\*@"),
    ],
)
async def test_a_bad_query_or_database_says_what_to_do(
    tmp_path: Path, theirs: str, query: str, database: str, error: type[Exception], said: str
) -> None:
    async def look() -> None:
        await sources_of(None, Mapping(), tmp_path, query=query, database=database or theirs)[Part.PEOPLE].layout()

    with pytest.raises(error, match=said) as raised:
        await look()
    assert "geheim" not in str(raised.value)


@pytest.mark.postgresql
async def test_a_query_of_postgresql_cannot_write(postgresql_url: str, tmp_path: Path) -> None:
    query = "WITH gone AS (DELETE FROM pg_catalog.pg_description RETURNING 1) SELECT 1 AS id FROM gone"
    found = sources_of(None, Mapping(), tmp_path, query=query, database=postgresql_url.replace("+asyncpg", ""))
    with pytest.raises(BadInput, match="read-only"):
        await found[Part.PEOPLE].layout()


def test_a_pipe_and_a_device_are_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "people.csv"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/full"), tmp_path):
        with pytest.raises(BadInput, match="no regular file"):
            FileSource(path, Reading()).lines()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.csv", "id;prénom;nom\n1;Anne;" + "x" * LONGEST_LINE),
        ("people.jsonl", '{"id": "1", "prénom": "Anne", "nom": "Roy"}\n{"id": "' + "x" * LONGEST_LINE),
        ("people.csv", "id;prénom;nom" + "x" * LONGEST_HEADER),
    ],
)
def test_a_line_without_end_is_not_held_in_memory(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(BadInput, match="longer than"):
        list(FileSource(path, Reading()).lines())


def test_an_object_that_is_too_deep_is_a_fault_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    deep = '{"id": "2", "nom": ' + "[" * 100_000 + "]" * 100_000 + "}"
    path.write_text('{"id": "1", "prénom": "Anne", "nom": "Roy"}\n' + deep, "utf-8")
    assert [line.fault for line in FileSource(path, Reading()).lines()] == ["", "no JSON object"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.csv", "id;prénom;nom\n1;An\0ne;Roy\n"),
        ("people.jsonl", '{"id": "1", "prénom": "An\\u0000ne", "nom": "Roy"}\n'),
    ],
)
async def test_a_zero_byte_that_no_database_takes_is_left_out(
    tmp_path: Path, begin: Begin, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    report = await CitizenImport(begin).run(path, TODAY)
    assert report.parts[Part.PEOPLE].progress.saved == Saved(added=1)
    async with begin() as unit:
        found = await unit.citizens.by_external_id("1")
        assert found is not None
        assert found.given_names == "Anne"
