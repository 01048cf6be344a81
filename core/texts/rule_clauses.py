"""The clauses of a rule, and what each says about the topics that it concerns (`core/texts/rules.py` puts them
together).

A clause concerns the topics that it names; when it names none, those of the clause before ("They are removed") or of
the rule's name. Matching is done in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from textwrap import wrap

from core.texts.days import A_WEEKDAY, WEEKEND, spelled_days
from core.texts.lengths import TWO_TO_TEN, range_in
from core.texts.rule_topics import TOPICS, Stance, Topic
from core.texts.rule_words import (
    DUTY,
    DUTY_OF_A_NAME,
    EXCEPTION,
    FORBIDS,
    FREES,
    NOISE,
    PERMITS,
    PURPOSE,
    QUALIFIER,
    WHICH_ONES,
)

_LONGEST_CLAUSE = 600  # characters; a longer clause is cut, so that the time stays linear
_BEGINNING = 500  # characters of a description
_SENTENCES = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)(?<!\bmin)(?<!\bmax)(?<!\bincl)"
    # "on Fri. only" goes on
    r"(?:(?<!\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))(?<!\b(?:Tues|Weds|Thur))(?<!\bThurs)|"
    r"(?!\.\s+[a-z&(]))[.!?;]+(?=[\s\"')*]|$)|"
    r"\n+(?:[ \t]{0,9}[•*–—-]+\s)?|(?:^|\s)[•*–—-]+\s"
)
_CONTRAST = re.compile(
    r",\show(?:ever)\b,?|,?\s(?:but|though|although|whereas|yet|while)\s|\s[–—-]+\s|(?<![Kk]arma)(?<!KARMA):\s|\s\(|"
    r"\)(?:\s|$)|"
    r",\s(?=(?:and |so |or )?(?:it|they|this|that|these|those|you|we|please|do not|don't|no|not|never|spam|links?|"
    r"others?|anything|everything|nothing|all other)\s"
    r"(?:[\w=]+\s){0,5}?(?:is|are|isn't|aren't|may|can|will|must|should|have|has|do|does|don't|get|gets|go|goes)\b)|"
    r",\s(?=(?:and |but )?(?:(?!or\b|and\b)\w+\s){1,3}(?:is|are|do|does|will|may|can|must)(?:n't| not)\b)",
)
_PRONOUN = re.compile(
    r"\b(?:it|its|it's|they|them|'em|this|that|these|those|such|one|ones|all|any|anything|everything|here|otherwise|"
    r"violat\w+|posts?)\b|'em\b",
)
_IN_COMMENTS = re.compile(r"\bin (?:the |your |a )?comments?\b|\bcomments?\b(?! (?:karma|history|section))")
_POSTS = re.compile(r"\bposts?\b|\bsubmissions?\b|\banywhere\b|\bthreads?\b|\d comments")
_WEEKDAY = re.compile(rf"\b{A_WEEKDAY}\b")
_ON_DAY = re.compile(
    rf"\b(?:on|every|each|until|for|wait for) (?:\w+ )?{A_WEEKDAY}\b|\bon (?:the )?weekends?\b|\b{A_WEEKDAY} (?:is|are|"
    rf"only)\b|\bother days?\b|^{A_WEEKDAY}(?:,|$| and {A_WEEKDAY})",
)
_COUNT = rf"{TWO_TO_TEN}|\d{{1,2}}"
RATIO = re.compile(
    r"(?P<percent>\d{1,2}) ?(?:%|percent|per cent)(?! (?:voted|off|discount|sure|of (?:the )?(?:users|people|members|"
    r"redditors|voters)))|(?P<a>\d{1,2}) ?(?::|/|-?to-?| to ) ?(?P<b>\d{1,2})(?!\d| ?(?:am|pm|"
    r"words|days|months|weeks|years|sentences|paragraphs|characters|hours|people|lines|minutes))|"
    rf"(?P<some>one|two|1|2) (?:in|out of|of|for|per) (?:every |your )?(?P<all>{_COUNT})\b|"
    r"(?:a|one)[ -](?P<part>tenth|fifth|quarter|third)|"
    rf"(?P<most>{_COUNT}) (?:out of|of|in) (?:every |your |the )?(?:last )?(?P<last>five|ten|5|10|20)|"
    rf"(?:for|to|per|with|after) (?:every|each) (?:1|one|single)?\b[^.]{{0,60}}?\b(?P<others>{_COUNT})\b"
    r"(?! (?:days|weeks|hours|months))|"
    rf"(?P<before>{_COUNT}) (?:other |normal |regular |non-promo\w* |unrelated )*(?:posts?|comments?|contributions?|"
    r"threads?|of (?:them|yours))[^.,;]{0,30}? (?:for|per|before|to|between) (?:every|each|any|one|you|your|a)\b"
    r"[^.,;]{0,30}?(?:promo\w*|advert\w*|plug\w*|self|own|link)|"
    rf"(?P<odds>{_COUNT})(?:-to-| to )(?:1|one)\b",
)
# A rule that names something without a verb is against it: "Spam", "Vote begging".
OFFENCES = frozenset(
    {Topic.PROMOTION, Topic.REFERRAL, Topic.VOTES, Topic.REPOSTS, Topic.SURVEYS, Topic.RECRUITING, Topic.AI_TEXT}
)
# Here a duty is a condition under which the thing is allowed; elsewhere it is what the rule requires.
THINGS = OFFENCES | {Topic.LINKS, Topic.OWN_SITE, Topic.DIRECT_MESSAGES}
# For these topics, "verified", "in the body" and the like say nothing by themselves.
_NEEDS_A_VERB = frozenset({Topic.FLAIR, Topic.TITLE, Topic.LANGUAGE, Topic.DISCLOSURE})
# What a rule's name is about holds for clauses that name its relatives: "YouTube channels: promotion only on Fridays".
_FAMILY = frozenset({Topic.PROMOTION, Topic.OWN_SITE})
# It means only some of them: "Porn links get you banned".
_NARROWED: Mapping[Topic, re.Pattern[str]] = {
    Topic.LINKS: re.compile(
        r"\bblog ?spam|\b(?:porn|nsfw|amazon|youtube|paywalled|broken|dead|shady|suspicious|pirated?|illegal|"
        r"downloads?|facebook|"
        r"twitter|tiktok|social media|instagram|competitors?|store|shop|product|image|malicious|mobile|amp|telegram|"
        r"whatsapp|torrent|magnet|video|streaming|gore|medium|substack|imgur|wikipedia|github|ebay|etsy|spotify|"
        r"soundcloud|twitch|"
        r"kickstarter|gofundme|news|reddit|spam\w*|promotional|commercial|scam|fandom|paid|"
        r"google (?:docs?|drive)|dropbox|mega)(?: or \w+| and \w+|/\w+)? (?:links?|urls?)\b|"
        r"\blink[- ]?(?:dump|drop|farm|spam)\w*|"
        r"\blink(?:s|ing)?(?: directly| back)? to (?![^.]{0,120}\bany (?:other )?(?:site|web ?site|page)|any\b|"
        r"anything|external|outside|other (?:sites?|websites?|pages?))|\bpaywall",
    ),
    Topic.RECRUITING: re.compile(
        r"\b(?:unpaid|for exposure|equity[- ]only|commission[- ]only|volunteer|mlm|third[- ]party)\b"
    ),
    Topic.DIRECT_MESSAGES: re.compile(r"\bto (?:sell|advertise|promote|recruit|solicit|market|pitch)\b"),
    Topic.SURVEYS: re.compile(
        r"\b(?:commercial|marketing|market|business|corporate|non-academic|unapproved|paid|homework) (?:surveys?|"
        r"polls?)\b",
    ),
}
_OF_ANY_SORT = re.compile(r"\bof any (?:sort|kind|type|form)\b|\bwhatsoever\b|\bin any (?:form|shape|way)\b")
# "Low-effort posts, AI slop and ads": the first is another item of the list.
_LISTED = re.compile(r"\blow[- ](?:effort|quality)(?: (?:posts?|content|submissions?|questions?))?(?=,| and| or|/)")
# Words of a topic's own name are no condition of it.
_OWN_WORDS: Mapping[Topic, re.Pattern[str]] = {
    Topic.LINKS: re.compile(r"\b(?:text|self)[- ](?:posts? )?only\b|\bonly (?:text|self)[- ]posts?\b"),
    Topic.LENGTH: re.compile(r"\blow[- ](?:effort|quality)\b|\bno (?:text|details?|context)\b"),
    Topic.TITLE: re.compile(r"\bin (?:the |your )?titles?\b"),
    Topic.DIRECT_MESSAGES: re.compile(r"\b(?:unsolicited|uninvited)\b"),
    Topic.WEEKLY_THREAD: re.compile(
        r"\b(?:(?:weekly|daily|monthly|dedicated|own|separate|pinned|stick\w+) threads?|megathreads?)"
    ),
    Topic.ACCOUNT: re.compile(r"\b(?:new (?:accounts?|users?|members?|redditors?)|karma|accounts? \w+)\b"),
    Topic.DISCLOSURE: re.compile(r"\bwhere you work\b|\bundisclosed\b"),
    Topic.REPOSTS: re.compile(
        r"\bbefore (?:you )?(?:\w+ing|post|submit|ask)\b|\bfirst\b|\b(?:that|which) ha(?:ve|s) been\b"
    ),
    Topic.AI_TEXT: _LISTED,
    Topic.LANGUAGE: re.compile(r"\b(?:bad|broken|poor|imperfect|clumsy) (?:english|grammar|spelling)\b"),
    Topic.VOTES: re.compile(r"\bkarma\b|\b(?:vote|like|comment) if\b|\bif you (?:agree|like|care)\b"),
    Topic.FORMAT: re.compile(r"\b(?:text|self)[- ](?:posts? )?only\b|\bonly (?:text|self)[- ]posts?\b"),
    Topic.PROMOTION: _LISTED,
}
# A talk that belongs there is not limited.
_MOVED_THERE = re.compile(
    r"\b(?:belongs?|goes|go|take (?:it|this|that)|mov\w+|keep (?:it|that)|use|"
    r"(?:should|must|ought to|has to|have to|needs? to) (?:happen|take place|be done|be (?:sent|sorted|settled)))\b"
    r"[^.]{0,40}?\b(?:dms?|pms?|"
    r"private (?:messages?|"
    r"chats?)|privately)\b",
)
_BRACKETED = re.compile(r"\[[^\]]{1,40}\]")  # a title's form, shown: "[Year] [Make] - question"
# What is wanted instead, before what is not: "Trade in private messages, not in the thread".
_CONTRASTED = re.compile(
    r",? (?:and |but )?(?:not|never|instead of|rather than) "
    r"(?!(?:in|to|on|as|with) (?:your |the |any |an? )?(?:posts?|submissions?|this|here))(?:(?:in|on|as|to|under|"
    r"from|with|by|via|through|the|an?|"
    r"your|own|just|here|another|other)\b|\w+s\b)[^,;]*$"
)
_SPOKEN = re.compile(
    r"\b(?:complain\w*|whin(?:e|es|ing)|moan\w*|accus\w+|callouts?|calling out|"
    r"scammers? (?:will|may|might|often|try|dm|pm|send))\b"
)
_ABOUT = re.compile(
    r"\b(?:questions?|discussions?|discuss(?:ing)?|talk(?:ing)?|news|articles?|debates?|opinions?|advice|"
    r"screenshots?|"
    r"complaints?|rants?|venting|stories|jokes?|memes?) (?:about|on|regarding|of|concerning|around|"
    r"how to) (?:[\w-]+ ){0,4}$",
)
# Posts without it are removed: "Titles that don't follow the format are removed".
_LACKS = re.compile(
    r"\b(?:that|which|who|posts?|titles?|submissions?|accounts?|texts?|threads?|reviews?|anything|those)"
    r"(?: do not| don't| does not| doesn't| fail(?:s|ing)? to| lack(?:s|ing)?| without| missing| not (?:following|in|"
    r"using|"
    r"including|written|tagged|marked)| are not| aren't| is not| isn't)\b[^.]{0,120}\b(?:remov|delet|reject|filter|"
    r"lock|nuk|tak|"
    r"pull|clos)\w*",
)
# Another way to say that there must be none.
_NONE_OF_IT: Mapping[Topic, re.Pattern[str]] = {
    Topic.REFERRAL: re.compile(
        r"\b(?:remove|strip|take off|clean|cut|drop)\b[^.]{0,120}\b(?:track|affiliate|referral|param|tag)"
    ),
    Topic.AI_TEXT: re.compile(
        r"\bhumans?(?: \w+)? only\b|\bonly humans?\b|\b(?:self|human)[- ](?:written|made|authored)\b|"
        r"\bby (?:you|humans?|people|hand|yourself|a (?:human|"
        r"person))\b|"
        r"\bown words\b",
    ),
}
# It forbids something that is not a topic: "No hats".
_NAMES_ANOTHER_THING = re.compile(r"(?:rule \w+\W+)?no (?:[\w-]+ ?){1,3}$")
_ELLIPTIC = re.compile(
    r"(?:(?:is|are|but|and|all|both) )*(?:allowed|permitted|ok|okay|fine|only|must|should|do not|don't|with|limited|"
    r"confined|restricted|"
    r"accepted|acceptable|welcome|not|never|requires?|needs?|if|unless|except|once|may|can|max|maximum|at most|up to|"
    r"no more|after|wait|subject|(?:it|they|these|this|those|such)\b)",
)
_NAMED_SUBJECT = re.compile(r"(?:the |our |a )?(?:weekly|daily|monthly|mega)?-? ?threads? (?:is|are)|join|check out")
_OTHERS = re.compile(r"\b(?:ones?|others?|those|anything|everything|the rest)\b")
_LEADING_IF = re.compile(r"^(?:and |so |also |but )?(?:if|when|whenever|should|where|in case)\b")
_LETS_NAME = re.compile(
    r"\b(?:(?:nam(?:e|ing)|mention(?:ing|s|ed)?)\b[^,]{0,90}\b(?:fine|ok|okay|allowed|welcome|permitted|no problem|"
    r"all right)|(?:may|can|free to|fine to|okay to|ok to|allowed to|welcome to) (?:[\w-]+ ){0,9}?(?:name|mention)|"
    r"(?:naming|mentioning) your\b[^.;!?]{0,110} is (?:fine|ok|okay|allowed|welcome)|"
    r"(?:^|and |please |must |should )name your (?:own )?\w+ (?:when|whenever|if|where) you)\b"
)
_OWN = re.compile(
    r"\b(?:your|yours|their|own|(?:you|they)(?:'ve)? (?:make|made|build|built|run|do|sell|offer|create|created|"
    r"work (?:on|for)))\b"
)
_IN_REPLIES = re.compile(r"\bin (?:an? |your |the )?(?:repl(?:y|ies)|answers?)\b")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a rule as it concerns one topic."""

    topic: Topic
    words: str
    stance: Stance
    permits: bool = False
    names: bool = True  # it names its topics itself, or says "it" or "they" of those before
    is_name: bool = False
    narrows: bool = False  # it speaks of some of them only

    @property
    def condition(self) -> str:
        return "" if self.stance in (Stance.FORBIDS, Stance.NONE) and not self.permits else self.words


