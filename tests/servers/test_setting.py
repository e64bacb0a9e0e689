"""The settings that a server can be put into, and why it cannot."""

from dataclasses import replace

import pytest

from asgi_conformance.servers import NoSetting, resolve


def test_the_usual_setting_is_none_of_them() -> None:
    usual = resolve("uvicorn")
    assert usual.settings == ()
    assert usual.put_into("") == usual


@pytest.mark.parametrize("setting", ["unix", "tls", "workers"])
def test_a_setting_may_follow_the_name_as_a_variant_does(setting: str) -> None:
    choice = resolve(f"uvicorn:h11:{setting}")
    assert choice == replace(resolve("uvicorn:h11").put_into(setting), label=f"uvicorn:h11:{setting}")
    assert choice.put_into(setting) == choice


def test_each_setting_changes_what_it_is_about_and_leaves_the_others() -> None:
    choice = resolve("uvicorn:tls").put_into("unix").put_into("mutual")
    assert choice.settings == ("tls", "unix", "mutual")
    assert {"--uds", "--ssl-certfile", "--ssl-ca-certs"} < {*choice.command.split()}
    assert "--fd" not in choice.command
    assert choice.command.count("--ssl-certfile") == 1


def test_a_server_that_is_told_of_its_certificate_and_its_place_at_once() -> None:
    daphne = resolve("daphne")
    assert "-e ssl:{port}" in daphne.put_into("tls").command
    assert "--fd" not in daphne.put_into("tls").command
    with pytest.raises(NoSetting, match="the adapter of daphne does not say how to listen on a Unix socket"):
        daphne.put_into("tls").put_into("unix")


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
    assert (choice.label, choice.settings, choice.prefix) == ("uvicorn:h11", (setting,), prefix)
    assert words in choice.command


@pytest.mark.parametrize("setting", ["ipv6", "unix", "mounted"])
def test_a_command_of_the_user_says_no_other_way(setting: str) -> None:
    with pytest.raises(NoSetting, match=r"the adapter of uvicorn does not say how to (listen|mount)"):
        resolve("uvicorn {app} --fd {fd}").put_into(setting)


def test_a_worker_that_takes_no_prefix_is_not_given_one() -> None:
    with pytest.raises(NoSetting, match="gunicorn mounts no application when it is run like this"):
        resolve("gunicorn:uvicorn").put_into("mounted")


@pytest.mark.parametrize("server", ["uvicorn:thread", "hypercorn:thread"])
def test_a_server_in_a_thread_has_no_workers(server: str) -> None:
    with pytest.raises(NoSetting, match="corn has no workers when it is run like this"):
        resolve(server).put_into("workers")
    assert "{uds}" in resolve(server).put_into("deployed").command


def test_of_two_places_the_last_one_stands() -> None:
    assert resolve("uvicorn:unix:tls").put_into("ipv6").circumstances == " over TLS on IPv6"
    assert resolve("uvicorn:ipv6").put_into("port").settings == ("ipv6", "port")
    inherited = resolve("uvicorn:unix_fd")
    assert "--fd {fd}" in inherited.command
    assert "--uds {uds}" in inherited.put_into("unix").command
    assert "--fd {fd}" in resolve("uvicorn:unix").put_into("unix_fd").command
    with pytest.raises(NoSetting, match="does not say how to inherit a Unix socket"):
        resolve("daphne:unix_fd")
