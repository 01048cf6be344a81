"""Features: what a text has or has not, each defined once.

A feature's key means the same in profiles (`Figures.shares`, findings), patterns, checks and the sample Reddit, because
`Feature.find` is the only code that looks for it. Finding is pure, takes linear time, and gives the places that a card
can show.

Some features need `params`: a length needs its number of words (`{"words": 120}`), a day its weekdays, a phrase its
words. Without them they find nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.texts import wording
from core.texts.archetypes import ANNOUNCEMENT, FEEDBACK, JOURNEY, QUESTION, SOLUTION, archetype
from core.texts.days import WEEKDAYS
from core.texts.language import WORD, is_in_english
from core.texts.markup import BODY, TITLE, Link, Part, Span, Text, host_of, is_host_of
from core.texts.plain import word_set

Params = Mapping[str, Any]
Find = Callable[[Text, Params], Iterable[Span]]

FIRST_PERSON_RATE = 0.04  # of the words; ordinary first-person prose has 5 to 9 in 100, instructions less than 3
LIST_ITEMS = 2
EXCLAMATIONS = 3
IMAGE_WORDS = 15  # with fewer words than this and a picture, the picture is the post
SUMMARY_WORDS = 300  # a community that asks for summaries expects one of texts this long
PHRASE = "phrase"


_LIST_ITEM = re.compile(r"^ {0,3}(?:[-*+]|\d{1,3}[.)])[ \t]+\S", re.MULTILINE)
_FORMATTING = re.compile(r"^ {0,3}#{1,6}(?: \w|[^\W\d])|\*\*[^*\n]{1,300}\*\*|__[^_\n]{1,300}__", re.MULTILINE)
_CODE = re.compile(r"```|`[^`\n]{1,300}`|(?:\A|\n[ \t]*\n)(?: {4}|\t)[^\n]*\S")
_NUMBER = re.compile(r"\d[\d.,]*")
_QUESTION = re.compile(r"\?")
_FIRST_SENTENCE = re.compile(r"\s*(?P<w>[^\s.!?\n](?:[^.!?\n]|[.!?](?=[^\s*_\"')\]])){0,300}[.!?]?)")
_OWN_SITUATION = re.compile(
    r"(?:so,? |well,? |ok(?:ay)?,? |(?:last|this) (?:year|month|week)[, ]{1,2}|"
    r"(?:a|two|three|\d+) (?:years?|months?|weeks?) ago[, ]{1,2}|currently[, ]{1,2}|recently[, ]{1,2})?"
    r"(?:i|i'm|i've|i'd|im|we|we're|we've|my|our)\b",
    re.IGNORECASE,
)
_GREETED = re.compile(
    r"(?:hi|hello|hey|heya|howdy|greetings|good (?:morning|evening|day|afternoon)|dear)\b(?=\W|\s\w)", re.IGNORECASE
)
_QUOTED_LINE = re.compile(r"^ {0,3}>[^\n]*\w", re.MULTILINE)
_EXCLAMATION = re.compile(r"!+(?![=\[\w])")
_CAPITAL_WORDS = re.compile(r"(?<![\w.])[^\W\d_a-z]{2,}(?:[ \t!?'-]{1,4}[^\W\d_a-z]{2,}){2,}(?!\w)")
_HASHTAG = re.compile(r"(?<![\w&/#])#[a-z]\w{2,40}", re.IGNORECASE)
_EMOJI = re.compile("[\U0001f000-\U0001faff☀-☄☇-⛿✂-✐✨✖❄-❧➕-➗⭐⭕]")
_TRACKING = re.compile(
    r"[?&#](?:utm_\w+|ref|referr?er|referral|aff|affiliate|aff_id|tag|via|fbclid|gclid|invite)=", re.IGNORECASE
)
_REFERRAL_PATH = re.compile(r"/(?:ref|referral|invite|aff|affiliate)/\w", re.IGNORECASE)
_SHORTENERS = word_set(
    "bit.ly t.co tinyurl.com goo.gl ow.ly buff.ly rebrand.ly is.gd cutt.ly lnkd.in rb.gy shorturl.at tiny.cc v.gd "
    "t.ly s.id linktr.ee amzn.to geni.us"
)
_FORMS = word_set("forms.gle typeform.com surveymonkey.com qualtrics.com jotform.com tally.so")
_IMAGE_HOSTS = word_set("i.redd.it preview.redd.it imgur.com i.imgur.com postimg.cc i.postimg.cc ibb.co")
_LONG_NAME = 6  # characters; a shorter name may be a part of another word
_IMAGE_FILE = re.compile(r"\.(?:png|jpe?g|gif|webp)(?:$|[?#])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that a text has or has not. `text` follows "Posts with …" in a sentence about a community; `pattern`
    names it in a sentence about one text.

    `category` is the category of its patterns. `topics` are the topics of rules that speak of it
    (`core/texts/rules.py`), the nearest first. `counted`: profiles give its share of all posts ("post") or of text
    posts that have a text ("body"); None: it is only looked for in drafts and own posts.
    """

    key: str
    category: str
    text: str
    pattern: str
    topics: tuple[str, ...]
    find: Find
    counted: str | None = None


