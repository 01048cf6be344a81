"""Conduct: what a draft means together with what the team did before. Pure; it reads `Grounds.history` and
`Grounds.poster`.

A text is promotional when it names the product or links its site. Near-duplicates are looked for in all communities and
among all members, because moderators and Reddit's filters see accounts, domains and texts, but no teams.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from core.clock import moment
from core.drafting.drafts import Remark
from core.drafting.grounds import Grounds
from core.drafting.history import OwnText
from core.drafting.text import ADVICE, PROBLEM, Text
from core.model import Account, is_same_account, is_same_member
from core.texts import markup
from core.texts.blanks import blanks_in
from core.texts.disclosure import disclosures_in
from core.texts.features import found
from core.texts.likeness import is_near
from core.texts.private import private_in
from core.texts.rule_topics import Stance, Topic

LEDGER_OVER = timedelta(days=90)
USUAL_RATIO = (1, 10)  # Reddit's own old advice, where a community names no other
ACROSS_AT_LEAST = 3  # promotional texts of one person in all communities, before their share means anything


@dataclass(frozen=True, slots=True)
class Ledger:
    """How many of the earlier posts are promotional; `whose` they are, in words. The draft is not among them."""

    promotional: int
    posts: int
    whose: str

    def with_this_passes(self, ratio: tuple[int, int]) -> bool:
        """Whether one more promotional post makes more than `ratio[0]` of `ratio[1]`."""
        return (self.promotional + 1) * ratio[1] > ratio[0] * (self.posts + 1)

    @property
    def told(self) -> str:
        count = "1 post" if self.posts == 1 else f"{self.posts} posts"
        return f"{self.promotional} of {self.whose} {count} of the last {LEDGER_OVER.days} days"


def is_promotional(title: str, body: str, grounds: Grounds) -> bool:
    """Whether a text names the product of the campaign or links its site."""
    return promotes(title, body, grounds.campaign.name, grounds.campaign.url)


@lru_cache(maxsize=2_000)  # the ledger reads the same earlier texts for every draft
def promotes(title: str, body: str, product: str, site: str | None) -> bool:
    """Whether a text names this product or links this site."""
    read = markup.Text(title, body, product, site)
    return bool(found("product", read) or found("own_site", read))


def disclosed(text: Text, grounds: Grounds) -> bool:
    """Whether the text says that its writer has to do with the product of the campaign."""
    campaign = grounds.campaign
    return bool(disclosures_in(text.whole, campaign.name, campaign.product, campaign.url))


def account_of(grounds: Grounds) -> Account | None:
    """Returns what is known of the poster's account; None when no account is known."""
    name = grounds.poster.account if grounds.poster is not None else None
    return next((a for a in grounds.history.accounts if is_same_account(a.name, name)), None)


def ledgers(grounds: Grounds) -> tuple[Ledger, Ledger]:
    """Returns the ledgers for the draft's community: of the poster's posts, and of the whole team's, because domain and
    product are the same.
    """
    there = [own for own in _posted(grounds) if own.community == grounds.community]
    return _ledger([own for own in there if is_theirs(own, grounds)], "your", grounds), _ledger(
        there, "the team’s", grounds
    )


def is_theirs(own: OwnText, grounds: Grounds) -> bool:
    """Whether the poster, or the account they post with, posted it. All are, where no poster is known."""
    poster = grounds.poster
    if poster is None:
        return True
    is_by_them = is_same_member(own.by_id, own.by, poster.member_id, poster.member)
    return is_by_them or is_same_account(own.account, poster.account)


def _posted(grounds: Grounds) -> Iterator[OwnText]:
    since = grounds.now - LEDGER_OVER
    return (own for own in grounds.history.texts if own.is_posted and own.at >= since)


def _ledger(texts: Sequence[OwnText], whose: str, grounds: Grounds) -> Ledger:
    return Ledger(sum(is_promotional(own.title, own.body, grounds) for own in texts), len(texts), whose)


# ---------------------------------------------------------------- what is checked


