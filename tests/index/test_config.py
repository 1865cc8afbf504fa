"""The configuration: where it is looked for, and every mistake named."""

from pathlib import Path

import pytest

from index.config import Config, load_config
from index.errors import ConfigError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PULLQUOTE_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_config() == Config()
    assert load_config().data_dir == tmp_path / "share" / "pullquote"


def test_the_nearest_file_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(path: Path, k: int) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"[answer]\ncitations = {k}\n")
        return path

    write(tmp_path / "xdg" / "pullquote" / "config.toml", 4)
    assert load_config().answer.citations == 4
    write(tmp_path / "pullquote.toml", 5)
    assert load_config().answer.citations == 5
    monkeypatch.setenv("PULLQUOTE_CONFIG", str(write(tmp_path / "env.toml", 6)))
    assert load_config().answer.citations == 6
    assert load_config(write(tmp_path / "named.toml", 7)).answer.citations == 7


def test_the_data_folder_is_relative_to_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    file = tmp_path / "sub" / "c.toml"
    file.write_text('data_dir = "here"\n')
    assert load_config(file).data_dir == tmp_path / "sub" / "here"
    assert load_config(file, Path("there")).data_dir == tmp_path / "there"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[answer]\nmin_confidense = 0.7",
            r"unknown key answer\.min_confidense; did you mean answer\.min_confidence",
        ),
        ("zzz = 1", "unknown key zzz; known: data_dir"),
        ("[answer]\ncitations = 'three'", r"answer\.citations must be a whole number, not 'three'"),
        ("[answer]\ncitations = true", r"answer\.citations must be a whole number"),
        ("[answer]\ncitations = 0", r"answer\.citations must be from 1 to 50"),
        ("[answer]\nmin_confidence = 1.5", r"answer\.min_confidence must be from 0 to 1"),
        ("[answer]\nmin_confidence = nan", r"answer\.min_confidence must be from 0 to 1"),
        ("answer = 3", r"answer must be a table"),
        ("[embedding]\nmodel = ''", r"embedding\.model must be text"),
        ("[ingest]\nday_first = 1", r"ingest\.day_first must be true or false"),
        ('data_dir = "a\\u0000b"', "data_dir"),
        ("not toml", "is not valid TOML"),
        ("a = " + "[" * 2000, "is not valid TOML"),
    ],
)
def test_a_mistake_names_the_file_the_key_and_the_mend(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(ConfigError, match=said) as raised:
        load_config(tmp_path / "c.toml")
    assert "c.toml" in str(raised.value)


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load_config(tmp_path / "none.toml")


def test_day_first_and_whole_numbers_for_fractions_are_understood(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("[ingest]\nday_first = true\n[answer]\nmin_confidence = 1\n")
    config = load_config(tmp_path / "c.toml")
    assert config.ingest.day_first is True
    assert config.answer.min_confidence == 1.0
