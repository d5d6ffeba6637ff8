"""The folders of speech models on disk: which serves a language, and what makes it fit for telephone audio."""

from pathlib import Path

from guichet.core.language import Language
from guichet.transcripts.models import CATALOGUE, LARGE

CONFIGURATION = "conf/mfcc.conf"
UPSAMPLE = "--allow-upsample=true"
"""The line that lets a model of 16000 Hz take the telephone's 8000: Kaldi's own resampler, the most accurate way."""
NEEDED = ("am/final.mdl", CONFIGURATION)
"""Files without which a folder is no model."""


def model_folder(models_dir: Path, language: Language) -> Path | None:
    """Return the folder of a language's model, or None: large, small, else what an operator has put there."""
    return _first(models_dir, LARGE[language].name, CATALOGUE[language].name, f"vosk-model*-{language.value}-*")


def closed_folder(models_dir: Path, language: Language) -> Path | None:
    """Return the folder of the model for turns with a grammar: large models take none, small ones do."""
    return _first(models_dir, CATALOGUE[language].name) or model_folder(models_dir, language)


def _first(models_dir: Path, *patterns: str) -> Path | None:
    for pattern in patterns:
        for folder in sorted(models_dir.glob(pattern)):
            if all((folder / name).is_file() for name in NEEDED):
                return folder
    return None


def has_upsampling(folder: Path) -> bool:
    """Tell whether a model's configuration takes telephone audio."""
    return UPSAMPLE in (folder / CONFIGURATION).read_text(encoding="utf-8").split()


def add_upsampling(folder: Path) -> None:
    """Add the line to a model's configuration, unless it is there."""
    if not has_upsampling(folder):
        configuration = folder / CONFIGURATION
        text = configuration.read_text(encoding="utf-8")
        separator = "" if text.endswith("\n") or not text else "\n"
        configuration.write_text(f"{text}{separator}{UPSAMPLE}\n", encoding="utf-8")


def telephone_ready(folder: Path, scratch: Path) -> Path:
    """Return a folder that takes telephone audio: this one, or for a model as shipped a view of it in `scratch`."""
    if has_upsampling(folder):
        return folder
    view = scratch / folder.name
    (view / "conf").mkdir(parents=True)
    for entry in folder.iterdir():
        if entry.name != "conf":
            (view / entry.name).symlink_to(entry.resolve())
    for entry in (folder / "conf").iterdir():
        (view / "conf" / entry.name).write_bytes(entry.read_bytes())
    add_upsampling(view)
    return view
