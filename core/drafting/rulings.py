"""Rule by rule: whether a draft keeps a community's rules, breaks them, or nobody can tell from its text. Pure.

Each demand that restricts something (core/texts/rules.py) is compared with the text, the day, the poster's account and
the team's own history. What is not known is called so; only a broken rule blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.communities import Rule
from core.drafting.conduct import account_of, disclosed, is_promotional, is_theirs, ledgers
from core.drafting.drafts import Remark
from core.drafting.grounds import Grounds, RuleOn
from core.drafting.history import OwnText
from core.drafting.text import ADVICE, PROBLEM, Sign, Text
from core.model import Account
from core.texts import markup, wording
from core.texts.account_figures import AGE_OF, asks_taking_part
from core.texts.acts import ADVERTISING, Act
from core.texts.archetypes import asks_feedback
from core.texts.breaches import may_break, rule_words
from core.texts.days import WEEKDAYS
from core.texts.disclosure import kinds_of, speaks_of_own
from core.texts.language import WORD, names_its_language
from core.texts.likeness import is_near
from core.texts.naming import OF_TOPIC, speaks_of_any
from core.texts.rule_clauses import THINGS, topics_in
from core.texts.rule_forms import (
    asks_a_question,
    asks_flair_of_every_post,
    flairs_named,
    flairs_of_own,
    is_of_kind,
    is_on_feedback,
    kind_and_days,
    tags_lacking,
)
from core.texts.rule_terms import Reach, Terms, bans_host, pace_of, repeats_of, size_of
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand
from core.texts.sentences import sentences_in
from core.texts.shown import says_a_model_wrote


class Compliance(StrEnum):
    """Whether a draft keeps a rule."""

    KEPT = "kept"
    BROKEN = "broken"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule says about a draft, for one of its topics (None: nobody could read what it asks).

    `concerns`: the text has something that the rule speaks of. `code` is that of its remark.
    """

    rule: str
    topic: Topic | None
    compliance: Compliance
    text: str
    code: str = ""
    concerns: bool = False
    quote: str = ""  # the words of the rule that ask it


@dataclass(frozen=True, slots=True)
class _Found:
    compliance: Compliance
    why: str
    concerns: bool = False
    code: str = ""
    passages: tuple[str, ...] = ()  # that alone show it, and may well keep the rule


_Judge = Callable[[RuleOn, Text, Grounds], _Found]
_KEPT = _Found(Compliance.KEPT, "Nothing in it speaks against that.")
_READ = _Found(Compliance.CANNOT_TELL, "Only a person can tell.")


def rulings(text: Text, grounds: Grounds) -> tuple[Ruling, ...]:
    """Returns one ruling for each rule and topic that restricts something, in the order of the rules."""
    return tuple(_rulings(text, grounds))


def rule_by_rule(text: Text, grounds: Grounds) -> tuple[Ruling, ...]:
    """Returns one ruling for each rule of the community: the worst found. A rule that nobody could read cannot be
    told.
    """
    worst = (Compliance.BROKEN, Compliance.CANNOT_TELL, Compliance.KEPT)
    by_rule: dict[str, list[Ruling]] = {}
    for ruling in rulings(text, grounds):
        by_rule.setdefault(ruling.rule, []).append(ruling)
    told = []
    for rule in grounds.rules.rules if grounds.rules else ():
        of = sorted(by_rule.get(rule.short_name, ()), key=lambda ruling: worst.index(ruling.compliance))
        if of:
            told.append(of[0])
        elif rule.kind != "comment":
            told.append(
                Ruling(rule.short_name, None, Compliance.CANNOT_TELL, "Read it yourself.", quote=rule.description)
            )
    return tuple(told)


def check_rules(text: Text, grounds: Grounds) -> Iterator[Remark]:
    """Yields a problem for each broken rule, and advice where a rule about something in the text cannot be judged."""
    told: set[str] = set()
    for ruling in rulings(text, grounds):
        if ruling.compliance is Compliance.BROKEN or (ruling.compliance is Compliance.CANNOT_TELL and ruling.concerns):
            level = PROBLEM if ruling.compliance is Compliance.BROKEN else ADVICE
            said = f"r/{grounds.community} has a rule: “{ruling.rule}”. {ruling.text}"
            if said not in told:
                told.add(said)
                yield Remark(_CHECKS.get(ruling.topic, "rules"), level, said, ruling.code)


