"""Where a text says whose product it speaks of: "I make Acme", "the tool that we built, Acme", "I'm the founder".

Plain words are looked for first; where there are none, the small transformer is asked (`owning.py`). Plain words count
anywhere. Words that could be about something else ("my own shop", "we make feet for machines") count
where the product is of that kind, and not in a text that speaks as a customer would ("a friend showed me").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from core.texts.features import name_pattern
from core.texts.language import is_in_english
from core.texts.markup import Text, host_of
from core.texts.owning import owner_in
from core.texts.sentences import Span, sentence_spans

_I = r"(?:i|we|i'm|i am|we're|we are|i've|i have|we've|we have|i'd|we'd)"
_WE = rf"(?:{_I[3:-1]}|me|us|my|our|myself|ourselves)"
_MAKES = (
    r"(?:ma[dk]e|making|built|buil[dt]|building|wrote|write|written|writing|code[ds]?|coding|develop(?:ed|ing)?|"
    r"creat(?:e|ed|ing)|design(?:ed|ing)?|invent(?:ed)?|founded|start(?:ed)?|launch(?:ed)?|r[ua]n|running|"
    r"own(?= \x00)|thr[eo]w(?:n|ing)?|"
    r"maintain(?:ed|ing)?|sell(?:ing)?|sold|ship(?:ped|ping)?|publish(?:ed|ing)?|print(?:ed|ing)?|produc(?:e|ed|ing)|"
    r"sew(?:ing)?|knit(?:ting)?|roast(?:ed|ing)?|brew(?:ed|ing)?|carve[ds]?|forge[ds]?|weld(?:ed)?|press(?:ed|ing)?|"
    r"drew|draw(?:ing)?|"
    r"offer|work(?:ed|ing)? (?:on|for|at|with the team|behind)|help(?:ed)? (?:build|make|run)|teach|bake[ds]?|"
    r"coordinat(?:e|ed|ing)|organi[sz](?:e|ed|ing)|lead|led|chair|volunteer(?:ed|ing)? (?:at|for|with)|"
    r"do (?:the )?(?:marketing|support|sales) (?:for|at)|solder(?:ed)?|put together|released?|hacked|manage|operate)"
)
_GOODS = (
    r"(?:apps?|tools?|products?|projects?|software|librar(?:y|ies)|games?|courses?|books?|newsletters?|services?|"
    r"package|planner|plug-?in|extension|saas|side project|invention|platform|device|zine|creation|gadget|script)"
)
_FIRMS = r"(?:start-?ups?|company|business|shop|store|studio|bakery|caf[eé]|site|website|team|brand|agency|workshop)"
_FIRM_OR_SERVICE = rf"(?:{_FIRMS[3:-1]}|services?|firm|school|workshop|podcast|show|newsletter)"
_THINGS = rf"(?:{_GOODS[3:-1]}|{_FIRMS[3:-1]})"
_ROLES = (
    r"(?:co-?founder|founder|maker|author|developer|dev|designer|owner|creator|maintainer|inventor|ceo|cto|seller|"
    r"publisher|"
    r"employee|vendor|(?:[\w-]+ )?(?:person|one|team|people|two|guy|woman|man|couple|family|shop|workshop|studio|"
    r"company|firm|hands?) (?:behind|who (?:ma[dk]e|built|wrote|write|run|sell)))"
)
_A_ROLE = rf"(?:the|its|their|one of (?:the|its|their)(?: \w+)?) (?:\w+ )?{_ROLES}s?\b"
_ANYWHERE = re.compile(
    r"\b(?:full (?:disclosure|honesty|transparency)|disclosure\s*:|disclosure first|disclaimer\s*:)|"
    rf"\b(?:i am|i'm|we are|we're|and i are|and i, )\s?(?:of course |obviously |clearly |also |then )?(?:biased|"
    rf"affiliated|{_A_ROLE}|behind (?:it|this|that)\b|(?:very much |obviously )?on the (?:selling|making|vendor) side|"
    rf"promoting|plugging|advertising)|"
    rf"\bas {_A_ROLE}|\b(?:from|by|says) (?:one of (?:the|its|their)(?: \w+)? {_ROLES}s?\b|(?:its|their) {_ROLES}s?\b)|"
    rf"\b(?:confession|notes?|word|speaking|post|news|update|written|greetings|hello) (?:by|from|as) (?:a|the|its) "
    rf"(?:\w+ )?{_ROLES}|\b(?:says|writes|asks) (?:a|the) {_ROLES}\b|"
    rf"\b(?:i am|i'm|we are|we're) an? (?:[\w-]+ )?{_ROLES}s? of (?:it|this|that|the (?:program|{_GOODS[3:-1]}))\b|"
    r"\b(?:it|this|that|this one|that one|which|they)(?:'s| is| are|'re) (?:very much |all |entirely |also |of course |"
    r"actually |really )?(?:mine|ours|(?:my|our) own(?= (?:work|doing|thing|make)|[^\w\s]))\b(?! (?:taste|choice))|"
    r"\((?:mine|ours|my own|i made it|my project)\)|"
    r"\bthis (?:is|would be) (?:me|us) (?:promoting|plugging|advertising|selling)|\bshameless plug\b|"
    r"\bi work (?:there|for them)\b|\bmy employer\b|\bsalt,? (?:since|because|as) (?:i|we) (?:make|sell|wrote|built)",
    re.IGNORECASE,
)
_NAME = "\x00"  # stands for the product's name in what follows
_NOT_OTHERS = (
    r"(?:\W+(?!with\b|using\b|through\b|via\b|about\b|like\b|against\b|us(?:es?|ed)\b|tr(?:y|ied)\b|found\b)\w+)"
)
_FOND = r"(?! (?:(?:new|old|own|absolute|current|personal|all-time) )?(?:favou?rite|current|new|old|go-to|choice|pick))"
_BESIDE_THE_NAME = re.compile(
    rf"\b{_WE}\b(?:\W+\w+){{0,3}}?\W+{_MAKES}\b{_NOT_OTHERS}{{0,8}}?\W+{_NAME}|"
    rf"{_NAME}\W+(?:(?:which|that|is what|is something|is (?:the|an?) \w+)(?: that)?\W+)?(?:i|"
    rf"we)(?:\W+\w+){{0,3}}?\W+{_MAKES}\b|"
    rf"\b{_WE}\b(?:\W+\w+){{0,4}}?\W+{_ROLES}\b(?:\W+\w+){{0,4}}?\W+{_NAME}|"
    rf"\b(?:my|our)\b(?:\W+\w+){{0,3}}?\W+{_THINGS}\b(?:\W+(?:called|named|is|the))?\W+{_NAME}|"
    rf"\b(?:i|we) (?:have|own|keep) an? (?:[\w-]+ ){{0,3}}{_FIRM_OR_SERVICE},? (?:called |named )?{_NAME}|"
    rf"{_NAME}\W+(?:(?:is|which is|was)\W+)?(?:mine|ours|(?:my|our)\b{_FOND}"
    rf"(?:\W+\w+){{0,3}}?\W+{_THINGS})\b|"
    rf"\b(?:our) {_NAME}|{_NAME}\W+(?:was |is )?{_MAKES} by (?:me|us|my|our)\b|"
    rf"\bat {_NAME}[^.!?\n]{{0,30}}?,? where (?:i|we)(?:'m| am|'re| are| work| teach)\b"
    r"(?! (?:an? )?(?:member|customer|regular|guest|student))|"
    rf"\bat {_NAME},? we\b|\bwe at {_NAME}|"
    rf"{_NAME}\W+(?:\w+\W+){{0,2}}?(?:ourselves|myself)\b|"
    rf"{_NAME} (?:is|are|means) (?:just |only |really )?(?:me|us|the (?:two|three|four) of us|\w+ and (?:me|i|"
    rf"myself))\b|"
    rf"\b(?:from|of|at|behind) {_NAME}(?: team)?,? (?:here|again)\b|\b{_NAME} (?:team|crew) here\b|"
    rf"\b(?:i am|i'm|we are|we're|this is|hi,?|hello,?)\b(?: \w+){{0,3}},? (?:from|of|at|with|behind) {_NAME}",
    re.IGNORECASE,
)
_ABOUT_IT = re.compile(
    rf"\b(?:i|we)(?:'ve| have)? {_MAKES} (?:it|this|that|these|them)\b|\b(?:my|our)(?: \w+){{0,2}} {_THINGS}\b",
    re.IGNORECASE,
)
# “The game is my own”, “I wrote a small tool”, “the first version of our app”; then what “it” or “the app” is called.
_GOES_ON = (
    r"(?:is|was|has|had|took|takes|on|for|and|that|which|in|to|with|called|from|over|does|can)"  # no “game night”
)
_OF_OURS = re.compile(
    rf"\b{_I}(?:\W+\w+){{0,2}}?\W+{_MAKES}\b(?:\W+[\w-]+){{0,5}}?\W+(?P<made>{_GOODS})\b|"
    rf"\b(?:my|our)(?: (?!favou?rite|go-to|daily|new)[\w-]+){{0,2}} (?P<had>{_GOODS})\b(?=\W*$|[^\w\s]|\s{_GOES_ON}\b)|"
    rf"\b(?P<owned>{_GOODS})\b[^.!?\n]{{0,15}} (?:is|are|was) (?:mine|ours|(?:my|our) own)\b",
    re.IGNORECASE,
)
_IS_CALLED = re.compile(
    rf"\b(?:it|the(?: [\w-]+)? (?P<thing>{_GOODS}))(?:'s| is| was)(?: simply| now)?(?: called| named)?:? {_NAME}",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(r"\b(?:found|find|discover\w*|tried|try|switched|recommend\w*|using|use[ds]?)\b", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:not|no|n't|nor|never|without(?: any)?|zero) (?:\w+ )?(?:affiliat\w*|biased|connected|connection|"
    r"relation(?:ship)?|paid (?:by|to|for))\b|\b(?:no|not any) (?:\w+ )?(?:links?|ties|stake) (?:to|with|in)\b|"
    r"\bunaffiliated\b|\b(?:it|this|that)(?:'s not| is not| isn't) (?:mine|ours|my \w+)\b",
    re.IGNORECASE,
)  # fmt: skip
# It speaks as a customer would: of how it was met, or of its makers as others.
_POSES = re.compile(
    r"\b(?:came|stumbled|ran) (?:across|up ?on|into)\b|\bhappened (?:up)?on\b|"
    r"\b(?:friend|colleague|co-?worker|neighbou?r|somebody|someone|cousin|brother|sister|wife|husband|partner|teacher|"
    r"boss|student|mate|buddy|aunt|uncle)\b[^.!?\n]{0,40}\b(?:(?:showed|pushed|told|gave|lent|pointed|sent|put|tipped|"
    r"handed|introduced|let)(?: (?:it|this|that)\b|\b[^.!?\n]{0,25} (?:me|us)\b)|recommended|suggested|mentioned|"
    r"brought|bought|swears?)\b|"
    r"\bwhoever (?:made|makes|wrote|built|designed|runs|came up|is behind|thought|drew)\b|\bshout-? ?out\b|\bkudos\b|"
    r"\bhats? off\b|\b(?:props|thanks|praise|credit|compliments) to (?:the|whoever|them)\b|"
    r"(?<!one of )\b(?:the|those|these) (?:people|folks|guys|devs?|makers?|team|developers?|authors?|crew|two|lot) "
    r"(?:who|behind|at|of|that)\b(?! us\b)|"
    r"\b(?:i'm|i am|as|just) (?:an? )?(?:\w+ )?(?:satisfied|happy|paying|long-?time) (?:customer|user|reader)\b|"
    r"\bbeen using\b|\bnot paid\b|"
    r"\bgot talked into\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)  # the gates of one check ask of the same text
def disclosures_in(text: str, product: str, what: str = "", site: str | None = None) -> tuple[Span, ...]:
    """Returns where a text says that its writer has to do with `product`, of which it gives the name or links the
    `site`: all places that say so in plain words, else the first sentence that the small transformer reads so. `what`
    tells in words what the product is: "A phone app that …".
    """
    plain = _plain(text)
    if _DENIES.search(plain):
        return ()
    told = tuple(_in_words(plain, product, what, host_of(site) if site else ""))
    if told or _POSES.search(plain) or not is_in_english(Text("", text)):
        return told  # the model reads English only
    owner = owner_in(text, product, what)
    return () if owner is None else (owner,)


def _in_words(plain: str, product: str, what: str, site: str) -> Iterator[Span]:
    for said in _ANYWHERE.finditer(plain):
        yield Span(said.start(), said.end())
    name = name_pattern(product)
    before, ours, poses = False, "", _POSES.search(plain) is not None
    for span in sentence_spans(plain):
        sentence = plain[span.start : span.end]
        marked = name.sub(_NAME, sentence) if name is not None else sentence
        marked = marked.replace(site, _NAME) if site else marked
        names = _NAME in marked
        ours = _thing_of_ours(sentence) or ours
        called = _IS_CALLED.search(marked) if names and ours and not poses else None
        is_called = called is not None and (called["thing"] or ours).lower() == ours
        if is_called or (names and _BESIDE_THE_NAME.search(marked)) or (before and _ABOUT_IT.search(sentence)):
            yield span
        before = before or names
    if what and not poses:
        for said in _own(what, _GOODS, _FIRMS).finditer(plain):
            yield Span(said.start(), said.end())


def _thing_of_ours(sentence: str) -> str:
    """Returns what a sentence says that its writer makes or has, as a noun; "" for nothing."""
    said = None if _OF_OTHERS.search(sentence) else _OF_OURS.search(sentence)
    return "" if said is None else (said["made"] or said["had"] or said["owned"]).lower()


def speaks_of_own(text: str, what: str) -> bool:
    """True when a text speaks of something of the product's kind as its writer's own, with or without its name."""
    plain = _plain(text)
    return _own(what).search(plain) is not None and _POSES.search(plain) is None


@lru_cache(maxsize=100)
def _own(what: str, *things: str) -> re.Pattern[str]:
    """Finds that its writer makes or has something of the product's kind, or of other `things` where one is pointed
    at.
    """
    kinds = "|".join(map(re.escape, kinds_of(what))) or r"\x01"
    goods = rf"(?:{'|'.join((kinds, *things))})"
    return re.compile(
        rf"\b{_I}(?:\W+\w+){{0,3}}?\W+{_MAKES}(?:\W+(?:and \w+|up|out))?\W+"
        rf"(?:(?:[\w-]+\W+){{0,4}}?(?:{kinds})|(?:this|these|the)(?: [\w-]+){{0,2}} {goods})\b|"
        rf"\b(?:my|our) own (?:[\w-]+ ){{0,3}}?{goods}\b|\b(?:my|our) (?:(?!favou?rite|go-to|"
        rf"daily)[\w-]+ ){{0,2}}?(?:{kinds}|products?)\b"
        rf"(?!['’]s? )|\b(?:{kinds})[^.!?\n]{{0,40}} (?:of (?:mine|ours)|(?:that|which) (?:i|we) {_MAKES})\b|"
        rf"\bthe (?:{kinds}) (?:i|we) {_MAKES}\b",
        re.IGNORECASE,
    )


_END_OF_KIND = re.compile(r"\b(?:that|which|who|for|about|of|with|to|and|in|on|from|by|where)\b|[,.;:()]")
_SOLD_AS = re.compile(r"\bas an? (?:[\w-]+ )?([a-z]{3,})")


def kinds_of(what: str) -> tuple[str, ...]:
    """Returns the nouns that say what a product is, from its description: "A phone app that …" is an app."""
    words = re.findall(r"[a-z][a-z-]+", _END_OF_KIND.split(what.lower(), maxsplit=1)[0])
    nouns = (words[-1:] if words else []) + _SOLD_AS.findall(what.lower())
    return tuple(
        dict.fromkeys(form for noun in nouns if len(noun) > 2 for form in (noun, f"{noun}s", noun.rstrip("s")))
    )


def _plain(text: str) -> str:
    return text.replace("’", "'").replace("‘", "'")