def topics_in(text: str) -> tuple[Topic, ...]:
    """Returns the topics that a text names, in its order."""
    return _topics(_low(_plain(text)))


def _topics(plain: str) -> tuple[Topic, ...]:
    plain = PURPOSE.sub(" ", plain)
    places = [(match.start(), topic) for topic, names in TOPICS.items() if (match := names.search(plain)) is not None]
    return tuple(topic for _, topic in sorted(places, key=lambda place: place[0]))


def speaks_of(topic: Topic, text: str) -> bool:
    return TOPICS[topic].search(_low(_plain(text))) is not None


def _plain(text: str) -> str:
    plain = text.replace("’", "'").replace("‘", "'")
    plain = _NOT_ON_A_DAY.sub("", plain)
    return re.sub(r"[*_>`#\"“”]+", " ", plain)


_NOT_ON_A_DAY = re.compile(
    r",? not (?:even )?on (?:mon|tues|wednes|thurs|fri|satur|sun)days?(?: either| too)?\b", re.IGNORECASE
)


def _low(plain: str) -> str:
    """Returns what the patterns of rules are matched with."""
    return spelled_days(plain).lower()


def parts_in(short_name: str, description: str) -> Sequence[Part]:
    """Returns the clauses of a rule's name and description, each with the topics that it concerns."""
    return tuple(_placed(short_name, description, topics_in(short_name)))