_CHECKS: Mapping[Topic | None, str] = {Topic.PROMOTION: "promotion", Topic.LINKS: "links"}


def _rulings(text: Text, grounds: Grounds) -> Iterator[Ruling]:
    for on in grounds.rules_on:
        topic = on.demand.topic
        found = _doubted(_JUDGES.get(topic, _judge_feature)(on, text, grounds), on, text)
        code = found.code or f"rule:{topic}"
        yield Ruling(on.rule.short_name, topic, found.compliance, found.why, code, found.concerns, _words_of(on))
    yield from _flairs_of_things(text, grounds)


def _doubted(found: _Found, on: RuleOn, text: Text) -> _Found:
    """Returns what was found; only a person can tell where no passage that shows it seems to break the rule. What a
    person said of a rule holds, and names, links and codes are what they are.
    """
    is_plain = on.confirmed_by is not None or on.demand.topic in _PLAIN_TO_SEE
    if found.compliance is not Compliance.BROKEN or not found.passages or is_plain:
        return found
    rule = rule_words(on.rule.short_name, on.rule.description)
    if any(may_break(passage, text.title, rule) for passage in found.passages):
        return found
    return replace(found, compliance=Compliance.CANNOT_TELL, why=f"{found.why} Read whether the rule means that.")


_PLAIN_TO_SEE = frozenset({Topic.LINKS, Topic.OWN_SITE, Topic.REFERRAL})


def _flairs_of_things(text: Text, grounds: Grounds) -> Iterator[Ruling]:
    """Yields what rules on promotion, surveys and the like say of the flair: "on Mondays, with the Market flair"."""
    flairs = [flair.text for flair in grounds.flairs or ()]
    for rule in grounds.rules.rules if grounds.rules is not None and text.flair is not None else ():
        words = f"{rule.short_name}. {rule.description}"
        if is_on_feedback(words) and not asks_feedback(text.read(grounds)):
            continue  # "Asking for feedback on your product: with the Feedback flair"
        named = flairs_of_own(words, flairs)
        if named and is_promotional(text.title, text.body, grounds):
            named_it = Sign(f"The text names {grounds.campaign.name}.")
            has = _presents(text, grounds) if grounds.lets_name else named_it
            if has is not None:
                yield _of_flair(rule, text, named, has)
            continue
        named = flairs_named(words, flairs)
        things = [topic for topic in topics_in(words) if topic in THINGS] if named and rule.kind != "comment" else []
        about = (RuleOn(rule, Demand(topic, Stance.NONE, rule.description)) for topic in things)
        has = next((has for on in about if (has := _what_it_has(on.demand.topic, on, text, grounds))), None)
        if has is not None:
            yield _of_flair(rule, text, named, has)


def _of_flair(rule: Rule, text: Text, asked: Sequence[str], has: Sign) -> Ruling:
    fits = (text.flair or "").strip().casefold() in {flair.strip().casefold() for flair in asked}
    why = f"{has.told} That is for the flair {' or '.join(f'“{flair}”' for flair in asked)}."
    compliance = Compliance.KEPT if fits else Compliance.BROKEN
    return Ruling(rule.short_name, Topic.FLAIR, compliance, why, "rule:flair", True, rule.description)


def _words_of(on: RuleOn) -> str:
    """Returns the sentence of a rule that asks it; where only the name asks it, the rule's description."""
    name_asks = on.demand.quote.strip() in ("", on.rule.short_name.strip())
    return on.rule.description or on.demand.quote if name_asks else on.demand.quote


# ---------------------------------------------------------------- what the text has


def _what_it_has(topic: Topic, on: RuleOn, text: Text, grounds: Grounds) -> Sign | None:
    """Returns what the text has of the topic; None for nothing."""
    if on.kinds:
        return text.shows([kind.feature for kind in on.kinds if kind.feature is not None], grounds)
    if topic is Topic.PROMOTION or on.reach is Reach.OWN_LINKS:
        if topic is Topic.PROMOTION and on.forbids and _is_let_under_conditions(on, grounds):
            return _sells(text)
        if on.reach is not Reach.PRESENTING and text.has("own_site", grounds):
            return Sign(f"The text links the site of {grounds.campaign.name}.")
        if on.reach is Reach.OWN_LINKS:
            return None
        if _lets_name(on, grounds):
            return _presents(text, grounds)
        if is_promotional(text.title, text.body, grounds):
            return Sign(f"The text names {grounds.campaign.name}.")
        return _sales_talk(text, grounds)
    return text.shows(OF_TOPIC.get(topic, ()), grounds)


