"""Secrets and personal data, and what only looks like some. All of it is invented or from standards' own examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.private import PrivateKind, private_in

PRIVATE = (  # the kind, a text, and what of it must not be posted
    ("personal:phone", "call +44 7700 900123", "+44 7700 900123"),
    ("personal:phone", "Call 0561 4829317 after six", "0561 4829317"),
    ("personal:phone", "(415) 555-0123", "(415) 555-0123"),
    ("personal:phone", "415-555-0123", "415-555-0123"),
    ("personal:phone", "my number is 07700900123", "07700900123"),
    ("personal:phone", "whatsapp +49 170 1234567", "+49 170 1234567"),
    ("personal:phone", "Tel: 030/1234567", "030/1234567"),
    ("personal:phone", "ring me on 555 0199 22", "555 0199 22"),
    ("personal:phone", "text 0171-2345678", "0171-2345678"),
    ("personal:email", "marta.quill@choirmail.example", "marta.quill@choirmail.example"),
    ("personal:email", "me at home dot com", "me at home dot com"),
    ("personal:email", "bob (at) mail (dot) org", "bob (at) mail (dot) org"),
    ("personal:email", "reach hello@sprig.io", "hello@sprig.io"),
    ("personal:iban", "DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
    ("personal:iban", "GB82WEST12345698765432", "GB82WEST12345698765432"),
    ("personal:iban", "FR14 2004 1010 0505 0001 3M02 606 please", "FR14 2004 1010 0505 0001 3M02 606"),
    ("personal:iban", "NL91ABNA0417164300", "NL91ABNA0417164300"),
    ("personal:card", "4111 1111 1111 1111", "4111 1111 1111 1111"),
    ("personal:card", "my card 5500005555555559", "5500005555555559"),
    ("secret:key", "sk_live_51HqLyT2eZvKYlo2C8aVbQw9", "sk_live_51HqLyT2eZvKYlo2C8aVbQw9"),
    ("secret:key", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
    ("secret:key", "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
    ("secret:key", 'api_key = "a8f5f167f44f4964e6c998dee827110c"', "a8f5f167f44f4964e6c998dee827110c"),
    (
        "secret:key",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc",
    ),
    ("secret:key", "postgres://admin:hunter22@db.internal/prod", "postgres://admin:hunter22@db.internal"),
    ("secret:key", "-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----"),
    ("secret:key", "xoxb-1234567890-abcdefghij", "xoxb-1234567890-abcdefghij"),
    (
        "secret:key",
        "https://hooks.slack.com/services/T000/B000/XXXX1234",
        "https://hooks.slack.com/services/T000/B000/XXXX1234",
    ),
    ("secret:key", "token: 9f86d081884c7d659a2feaa0c55ad015", "9f86d081884c7d659a2feaa0c55ad015"),
    ("secret:key", "sk-proj-abc123def456ghi789jkl012", "sk-proj-abc123def456ghi789jkl012"),
    ("secret:key", "key=AbCdEf123456AbCdEf123456", "AbCdEf123456AbCdEf123456"),
    ("secret:password", "the password is hunter2!", "hunter2!"),
    ("secret:password", "password: Tr0ub4dor&3", "Tr0ub4dor&3"),
    ("secret:password", 'pass = "Wk7!heron_22"', "Wk7!heron_22"),
    ("secret:password", "DB_PASS=heron22x", "heron22x"),
    ("personal:address", "we live at 12 Harbour Street", "12 Harbour Street"),
    ("personal:address", "Lindenweg 14 in 34117 Kassel", "Lindenweg 14"),
    ("personal:address", "221B Baker Street", "221B Baker Street"),
    ("personal:address", "Musterstraße 5", "Musterstraße 5"),
    ("personal:address", "12 rue de la Paix", "12 rue de la Paix"),
    ("personal:address", "Calle Mayor 12", "Calle Mayor 12"),
    ("personal:address", "Via Roma 4", "Via Roma 4"),
    ("personal:address", "PO Box 123", "PO Box 123"),
    ("personal:address", "Keizersgracht 12", "Keizersgracht 12"),
    ("personal:id", "my SSN 078-05-1120", "078-05-1120"),
    ("personal:id", "born on 12.03.1984", "12.03.1984"),
    ("personal:id", "passport number C01X00T47", "C01X00T47"),
    ("personal:name", "Our customer Maria Gonzalez pays late", "Maria Gonzalez"),
    ("personal:name", "Mrs Whitcombe from the choir", "Whitcombe"),
    ("personal:name", "my boss, Peter Hanley, said", "Peter Hanley"),
    ("personal:name", "ask for Jonas Weber", "Jonas Weber"),
    ("personal:name", "Anna Keller, who works at the bank", "Anna Keller"),
    ("personal:name", "a client named Tom Burke", "Tom Burke"),
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
    "they pass: all of them",
    "pass = 3 of 5",
    "a pass: 120000 people crossed it",
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


@pytest.mark.parametrize(("kind", "text", "words"), PRIVATE)
def test_it_is_found_for_what_it_is_and_nothing_else(kind: str, text: str, words: str) -> None:
    [found] = private_in(text)
    assert (found.kind, text[found.start : found.end]) == (PrivateKind(kind), words)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("marta.quill@choirmail.example", "marta.…"),
        ("bo\t(at)\nmail (dot) org", "bo (at…"),
        ("the password is hunter2!", "hu…"),
        ("the password is hunter2!!", "hun…"),
        ("the password is a1234", "a1…"),
        ("ask for Jonas Weber", "Jon…"),
        ("(415) 555-0123", "(415…"),
    ],
)
def test_a_third_of_it_is_shown_two_characters_at_least_and_six_at_most(text: str, shown: str) -> None:
    assert [private.shown for private in private_in(text)] == [shown]


def test_several_are_given_in_their_order_and_each_place_once() -> None:
    text = "I am at 12 Harbour Street, call 0561 4829317 or write to hello@sprig.io; key=AbCdEf123456AbCdEf123456"
    assert [(private.kind, text[private.start : private.end]) for private in private_in(text)] == [
        (PrivateKind.ADDRESS, "12 Harbour Street"),
        (PrivateKind.PHONE, "0561 4829317"),
        (PrivateKind.EMAIL, "hello@sprig.io"),
        (PrivateKind.KEY, "AbCdEf123456AbCdEf123456"),
    ]


def test_the_surest_kind_is_found_first_wherever_it_stands() -> None:
    text = "key=AbCdEf123456AbCdEf123456, hello@sprig.io, call 0561 4829317 at 12 Harbour Street, ask for Jonas Weber"
    assert [private.kind for private in private_in(text)] == [
        PrivateKind.KEY,
        PrivateKind.EMAIL,
        PrivateKind.PHONE,
        PrivateKind.ADDRESS,
        PrivateKind.NAME,
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # IBANs: 15 to 34 characters, the longest beginning whose checksum is right.
        ("NO93 8601 1117 947", "NO93 8601 1117 947"),
        ("MT84 MALT 0110 0001 2345 MTLC AST0 01S", "MT84 MALT 0110 0001 2345 MTLC AST0 01S"),
        ("de89 3704 0044 0532 0130 00 and", "de89 3704 0044 0532 0130 00"),
        ("NO93 8601 1117 948", None),
        # Cards: 13 to 19 digits of the large networks that satisfy Luhn's checksum.
        ("4222222222222", "4222222222222"),
        ("378282246310005", "378282246310005"),
        ("6011-1111-1111-1117", "6011-1111-1111-1117"),
        ("3530 1113 3330 0000", "3530 1113 3330 0000"),
        ("4000 0000 0000 0000 006", "4000 0000 0000 0000 006"),
        ("6011 1111 1111 1118", None),
        ("7012034056078900", None),
        ("6666666666666", None),
        ("4444444444444448", "4444444444444448"),
        # Phone numbers: 7 to 15 digits, of which three differ.
        ("call 1234567", "1234567"),
        ("call 1112223", "1112223"),
        ("call 1112222", None),
        ("call 1111111", None),
        ("call +49 170 1234567890", "+49 170 1234567890"),
        ("call 2024-05-17", None),
        ("call 17.05.2024", None),
        ("ISBN 0561 4829317", None),
        ("order: 0561 4829317", None),
        ("an order came from 0561 4829317", "0561 4829317"),
        ("ticket # 0561 4829317", None),
        # Example addresses may stand in code only; git's is none.
        ("foo@example.com", "foo@example.com"),
        ("`foo@example.com`", None),
        ("`foo@sprig.io`", "foo@sprig.io"),
        ("git@sprig.io", None),
        ("GIT@sprig.io", None),
        ("`call 0561 4829317`", None),
        ("`sk_live_51HqLyT2eZvKYlo2C8aVbQw9`", "sk_live_51HqLyT2eZvKYlo2C8aVbQw9"),
        # Two words in capitals that are no person.
        ("ask for Peter Street", None),
        ("ask for Peter Streeter", "Peter Streeter"),
        ("ask for Black Hanley", None),
        ("100 Mile Road", None),
        ("100 Milner Road", "100 Milner Road"),
    ],
)
def test_the_bounds_of_what_is_private(text: str, found: str | None) -> None:
    assert [text[private.start : private.end] for private in private_in(text)] == ([found] if found else [])


def test_every_kind_has_its_words() -> None:
    assert {kind.value: kind.words for kind in PrivateKind} == {
        "secret:key": "a key or token",
        "secret:password": "a password",
        "personal:iban": "a bank account",
        "personal:card": "a card number",
        "personal:phone": "a phone number",
        "personal:email": "an e-mail address",
        "personal:address": "a street address",
        "personal:id": "a number of a person's papers",
        "personal:name": "a person's full name",
    }


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
    assert private_in(text, ["Acme", "MARIA GONZALEZ was our first customer"]) == ()
    assert private_in(text, ["Maria, of the Gonzalez bakery, was our first customer"]) == ()
    for known in (["Maria was our first customer"], ["Maria", "Gonzalez"]):
        assert [private.kind for private in private_in(text, known)] == [PrivateKind.NAME]


@pytest.mark.parametrize(
    "text",
    [
        "It's Monday. I'm Rosa, my brother and I run the stall",
        "I'm a guitar teacher Rosa Lindqvist and I have a question",
        "My name is Rosa Lindqvist, my neighbour's cat is back",
    ],
)
def test_who_gives_their_own_name_has_chosen_to(text: str) -> None:
    assert private_in(text) == ()


@given(st.text(max_size=300))
def test_places_lie_in_the_text_one_after_the_other(text: str) -> None:
    end = 0
    for private in private_in(text):
        assert end <= private.start < private.end <= len(text)
        end = private.end
