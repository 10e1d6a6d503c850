"""The settings of the servers: read, documented, and nowhere else."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from index.errors import InputError
from qa.cli.app import app
from qa.web.options import FLAGS, Options, read
from tests.conftest import ROOT

DOCUMENTED = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
VARIABLE = re.compile(r"\b(?:QA_[A-Z_]+|HOST|PORT)\b")
# Of the servers' own: what a hosted Space sets, and what other programs read.
OTHERS = {"SPACE_HOST"}


def rows() -> list[tuple[set[str], str, set[str]]]:
    """Of the table: the flags, the variable, and the commands of each row."""
    row = r"^\|(.*?)\|(.*?)\| ((?:web|serve|mcp)[^|]*?) \| .+ \| .+ \|$"
    table = re.findall(row, DOCUMENTED, re.M)
    return [
        (set(re.findall(r"`(--[\w-]+)`", flags)), variable.strip("` "), set(of.split(", ")))
        for flags, variable, of in table
    ]


def flags_of(command: str) -> dict[str, str]:
    """Each flag of a command with its variable, as the command line has them."""
    group = typer.main.get_command(app)
    found = {}
    for parameter in group.commands[command].params:  # type: ignore[attr-defined]
        for flag in [*parameter.opts, *parameter.secondary_opts]:
            if flag.startswith("--") and flag != "--help":
                found[flag] = parameter.envvar or ""
    return found


@pytest.mark.parametrize("command", ["web", "serve", "mcp"])
def test_the_table_has_every_flag_and_no_other(command: str) -> None:
    """With the same variable as the code."""
    written = {flag: variable for flags, variable, of in rows() if command in of for flag in flags}
    assert written == flags_of(command)


def test_the_table_has_every_variable_and_no_other() -> None:
    """All that stand in the code of the package, or in the table."""
    modules = [ROOT / "app.py", *ROOT.glob("qa/**/*.py"), *ROOT.glob("index/**/*.py")]
    read_ = {
        name
        for path in modules
        for text in re.findall(r"[\"']([A-Z_]+)[\"']", path.read_text(encoding="utf-8"))
        for name in VARIABLE.findall(text)
    }
    assert {variable for _, variable, _ in rows()} - {""} == read_ - OTHERS


def test_no_setting_is_missing_in_the_options() -> None:
    """Each is a field, and each field is a setting."""
    assert [flag.name for flag in FLAGS] and {flag.name for flag in FLAGS} == set(Options.__slots__)
    assert {flag.name for flag in FLAGS if not flag.flag} == {"llm_key", "password", "token"}


def test_a_flag_counts_more_than_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable is none."""
    monkeypatch.setenv("QA_ANSWERS", "3")
    monkeypatch.setenv("QA_ROOT_PATH", "")
    monkeypatch.setenv("QA_PROXY", "10.0.0.1, 172.16.0.0/12,::1")
    options = read({"waiting": "7"}, "127.0.0.1")
    assert (options.answers, options.waiting, options.root_path) == (3, 7, "")
    assert options.proxies == ("10.0.0.1", "172.16.0.0/12", "::1")
    assert read({"answers": "5"}, "127.0.0.1").answers == 5


@pytest.mark.parametrize(
    ("given", "path"), [("/docs", "/docs"), ("docs/", "/docs"), ("/a/b.c/", "/a/b.c"), ("/", "")]
)
def test_a_root_path_begins_with_a_slash(given: str, path: str) -> None:
    """However it is written."""
    assert read({"root_path": given}, "127.0.0.1").root_path == path


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_a_limit_is_for_servers_that_others_reach(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """On this machine alone there is none; in a Space all come from one address."""
    monkeypatch.delenv("SPACE_ID", raising=False)
    assert read({}, host).per_minute == 0
    assert read({"per_minute": "5"}, host).per_minute == 5
    assert read({}, "0.0.0.0").per_minute == 30  # noqa: S104
    assert read({"per_minute": "0"}, "0.0.0.0").per_minute == 0  # noqa: S104
    monkeypatch.setenv("SPACE_ID", "ana/qa")
    assert read({}, "0.0.0.0").per_minute == 0  # noqa: S104


@pytest.mark.parametrize(
    ("name", "value"),
    [("answers", "0"), ("answers", "many"), ("answers", "257"), ("waiting", "-1"),
     ("timeout", "1.5"), ("grace", "99999999999999"), ("per_minute", "٣"), ("proxies", "*"),
     ("proxies", "proxy.example"), ("root_path", "/a b"), ("root_path", "https://a/b"),
     ("root_path", "/a//b"), ("log", "maybe")],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """As a flag, and from the environment."""
    (flag,) = (flag for flag in FLAGS if flag.name == name)
    expected = rf"^{flag.flag} \({flag.variable}\) is {re.escape(repr(value))}: set it to .+\.$"
    with pytest.raises(InputError, match=expected):
        read({name: value}, "127.0.0.1")
    monkeypatch.setenv(flag.variable, value)
    with pytest.raises(InputError, match=expected):
        read({}, "127.0.0.1")


@pytest.mark.parametrize("command", ["web", "serve"])
def test_the_command_line_says_it_in_one_line(command: str, tmp_path: Path) -> None:
    """With exit status 2, before anything is opened."""
    run = subprocess.run(
        [sys.executable, "-m", "qa", command, "--answers", "x", "--index", str(tmp_path / "no")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == "qa: --answers (QA_ANSWERS) is 'x': set it to a number from 1 to 256.\n"


def test_a_password_is_asked_for_and_never_shown() -> None:
    """A line of NAME:HASH, from a program; an empty password and a bad name are refused."""
    command = [sys.executable, "-m", "qa", "password"]

    def run(name: str, given: str) -> tuple[int, str, str]:
        ended = subprocess.run(
            [*command, name], input=given, cwd=ROOT, capture_output=True, text=True, check=False
        )
        return ended.returncode, ended.stdout, ended.stderr

    status, line, said = run("ana", "la clave\n")
    assert (status, said) == (0, "")
    assert re.fullmatch(r"ana:scrypt\$32768\$8\$3\$\S+\n", line)
    assert run("ana", "\n") == (2, "", "qa: The password is empty: write one.\n")
    assert run("a:b", "x\n")[0] == 2