_NAMED_OFTEN = 3


def _lets_name(on: RuleOn, grounds: Grounds) -> bool:
    """Whether the product may be named as long as the post is not about it: a rule says so, or this rule speaks of
    posts that present something.
    """
    return grounds.lets_name or on.reach is Reach.PRESENTING


def _named_in_passing(on: RuleOn, text: Text, grounds: Grounds) -> bool:
    return not on.kinds and _lets_name(on, grounds) and is_promotional(text.title, text.body, grounds)


def _is_let_under_conditions(on: RuleOn, grounds: Grounds) -> bool:
    """Whether something else in the rules lets people speak of what they make, under conditions. What a rule beside it
    forbids is to sell: "Makers may talk about their gear" beside "No trading".
    """
    about = (Topic.PROMOTION, Topic.OWN_SITE)
    return any(
        other.demand.topic in about and other.demand.stance in _CONDITIONS and not other.kinds
        for other in grounds.rules_on
        if other is not on
    )


_PACED = (Topic.PROMOTION, Topic.OWN_SITE)
_CONDITIONS = (Stance.ALLOWS_WHEN, Stance.ONLY_ON, Stance.RATIO)


def _sells(text: Text) -> Sign | None:
    return text.says(wording.CALLS_TO_BUY) or text.does((Act.SELL, Act.CODE))


def _presents(text: Text, grounds: Grounds) -> Sign | None:
    """Returns by what a text is about the product, beyond naming it in passing."""
    named = text.has("product", grounds)
    if any(span.part == markup.TITLE for span in named):
        return Sign(f"The title names {grounds.campaign.name}.")
    if len(named) >= _NAMED_OFTEN:
        return Sign(f"The text names {grounds.campaign.name} {len(named)} times.")
    return text.says(wording.CALLS_TO_BUY) or (text.does((Act.VISIT, Act.SELL, Act.CODE)) if named else None)


def _sales_talk(text: Text, grounds: Grounds) -> Sign | None:
    """Returns by what a text promotes a product of this kind without its name."""
    kinds = kinds_of(grounds.campaign.product)
    if _own_unnamed(text, grounds) or speaks_of_any(text.whole, (*grounds.campaign.keywords, *kinds)):
        return text.says((*wording.CALLS_TO_BUY, *wording.SALES)) or text.does(ADVERTISING)
    return None


def _own_unnamed(text: Text, grounds: Grounds) -> bool:
    """Whether a text speaks of the poster's own thing without its name."""
    return speaks_of_own(text.whole, grounds.campaign.product)


