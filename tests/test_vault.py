"""Secrets at rest."""

import pytest

from decisions.vault import Locked, lock, unlock

SECRET = {"token": "hunter2-very-secret"}
PLACE = "https://a.example.org"


def test_what_was_locked_is_unlocked_and_unreadable_meanwhile() -> None:
    locked = lock(PLACE, SECRET)
    assert "hunter2" not in locked
    assert lock(PLACE, SECRET) != locked
    assert unlock(PLACE, locked) == SECRET


def test_a_secret_opens_for_the_place_it_was_kept_for_only() -> None:
    with pytest.raises(Locked, match="another address"):
        unlock("https://evil.example.org", lock(PLACE, SECRET))


def test_a_former_key_opens_and_a_lost_or_damaged_one_says_what_to_do(settings) -> None:
    settings.VAULT_KEYS = ["first key of thirty-two characters"]
    locked = lock(PLACE, SECRET)
    settings.VAULT_KEYS = ["second key of thirty-two characters", "first key of thirty-two characters"]
    assert unlock(PLACE, locked) == SECRET
    settings.VAULT_KEYS = ["second key of thirty-two characters"]
    for bad in (locked, locked[:-5] + "AAAA=", ""):
        with pytest.raises(Locked, match="Enter them again"):
            unlock(PLACE, bad)
