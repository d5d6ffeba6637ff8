import codecs
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.citizens.csv_file import detect
from guichet.citizens.import_run import Progress
from guichet.citizens.import_wish import Wish
from guichet.citizens.importer import BATCH, CitizenImport, read_file
from guichet.citizens.layout import SourceLine
from guichet.citizens.row import read_person
from guichet.citizens.store import Saved
from guichet.citizens.written_date import past_date
from guichet.core.errors import BadInput
from guichet.core.ids import CitizenId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from tests.citizens.units import Begin

TODAY = date(2026, 3, 2)
FRENCH = """Id;Prénom;Nom;Nom d'usage;Date de naissance;Téléphone;Portable;Code postal;Langue;Ne pas appeler;Chat
1;Hélène;Lefèvre;Martin;03/03/1985;01 99 00 12 01;06 00 00 10 01;38790;français;;aime les chats
2;Oliver;Hughes;;1977-11-04;;+33 6 00 00 10 02 / 01 99 00 12 01;38790;anglais;oui;
"""
ENGLISH = "id,given_name,family_name,birth_date,postcode,email\nR1,Jordan,Gilbert,1914-09-01,S6 3YB,j@example.org\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    file = folder / "citizens.csv"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_is_detected(tmp_path: Path, encoding: str) -> None:
    file = written(tmp_path, FRENCH, encoding)
    assert detect(file).encoding == encoding
    assert [person.given_names for person in read_file(file, TODAY)] == ["Hélène", "Oliver"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "mac"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|", ":", "~", "§"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8-sig", b""),
        ("cp1252", b""),
        ("utf-16", b""),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32", b""),
    ],
    ids=str,
)
def test_a_file_is_read_whatever_its_shape(
    tmp_path: Path, encoding: str, mark: bytes, separator: str, line_end: str
) -> None:
    head = separator.join(["identifiant", "prénom", "nom", "adresse"])
    quoted = f'"12 rue ""des{separator}Lilas"""'
    line = separator.join(["1", "Hélène", "Lefèvre", quoted])
    file = tmp_path / "usagers.csv"
    file.write_bytes(mark + line_end.join([head, line, ""]).encode(encoding))
    told = detect(file)
    assert (told.separator, list(told.columns)) == (separator, ["external_id", "given_names", "birth_name", "address"])
    (helene,) = read_file(file, TODAY)
    assert (helene.given_names, helene.birth_name) == ("Hélène", "Lefèvre")
    assert helene.address == f'12 rue "des{separator}Lilas"'


def test_the_separator_that_a_spreadsheet_tells_is_taken(tmp_path: Path) -> None:
    file = written(tmp_path, "sep=#\r\nid#prénom#nom\r\n1#Anne#Roy\r\n", "cp1252")
    assert detect(file).separator == "#"
    (anne,) = read_file(file, TODAY)
    assert anne.birth_name == "Roy"


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_detected(tmp_path: Path, separator: str) -> None:
    file = written(tmp_path, FRENCH.replace(";", separator))
    assert detect(file).separator == separator
    assert len(list(read_file(file, TODAY))) == 2


def test_french_heads_are_known_and_others_told(tmp_path: Path) -> None:
    layout = detect(written(tmp_path, FRENCH))
    assert (layout.columns["phone"], layout.columns["mobile"]) == (("Téléphone",), ("Portable",))
    assert layout.columns["usual_name"] == ("Nom d'usage",)
    assert layout.ignored == ("Chat",)


def test_a_french_line_becomes_a_citizen(tmp_path: Path) -> None:
    helene, oliver = read_file(written(tmp_path, FRENCH), TODAY)
    assert (helene.birth_name, helene.usual_name, helene.birth_date) == ("Lefèvre", "Martin", date(1985, 3, 3))
    assert helene.phones == (PhoneNumber("+33199001201"), PhoneNumber("+33600001001"))
    assert (helene.language, helene.never_call) == (Language.FR, False)
    assert oliver.phones == (PhoneNumber("+33600001002"), PhoneNumber("+33199001201"))
    assert (oliver.language, oliver.never_call) == (Language.EN, True)


def test_english_heads_are_known(tmp_path: Path) -> None:
    (jordan,) = read_file(written(tmp_path, ENGLISH), TODAY)
    assert (jordan.external_id, jordan.full_name, jordan.postcode) == ("R1", "Jordan Gilbert", "S6 3YB")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prénom;nom\nAnne;Roy\n", "external_id"),
        ("identifiant;prénom\n1;Anne\n", "birth_name"),
        ("", "first line"),
    ],
)
def test_a_file_without_needed_columns_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        detect(written(tmp_path, text))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        detect(tmp_path / "none.csv")


