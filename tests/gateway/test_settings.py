from pathlib import Path

import pytest

from guichet.core.errors import BadInput
from guichet.core.language import Language
from guichet.gateway.settings import Settings, load


def test_defaults_need_nothing(tmp_path: Path) -> None:
    settings = load({}, tmp_path)
    assert settings.database.startswith("sqlite+aiosqlite:////")
    assert settings.models_dir == Path("var/models")
    assert settings.languages == (Language.FR, Language.EN)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "guichet.toml").write_text('public_url = "https://a.example"\ntwilio_auth_tokens = ["one"]\n')
    settings = load({"GUICHET_PUBLIC_URL": "https://b.example/", "UNRELATED": "x"}, tmp_path)
    assert settings.public_url == "https://b.example"
    assert settings.twilio_auth_tokens == ("one",)


def test_lists_are_comma_separated_in_the_environment(tmp_path: Path) -> None:
    settings = load({"GUICHET_TWILIO_AUTH_TOKENS": "one, two", "GUICHET_LANGUAGES": "en"}, tmp_path)
    assert settings.twilio_auth_tokens == ("one", "two")
    assert settings.languages == (Language.EN,)


@pytest.mark.parametrize(
    ("environment", "hint"),
    [
        ({"GUICHET_PUBLIC_ULR": "https://a.example"}, "GUICHET_PUBLIC_URL"),
        ({"GUICHET_PUBLIC_URL": "a.example"}, "https://host"),
        ({"GUICHET_PUBLIC_URL": "https://a.example/path"}, "no path"),
        ({"GUICHET_LANGUAGES": "de"}, "languages"),
        ({"GUICHET_LANGUAGES": ""}, "LANGUAGES"),
        ({"GUICHET_RULE_BOOK": "/nowhere/rules.yaml"}, "RULE_BOOK"),
        ({"GUICHET_CONFIG": "/nowhere/guichet.toml"}, "does not exist"),
        ({"GUICHET_DECODERS": "many"}, "decoders"),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_right(environment: dict[str, str], hint: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=hint):
        load(environment, tmp_path)


def test_a_file_that_is_no_toml_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "guichet.toml").write_text("public_url = \n")
    with pytest.raises(BadInput, match="line 1"):
        load({}, tmp_path)


def test_secrets_are_never_printed(tmp_path: Path) -> None:
    settings = load(
        {"GUICHET_TWILIO_AUTH_TOKENS": "s3cret", "GUICHET_DATABASE_URL": "postgresql://u:s3cret@h/d"}, tmp_path
    )
    assert "s3cret" not in repr(settings)
    with pytest.raises(BadInput) as refused:
        load({"GUICHET_DECODERS": "s3cret"}, tmp_path)
    assert "s3cret" not in str(refused.value)


def test_settings_are_values() -> None:
    assert Settings().evolve(region="RE") == Settings(region="RE")