def _judge_feature(on: RuleOn, text: Text, grounds: Grounds) -> _Found:
    """Judges topics that a text shows: promotion, links, surveys, votes, direct messages …"""
    demand = on.demand
    if demand.topic is Topic.PROMOTION and is_on_feedback(on.rule.short_name) and not asks_feedback(text.read(grounds)):
        return _KEPT
    has = _what_it_has(demand.topic, on, text, grounds)
    if Terms.UNADVERTISED in on.terms:
        call = text.says(wording.CALLS_TO_BUY)
        if call is not None:
            return _Found(Compliance.BROKEN, f"{call.told} The product may be named, not advertised.", concerns=True)
    banned = [link for link in text.read(grounds).links if bans_host(demand, link.host)]
    if banned:
        return _Found(Compliance.BROKEN, f"The text links {banned[0].host}.", concerns=True)
    if has is None:
        if demand.topic is Topic.PROMOTION and _named_in_passing(on, text, grounds):
            said = f"The text names {grounds.campaign.name}. Read whether the rule allows it."
            return _Found(Compliance.CANNOT_TELL, said, concerns=True)
        if demand.topic is Topic.PROMOTION and not on.kinds and _own_unnamed(text, grounds):
            said = f"The text speaks of your own {kinds_of(grounds.campaign.product)[0]}."
            return _Found(Compliance.CANNOT_TELL, f"{said} Read whether the rule allows it.", concerns=True)
        if demand.topic is Topic.LINKS and text.has("link", grounds):
            return _Found(Compliance.CANNOT_TELL, "The text has a link: read whether the rule means it.", concerns=True)
        return _KEPT if demand.topic in OF_TOPIC else _READ
    if on.reach is Reach.OWN_LINKS and Terms.SOME_LINKS in on.terms:
        return _Found(Compliance.CANNOT_TELL, f"{has.told} Read whether the rule allows it.", concerns=True)
    if on.forbids:
        return _Found(Compliance.BROKEN, has.told, concerns=True, passages=has.passages)
    if demand.stance is Stance.ONLY_ON and demand.weekdays:
        return _judge_day(on, has.told, grounds)
    if demand.stance is Stance.RATIO:
        return _judge_ratio(on, has.told, grounds)
    paced = _judge_timing(on, text, grounds) if demand.topic in _PACED else _READ
    if paced.compliance is Compliance.BROKEN:
        return paced
    if Terms.DISCLOSED in on.terms and is_promotional(text.title, text.body, grounds):
        if disclosed(text, grounds):
            return _Found(Compliance.KEPT, f"{has.told} It says whose it is.", concerns=True)
        return _Found(Compliance.BROKEN, f"{has.told} It does not say whose it is.", concerns=True, code="disclosure")
    if Terms.IN_A_THREAD in on.terms:
        return _Found(Compliance.BROKEN, f"{has.told} That belongs in a thread there, not in a post.", concerns=True)
    return _Found(Compliance.CANNOT_TELL, f"{has.told} Read whether the rule allows it.", concerns=True)


def _judge_day(on: RuleOn, has: str, grounds: Grounds) -> _Found:
    days = ", ".join(WEEKDAYS[day] for day in on.demand.weekdays)
    today = WEEKDAYS[grounds.now.weekday()]
    if grounds.now.weekday() in on.demand.weekdays:
        return _Found(Compliance.KEPT, f"{has} Today is {today}.", concerns=True)
    code = f"weekday:{on.demand.topic}"
    return _Found(Compliance.BROKEN, f"{has} That is for {days}; today is {today}.", concerns=True, code=code)


def _judge_ratio(on: RuleOn, has: str, grounds: Grounds) -> _Found:
    ratio = on.demand.ratio or (1, 10)
    allowed = f"{ratio[0]} of {ratio[1]} may"
    worst = next((each for each in ledgers(grounds) if each.promotional and each.with_this_passes(ratio)), None)
    if worst is not None:
        return _Found(Compliance.BROKEN, f"{has} So do {worst.told} there; {allowed}.", concerns=True, code="ratio")
    theirs = ledgers(grounds)[0]
    if theirs.with_this_passes(ratio):
        return _Found(
            Compliance.CANNOT_TELL,
            f"{has} Of your posts there only {theirs.posts} are known; {allowed}.",
            True,
            "ratio",
        )
    return _Found(Compliance.KEPT, f"{has} So do {theirs.told} there; {allowed}.", concerns=True, code="ratio")


# ---------------------------------------------------------------- topics of their own


def _judge_ai(on: RuleOn, text: Text, grounds: Grounds) -> _Found:
    """Judges whether a model wrote it, also where a person changed a few words after that."""
    written = any(is_near(text.title, text.body, *_parted(generated)) for generated in text.generated)
    if written and on.forbids:
        return _Found(Compliance.BROKEN, "A model wrote this text: write it in your own words.", concerns=True)
    if written:
        return _Found(
            Compliance.CANNOT_TELL, "A model wrote this text: read whether the rule allows it.", concerns=True
        )
    if says_a_model_wrote(text.whole):
        standing = Compliance.BROKEN if on.forbids else Compliance.CANNOT_TELL
        return _Found(standing, "The text says that a model wrote it.", concerns=True)
    if text.has("ai_tell", grounds):
        return _Found(Compliance.CANNOT_TELL, "The text has phrases that language models like.", concerns=True)
    return _Found(Compliance.KEPT, "A person wrote this text.")


def _parted(whole: str) -> tuple[str, str]:
    title, _, body = whole.partition("\n")
    return title, body