async def test_good_lines_are_kept_and_bad_ones_reported(tmp_path: Path, begin: Begin) -> None:
    lines = [
        "id;prénom;nom;date de naissance;téléphone",
        "1;Anne;Roy;03/03/1985;0199001201",
        ";Bruno;Roy;;",
        "3;Claire;;;",
        "4;David;Roy;31/02/1985;",
        "",
        "6;Élise;Roy;01/01/2999;",
        "7;Félix;Roy;;0000",
        "8;Gaël;Roy;;;trop;de;colonnes",
        '9;"Hugo\nLouis";Roy;;',
        "10;Inès;Roy;;",
    ]
    report = await CitizenImport(begin).run(written(tmp_path, "\n".join(lines)), TODAY)
    assert report.people.progress.saved == Saved(added=4)
    assert [(fault.number, fault.kept) for fault in report.people.faults] == [
        *((3, False), (4, False), (5, False), (7, False), (8, True), (9, False)),
    ]
    assert report.people.faults[0].reason.fr == "identifiant manquant"
    assert "31/12/1980" in report.people.faults[2].reason.en
    assert report.people.progress.faults == 6
    async with begin() as unit:
        assert await unit.citizens.by_external_id("10") is not None
        assert await unit.citizens.by_external_id("4") is None


async def test_a_second_import_updates_and_never_duplicates(tmp_path: Path, begin: Begin) -> None:
    importer = CitizenImport(begin)
    await importer.run(written(tmp_path, FRENCH), TODAY)
    again = await importer.run(written(tmp_path, FRENCH), TODAY)
    changed = await importer.run(written(tmp_path, FRENCH.replace("38790", "69100", 1)), TODAY)
    assert again.people.progress.saved == Saved(same=2)
    assert changed.people.progress.saved == Saved(changed=1, same=1)
    async with begin() as unit:
        assert await unit.citizens.count() == 2


async def test_a_dry_run_reports_and_saves_nothing(tmp_path: Path, begin: Begin) -> None:
    report = await CitizenImport(begin).run(written(tmp_path, FRENCH + ";x;y\n"), TODAY, Wish(dry_run=True))
    assert (report.people.progress.lines, report.people.progress.faults, report.people.progress.saved) == (
        3,
        1,
        Saved(),
    )
    async with begin() as unit:
        assert await unit.citizens.count() == 0


async def test_progress_is_told_batch_by_batch(tmp_path: Path, begin: Begin) -> None:
    rows = "".join(f"{number},Anne,Roy{number}\n" for number in range(BATCH + 3))
    told: list[Progress] = []
    await CitizenImport(begin).run(
        written(tmp_path, "id,given name,surname\n" + rows), TODAY, Wish(progress=lambda _, done: told.append(done))
    )
    assert [progress.lines for progress in told] == [BATCH, BATCH + 3]
    assert told[-1].saved == Saved(added=BATCH + 3)


async def test_numbers_without_a_country_are_of_the_region(tmp_path: Path, begin: Begin) -> None:
    text = "id,given name,surname,phone\n1,Anne,Roy,020 7946 0018\n"
    await CitizenImport(begin, region="GB").run(written(tmp_path, text), TODAY)
    async with begin() as unit:
        found = await unit.citizens.by_external_id("1")
    assert found is not None
    assert found.phones == (PhoneNumber("+442079460018"),)


@pytest.mark.parametrize("text", ["03/03/1985", "3.3.1985", "1985-03-03", "19850303", "1985-03-03 00:00:00"])
def test_dates_are_read_as_files_write_them(text: str) -> None:
    assert past_date(text, TODAY) == date(1985, 3, 3)


@given(st.dictionaries(st.sampled_from(["external_id", "given_names", "birth_name", "birth_date", "phone"]), st.text()))
def test_any_line_gives_a_citizen_or_a_reason(values: dict[str, str]) -> None:
    line = SourceLine(2, {field: (text.strip(),) for field, text in values.items()})
    read = read_person(line, CitizenId("cit_1"), TODAY)
    assert read.citizen is not None or read.faults
    assert all(fault.reason.fr and fault.reason.en for fault in read.faults)


@given(st.binary(max_size=300))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("any") / "any.csv"
    for start in (b"", b"id,prenom,nom\n", codecs.BOM_UTF16_LE):
        file.write_bytes(start + content)
        try:
            for person in read_file(file, TODAY):
                assert person.external_id
        except BadInput:
            pass
