"""Secrets and personal data, and what only looks like some. All of it is invented or from standards' own examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.private import PrivateKind, private_in

PRIVATE = (
    ("personal:phone", "call +44 7700 900123"),
    ("personal:phone", "Call 0561 4829317 after six"),
    ("personal:phone", "(415) 555-0123"),
    ("personal:phone", "415-555-0123"),
    ("personal:phone", "my number is 07700900123"),
    ("personal:phone", "whatsapp +49 170 1234567"),
    ("personal:phone", "Tel: 030/1234567"),
    ("personal:phone", "ring me on 555 0199 22"),
    ("personal:phone", "text 0171-2345678"),
    ("personal:email", "marta.quill@choirmail.example"),
    ("personal:email", "me at home dot com"),
    ("personal:email", "bob (at) mail (dot) org"),
    ("personal:email", "reach hello@sprig.io"),
    ("personal:iban", "DE89 3704 0044 0532 0130 00"),
    ("personal:iban", "GB82WEST12345698765432"),
    ("personal:iban", "FR14 2004 1010 0505 0001 3M02 606 please"),
    ("personal:iban", "NL91ABNA0417164300"),
    ("personal:card", "4111 1111 1111 1111"),
    ("personal:card", "my card 5500005555555559"),
    ("secret:key", "sk_live_51HqLyT2eZvKYlo2C8aVbQw9"),
    ("secret:key", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
    ("secret:key", "AKIAIOSFODNN7EXAMPLE"),
    ("secret:key", 'api_key = "a8f5f167f44f4964e6c998dee827110c"'),
    ("secret:key", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc"),
    ("secret:key", "postgres://admin:hunter22@db.internal/prod"),
    ("secret:key", "-----BEGIN RSA PRIVATE KEY-----"),
    ("secret:key", "xoxb-1234567890-abcdefghij"),
    ("secret:key", "https://hooks.slack.com/services/T000/B000/XXXX1234"),
    ("secret:key", "token: 9f86d081884c7d659a2feaa0c55ad015"),
    ("secret:key", "sk-proj-abc123def456ghi789jkl012"),
    ("secret:key", "key=AbCdEf123456AbCdEf123456"),
    ("secret:password", "the password is hunter2!"),
    ("secret:password", "password: Tr0ub4dor&3"),
    ("personal:address", "we live at 12 Harbour Street"),
    ("personal:address", "Lindenweg 14 in 34117 Kassel"),
    ("personal:address", "221B Baker Street"),
    ("personal:address", "Musterstraße 5"),
    ("personal:address", "12 rue de la Paix"),
    ("personal:address", "Calle Mayor 12"),
    ("personal:address", "Via Roma 4"),
    ("personal:address", "PO Box 123"),
    ("personal:address", "Keizersgracht 12"),
    ("personal:id", "my SSN 078-05-1120"),
    ("personal:id", "born on 12.03.1984"),
    ("personal:id", "passport number C01X00T47"),
    ("personal:name", "Our customer Maria Gonzalez pays late"),
    ("personal:name", "Mrs Whitcombe from the choir"),
    ("personal:name", "my boss, Peter Hanley, said"),
    ("personal:name", "ask for Jonas Weber"),
    ("personal:name", "Anna Keller, who works at the bank"),
    ("personal:name", "a client named Tom Burke"),
)
NONE = (
    "on 2024-01-02 we",
    "1,840 sensors",
    "90 000 000 views",
    "ISBN 978-3-16-148410-0",
    "192.168.0.1",
    "2018-2020",
    "$1,200.50",
    "version 1.2.3",
    "from 9 to 5",
    "10:30",
    "commit 9f86d081884c7d659a2feaa0c55ad015d1f3a1b2",
    "git@github.com:org/repo",
    "`foo@example.com`",
    "@decorator",
    "r/startups",
    "100 Mile Drive",
    "a 10 Minute Drive",
    "One Way Street",
    "the year 2020 2021 2022",
    "Google Maps",
    "our customer support Team",
    "My Friend The Tree",
    "the API key is missing",
    "my password is wrong",
    "reset the password",
    "bearer of bad news",
    "our key result 2024",
    "key takeaway: something",
    "0.25 0.5 0.75",
    "1 2 3 4 5 6 7",
    "2,900 euros 410 euros",
    "£300 a month in January",
    "call 5 customers",
    "call 911",
    "I call it 3 times",
    "Postgres 12 to 17",
    "RFC 2616",
    "10.000.000",
    "10 000 users",
    "order 123456789",
    "https://example.com/a/0123456789/b",
    "3.14159265358979",
    "fine",
    "met at cafe",
    "our team at work dot",
    "Windows 11 24H2",
    "AC/DC",
    "the client Acme Corp",
    "my wife Sanna",
    "My business partner Ines",
    "our printer",
    "my sister Aoife and I",
    "Mr and Mrs",
    "a customer In January",
    "phone 14 Pro",
    "Type 2 diabetes",
    "Our Friday Lunch Place",
    "5 Star Way",
    "token bucket algorithm",
    "secret sauce",
    "client side rendering",
    "auth flow 2024",
    "access token expired after 3600 seconds",
    "UUID 123e4567-e89b-12d3-a456-426614174000",
    "ok",
    "temperature -12 to +35",
    "+1 for this",
    "+20% in 3 months",
    "score 100-120-150",
    "4 cm x 120 mm",
    "10-20-30 rule",
    "555 users",
    "2024/05/17 12:30:00",
    "between 1990-2000 and 2010",
)


@pytest.mark.parametrize(("kind", "text"), PRIVATE)
def test_it_is_found_for_what_it_is(kind: str, text: str) -> None:
    assert PrivateKind(kind) in {private.kind for private in private_in(text)}


@pytest.mark.parametrize("text", NONE)
def test_other_numbers_and_names_are_left_alone(text: str) -> None:
    assert private_in(text) == ()


def test_a_number_that_fails_its_own_arithmetic_is_no_account_and_no_card() -> None:
    assert private_in("GB82 WEST 1234 5698 7654 33") == ()
    assert private_in("4111 1111 1111 1112") == ()


def test_what_was_found_is_not_repeated() -> None:
    [found] = private_in("Write to marta.quill@choirmail.example today")
    assert (found.kind, found.shown) == (PrivateKind.EMAIL, "marta.…")
    assert "Write to marta.quill@choirmail.example today"[found.start : found.end] == "marta.quill@choirmail.example"


def test_a_name_that_a_fact_holds_may_stand() -> None:
    text = "Our customer Maria Gonzalez pays late"
    assert private_in(text, ["Maria Gonzalez was our first customer"]) == ()
    assert [private.kind for private in private_in(text, ["Maria was our first customer"])] == [PrivateKind.NAME]


@given(st.text(max_size=300))
def test_places_lie_in_the_text_one_after_the_other(text: str) -> None:
    end = 0
    for private in private_in(text):
        assert end <= private.start < private.end <= len(text)
        end = private.end