def clauses_in(short_name: str, description: str) -> Mapping[Topic, Sequence[Clause]]:
    """Returns each topic of a rule with the clauses that concern it, both in the rule's order."""
    return judged(parts_in(short_name, description))


def judged(parts: Sequence[Part]) -> Mapping[Topic, Sequence[Clause]]:
    """Returns what the clauses say about each topic that they concern."""
    headline = next((part.headline for part in parts), ())
    by_topic: dict[Topic, list[Clause]] = {}
    for part in parts:
        for topic in part.topics:
            by_topic.setdefault(topic, []).append(part.judge(topic))
    for topic in headline:
        if all(clause.stance is Stance.NONE and not clause.permits for clause in by_topic.get(topic, ())):
            # A name such as "Referrals" says what the whole rule is about, whatever words follow.
            read = 0
            for part in parts:
                read += len(part.words)
                if not part.is_name and read <= _BEGINNING:
                    by_topic.setdefault(topic, []).append(replace(part, names=True).judge(topic))
    return by_topic


def _placed(short_name: str, description: str, headline: Sequence[Topic]) -> Iterator[Part]:
    earlier = headline or topics_in(_SENTENCES.split(_plain(description[:_BEGINNING]))[0])
    for place, text in enumerate((short_name, *re.split(r"\n\s*\n", description))):
        earlier = headline or earlier if place else earlier
        for part in _parts(text):
            named = _topics(part.low)
            topics = tuple(dict.fromkeys((*named, *_also(part.low, named, headline, earlier))))
            names = bool(named or _PRONOUN.search(part.low))
            if place == 0 and not headline and _NAMES_ANOTHER_THING.match(part.low):
                topics = ()
            yield replace(part, is_name=place == 0, names=names, named=named, topics=topics, headline=tuple(headline))
            earlier = named or earlier


