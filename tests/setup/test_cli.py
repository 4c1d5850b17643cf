"""The console script."""

import socket
import subprocess
import sys

import pytest

from meshadvisor import cli, commands


def test_the_overview_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0

    said = capsys.readouterr().out
    assert all(f"  {name}" in said for name in commands.SUMMARIES)
    assert "migrate" in said


@pytest.mark.parametrize("name", commands.SUMMARIES)
def test_the_help_of_a_command_explains_it_with_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([name, "--help"])

    said = capsys.readouterr().out
    assert left.value.code == 0
    assert f"meshadvisor {name}" in said.split("examples:")[1]


def test_djangos_commands_work_by_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check"]) == 0
    assert "no issues" in capsys.readouterr().out


def test_serving_on_a_port_in_use_says_so_and_prepares_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert cli.main(["serve", "--port", str(port)]) == 2

    said = capsys.readouterr()
    assert f"port {port} on 127.0.0.1 is in use" in said.err
    assert f"PORT={port + 1}" in said.err
    assert said.out == ""


def test_commands_that_need_no_database_do_not_wait_for_django() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from meshadvisor import cli\n"
            "for name in ('advise', 'inspect', 'project', 'verify'):\n"
            "    __import__(f'meshadvisor.commands.{name}')\n"
            "print([name for name in ('django', 'numpy', 'weasyprint', 'pyhanko') if name in sys.modules])",
        ],
        check=True,
        capture_output=True,
        text=True,
    )

    assert loaded.stdout.strip() == "[]"
