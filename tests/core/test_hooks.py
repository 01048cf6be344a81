from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.errors import NotAllowedNow
from core.hooks import new_secret, signed, token_hash

DOCS = Path(__file__).resolve().parents[2] / "docs" / "hooks.md"


def receiver() -> Any:
    """The check that docs/hooks.md gives to receivers."""
    code = next(c for c in re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL) if "def is_ours" in c)
    names: dict[str, Any] = {"base64": base64, "hashlib": hashlib, "hmac": hmac, "Mapping": Mapping}
    exec(code, names)  # noqa: S102 - our own page
    return names["is_ours"]


def test_a_signature_is_the_one_of_the_standards_own_example() -> None:
    """The example that the libraries of Standard Webhooks (and Svix) are tested with."""
    at = datetime.fromtimestamp(1_614_265_330, UTC)
    headers = signed(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', at
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_receiver_that_follows_our_page_takes_ours_and_nothing_that_was_changed() -> None:
    at, body, secret = datetime(2026, 11, 23, 12, tzinfo=UTC), '{"title":"Gelöscht"}'.encode(), new_secret()
    headers, now, is_ours = signed(secret, "alert-17", body, at), at.timestamp(), receiver()
    assert is_ours(secret, headers, body, now)
    assert is_ours(secret, headers, body, now + 299)
    assert not is_ours(secret, headers, body, now + 301)
    assert not is_ours(secret, headers, body + b" ", now)
    assert not is_ours(new_secret(), headers, body, now)
    assert not is_ours(secret, headers | {"webhook-id": "alert-18"}, body, now)
    assert not is_ours(secret, headers | {"webhook-timestamp": str(int(now) + 1)}, body, now)


def test_each_secret_is_new_and_long() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    assert {len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) for secret in (one, other)} == {32}
    assert one.startswith("whsec_")


@pytest.mark.parametrize("secret", ["whsec_a-b_c", "whsec_abcde"])
def test_a_secret_of_an_earlier_form_signs_nothing(secret: str) -> None:
    with pytest.raises(NotAllowedNow, match="earlier version") as refused:
        signed(secret, "alert-1", b"{}", datetime(2026, 11, 23, 12, tzinfo=UTC))
    assert refused.value.do == "Name its address again, and it gets a new secret."


def test_what_is_kept_of_a_token_is_its_hash() -> None:
    assert token_hash("abc") == hashlib.sha256(b"abc").hexdigest()
