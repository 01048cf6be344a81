"""Which remarks answer a violation: what people call it, and the codes of the remarks that are about that."""

from __future__ import annotations

import re
from collections.abc import Collection

# A kind's words (the beginning of one of them, or of two that follow each other), and codes that answer it. A code with
# a colon at its end stands for all codes that begin with it.
_FAMILIES: tuple[tuple[str, str], ...] = (
    (
        r"promo|self promo|donat|fund|charit|money|advert|ad |ads |spam|shill|market|plug|product|sales|sell|pitch|"
        r"launch|giveaway|raffle|brand|prices? (?:in|list|named|shown)|commerc",
        "rule:promotion rule:own_site ad_words ratio limit: disclosure pattern:self_promotion pattern:promotion "
        "pattern:product product_often product_in_title weekday:promotion weekday:own_site",
    ),
    (
        r"link|url|own site|site|website|blog",
        "rule:links rule:own_site links_many title_link link_shortened link_referral limit:links requirement:link "
        "requirement:domain pattern:link pattern:own_site weekday:links weekday:own_site",
    ),
    (
        r"referral|affiliate|ref |tracking|utm|short(?:ened|ener)|discount|coupon|promo code",
        "link_referral link_shortened rule:referral pattern:referral pattern:shortened weekday:referral",
    ),
    (r"domain|whitelist|blacklisted (?:domain|site|link)|site", "requirement:domain rule:own_site rule:links"),
    (r"flair|tag", "requirement:flair rule:flair"),
    (r"week ?day|day|timing|schedul|saturday|monday|friday|sunday|weekend|frequen|too often|time",
     "weekday rule:timing pattern:off_day rule:weekly_thread frequency"),
    (r"thread|mega", "rule:weekly_thread weekday rule:promotion"),
    (r"(?:near )?dup|re ?post|cross ?post|copy|copied|same|recycl|self plagiar|again|identical|resubmi",
     "near_duplicate repost rule:reposts requirement:repost"),
    (r"vot|up ?vot|stars?\b|follow|subscri|karma (?:beg|farm|ask|bait)|beg|brigad|manipulat",
     "votes rule:votes pattern:votes"),
    (r"ai|a i|llm|gpt|chat ?gpt|model|machine|generated|bot", "rule:ai_text ai_text pattern:ai_tell"),
    (r"survey|poll|questionnaire|research|study|interview", "rule:surveys pattern:survey weekday:surveys"),
    (r"dm|pm|direct|private|inbox|message|contact|off platform",
     "rule:direct_messages direct_messages pattern:direct_messages personal:"),
    (r"recruit|hir|job|co ?founder|tester", "rule:recruiting pattern:hiring weekday:recruiting"),
    (r"title|headline|click ?bait|caps|shout",
     "title_empty title_too_long title_capitals title_link requirement:title rule:title pattern:title_ "
     "pattern:long_title pattern:short_title pattern:clickbait rule:format product_in_title"),
    (r"length|too short|short|too long|long|minimum|maximum|low effort|empty|effort|body (?:length|text)|one liner",
     "requirement:body requirement:title text_empty text_too_long rule:length title_empty title_too_long "
     "pattern:short_text pattern:long_text"),
    (r"word|banned|black ?list|phrase|forbidden|keyword|regex|required|pattern|learned|require|api",
     "requirement: pattern:"),
    (r"format|list|emoji|image|markdown|tl ?dr|capital", "rule:format rule:title title_capitals requirement:"),
    (r"lang|english|non english|foreign", "rule:language pattern:non_english"),
    (r"civil|insult|name call|mock|belittl|rude|respect|harass|abus|attack", "rule:civility pattern:insult claim"),
    (r"disclos|undisclos|astroturf|hidden|conceal|sock|testimonial|fake user|pretend|affiliation|transparen|relation",
     "disclosure rule:disclosure claim account_named"),
    (r"invent|claim|fabricat|fake|made up|false|unsupported|number|stat|hallucin|exaggerat|untrue|lie|social proof|"
     r"testimonial|customer|client|compar|superlat|competitor|promise|guarantee|capabilit|cause|award|bash|experience|fact|"
     r"quote|study",
     "claim"),
    (r"blank|place ?holder|template|fill|unfilled|todo|bracket|gap|merge field|unfinished", "blank"),
    (r"personal|pii|phone|e ?mail|address|name|dox|privacy|private data|contact|iban|bank|data", "personal: secret:"),
    (r"secret|api key|key|token|credential|password|iban|private key", "secret:"),
    (r"ratio|nine|one in ten|1 in 10|10 ?percent|ten percent|10 |9 |ledger|share|quota", "ratio rule:promotion"),
    (r"account|alt|throwaway|user ?name|mention|user|age|karma|young|new account|ban evasion",
     "account_named account: rule:account account"),
    (r"pause|removal|removed|cool|shadow ?ban|suspend|ban", "pause account_hidden account removed_lately"),
    (r"topic|off topic|relevan", "rule:topic"),
)  # fmt: skip


_CLAIM = "claim"


def codes_of(kind: str) -> frozenset[str]:
    """The codes (or beginnings of codes, which end with a colon or an underscore) that answer a kind, whatever a
    corpus calls it. A kind of which no word is known is one more way to say what is not so, of which there are more
    than of breaking rules: "wrong unit", "half true".
    """
    plain = " ".join(re.findall(r"[a-z]+|\d+", kind.lower()))
    found: set[str] = set()
    for words, codes in _FAMILIES:
        if re.search(rf"\b(?:{words})", f"{plain} "):
            found.update(codes.split())
    return frozenset(found or ({_CLAIM} if plain else ()))


def answers(code: str, codes: Collection[str]) -> bool:
    """Whether a remark's code is one of a kind's."""
    return any(code == known.rstrip(":_") or code.startswith((known, f"{known}:", f"{known}_")) for known in codes)
