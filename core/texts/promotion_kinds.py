"""The kinds of promotion that a rule can be about without being about all: donations, giveaways, codes, private sales.

"No begging" and "No classifieds" forbid something, but not the name of a product. Each kind has the words by which a
rule names it and the features by which a text shows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class PromotionKind:
    """`named`: how rules call it. `feature`: what a text shows of it (core/texts/features.py); None for what no text
    shows or another topic judges.
    """

    key: str
    named: re.Pattern[str]
    feature: str | None = None


def _named(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


_KINDS = (
    PromotionKind(
        "votes",
        _named(
            r"(?:up|down)-?vot\w*|awards?|(?:five-?star |star )?(?:reviews?|ratings?)|stars|follow(?:s|ers)?|karma|"
            r"likes"
        ),
    ),
    PromotionKind(
        "money",
        _named(
            r"fund-?rais\w*|crowd-?fund\w*|kickstarters?|go ?fund ?mes?|indiegogo|just ?giving|donat\w+|ko-?fi|patreon|"
            r"tip jars?|(?:appeals? for|asking for|collecting|sending|begging for) money|buy me a coffee|charit\w+|"
            r"sponsorship pages?|begging|beg"
        ),
        "fundraising",
    ),
    PromotionKind("giveaway", _named(r"give-?aways?|raffles?|contests?|sweepstakes?|prize draws?"), "giveaway"),
    PromotionKind(
        "code",
        _named(
            r"(?:(?:discount|coupon|promo|referr?al|ref|affiliate|invite|credit|voucher)s?(?:,? (?:or|and|/)? ?)?)+"
            r"(?: ?(?:codes?|links?))?|codes|spam(?:my)? links?"
        ),
        "referral_code",
    ),
    PromotionKind("crypto", _named(r"crypto\w*|nfts?")),
    PromotionKind("services", _named(r"(?:your |paid |freelance )?services?"), "for_sale"),
    PromotionKind(
        "classified",
        _named(
            r"classifieds?|(?:private|personal|garage|yard|second-?hand) sales?|for[- ]sale(?: posts?)?|wts|wtb|swaps?|"
            r"swapping|market ?place (?:posts?|listings?|ads?)|trad(?:es|ing)|auctions?|"
            r"(?:no )?(?:buying|selling|trading)(?:(?:,| and| or|/|,? nor)+ ?(?:buying|selling|trading|swapping))+"
        ),
        "for_sale",
    ),
)
_OF_ANY_KIND = _named(
    r"(?:self-?)?promo\w*|advert\w*|ads|sell\w*|sales?|shops?|stores?|products?|business\w*|plug\w*|spam\w*|"
    r"marketing|commercial\w*|solicit\w*|channels?|brands?|compan\w+|pitch\w*|shill\w*|launch\w*|vendors?"
)

_OF_FEATURES = sorted({kind.feature for kind in _KINDS if kind.feature is not None})
# How rules call what a text shows of the kinds, by its feature.
NAMED: Mapping[str, re.Pattern[str]] = {
    feature: re.compile("|".join(kind.named.pattern for kind in _KINDS if kind.feature == feature), re.IGNORECASE)
    for feature in _OF_FEATURES
}


@lru_cache(maxsize=1_000)
def kinds_named(rule: str) -> tuple[PromotionKind, ...]:
    """Returns the kinds that a rule about promotion is limited to, by its words; empty when it means any promotion."""
    found = tuple(kind for kind in _KINDS if kind.named.search(rule))
    rest = rule
    for kind in found:
        rest = kind.named.sub(" ", rest)
    return () if _OF_ANY_KIND.search(rest) else found
