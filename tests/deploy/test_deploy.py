"""What is under ``deploy/``: checked by the tools that there are, and against what the project is."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.ask import main as ask
from bot.cli import main as pullquote
from tests.conftest import ROOT

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
UNIT = ROOT / "deploy" / "pullquote.service"
GUIDES = (ROOT / "docs" / "discord.md", ROOT / "deploy" / "README.md")
COMMANDS: dict[str, click.Command] = {"ask": ask, "pullquote": pullquote}
_PROGRAM = re.compile(r"(?:/\S+/bin/)?(?:ask|pullquote)")
# Where a command line ends for the shell.
_ENDS = frozenset(("|", "||", "&&", ";", ">", "2>&1"))


@dataclass(frozen=True)
class Instruction:
    """A line of a Dockerfile, continued lines joined; ``stage`` counts the FROMs, from 1."""

    stage: int
    name: str
    rest: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.rest)


def instructions() -> list[Instruction]:
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE)
    found: list[Instruction] = []
    stage = 0
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if line.strip():
            name, _, rest = line.partition(" ")
            stage += name == "FROM"
            found.append(Instruction(stage, name, rest.strip()))
    return found


def of_the_image(name: str) -> list[Instruction]:
    """The instructions of that name in the last stage, which alone is shipped."""
    last = max(each.stage for each in instructions())
    return [each for each in instructions() if each.name == name and each.stage == last]


def copied() -> list[str]:
    """What is copied into the image's build from this repository."""
    return [
        source
        for each in instructions()
        if each.name == "COPY" and "--from" not in each.rest
        for source in each.words[:-1]
    ]


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for each in of_the_image("ENV") for pair in each.words)


def test_the_image_does_not_run_as_root() -> None:
    user = of_the_image("USER")[-1].rest
    uid, gid = map(int, user.split(":"))
    assert uid > 0
    assert gid > 0
    made = " ".join(each.rest for each in of_the_image("RUN"))
    assert f"--uid {uid} " in made
    assert f"--gid {gid} " in made
    # What comes after could not be done by that user.
    names = [each.name for each in instructions()]
    assert not {"RUN", "COPY"} & set(names[names.index("USER") :])


def test_the_image_starts_and_stops_the_bot() -> None:
    (command,) = of_the_image("CMD")
    assert command.rest.startswith("["), "a shell would keep signals from the bot"
    program, *_ = re.findall(r'"([^"]*)"', command.rest)
    assert program in scripts()
    assert [each.rest for each in of_the_image("STOPSIGNAL")] == ["SIGTERM"]
    (health,) = of_the_image("HEALTHCHECK")
    # Docker reserves status 2.
    assert health.rest.endswith("CMD pullquote doctor || exit 1")


