"""Models are installed from whatever source works, and only if they are what was published."""

import asyncio
import hashlib
import io
import shutil
import stat
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from guichet.core.errors import BadInput, Unavailable
from guichet.core.language import Language
from guichet.transcripts import download
from guichet.transcripts.install import install, sources
from guichet.transcripts.model_files import UPSAMPLE, closed_folder, has_upsampling, model_folder, telephone_ready
from guichet.transcripts.models import CATALOGUE, LARGE, LARGE_FRENCH, Archive, SpeechModel
from guichet.transcripts.unpack import unpack
from guichet.transcripts.verify import SUMS, verify

NAME = "vosk-model-small-fr-0.22"
FILES = {"am/final.mdl": b"model" * 40_000, "conf/mfcc.conf": b"--a=1\n--b=2\n", "README": b"hello"}


def zipped(files: dict[str, bytes], folder: str = NAME) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{folder}/{name}", content)
    return made.getvalue()


CONTENT = zipped(FILES)


def model_of(content: bytes) -> SpeechModel:
    kind = Archive(f"{NAME}.zip", len(content), hashlib.sha256(content).hexdigest(), NAME)
    return SpeechModel(Language.FR, NAME, kind)


MODEL = model_of(CONTENT)


@dataclass
class Heard:
    """A progress that keeps what it was told."""

    lines: list[str] = field(default_factory=list)
    reached: int = 0

    def say(self, line: str) -> None:
        """Keep a line."""
        self.lines.append(line)

    def start(self, what: str, total: int) -> None:
        """Begin anew."""
        self.reached = 0

    def reach(self, done: int) -> None:
        """Only ever forward."""
        assert done >= self.reached
        self.reached = done


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def site(handler: Handler) -> AsyncIterator[str]:
    """Serve the handler at every address; give that of the site."""
    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    async with TestServer(app) as server:
        yield str(server.make_url("/models/"))


async def whole(request: web.Request) -> web.Response:
    return web.Response(body=CONTENT)


async def placed(models_dir: Path, address: str, model: SpeechModel = MODEL) -> Path:
    return await install(model, models_dir, sources(model, address), Heard())


def assert_nothing_is_left(models_dir: Path, besides: str = ".downloads") -> None:
    assert [path.name for path in models_dir.iterdir() if path.name != besides] == []


async def test_a_model_is_fetched_checked_prepared_and_placed(tmp_path: Path) -> None:
    async with site(whole) as address:
        folder = await placed(tmp_path / "models", address)
    assert folder == tmp_path / "models" / NAME == model_folder(tmp_path / "models", Language.FR)
    assert has_upsampling(folder)
    assert verify(MODEL, folder).is_right
    assert_nothing_is_left(tmp_path / "models", besides=NAME)
    progress = Heard()
    await install(MODEL, tmp_path / "models", (), progress)
    assert progress.lines == [f"{NAME} is installed"]


async def test_a_download_that_is_cut_goes_on_where_it_stopped(tmp_path: Path) -> None:
    asked: list[str | None] = []

    async def cutting(request: web.Request) -> web.StreamResponse:
        asked.append(request.headers.get("Range"))
        start = int((request.headers.get("Range") or "bytes=0-").split("=")[1].rstrip("-"))
        answer = web.StreamResponse(status=206 if start else 200, headers={"Content-Length": str(len(CONTENT) - start)})
        if start:
            answer.headers["Content-Range"] = f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"
        await answer.prepare(request)
        await answer.write(CONTENT[start : start + 90_000])
        if start + 90_000 < len(CONTENT) and request.transport is not None:
            request.transport.close()
        return answer

    async with site(cutting) as address:
        assert verify(MODEL, await placed(tmp_path, address)).is_right
    assert asked == [None, "bytes=90000-", "bytes=180000-"]


async def test_a_site_that_does_not_resume_is_asked_from_the_start(tmp_path: Path) -> None:
    part = tmp_path / ".downloads" / f"{NAME}.zip.part"
    part.parent.mkdir()
    part.write_bytes(b"the start of something else")
    async with site(whole) as address:
        assert verify(MODEL, await placed(tmp_path, address)).is_right


async def test_a_part_that_is_too_long_is_thrown_away(tmp_path: Path) -> None:
    part = tmp_path / ".downloads" / f"{NAME}.zip.part"
    part.parent.mkdir()
    part.write_bytes(CONTENT + b"more")
    async with site(whole) as address:
        assert verify(MODEL, await placed(tmp_path, address)).is_right


