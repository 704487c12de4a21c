"""Settings that cannot work are refused at the start, in a sentence that names them."""

from pathlib import Path

import pytest

from app.config import SettingsError, read_settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MINGA_PORT", "²"),
        ("MINGA_JOBS", "sometimes"),
        ("MINGA_TRUSTED_PROXIES", "-1"),
        ("DATABASE_URL", "mysql://town"),
        ("MINGA_PUBLIC_URL", "budget.example.org"),
        ("MINGA_PUBLIC_URL", "http://["),
        ("MINGA_PUBLIC_URL", "javascript://budget.example.org"),
        ("MINGA_MAIL_URL", "mail.example.org:587"),
        ("MINGA_MAIL_URL", "smtp://mail.example.org:99999"),
    ],
)
def test_a_setting_that_cannot_work_is_named(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({"MINGA_INSTANCE": str(tmp_path), name: value})


def test_the_password_of_the_mail_server_is_not_repeated(tmp_path: Path) -> None:
    wrong = {"MINGA_INSTANCE": str(tmp_path), "MINGA_MAIL_URL": "smtp://town:sesame@[broken"}

    with pytest.raises(SettingsError) as refused:
        read_settings(wrong)

    assert "sesame" not in str(refused.value)


def test_addresses_are_taken_as_they_are_written(tmp_path: Path) -> None:
    mail = "smtp://town%40example.org:sesame@mail.example.org:587?from=town%40example.org"

    settings = read_settings(
        {
            "MINGA_INSTANCE": str(tmp_path),
            "MINGA_PUBLIC_URL": "https://budget.example.org/",
            "MINGA_MAIL_URL": mail,
        }
    )

    assert settings.base_url == "https://budget.example.org"
    assert settings.mail_url == mail
