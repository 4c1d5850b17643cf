"""The instance's secret key."""

import stat
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from meshadvisor.secret import read_or_make


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret_key"

    first = read_or_make(path)

    assert len(first) >= 64
    assert read_or_make(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    path, keys, together = tmp_path / "secret_key", [], threading.Barrier(2)

    def start(name: str) -> None:
        together.wait()
        keys.append(read_or_make(path))

    threads = [threading.Thread(target=start, args=(str(number),)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_an_empty_key_is_refused_rather_than_used(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()

    with pytest.raises(ImproperlyConfigured, match="is empty"):
        read_or_make(tmp_path / "secret_key")


def test_a_data_directory_that_is_a_file_is_named_in_the_message(tmp_path: Path) -> None:
    (tmp_path / "data").touch()

    with pytest.raises(ImproperlyConfigured, match=r"secret key.*(DATA_DIR|data)"):
        read_or_make(tmp_path / "data" / "secret_key")
