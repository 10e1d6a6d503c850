"""The README's examples run as they stand, and the pages name what there is."""

import os
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The README's fenced blocks in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder with this project on the path."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QA_INDEX": ".qa-index"}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_python_examples(tmp_path: Path) -> None:
    """The Python blocks run one after the other as one program."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    program = "\n".join(blocks("python"))
    assert "Retriever.open" in program
    result = run(tmp_path, sys.executable, "-c", program)
    assert result.returncode == 0, result.stderr
    assert "000_c7ef8c4ca7f3edb6.txt" in result.stdout


def test_commands(tmp_path: Path) -> None:
    """The shell block's commands succeed, and one prints what the README shows."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (commands,) = blocks("sh")
    (shown,) = blocks("text")[:1]
    printed = ""
    for command in commands.strip().splitlines():
        words = re.findall(r'"[^"]*"|\S+', command)
        assert words[0] == "qa"
        arguments = [word.strip('"') for word in words[1:]]
        result = run(tmp_path, sys.executable, "-m", "qa", *arguments)
        assert result.returncode == 0, f"{command}\n{result.stderr}"
        printed += result.stdout
    assert shown.strip() in printed


def test_every_command_is_named() -> None:
    """The README's table names the commands that there are."""
    from qa.cli.app import app

    named = set(re.findall(r"^\| `qa ([\w-]+)", README, re.MULTILINE))
    commands = {
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback
    }
    groups = {group.name for group in app.registered_groups}
    assert named == commands | groups


PAGES = ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/json.md"]


@pytest.mark.parametrize("page", PAGES)
def test_files_named_exist(page: str) -> None:
    """Links to files of the project lead somewhere, and folders that are named are there."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([\w/.-]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), target
    for folder in re.findall(r"`((?:index|qa|tests)/[\w/.-]*)`", text):
        assert (ROOT / folder).exists(), folder


@pytest.mark.parametrize("page", PAGES)
def test_names_exist(page: str) -> None:
    """Modules, classes and functions that are named with their package can be imported."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for name in re.findall(r"`((?:index|qa)(?:\.\w+)+)`", text):
        pkgutil.resolve_name(name)