async def test_a_corrupt_file_is_refused_and_removed(tmp_path: Path) -> None:
    async def corrupt(request: web.Request) -> web.Response:
        return web.Response(body=CONTENT[:-1] + b"?")

    async with site(corrupt) as address:
        with pytest.raises(BadInput, match="SHA-256"):
            await placed(tmp_path, address)
    assert_nothing_is_left(tmp_path)
    assert not list((tmp_path / ".downloads").iterdir())


async def test_a_file_that_never_ends_is_cut_off(tmp_path: Path) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        with suppress(ConnectionError):
            while True:
                await answer.write(b"x" * 65536)
        return answer

    async with site(endless) as address:
        with pytest.raises(BadInput, match="larger"):
            await placed(tmp_path, address)


async def test_a_site_that_stalls_is_given_up(tmp_path: Path) -> None:
    given_up = asyncio.Event()

    async def stalling(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": str(len(CONTENT))})
        await answer.prepare(request)
        await given_up.wait()
        return answer

    async with site(stalling) as address:
        url = f"{address}{NAME}.zip"
        with pytest.raises(Unavailable, match="does not answer any more"):
            await download.fetch(url, MODEL.archive, tmp_path / "file", Heard(), stall_seconds=0.05)
        given_up.set()


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_a_site_without_the_file_says_so(status: int, tmp_path: Path) -> None:
    async def refusing(request: web.Request) -> web.Response:
        return web.Response(status=status)

    async with site(refusing) as address:
        with pytest.raises(Unavailable, match=rf"answers {status}.*--from"):
            await placed(tmp_path, address)


LARGE_NAME = LARGE_FRENCH.name


async def test_a_large_model_is_placed_once_somebody_has_said_its_digest(tmp_path: Path) -> None:
    content, asked = zipped(FILES, LARGE_NAME), []

    async def serving(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(body=content)

    async with site(serving) as address:
        with pytest.raises(BadInput, match=r"has the SHA-256 .* say that one with --sha256") as caught:
            await placed(tmp_path, address, LARGE_FRENCH)
        right = hashlib.sha256(content).hexdigest()
        assert right in str(caught.value)
        fetched = len(asked)
        folder = await placed(tmp_path, address, LARGE_FRENCH.trusted(right.upper()))
        assert len(asked) == fetched + 1, "what was there was fetched again"
    assert verify(LARGE_FRENCH, folder).is_right
    assert (folder.name, has_upsampling(folder)) == (LARGE_NAME, True)
    assert model_folder(tmp_path, Language.FR) == closed_folder(tmp_path, Language.FR) == folder
    small = tmp_path / NAME
    shutil.copytree(folder, small)
    assert (model_folder(tmp_path, Language.FR), closed_folder(tmp_path, Language.FR)) == (folder, small)


async def test_a_large_model_with_another_digest_is_refused_and_removed(tmp_path: Path) -> None:
    archive = tmp_path / "given.zip"
    archive.write_bytes(zipped(FILES, LARGE_NAME))
    async with site(whole) as address:
        with pytest.raises(BadInput, match="SHA-256 differs"):
            await placed(tmp_path / "models", address, LARGE_FRENCH.trusted("0" * 64))
    assert_nothing_is_left(tmp_path / "models")
    assert list((tmp_path / "models" / ".downloads").iterdir()) == []
    with pytest.raises(BadInput, match="SHA-256 differs"):
        await placed(tmp_path / "models", str(archive), LARGE_FRENCH.trusted("0" * 64))


async def test_a_large_model_of_no_length_or_of_any_is_not_fetched(tmp_path: Path) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        size = {} if "short" in request.path else {"Content-Length": str(5 << 30)}
        answer = web.StreamResponse(headers=size)
        await answer.prepare(request)
        return answer

    async with site(endless) as address:
        with pytest.raises(Unavailable, match="does not say how long"):
            await placed(tmp_path, f"{address}short/", LARGE_FRENCH)
        with pytest.raises(BadInput, match="larger than any"):
            await placed(tmp_path, address, LARGE_FRENCH)


async def test_the_next_source_is_tried_when_one_fails(tmp_path: Path) -> None:
    archive = tmp_path / "given.zip"
    archive.write_bytes(CONTENT)
    progress = Heard()
    tried = (*sources(MODEL, "http://127.0.0.1:9/"), *sources(MODEL, str(archive)))
    folder = await install(MODEL, tmp_path / "models", tried, progress)
    assert verify(MODEL, folder).is_right
    assert "cannot be reached; trying another source" in progress.lines[0]


async def test_a_given_file_must_be_the_archive(tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    with pytest.raises(BadInput, match="no such file"):
        await placed(tmp_path / "models", str(other))
    other.write_bytes(b"junk" * 1000)
    with pytest.raises(BadInput, match="no zip archive"):
        await placed(tmp_path / "models", str(other))
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("short", b"")
    with pytest.raises(BadInput, match="size"):
        await placed(tmp_path / "models", str(other))
    other.write_bytes(CONTENT[:40] + bytes([CONTENT[40] ^ 1]) + CONTENT[41:])
    with pytest.raises(BadInput, match="SHA-256"):
        await placed(tmp_path / "models", str(other))


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/model.zip", "s3://bucket/model.zip", "FILE://nothing.zip"])
def test_an_address_that_is_not_fetched_from_is_refused_as_such(address: str) -> None:
    with pytest.raises(BadInput, match="only http and https addresses"):
        sources(MODEL, address)


async def test_a_broken_model_is_replaced_at_once(tmp_path: Path) -> None:
    (tmp_path / NAME / "am").mkdir(parents=True)
    (tmp_path / NAME / "am" / "final.mdl").write_bytes(b"half")
    async with site(whole) as address:
        folder = await placed(tmp_path, address)
    assert verify(MODEL, folder).is_right
    assert_nothing_is_left(tmp_path, besides=NAME)


async def test_an_archive_with_other_files_than_the_catalogues_is_refused(tmp_path: Path) -> None:
    model = replace(MODEL, files={"README": hashlib.sha256(b"another").hexdigest()})
    async with site(whole) as address:
        with pytest.raises(BadInput, match="README is not what was published"):
            await placed(tmp_path, address, model)
    assert_nothing_is_left(tmp_path)


def link(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = (stat.S_IFLNK | 0o777) << 16
    return made


@pytest.mark.parametrize(
    "member",
    [f"{NAME}/../../outside", f"{NAME}//etc/passwd", f"{NAME}/..\\outside", link(f"{NAME}/link")],
)
def test_nothing_is_unpacked_outside_or_as_a_link(member: str | zipfile.ZipInfo, tmp_path: Path) -> None:
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "/etc/passwd")
    (tmp_path / "target").mkdir()
    with pytest.raises(BadInput, match="outside"):
        unpack(path, NAME, tmp_path / "target", Heard(), MODEL.most_bytes)
    assert list((tmp_path / "target").iterdir()) == []


def test_a_bomb_and_a_broken_archive_are_refused(tmp_path: Path) -> None:
    path, target = tmp_path / "bad.zip", tmp_path / "target"
    target.mkdir()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(600):
            archive.writestr(f"{NAME}/{n}", b"")
    with pytest.raises(BadInput, match="larger than any"):
        unpack(path, NAME, target, Heard(), MODEL.most_bytes)
    for content in (b"no zip at all", CONTENT[:-50], CONTENT.replace(b"modelmodel", b"modelmodem", 1)):
        path.write_bytes(content)
        with pytest.raises(BadInput, match=r"bad\.zip"):
            unpack(path, NAME, target, Heard(), MODEL.most_bytes)
    path.write_bytes(zipped(FILES, "another-folder"))
    with pytest.raises(BadInput, match="no folder"):
        unpack(path, NAME, target, Heard(), MODEL.most_bytes)


async def test_verify_tolerates_our_line_and_nothing_else(tmp_path: Path) -> None:
    async with site(whole) as address:
        folder = await placed(tmp_path, address)
    configuration = folder / "conf/mfcc.conf"
    ours = configuration.read_text()
    assert ours == f"--a=1\n--b=2\n{UPSAMPLE}\n"
    configuration.write_text("--a=1\n--b=2\n")
    assert verify(MODEL, folder).is_right
    configuration.write_text(f"--a=1\n--b=3\n{UPSAMPLE}\n")
    assert verify(MODEL, folder).faults == ("conf/mfcc.conf is not what was published",)
    configuration.write_text(ours)
    (folder / "README").unlink()
    assert verify(MODEL, folder).faults == ("README is missing",)
    (folder / SUMS).unlink()
    assert not verify(MODEL, folder).is_right
    assert not verify(MODEL, tmp_path / "nowhere").is_right


def test_a_model_as_shipped_is_seen_through_a_view_that_takes_telephone_audio(tmp_path: Path) -> None:
    folder, scratch = tmp_path / NAME, tmp_path / "scratch"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    view = telephone_ready(folder, scratch)
    assert has_upsampling(view)
    assert not has_upsampling(folder)
    assert (view / "am/final.mdl").read_bytes() == FILES["am/final.mdl"]
    assert telephone_ready(view, scratch) == view


def test_the_catalogue_is_whole() -> None:
    assert set(CATALOGUE) == set(LARGE) == set(Language)
    for model in CATALOGUE.values():
        assert all(len(archive.sha256) == 64 and archive.size > 1e7 for archive in model.archives)
