"""The kinds of promotion that a rule can be about without being about all: donations, giveaways, codes, private sales.

"No begging" and "No classifieds" forbid something, but not the name of a product. Each kind has the words by which a
rule names it and the patterns by which a text has it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.texts import wording
from core.texts.acts import Act


@dataclass(frozen=True, slots=True)
class PromotionKind:
    """`named`: how rules call it. `shown`: the phrases by which texts show it; empty for what no text shows or another
    topic judges. `act`: what a text that shows it does.
    """

    key: str
    named: re.Pattern[str]
    shown: Sequence[re.Pattern[str]]
    act: Act | None = None


def _named(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


_KINDS = (
    PromotionKind(
        "votes",
        _named(
            r"(?:up|down)-?vot\w*|awards?|(?:five-?star |star )?(?:reviews?|ratings?)|stars|follow(?:s|ers)?|karma|"
            r"likes"
        ),
        (),
    ),
    PromotionKind(
        "money",
        _named(
            r"fund-?rais\w*|crowd-?fund\w*|kickstarters?|go ?fund ?mes?|indiegogo|just ?giving|donat\w+|ko-?fi|patreon|"
            r"tip jars?|(?:appeals? for|asking for|collecting|sending|begging for) money|buy me a coffee|charit\w+|"
            r"sponsorship pages?|begging|beg"
        ),
        wording.FUNDRAISING,
        Act.DONATE,
    ),
    PromotionKind(
        "giveaway", _named(r"give-?aways?|raffles?|contests?|sweepstakes?|prize draws?"), wording.GIVEAWAY, Act.CODE
    ),
    PromotionKind(
        "code",
        _named(
            r"(?:(?:discount|coupon|promo|referral|affiliate|invite|credit|voucher)s?(?:,? (?:or|and|/)? ?)?)+"
            r"(?: ?(?:codes?|links?))?|codes|spam(?:my)? links?"
        ),
        wording.REFERRAL_CODES,
        Act.CODE,
    ),
    PromotionKind("crypto", _named(r"crypto\w*|nfts?"), ()),
    PromotionKind("services", _named(r"(?:your |paid |freelance )?services?"), (), Act.SELL),
    PromotionKind(
        "classified",
        _named(
            r"classifieds?|(?:private|personal|garage|yard|second-?hand) sales?|for[- ]sale(?: posts?)?|wts|wtb|swaps?|"
            r"swapping|market ?place (?:posts?|listings?|ads?)|trad(?:es|ing)|auctions?|"
            r"(?:no )?(?:buying|selling|trading)(?:(?:,| and| or|/|,? nor)+ ?(?:buying|selling|trading|swapping))+"
        ),
        (*wording.CLASSIFIEDS, *wording.CALLS_TO_BUY),
        Act.SELL,
    ),
)
_OF_ANY_KIND = _named(
    r"(?:self-?)?promo\w*|advert\w*|ads|sell\w*|sales?|shops?|stores?|products?|business\w*|plug\w*|spam\w*|"
    r"marketing|commercial\w*|solicit\w*|channels?|brands?|compan\w+|pitch\w*|shill\w*|launch\w*|vendors?"
)


@lru_cache(maxsize=1_000)
def kinds_named(rule: str) -> tuple[PromotionKind, ...]:
    """Returns the kinds that a rule about promotion is limited to, by its words; empty when it means any promotion."""
    found = tuple(kind for kind in _KINDS if kind.named.search(rule))
    rest = rule
    for kind in found:
        rest = kind.named.sub(" ", rest)
    return () if _OF_ANY_KIND.search(rest) else found
