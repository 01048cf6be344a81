from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime

from core.hooks import signature, token_hash


def test_a_signature_is_what_a_receiver_computes() -> None:
    at, body = datetime(2026, 11, 23, 12, tzinfo=UTC), '{"title":"Gelöscht"}'.encode()
    parts = dict(part.split("=", 1) for part in signature("whsec_x", body, at).split(","))
    assert parts["t"] == str(int(at.timestamp()))
    assert parts["v1"] == hmac.new(b"whsec_x", parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert signature("whsec_y", body, at) != signature("whsec_x", body, at)
    assert signature("whsec_x", body + b" ", at) != signature("whsec_x", body, at)


def test_a_signature_is_the_one_that_was_computed_elsewhere() -> None:
    """By `printf '1700000000.{}' | openssl dgst -sha256 -hmac whsec_test`."""
    value = signature("whsec_test", b"{}", datetime.fromtimestamp(1_700_000_000, UTC))
    assert value == "t=1700000000,v1=35495024f4ef3f94e5a93e22221544c4b75e9a42300cd965ab81cb85cd994e91"


def test_what_is_kept_of_a_token_is_its_hash() -> None:
    assert token_hash("abc") == hashlib.sha256(b"abc").hexdigest()