def found(key: str, text: Text, params: Params | None = None) -> tuple[Span, ...]:
    """Where a text has a feature; empty when it does not. An unknown key finds nothing: patterns may hold old keys."""
    feature = FEATURES.get(key)
    return tuple(feature.find(text, params or {})) if feature is not None else ()


def counted_in(text: Text) -> frozenset[str]:
    """The keys of the counted features that a text has."""
    return frozenset(key for key, feature in COUNTED.items() if any(True for _ in feature.find(text, {})))


# ---------------------------------------------------------------- how each is found


def _in(*patterns: re.Pattern[str], parts: Sequence[str] = (TITLE, BODY), layer: str = "prose") -> Find:
    def find(text: Text, params: Params) -> Iterator[Span]:
        for part in text.parts:
            if part.name in parts:
                yield from _once(span for pattern in patterns for span in part.spans(pattern, layer))

    return find


def _once(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans in the order of the text, without those that begin inside an earlier one."""
    end = 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.start >= end:
            yield span
            end = span.end


def _at_least(count: int, find: Find) -> Find:
    def enough(text: Text, params: Params) -> Iterable[Span]:
        spans = tuple(find(text, params))
        return spans if len(spans) >= count else ()

    return enough


def _either(*finds: Find) -> Find:
    def find(text: Text, params: Params) -> Iterator[Span]:
        spans = [span for find in finds for span in find(text, params)]
        for part in text.parts:
            yield from _once(span for span in spans if span.part == part.name)

    return find


def _links(is_meant: Callable[[Link, Text], bool], parts: Sequence[str] = (TITLE, BODY)) -> Find:
    def find(text: Text, params: Params) -> Iterator[Span]:
        for part in text.parts:
            if part.name in parts:
                yield from (part.span(link.start, link.end) for link in part.links if is_meant(link, text))

    return find


def _is_own(link: Link, text: Text) -> bool:
    """True for a link to the product's site or to its own page on a site that keeps people's work; when its site is not
    known, to a host that bears the product's name.
    """
    name = re.sub(r"[\W_]", "", (text.product or "").lower())
    if len(name) >= _LONG_NAME and _KEEPS_WORK.search(link.host) and name in _PATH.sub("", link.address.lower()):
        return True
    if text.site is not None:
        return is_host_of(link.host, [host_of(text.site)])
    labels = [label.replace("-", "") for label in link.host.split(".")[:-1]]
    if len(name) >= _LONG_NAME:
        return any(name in label for label in labels)
    return len(name) > 2 and any(
        re.fullmatch(rf"(?:get|try|use|join|my|the)?{name}(?:app|hq|game|shop)?", label) for label in labels
    )


_KEEPS_WORK = re.compile(
    r"(?:^|\.)(?:github|gitlab|codeberg|bitbucket|sourceforge|npmjs|pypi|crates|itch|gumroad|etsy|kickstarter|indiegogo|"
    r"patreon|producthunt|steampowered|drivethrurpg|ravelry|(?:apps\.|play\.)?apple|google)\.\w+$|\.github\.io$"
)
_PATH = re.compile(r"^(?:\w+://)?[^/]*|[\W_]")


def _is_referral(link: Link, text: Text) -> bool:
    return bool(_TRACKING.search(link.address) or (_REFERRAL_PATH.search(link.address) and "redd" not in link.host))


def _is_shortened(link: Link, text: Text) -> bool:
    return link.host in _SHORTENERS


def _is_form(link: Link, text: Text) -> bool:
    return is_host_of(link.host, _FORMS) or "docs.google.com/forms" in link.address.lower()


def _is_image(link: Link, text: Text) -> bool:
    return link.is_image or link.host in _IMAGE_HOSTS or bool(_IMAGE_FILE.search(link.address))


def _image_only(text: Text, params: Params) -> Iterable[Span]:
    _, body = text.parts
    if len(WORD.findall(body.prose)) >= IMAGE_WORDS:
        return ()
    return _links(_is_image, (BODY,))(text, params)


def name_pattern(name: str) -> re.Pattern[str] | None:
    """Finds a product's name as people write it: in any case, in one word or in several, with "&" or "and". None for a
    name without letters or digits.

    A name of one or two characters must be written in its own case, because other texts use it as a word.
    """
    pieces = re.findall(r"[A-Z]?[^\W_A-Z]+|[A-Z]+(?![^\W_A-Z])|\d+|(?<=[\w\s])&(?=[\w\s])", name)
    if not pieces:
        return None
    joined = r"[\s_-]{0,2}".join("(?:&|and)?" if piece == "&" else re.escape(piece) for piece in pieces)
    flags = re.IGNORECASE if len("".join(pieces)) > 2 else re.NOFLAG
    return re.compile(rf"(?<!\w){joined}(?!\w)", flags)


def _product(text: Text, params: Params) -> Iterator[Span]:
    pattern = name_pattern(text.product) if text.product else None
    if pattern is not None:
        yield from _in(pattern, layer="text")(text, params)


def _shouts(text: Text, params: Params) -> Iterator[Span]:
    for part in text.parts:
        for span in part.spans(_CAPITAL_WORDS, "prose"):
            if _is_shouted(WORD.findall(span.words)):
                yield span
    title = text.parts[0]
    letters = [character for character in title.prose if character.isalpha()]
    capitals = [word for word in WORD.findall(title.prose) if word.isupper()]
    if len(letters) > 10 and sum(map(str.isupper, letters)) > 0.7 * len(letters) and _is_shouted(capitals):
        yield title.span(0, len(title.folded))


def _is_shouted(words: Sequence[str]) -> bool:
    """False when all words are short: three abbreviations in a row (AWS GCP SDK) are not shouting."""
    return any(len(word) >= 5 for word in words) or sum(len(word) >= 4 for word in words) >= 2


def _own_work(text: Text, params: Params) -> Iterable[Span]:
    """Where the author speaks of what is theirs, when the text leads out of Reddit and not to a picture alone."""
    leads_out = any("redd" not in link.host and not _is_image(link, text) for link in text.parts[1].links)
    return _in(*wording.OWN_WORK)(text, params) if leads_out else ()


def _exclaims(text: Text, params: Params) -> Iterable[Span]:
    spans = tuple(_in(_EXCLAMATION)(text, params))
    signs = sum(len(span.words) for span in spans)
    return spans if signs >= EXCLAMATIONS or any(len(span.words) > 1 for span in spans) else ()


def _first_person(part: Part) -> Iterator[Span]:
    return (span for span in part.spans(wording.FIRST_PERSON, "prose") if span.words != "US")  # "US" is a country


def _title_first_person(text: Text, params: Params) -> Iterable[Span]:
    return _first_person(text.parts[0])


def _body_first_person(text: Text, params: Params) -> Iterable[Span]:
    spans = tuple(_first_person(text.parts[1]))
    return spans if len(spans) >= FIRST_PERSON_RATE * text.words else ()


def _not_english(text: Text, params: Params) -> Iterable[Span]:
    return () if is_in_english(text) else _whole(text)


def _whole(text: Text) -> tuple[Span, ...]:
    """A span of the whole body, or of the title when there is no body."""
    part = text.parts[1] if text.body else text.parts[0]
    return (Span(part.name, 0, len(part.written), part.written),)


def _limit(params: Params, name: str) -> float | None:
    value = params.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _short_text(text: Text, params: Params) -> Iterable[Span]:
    limit = _limit(params, "words")
    return _whole(text) if limit is not None and text.words < limit else ()


def _long_text(text: Text, params: Params) -> Iterable[Span]:
    limit = _limit(params, "words")
    return _whole(text) if limit is not None and 0 < text.words > limit else ()


def _opening(is_meant: Callable[[str], bool]) -> Find:
    """The first sentence of a body, when it is meant."""

    def find(text: Text, params: Params) -> Iterator[Span]:
        body = text.parts[1]
        first = _FIRST_SENTENCE.match(body.prose)
        if first is not None and is_meant(first["w"].strip(" \t*_")):
            yield body.span(first.start("w"), first.end("w"))

    return find


def _is_a(kind: str) -> Find:
    return lambda text, params: _whole(text) if archetype(text) == kind else ()


def _title_of(is_meant: Callable[[Text, Params], bool]) -> Find:
    return lambda text, params: (Span(TITLE, 0, len(text.title), text.title),) if is_meant(text, params) else ()


def _is_long_title(text: Text, params: Params) -> bool:
    words, chars = _limit(params, "words"), _limit(params, "chars")
    too_many = words is not None and len(text.title.split()) > words
    return too_many or (chars is not None and len(text.title) > chars)


def _is_short_title(text: Text, params: Params) -> bool:
    chars = _limit(params, "chars")
    return chars is not None and len(text.title) < chars


def _no_summary(text: Text, params: Params) -> Iterable[Span]:
    if text.words < SUMMARY_WORDS or found("summary", text):
        return ()
    return _whole(text)


def _off_day(text: Text, params: Params) -> Iterable[Span]:
    days = params.get("weekdays")
    if text.weekday is None or not isinstance(days, list | tuple) or text.weekday in days:
        return ()
    needed = params.get("with")
    if isinstance(needed, str) and not found(needed, text):
        return ()
    return (Span("day", 0, 0, WEEKDAYS[text.weekday % 7]),)


def comparable(sentence: str) -> str:
    """A sentence without case, extra spaces and punctuation, so that small edits make no difference."""
    return " ".join(re.findall(r"\w+", Part(TITLE, sentence).folded.lower()))


def _phrase(text: Text, params: Params) -> Iterator[Span]:
    """Finds the words of a phrase one after the other, with any characters between them except letters and digits."""
    phrases = params.get("phrases")
    for phrase in phrases if isinstance(phrases, list | tuple) else ():
        words = comparable(str(phrase)).split()
        if words:
            joined = r"[\W_]{1,9}".join(map(re.escape, words))
            pattern = re.compile(rf"(?<!\w){joined}(?!\w)", re.IGNORECASE)
            yield from _in(pattern, layer="folded")(text, params)


# ---------------------------------------------------------------- the features

_PROMOTION = _in(*wording.PROMOTION)
_OWN_SITE = _links(_is_own)

_ALL = (
    Feature(
        "title_question",
        "title",
        "a question mark in the title",
        "A question in the title",
        ("title",),
        _in(_QUESTION, parts=(TITLE,)),
        "post",
    ),
    Feature(
        "title_number",
        "title",
        "a number in the title",
        "A number in the title",
        ("title",),
        _in(_NUMBER, parts=(TITLE,)),
        "post",
    ),
    Feature(
        "title_first_person",
        "title",
        "I, my or we in the title",
        "I, my or we in the title",
        ("title",),
        _title_first_person,
        "post",
    ),
    Feature(
        "first_person",
        "tone",
        "I, my or we in 4 of 100 words or more",
        "Much of I, my and we",
        (),
        _body_first_person,
        "body",
    ),
    Feature(
        "number", "format", "a number in the text", "A number in the text", (), _in(_NUMBER, parts=(BODY,)), "body"
    ),
    Feature(
        "measure",
        "format",
        "an amount in the text (money, users, time, percent)",
        "An amount (money, users, time, percent)",
        (),
        _in(wording.MEASURE, parts=(BODY,)),
        "body",
    ),
    Feature(
        "link",
        "link",
        "a link in the text",
        "A link in the post",
        ("links", "own_site", "referral"),
        _links(lambda link, text: True),
        "body",
    ),
    Feature(
        "question",
        "format",
        "a question in the text",
        "A question in the text",
        (),
        _in(_QUESTION, parts=(BODY,)),
        "body",
    ),
    Feature(
        "list",
        "format",
        "a list in the text",
        "A list in the text",
        ("format",),
        _at_least(LIST_ITEMS, _in(_LIST_ITEM, parts=(BODY,), layer="text")),
        "body",
    ),
    Feature(
        "formatting",
        "format",
        "headings or bold words",
        "Headings or bold words",
        ("format",),
        _in(_FORMATTING, parts=(BODY,), layer="text"),
        "body",
    ),
    Feature("summary", "format", "a TL;DR", "A TL;DR", (), _in(wording.SUMMARY, parts=(BODY,), layer="text"), "body"),
    Feature("code", "format", "code", "Code in the text", (), _in(_CODE, parts=(BODY,), layer="folded")),
    Feature(
        "promotion",
        "promotion",
        "a phrase that advertisements use, such as “sign up”",
        "Promotional wording such as “sign up”, “discount” or “check it out”",
        ("promotion",),
        _PROMOTION,
        "body",
    ),
    Feature(
        "own_work",
        "promotion",
        "a link beside one's own product, site or work",
        "A link beside one's own product, site or work",
        (),
        _own_work,
        "body",
    ),
    # How a text begins. A finding about it describes the best posts, and copies none.
    Feature("opens_number", "format", "a number in the first sentence", "A number in the first sentence", (),
            _opening(lambda first: _NUMBER.search(first) is not None), "body"),
    Feature("opens_question", "format", "a question as the first sentence", "A question as the first sentence", (),
            _opening(lambda first: first.endswith("?")), "body"),
    Feature("opens_own", "format", "the writer's own situation as the beginning",
            "The writer's own situation as the beginning", (),
            _opening(lambda first: _OWN_SITUATION.match(first) is not None), "body"),
    Feature("opens_greeting", "format", "a greeting as the beginning", "A greeting as the beginning", (),
            _opening(lambda first: _GREETED.match(first) is not None), "body"),
    Feature("quote", "format", "a quoted line", "A quoted line", (),
            _in(_QUOTED_LINE, parts=(BODY,), layer="text"), "body"),
    # What kind of post it is: one of core/texts/archetypes.py, or none.
    Feature("journey", "topic", "a journey of the writer's own", "A journey", (), _is_a(JOURNEY), "body"),
    Feature("solution", "topic", "a problem and its solution", "A problem and its solution", (), _is_a(SOLUTION),
            "body"),
    Feature("feedback", "topic", "a request for feedback", "A request for feedback", (), _is_a(FEEDBACK), "body"),
    Feature("asks", "topic", "a question to the community", "A question to the community", (),
            _is_a(QUESTION), "body"),
    Feature("announcement", "topic", "an announcement", "An announcement", (), _is_a(ANNOUNCEMENT), "body"),
    # The features below are looked for in drafts and own posts, and not counted in profiles.
    Feature("title_link", "link", "a link in the title", "A link in the title", ("links", "title"),
            _links(lambda link, text: True, (TITLE,))),
    Feature("own_site", "link", "a link to one's own site", "A link to one's own site",
            ("own_site", "promotion", "links"), _OWN_SITE),
    Feature("shortened", "link", "a shortened link", "A shortened link", ("referral", "links"), _links(_is_shortened)),
    Feature("referral", "link", "a referral or tracking link", "A link with referral or tracking parts",
            ("referral", "links"), _links(_is_referral)),
    Feature("product", "promotion", "one's own product named", "Naming one's own product", ("promotion",), _product),
    Feature("self_promotion", "promotion", "promotion", "Promotion: the product, its site or advertising words",
            ("promotion",), _either(_product, _OWN_SITE, _PROMOTION)),
    Feature("capitals", "tone", "words in capitals", "Words in capitals", ("title", "civility"), _shouts),
    Feature("clickbait", "title", "a sensational title", "A sensational title", ("title",),
            _in(*wording.CLICKBAIT, parts=(TITLE,))),
    Feature("exclamations", "tone", "many exclamation marks", "Many exclamation marks", ("title", "civility"),
            _exclaims),
    Feature("emoji", "tone", "emoji", "Emoji", ("format", "title"), _in(_EMOJI, layer="text")),
    Feature("hashtags", "format", "hashtags", "Hashtags", ("format",), _in(_HASHTAG)),
    Feature("insult", "tone", "rude words", "Rude words", ("civility",), _in(*wording.INSULTS)),
    Feature("belittling", "tone", "words that put members down", "Words that put members down", ("civility",),
            _in(*wording.BELITTLING)),
    Feature("greeting", "tone", "a greeting or thanks as a filler", "A greeting or thanks as a filler", ("format",),
            _in(*wording.GREETING)),
    Feature("ai_tell", "tone", "phrases that language models like", "Phrases that language models like", ("ai_text",),
            _in(*wording.AI_TELLS)),
    Feature("non_english", "language", "another language than English", "Another language than English",
            ("language",), _not_english),
    Feature("votes", "votes", "a request for votes", "Asking for votes or karma", ("votes",), _in(*wording.VOTES)),
    Feature("praise", "votes", "a request for follows, stars or reviews", "Asking for follows, stars or reviews",
            ("votes",), _in(*wording.PRAISE)),
    Feature("direct_messages", "promotion", "an invitation to write privately", "An invitation to write privately",
            ("direct_messages", "promotion"), _in(*wording.DIRECT_MESSAGES)),
    Feature("survey", "topic", "a survey", "A survey", ("surveys",),
            _either(_in(*wording.SURVEY), _links(_is_form))),
    Feature("hiring", "topic", "a job offer or search", "A job offer or search", ("recruiting",),
            _in(*wording.HIRING)),
    Feature("giveaway", "promotion", "a giveaway", "A giveaway", ("promotion",), _in(*wording.GIVEAWAY)),
    Feature("referral_code", "promotion", "a code or a link that pays somebody", "A code or a link that pays somebody",
            ("referral", "promotion"), _in(*wording.REFERRAL_CODES, layer="text")),
    Feature("fundraising", "promotion", "a request for money", "A request for money", ("promotion",),
            _in(*wording.FUNDRAISING, layer="text")),
    Feature("for_sale", "promotion", "an offer for sale", "An offer for sale", ("promotion",),
            _in(*wording.CLASSIFIEDS, *wording.CALLS_TO_BUY)),
    Feature("account_named", "other", "another account", "Another account", (), _in(*wording.ACCOUNTS)),
    Feature("image_only", "format", "a picture instead of a text", "A picture instead of a text", ("format", "topic"),
            _image_only),
    Feature("no_summary", "format", "a long text without a TL;DR", "A long text without a TL;DR", ("format",),
            _no_summary),
    Feature("title_statement", "title", "a title that asks nothing", "A title that asks nothing", ("title",),
            _title_of(lambda text, params: bool(text.title) and "?" not in text.title)),
    Feature("short_text", "length", "a short text", "A short text", ("length",), _short_text),
    Feature("long_text", "length", "a long text", "A long text", ("length",), _long_text),
    Feature("short_title", "title", "a short title", "A short title", ("title", "length"), _title_of(_is_short_title)),
    Feature("long_title", "title", "a long title", "A long title", ("title", "length"), _title_of(_is_long_title)),
    Feature("off_day", "timing", "a day that is not meant for it", "On a day that is not meant for it", ("timing",),
            _off_day),
    Feature(PHRASE, "other", "a phrase", "A phrase", (), _phrase),
)  # fmt: skip

FEATURES: Mapping[str, Feature] = {feature.key: feature for feature in _ALL}
NEEDING_PARAMS = frozenset({"short_text", "long_text", "short_title", "long_title", "off_day", PHRASE})
COUNTED: Mapping[str, Feature] = {key: feature for key, feature in FEATURES.items() if feature.counted is not None}
