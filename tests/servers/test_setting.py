"""The settings that a server can be put into, and why it cannot."""

import pytest

from asgi_conformance.servers import SETTINGS, NoSetting, resolve


def test_the_usual_setting_is_none_of_them() -> None:
    usual = resolve("uvicorn")
    assert usual.setting not in SETTINGS
    assert usual.put_into("") == usual


@pytest.mark.parametrize(
    ("setting", "words", "prefix"),
    [
        ("ipv6", "--fd {fd}", ""),
        ("unix", "--uds {uds}", ""),
        ("mounted", "--root-path {root_path}", "/mounted"),
        ("accented", "--root-path {root_path}", "/café"),
        ("legacy", "--fd {fd}", ""),
    ],
)
def test_a_setting_changes_the_command_and_keeps_the_label(setting: str, words: str, prefix: str) -> None:
    choice = resolve("uvicorn:h11").put_into(setting)
    assert (choice.label, choice.setting, choice.prefix) == ("uvicorn:h11", setting, prefix)
    assert words in choice.command


@pytest.mark.parametrize("setting", ["ipv6", "unix", "mounted"])
def test_a_command_of_the_user_says_no_other_way(setting: str) -> None:
    with pytest.raises(NoSetting, match=r"the adapter of uvicorn does not say how to (listen|mount)"):
        resolve("uvicorn {app} --fd {fd}").put_into(setting)


def test_a_worker_that_takes_no_prefix_is_not_given_one() -> None:
    with pytest.raises(NoSetting, match="gunicorn mounts no application when it is run like this"):
        resolve("gunicorn:uvicorn").put_into("mounted")