def _also(words: str, named: Sequence[Topic], headline: Sequence[Topic], earlier: Sequence[Topic]) -> Sequence[Topic]:
    """Returns topics that a clause is about without naming them."""
    if not named:
        return earlier
    if _OTHERS.search(words):
        return earlier
    if not THINGS & set(named) and (
        {Topic.TIMING, Topic.DISCLOSURE} & set(named)
        or _ELLIPTIC.match(words)
        or (Topic.WEEKLY_THREAD in named and not _NAMED_SUBJECT.match(words))
    ):
        # "Referral links: allowed with disclosure"; "Feedback Friday: Eyes on your app? Friday's thread is the place"
        return [topic for topic in headline if topic in THINGS] or [topic for topic in earlier if topic in THINGS]
    if Topic.LINKS in named and Topic.LINKS not in headline and {Topic.REFERRAL, Topic.OWN_SITE} & set(headline):
        return headline  # in a rule about referral links, "links" are those
    return [topic for topic in headline if topic in _FAMILY] if _FAMILY & set(named) else ()


@dataclass(frozen=True)
class Part:
    """A clause as it was found, with the topics that it names and all that it concerns."""

    words: str
    low: str
    asks: bool  # it is a question
    is_name: bool = False
    names: bool = True
    named: tuple[Topic, ...] = ()
    topics: tuple[Topic, ...] = ()
    headline: tuple[Topic, ...] = ()  # of the rule's name

    @cached_property
    def heard(self) -> Heard:
        told = NOISE.sub(" ", self.low)
        return Heard(self.low, told, FREES.sub(" ", told), self.is_name)

    def judge(self, topic: Topic) -> Clause:
        if self.asks and not self.is_name:
            return Clause(topic, self.words, Stance.NONE, names=self.names)
        stance, permits, narrows = self.heard.stance_on(topic)
        return Clause(topic, self.words, stance, permits, self.names, self.is_name, narrows)

    @property
    def lets_name(self) -> bool:
        """Whether it lets posts name the own product: "Mentioning in passing what you make is fine". What it forbids
        after that limits the naming ("as long as it is not the point"); what it forbids before that is the naming.
        """
        found = _LETS_NAME.search(self.low)
        if found is None or self.asks or FORBIDS.search(self.low[: found.end()]) is not None:
            return False
        if self.heard.is_for_comments or _IN_REPLIES.search(self.low) or Topic.REFERRAL in self.topics:
            return False
        return bool(_FAMILY & set(self.topics)) or _OWN.search(self.low, found.start()) is not None


