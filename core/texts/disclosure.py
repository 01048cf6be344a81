"""Whether a text says whose product it speaks of: "I make Acme", "the tool that we built, Acme", "I'm the founder"."""

from __future__ import annotations

import re

from core.texts.features import name_pattern

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_WE = r"(?:i|we|i'm|i am|we're|we are|i've|i have|we've|we have|i'd|me|us|my|our|myself|ourselves)"
_MAKES = (
    r"(?:ma[dk]e|making|built|buil[dt]|building|wrote|write|written|writing|code[ds]?|coding|develop(?:ed|ing)?|"
    r"creat(?:e|ed|ing)|design(?:ed|ing)?|invent(?:ed)?|founded|start(?:ed)?|launch(?:ed)?|r[ua]n|running|"
    r"own(?= \x00)|"
    r"maintain(?:ed|ing)?|sell(?:ing)?|sold|ship(?:ped|ping)?|publish(?:ed|ing)?|print(?:ed)?|produc(?:e|ed)|sew|"
    r"offer|work(?:ed|ing)? (?:on|for|at|with the team|behind)|help(?:ed)? (?:build|make|run)|teach|bake|"
    r"do (?:the )?(?:marketing|support|sales) (?:for|at)|solder(?:ed)?|put together|released?|hacked)"
)
_THINGS = (
    r"(?:apps?|tools?|products?|projects?|software|start-?ups?|company|business|librar(?:y|ies)|games?|courses?|shop|"
    r"store|studio|bakery|caf[eé]|books?|newsletters?|services?|site|website|package|planner|plug-?in|extension|saas|"
    r"team|brand|agency|side project|invention|platform|device)"
)
_ROLES = (
    r"(?:co-?founder|founder|maker|author|developer|dev|designer|owner|creator|maintainer|inventor|ceo|cto|"
    r"employee|vendor|person behind|one behind|team behind|people behind|guy behind|woman behind)"
)
_ANYWHERE = re.compile(
    r"\b(?:full disclosure|disclosure\s*:|disclaimer\s*:)|\b(?:i am|i'm|we are|we're) (?:of course |obviously |"
    r"clearly )?"
    rf"(?:biased|affiliated|the (?:\w+ )?{_ROLES}|one of the (?:\w+ )?{_ROLES}s?|behind it)\b|"
    rf"\bas (?:the|its|their|one of the) (?:\w+ )?{_ROLES}\b|\b(?:my|our) own (?:\w+ ){{0,2}}{_THINGS}\b|"
    rf"\b(?:confession|note|word|speaking|post) (?:by|from|as) (?:a|the) (?:\w+ )?{_ROLES}\b|"
    r"\b(?:it|this|that)(?:'s| is) (?:mine|ours)\b|\((?:mine|ours|my own|i made it|my project)\)|"
    r"\bi work (?:there|for them)\b",
    re.IGNORECASE,
)
_NAME = "\x00"  # stands for the product's name in what follows
_NOT_OTHERS = (
    r"(?:\W+(?!with\b|using\b|through\b|via\b|about\b|like\b|against\b|us(?:es?|ed)\b|tr(?:y|ied)\b|found\b)\w+)"
)
_BESIDE_THE_NAME = re.compile(
    rf"\b{_WE}\b(?:\W+\w+){{0,3}}?\W+{_MAKES}\b{_NOT_OTHERS}{{0,8}}?\W+{_NAME}|"
    rf"{_NAME}\W+(?:(?:which|that|is what|is something|is (?:the|an?) \w+)(?: that)?\W+)?(?:i|"
    rf"we)(?:\W+\w+){{0,3}}?\W+{_MAKES}\b|"
    rf"\b{_WE}\b(?:\W+\w+){{0,4}}?\W+{_ROLES}\b(?:\W+\w+){{0,4}}?\W+{_NAME}|"
    rf"\b(?:my|our)\b(?:\W+\w+){{0,3}}?\W+{_THINGS}\b(?:\W+(?:called|named|is|the))?\W+{_NAME}|"
    rf"{_NAME}\W+(?:(?:is|which is|was)\W+)?(?:mine|ours|(?:my|our)\b(?! (?:favou?rite|current|new|old|go-to|"
    rf"choice))(?:\W+\w+){{0,3}}?\W+{_THINGS})\b|"
    rf"\b(?:our) {_NAME}|{_NAME}\W+(?:was |is )?{_MAKES} by (?:me|us|my|our)\b|"
    rf"\bat {_NAME},? we\b|\bwe at {_NAME}",
    re.IGNORECASE,
)
_ABOUT_IT = re.compile(
    rf"\b(?:i|we)(?:'ve| have)? {_MAKES} (?:it|this|that)\b|\b(?:my|our)(?: \w+){{0,2}} {_THINGS}\b", re.IGNORECASE
)
_DENIES = re.compile(
    r"\b(?:not|no|n't|nor|never|without(?: any)?|zero) (?:\w+ )?(?:affiliat\w*|biased|connected|paid|"
    r"connection|relation(?:ship)?)\b",
    re.IGNORECASE,
)  # fmt: skip


def is_disclosed(text: str, product: str, site_host: str = "") -> bool:
    """True when a text that names `product` (or links to its site) says that its writer has to do with the product."""
    plain = text.replace("’", "'").replace("‘", "'")
    if _DENIES.search(plain):
        return False
    if _ANYWHERE.search(plain):
        return True
    name = name_pattern(product)
    before = False
    for sentence in _SENTENCE_END.split(plain):
        marked = name.sub(_NAME, sentence) if name is not None else sentence
        marked = marked.replace(site_host, _NAME) if site_host else marked
        names = _NAME in marked
        if names and _BESIDE_THE_NAME.search(marked):
            return True
        if before and _ABOUT_IT.search(sentence):
            return True
        before = before or names
    return False