def check_duplicates(text: Text, grounds: Grounds) -> Iterator[Remark]:
    """A text that says nearly the same as one posted or approved before is a problem; as one only drafted, advice."""
    near = [own for own in grounds.history.texts if is_near(text.title, text.body, own.title, own.body)]
    weighty = next((own for own in near if own.is_posted or own.is_approved), None)
    if weighty is not None:
        what = (
            f"post {weighty.post_id}"
            if weighty.post_id
            else f"draft {weighty.draft_id}"
            if weighty.draft_id
            else "a post"
        )
        done = "posted" if weighty.is_posted else "approved"
        said = (
            f"It says nearly the same as {what} in r/{weighty.community}, {done} by {weighty.by}, {moment(weighty.at)}."
        )
        yield Remark("duplicates", PROBLEM, f"{said} Moderators take that for spam.", "near_duplicate")
    elif near and near[0].community != grounds.community:
        said = f"Draft {near[0].draft_id} for r/{near[0].community} says nearly the same: post one of them."
        yield Remark("duplicates", ADVICE, said, "near_draft")


def check_ratio(text: Text, grounds: Grounds) -> Iterator[Remark]:
    """Compares the ledger of promotion with one in ten. A community's own ratio is judged with its rules."""
    if not is_promotional(text.title, text.body, grounds):
        return
    own_rule = any(on.demand.stance is Stance.RATIO for on in grounds.rules_on)
    theirs, teams = ledgers(grounds)
    for ledger in () if own_rule else (theirs, teams):
        if ledger.promotional >= 2 and ledger.with_this_passes(USUAL_RATIO):
            said = f"{ledger.told} in r/{grounds.community} name {grounds.campaign.name}; one in ten is usual."
            yield Remark(
                "ratio", PROBLEM, f"{said[0].upper()}{said[1:]} Write something useful without it first.", "ratio"
            )
            return
    across = _ledger([own for own in _posted(grounds) if is_theirs(own, grounds)], "your", grounds)
    if across.promotional >= ACROSS_AT_LEAST and across.with_this_passes((1, 2)):
        said = f"{across.told} in all communities name {grounds.campaign.name}: your profile reads as an advertisement."
        yield Remark("ratio", ADVICE, f"{said[0].upper()}{said[1:]}", "ratio_across")


def check_disclosure(text: Text, grounds: Grounds) -> Iterator[Remark]:
    """The poster belongs to the product, so the text must say so, unless a member gave a reason for leaving it out."""
    if not is_promotional(text.title, text.body, grounds) or blanks_in(text.whole):
        return  # what stands in the blanks is not known yet
    name = grounds.campaign.name
    if disclosed(text, grounds):
        yield Remark("disclosure", "ok", f"It says how you belong to {name}.", "disclosed")
    elif text.undisclosed_because is not None and grounds.rule_on(Topic.DISCLOSURE) is None:
        said = f"It does not say that you belong to {name}: “{text.undisclosed_because}”"
        yield Remark("disclosure", ADVICE, said, "disclosure_left_out")
    elif text.has("non_english", grounds):
        said = f"It speaks of {name}. Whether it says that you belong to it is only read in English: look yourself."
        yield Remark("disclosure", ADVICE, said, "disclosure_unread")
    else:
        said = f"It speaks of {name} and does not say that you belong to it. Say so, as in “{disclosure_for(grounds)}”"
        yield Remark("disclosure", PROBLEM, said, "disclosure")


def disclosure_for(grounds: Grounds) -> str:
    """Returns the poster's own words of how they belong to the product, else a sentence that is true for every member
    who posts for a campaign.
    """
    return grounds.disclosure or f"Disclosure: I work on {grounds.campaign.name}."


def check_private(text: Text, grounds: Grounds) -> Iterator[Remark]:
    """Secrets and personal data, each kind once."""
    campaign = grounds.campaign
    known = (*(fact.body for fact in grounds.facts), campaign.name, campaign.product)
    told: set[str] = set()
    for private in private_in(text.whole, known):
        if private.kind not in told:
            told.add(private.kind)
            said = f"It holds {private.kind.words} ({private.shown}): take it out before anybody reads it."
            yield Remark("private", PROBLEM, said, private.kind.value)