def _parts(text: str) -> Iterator[Part]:
    plain = _plain(text)
    start = 0
    for end in (*_SENTENCES.finditer(plain), None):
        sentence = plain[start : end.start() if end else len(plain)]
        start = end.end() if end else len(plain)
        asks = end is not None and "?" in end.group()
        for part in _CONTRAST.split(sentence):
            for words in wrap(" ".join(part.split()), _LONGEST_CLAUSE, break_on_hyphens=False):
                yield Part(words, _low(words), asks)


class Heard:
    """What a clause says, whatever its topic; `stance_on` returns what that means for one topic."""

    def __init__(self, low: str, told: str, freed: str, is_name: bool) -> None:
        """`told`: without noise; `freed`: also without what takes a prohibition away."""
        self._low, self._freed, self._frees = low, freed, freed != told
        self._forbids, self._permits = FORBIDS.search(freed), PERMITS.search(freed)
        self._duty = (
            DUTY_OF_A_NAME.search(told if self._frees else low)
            if is_name and low.count(" ") < 6
            else DUTY.search(freed)
        )
        self._conditions = _without_its_if(freed)
        self._ratio = RATIO.search(told)
        self._contrast = _CONTRASTED.search(freed)
        self._wanted = _CONTRASTED.sub(" ", freed) if self._contrast else freed
        any_verb = self._permits or self._forbids or self._duty
        self._on_day = _ON_DAY.search(low) or (
            (_WEEKDAY.search(low) or WEEKEND.search(low))
            and (any_verb or EXCEPTION.search(freed) or WHICH_ONES.search(freed))
        )
        about_comments = _IN_COMMENTS.search(low) and not _POSTS.search(low) and "only in" not in low
        self.is_for_comments = about_comments
        self._only_of_comments = about_comments and (
            self._forbids or (is_name and not self._duty) or "comments free of" in low
        )

    @cached_property
    def signs(self) -> str:
        """A letter for each kind of word that it has, whatever they are said of."""
        found = {
            "F": self._forbids,
            "P": self._permits,
            "D": self._duty,
            "X": EXCEPTION.search(self._freed),
            "W": WHICH_ONES.search(self._freed),
            "Q": QUALIFIER.search(self._freed),
            "Z": self._frees,
            "N": self._on_day,
            "R": self._ratio,
        }
        return "".join(letter for letter, is_there in found.items() if is_there)

    def stance_on(self, topic: Topic) -> tuple[Stance, bool, bool]:
        """Returns the stance, whether the clause permits, and whether it speaks of only some of them."""
        forbids = self._forbids
        if self._contrast and TOPICS[topic].search(self._wanted) and not TOPICS[topic].search(self._contrast.group()):
            forbids = FORBIDS.search(self._wanted)
        moved = topic is Topic.DIRECT_MESSAGES and not forbids and _MOVED_THERE.search(self._low)
        if self._only_of_comments and topic is not Topic.DIRECT_MESSAGES:
            return Stance.NONE, False, False
        if moved or _is_spoken_of(topic, self._low):
            return Stance.NONE, True, False
        permits = bool(self._permits or self._frees)
        if not permits and topic in _NONE_OF_IT and _NONE_OF_IT[topic].search(self._low):
            return Stance.FORBIDS, False, False
        if topic is Topic.TITLE and not permits and _BRACKETED.search(self._low):
            return Stance.REQUIRES, False, False
        if (
            self.is_for_comments
            and permits
            and not forbids
            and topic in _FAMILY
            and not TOPICS[topic].search(self._low)
        ):
            return Stance.NONE, False, False  # "If someone asks, answering in a comment is fine"
        if self._on_day or self._ratio:
            return Stance.ONLY_ON if self._on_day else Stance.RATIO, False, False
        own_words = _OWN_WORDS.get(topic)
        words = own_words.sub(" ", self._conditions) if own_words else self._conditions
        if self.is_for_comments and topic in (Topic.LINKS, Topic.OWN_SITE) and not forbids:
            return Stance.ALLOWS_WHEN, False, True  # "No links in posts: put them in a comment"
        which = None if _OF_ANY_SORT.search(words) else WHICH_ONES.search(words)
        condition = EXCEPTION.search(words) or (not forbids and (which or QUALIFIER.search(words)))
        if forbids:
            allows_first = self._permits is not None and self._permits.start() < forbids.start()
            limited = bool(condition or allows_first or _LACKS.search(self._low))
            some = which or (topic in _NARROWED and _NARROWED[topic].search(self._low))
            narrows = bool(not limited and some)
            return Stance.ALLOWS_WHEN if limited or narrows else Stance.FORBIDS, False, narrows
        if permits:
            return Stance.ALLOWS_WHEN if condition else Stance.NONE, True, False
        if self._duty or (topic is Topic.LENGTH and range_in(self._low) is not None):
            return Stance.ALLOWS_WHEN if topic in THINGS and condition else Stance.REQUIRES, False, False
        return Stance.ALLOWS_WHEN if condition and topic not in _NEEDS_A_VERB else Stance.NONE, False, False


def _is_spoken_of(topic: Topic, words: str) -> bool:
    """Whether people talk or complain about it in the clause, rather than do it in a post."""
    if _SPOKEN.search(words):
        return True
    named = TOPICS[topic].search(words)
    return named is not None and _ABOUT.search(words[max(0, named.start() - 60) : named.start()]) is not None


def _without_its_if(words: str) -> str:
    """Returns the clause without an "if" that only names its subject: "If a bot wrote it, don't post it"."""
    if not _LEADING_IF.match(words):
        return words
    antecedent, _, rest = (words if "," in words else _CONSEQUENT.sub(",", words)).partition(",")
    if _topics(antecedent) and not _topics(rest):
        return _LEADING_IF.sub(" ", words, count=1)
    return words


# Where "if you post links you will be banned" goes on without a comma.
_CONSEQUENT = re.compile(
    r"(?<=\w) (?=(?:it|they|you|we|your posts?|the post)(?:'ll| will| gets?| may| are| is|'re| remove)\b)"
)