def test_the_images_data_lie_in_its_volume(tmp_path: Path) -> None:
    (volume,) = of_the_image("VOLUME")
    inside = {key: value.replace(volume.rest, str(tmp_path)) for key, value in environment().items()}
    assert inside["HOME"] == str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "doctor"],
        cwd=tmp_path,
        env={**inside, "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"data in {tmp_path / 'pullquote'}\n" in done.stdout, done.stderr
    assert [each.rest for each in of_the_image("WORKDIR")] == [volume.rest]


def test_the_image_holds_no_secret_and_no_build_argument() -> None:
    for each in instructions():
        assert "TOKEN" not in each.rest
    assert not of_the_image("ARG")
    # None of the machine that builds, and none that some network would have to reach.
    assert not re.search(r"https?://", DOCKERFILE.read_text())


def test_what_the_image_is_built_from_exists_and_is_let_in() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in ignored if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {line[1:] for line in rules if line.startswith("!")} == set(copied())
    for name in copied():
        assert (ROOT / name).exists(), name


def test_a_package_of_what_is_copied_is_whole(tmp_path: Path) -> None:
    pytest.importorskip("setuptools", "77", reason="builds the package without an index")
    source = tmp_path / "source"
    source.mkdir()
    for name in copied():
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source / name)
    wanted = {
        str(path.relative_to(source))
        for folder in ("bot", "index", "ingest")
        for path in (source / folder).rglob("*")
        if path.is_file()
    }
    done = subprocess.run(
        [
            sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index",
            "--no-build-isolation", "--wheel-dir", tmp_path, ".",
        ],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert wanted <= set(archive.namelist())


def test_an_engine_finds_nothing_wrong_with_the_dockerfile() -> None:
    if hadolint := shutil.which("hadolint"):
        command = [hadolint, "--failure-threshold", "error", str(DOCKERFILE)]
    else:
        docker = shutil.which("docker")
        if docker is None or subprocess.run([docker, "info"], capture_output=True, check=False).returncode:
            pytest.skip("neither hadolint nor an engine that docker could ask")
        command = [docker, "build", "--check", "--file", str(DOCKERFILE), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def service() -> dict[str, str]:
    """The unit's ``[Service]``; of a key that is given twice the last."""
    parser = ConfigParser(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(UNIT)
    return dict(parser["Service"])


def test_the_service_is_shut_in() -> None:
    found = service()
    for key in (
        "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "PrivateUsers", "ProtectHome", "ProtectClock",
        "ProtectControlGroups", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules",
        "ProtectKernelTunables", "LockPersonality", "RestrictNamespaces", "RestrictRealtime",
        "RestrictSUIDSGID", "RemoveIPC",
    ):  # fmt: skip
        assert found[key] == "yes", key
    assert found["ProtectSystem"] == "strict"
    assert found["CapabilityBoundingSet"] == found["AmbientCapabilities"] == ""
    assert found["User"] not in ("", "root")
    assert "SystemCallFilter=@system-service\n" in UNIT.read_text()
    # An ingest fails with it.
    assert "MemoryDenyWriteExecute" not in found


def test_the_service_may_write_where_the_bot_keeps_its_data() -> None:
    found = service()
    words = shlex.split(found["ExecStart"])
    assert words[words.index("--data-dir") + 1] == f"/var/lib/{found['StateDirectory']}"


def test_the_service_is_started_again_unless_the_operator_is_needed_and_stopped_in_peace() -> None:
    found = service()
    assert (found["Restart"], found["RestartPreventExitStatus"]) == ("on-failure", "2")
    assert (found["KillSignal"], found["KillMode"]) == ("SIGTERM", "mixed")
    # Ten seconds for answers, ten for an ingest, and some to say goodbye.
    assert int(found["TimeoutStopSec"]) > 20


def test_the_token_is_in_no_file_here() -> None:
    assert "Environment" not in service()
    assert service()["EnvironmentFile"].startswith("/etc/")
    for path in (UNIT, DOCKERFILE, *GUIDES):
        assert not re.search(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{27,}", path.read_text()), path


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    program = shlex.split(service()["ExecStart"])[0]
    copy.write_text(UNIT.read_text().replace(f"ExecStart={program}", f"ExecStart={shutil.which('true')}"))
    done = analyzed("verify", "--man=no", copy)
    assert UNIT.name not in done.stderr, done.stderr


def test_systemd_calls_the_unit_well_shut_in() -> None:
    if "--offline" not in analyzed("--help").stdout:
        pytest.skip("this systemd judges only units that are loaded")
    # 0 is shut in wholly, 100 not at all; some three quarters of our 14 are for the network.
    done = analyzed("security", "--offline=true", "--threshold=20", UNIT)
    assert done.returncode == 0, done.stdout


def analyzed(*arguments: "str | Path") -> "subprocess.CompletedProcess[str]":
    """What systemd-analyze says."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("there is no systemd here")
    return subprocess.run(
        [program, *map(str, arguments)], capture_output=True, text=True, check=False, env={"LC_ALL": "C"}
    )


def scripts() -> dict[str, str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        found: dict[str, str] = tomllib.load(file)["project"]["scripts"]
    return found


def commands_of(text: str) -> Iterator[list[str]]:
    """The ``ask`` and ``pullquote`` commands in a guide's code, a unit or a Dockerfile, as words."""
    fenced = re.findall(r"^```\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    lines = [line for block in fenced for line in re.sub(r"\\\n", " ", block).splitlines()]
    prose = re.sub(r"^```\n.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    lines += re.findall(r"`([^`]+)`", prose)
    lines += re.findall(r"^(?:ExecStart=|HEALTHCHECK .*CMD )(.*)", text, flags=re.MULTILINE)
    for line in lines:
        try:
            words = shlex.split(line, comments=True)
        except ValueError:  # an apostrophe: prose
            continue
        # The last: before it may stand an image or a user of that name.
        at = max((i for i, word in enumerate(words[:-1]) if _PROGRAM.fullmatch(word)), default=None)
        if at is not None:
            command = [Path(words[at]).name]
            for word in words[at + 1 :]:
                if word in _ENDS:
                    break
                command.append(word)
            yield command


@pytest.mark.parametrize("path", [UNIT, DOCKERFILE, *GUIDES], ids=lambda path: path.name)
def test_every_command_that_is_named_exists_with_its_options(path: Path) -> None:
    found = list(commands_of(path.read_text()))
    assert found
    for name, *arguments in found:
        done = CliRunner().invoke(COMMANDS[name], [*arguments, "--help"])
        assert done.exit_code == 0, f"{name} {' '.join(arguments)}: {done.output}"


def test_what_the_guides_link_to_exists() -> None:
    for path in GUIDES:
        text = path.read_text()
        headings = {
            re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
            for heading in re.findall(r"^#+ (.*)", text, flags=re.MULTILINE)
        }
        for target in re.findall(r"\]\(([^)]+)\)", text):
            if target.startswith("#"):
                assert target[1:] in headings, target
            elif "://" not in target:
                assert (path.parent / target).exists(), target