def _judge_language(on: RuleOn, text: Text, grounds: Grounds) -> _Found:
    if not text.has("non_english", grounds):
        return _KEPT
    if names_its_language(WORD.findall(text.whole), f"{on.rule.short_name} {on.rule.description}"):
        return _Found(Compliance.KEPT, "It is in a language that the rule names.", concerns=True)
    return _Found(Compliance.BROKEN, "It is not in English.", concerns=True)


_AT_SOMEBODY = re.compile(
    r"\b(?:you|you're|your|u|ur|everyone|everybody|anyone who|people who|those who|whoever|mods?|op)\b"
    r"[^.!?\n]{0,60}$",
    re.IGNORECASE,
)


def _judge_civility(on: RuleOn, text: Text, grounds: Grounds) -> _Found:
    """A rude word breaks the rule when it is meant for somebody, as do words that put members down; otherwise only a
    person can tell.
    """
    rude = text.has("insult", grounds)
    for span in rude:
        before = (text.title if span.part == "title" else text.body)[: span.end]
        if _AT_SOMEBODY.search(before[: span.start] + " ") or re.match(r"you", span.words, re.IGNORECASE):
            return _Found(Compliance.BROKEN, f"It insults somebody: “{span.words}”.", concerns=True)
    if (belittles := text.shows(("belittling",), grounds)) is not None:
        return _Found(Compliance.BROKEN, belittles.told, concerns=True, passages=belittles.passages)
    if rude:
        return _Found(Compliance.CANNOT_TELL, f"The text has a rude word: “{rude[0].words}”.", concerns=True)
    return _KEPT


def _judge_disclosure(on: RuleOn, text: Text, grounds: Grounds) -> _Found:
    if not is_promotional(text.title, text.body, grounds):
        return _KEPT
    if disclosed(text, grounds):
        return _Found(Compliance.KEPT, "It says whose it is.", concerns=True)
    return _Found(
        Compliance.BROKEN,
        f"It does not say how you belong to {grounds.campaign.name}.",
        concerns=True,
        code="disclosure",
    )


def _judge_reposts(on: RuleOn, text: Text, grounds: Grounds) -> _Found:
    asked = repeats_of(on.rule, on.demand)
    within = asked.within
    for own in grounds.history.texts:
        if not own.is_posted or own.community != grounds.community or (within and grounds.now - own.at > within):
            continue
        if is_near(text.title, text.body, own.title, own.body):
            return _Found(Compliance.BROKEN, "It says nearly the same as an earlier post of yours.", concerns=True)
        if within and asked.of_product and _both_promote(own, text, grounds):
            days = (grounds.now - own.at).days
            said = f"{grounds.campaign.name} was shown there {days} days ago; {within.days} are asked for."
            return _Found(Compliance.BROKEN, said, concerns=True)
    return _Found(Compliance.CANNOT_TELL, "It is not a repost of yours; search whether others posted it.")


def _both_promote(own: OwnText, text: Text, grounds: Grounds) -> bool:
    return is_promotional(own.title, own.body, grounds) and is_promotional(text.title, text.body, grounds)


_COUNTED: Mapping[str, re.Pattern[str]] = {
    "word": re.compile(r"\S+"),
    "paragraph": re.compile(r"[^\n]*\w[^\n]*"),
    "line": re.compile(r"[^\n]*\w[^\n]*"),
}


def _size_in(written: str, unit: str) -> int:
    if unit == "sentence":
        return sum(any(map(str.isalnum, written[start:end])) for start, end in sentences_in(written))
    return len(_COUNTED[unit].findall(written)) if unit in _COUNTED else len(written)


def _judge_length(on: RuleOn, text: Text, grounds: Grounds) -> _Found:
    asked = size_of(on.rule, on.demand)
    if asked is None or asked.unit not in (*_COUNTED, "sentence", "character", "char"):
        return _READ
    written = text.title if asked.of_title else text.body
    size = _size_in(written, asked.unit)
    if (asked.least is None or size >= asked.least) and (asked.most is None or size <= asked.most):
        return _KEPT
    what = "The title" if asked.of_title else "The text"
    return _Found(Compliance.BROKEN, f"{what} has {size:,} {asked.unit}{'' if size == 1 else 's'}.", concerns=True)


def _judge_timing(on: RuleOn, text: Text, grounds: Grounds) -> _Found:
    """Judges limits such as one post a week, from what the poster posted there in that time, and the days of a kind of
    post: "Trip reports on weekends only".
    """
    kind, _ = kind_and_days(on.demand.quote)
    if kind and on.demand.weekdays:
        is_one = is_of_kind(kind, text.title, text.flair or "")
        return _judge_day(on, "It is such a post.", grounds) if is_one else _KEPT
    pace = pace_of(on.rule, on.demand)
    if pace is None:
        return _READ
    if pace.of_promotion and not is_promotional(text.title, text.body, grounds):
        return _KEPT
    since = grounds.now - timedelta(days=pace.days)
    for own in grounds.history.texts:
        if pace.of_promotion and not is_promotional(own.title, own.body, grounds):
            continue
        if own.is_posted and own.community == grounds.community and own.at > since and is_theirs(own, grounds):
            return _Found(Compliance.BROKEN, "You posted there since.", concerns=True, code="frequency")
    return _KEPT


def _judge_account(on: RuleOn, text: Text, grounds: Grounds) -> _Found:
    """Judges the account's age and karma as Reddit told them last."""
    account = account_of(grounds)
    if account is None or on.demand.number is None:
        return _READ
    found = [_judge_figure(on, account, figure, grounds.now) for figure in on.demand.figures]
    worst = (Compliance.BROKEN, Compliance.CANNOT_TELL, Compliance.KEPT)
    return min(found, key=lambda one: worst.index(one.compliance))


def _judge_figure(on: RuleOn, account: Account, figure: tuple[int, str], now: datetime) -> _Found:
    number, unit = figure[0], figure[1].rstrip("s")
    if unit.endswith("karma") and account.karma is not None:
        return _judge_karma(account.name, account.karma, number, unit)
    if unit not in AGE_OF or account.reddit_created_at is None:
        return _READ
    has, asked = now - account.reddit_created_at, number * AGE_OF[unit]
    if has < asked:
        told = "hours" if unit == "hour" else "days"
        has_told, asked_told = (age // AGE_OF[told[:-1]] for age in (has, asked))
        said = f"u/{account.name} has {has_told:,} {told} of age; {asked_told:,} are asked for."
        return _Found(Compliance.BROKEN, said, concerns=True, code="account:age")
    return _READ if asks_taking_part(on.demand.quote) else _KEPT


def _judge_karma(name: str, has: int, asked: int, unit: str) -> _Found:
    """`has` is all karma: too little of it is too little of a part, but enough of it says nothing about a part."""
    if has < asked:
        of_all, of_part = ("", "") if unit == "karma" else (" in all", f" {unit}")
        said = f"u/{name} has {has:,} karma{of_all}; {asked:,}{of_part} are asked for."
        return _Found(Compliance.BROKEN, said, concerns=True, code="account:karma")
    return _KEPT if unit == "karma" else _READ


def _judge_flair(on: RuleOn, text: Text, grounds: Grounds) -> _Found:
    if text.flair:
        return _Found(Compliance.KEPT, f"The text has a flair: “{text.flair}”.")
    if text.flair == "" and grounds.flairs and asks_flair_of_every_post(on.demand.quote):
        return _Found(Compliance.BROKEN, "The draft has no flair.", concerns=True)
    return _READ


def _judge_title(on: RuleOn, text: Text, grounds: Grounds) -> _Found:
    """Judges the tags that a rule lists for titles: "[Question], [Rig] or [Recording]"."""
    if asks_a_question(on.words) and not on.forbids and "?" not in text.title:
        return _Found(Compliance.BROKEN, "The title asks no question.", concerns=True)
    lacking = tags_lacking(f"{on.rule.short_name} {on.rule.description}", text.title)
    if lacking is None or on.forbids:
        return _READ
    if not lacking:
        return _KEPT
    return _Found(Compliance.BROKEN, f"The title has none of {', '.join(lacking[:6])}.", concerns=True)


_JUDGES: Mapping[Topic, _Judge] = {
    Topic.AI_TEXT: _judge_ai,
    Topic.LANGUAGE: _judge_language,
    Topic.CIVILITY: _judge_civility,
    Topic.DISCLOSURE: _judge_disclosure,
    Topic.REPOSTS: _judge_reposts,
    Topic.LENGTH: _judge_length,
    Topic.TIMING: _judge_timing,
    Topic.ACCOUNT: _judge_account,
    Topic.FLAIR: _judge_flair,
    Topic.TITLE: _judge_title,
}
