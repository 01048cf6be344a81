"""Reading what a model wrote as the JSON that was asked for: tolerant of form, strict about content.

Models put words, fences and thinking around an answer, leave trailing commas, quote as Python does, wrap the answer in
a list or an object, and write numbers as texts. All of that is undone where it can mean only one thing. What then does
not satisfy the schema is not an answer; missing values are never made up.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_MOST_READ = 60_000  # characters; more than any limit of an answer allows
_MOST_STARTS = 60
_APOLOGY_WITHIN = 300  # characters; an apology stands at the beginning
_SHORT = 600  # characters; only a text this short can be nothing but an apology

_THINKING = re.compile(r"<(think|thinking|thought|reasoning|reflection)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_THINKING_ENDS = re.compile(r"\A.*?</(?:think|thinking|thought|reasoning|reflection)>", re.DOTALL | re.IGNORECASE)
_OPENING = re.compile(r"[{\[]")
_TEXT_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])', re.DOTALL)
_CANNOT = (
    r"(?:can(?:no|['’])?t|can not|could not|couldn['’]?t|won['’]?t|will not|am unable to|['’]m unable to|"
    r"am not able to|['’]m not able to|must decline|have to decline|decline to)"
)
_DOING = (
    r"(?:help|assist|write|create|generat|produc|provid|comply|fulfil|complete|do (?:that|this)|draft|continue|support|"
    r"engage|respond|answer|participate)"
)
_REFUSAL = re.compile(
    rf"\bI\s*{_CANNOT}\s+(?:\w+\s+){{0,2}}?{_DOING}|\bI must (?:respectfully )?decline|"
    rf"\bas an AI\b.{{0,80}}{_CANNOT}|\bagainst my (?:guidelines|policy|policies)|"
    r"\bkann (?:ich )?(?:\w+ ){0,3}nicht (?:helfen|schreiben)|\bno puedo (?:ayudar|escribir|cumplir)|"
    r"\bne peux pas (?:vous )?(?:aider|[ée]crire)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Written:
    """`content` satisfies the schema, or is None; then `is_refusal` says whether the model declined in words."""

    content: Mapping[str, Any] | None = None
    is_refusal: bool = False


def read_written(text: str, schema: Mapping[str, Any]) -> Written:
    """Reads `text` as an object of `schema`. When several objects fit, the last one counts: models draft, then
    decide.
    """
    plain = without_thinking(text[:_MOST_READ])
    found: Mapping[str, Any] | None = None
    declined = False
    for value in _values(plain):
        content = _fitted(value, schema)
        if content is not None:
            found = content
        elif isinstance(value, Mapping):
            declined = declined or any(isinstance(said, str) and _declines(said) for said in value.values())
    if found is None:
        return Written(is_refusal=declined or ("{" not in plain and _declines(plain)))
    return Written(is_refusal=True) if _is_refusal_in_json(found) else Written(found)


def without_thinking(text: str) -> str:
    """The text without the model's thinking, and without a byte order mark and white space around it."""
    plain = _THINKING.sub("", text.lstrip("\ufeff \t\r\n"))
    if _THINKING_ENDS.match(plain) and "{" in _THINKING_ENDS.sub("", plain):
        plain = _THINKING_ENDS.sub("", plain)  # the opening mark was in the prompt
    return plain.strip("\ufeff \t\r\n")


def _declines(text: str) -> bool:
    return _REFUSAL.search(text[:_APOLOGY_WITHIN]) is not None


def _said(value: Any) -> str:
    """All texts inside a value, joined: a list of sentences counts as one text."""
    if isinstance(value, Mapping | list):
        return " ".join(filter(None, map(_said, value.values() if isinstance(value, Mapping) else value)))
    return value if isinstance(value, str) else ""


def _is_refusal_in_json(content: Mapping[str, Any]) -> bool:
    """True when the longest text of an answer is nothing but an apology."""
    texts = [_said(value).strip() for value in content.values()]
    longest = max(texts, key=len, default="")
    match = _REFUSAL.search(longest) if len(longest) <= _SHORT else None
    return match is not None and not longest[: match.start()].strip(" ,.").count(".")


# ---------------------------------------------------------------- objects in a text


def _values(text: str) -> Iterator[Any]:
    """The outermost objects and lists in a text, in their order."""
    at, starts = 0, 0
    while (begin := _OPENING.search(text, at)) and starts < _MOST_STARTS:
        starts += 1
        value, end = _value_at(text, begin.start())
        if end is None:
            at = begin.end()
            continue
        yield value
        at = end


def _value_at(text: str, at: int) -> tuple[Any, int | None]:
    decoder = json.JSONDecoder(strict=False)  # allows line breaks inside texts
    try:
        return decoder.raw_decode(text, at)
    except (ValueError, RecursionError):
        pass
    end = _end_of(text, at)
    if end is None:
        return None, None
    part = text[at:end]
    try:
        return decoder.decode(_TEXT_OR_COMMA.sub(lambda m: "" if m[0] == "," else m[0], part)), end
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(part), end  # an apostrophe inside single quotes is an error here, and never guessed at
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None, None


def _end_of(text: str, at: int) -> int | None:
    """The position after the bracket that closes the one at `at`; brackets inside quoted texts do not count. None when
    it is never closed.
    """
    depth, quote, place, before = 0, "", at, ""
    while place < len(text):
        character = text[place]
        if quote:
            if character == "\\":
                place += 1
            elif character == quote:
                quote = ""
        elif character == '"' or (character == "'" and before in "{[,:"):
            quote = character
        elif character in "{[":
            depth += 1
        elif character in "}]":
            depth -= 1
            if depth == 0:
                return place + 1
        if not character.isspace():
            before = character
        place += 1
    return None


# ---------------------------------------------------------------- what fits a schema


def _fitted(value: Any, schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The value as an object that satisfies the schema; None when it cannot be read as one."""
    import jsonschema  # comes with litellm

    for candidate in _unwrapped(value):
        try:
            fitted = _shaped(candidate, schema)
            jsonschema.validate(fitted, schema)
        except (RecursionError, jsonschema.ValidationError):
            continue
        if isinstance(fitted, Mapping):
            return fitted
    return None


def _unwrapped(value: Any) -> Iterator[Any]:
    """The value, then what is inside it, as long as it holds exactly one thing."""
    for _ in range(3):
        yield value
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        elif isinstance(value, Mapping) and len(value) == 1:
            value = next(iter(value.values()))
            if isinstance(value, str):  # JSON inside a text
                try:
                    value = json.loads(value, strict=False)
                except (ValueError, RecursionError):
                    return
        else:
            return


_KINDS: Mapping[Any, type] = {"object": Mapping, "array": list, "string": str}


def _shaped(value: Any, schema: Mapping[str, Any]) -> Any:
    """The value converted to the types of the schema, where the conversion can mean only one thing."""
    wanted = schema.get("type")
    if wanted == "object" and isinstance(value, Mapping):
        return _object(value, schema)
    if wanted == "array" and isinstance(schema.get("items"), Mapping):
        entries = value if isinstance(value, list) else [] if value is None else [value]
        return [_shaped(entry, schema["items"]) for entry in entries]
    if wanted in ("integer", "number") and isinstance(value, str):
        return _number(value, whole=wanted == "integer")
    if wanted == "boolean" and isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower(), value)
    if wanted == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    for either in schema.get("anyOf", ()):
        if isinstance(value, _KINDS.get(either.get("type"), ())):
            return _shaped(value, either)
    choices = schema.get("enum")
    if isinstance(choices, list) and isinstance(value, str) and value not in choices:
        same = [choice for choice in choices if isinstance(choice, str) and choice.lower() == value.strip().lower()]
        return same[0] if len(same) == 1 else value
    return value


def _object(value: Mapping[Any, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    known: Mapping[str, Any] = schema.get("properties", {})
    by_folded = {name.lower(): name for name in known}
    shaped: dict[str, Any] = {}
    for key, inner in value.items():
        name = key if key in known else by_folded.get(str(key).strip().lower())
        if name is None:
            if schema.get("additionalProperties") is not False:  # a remark beside the answer is left out
                shaped[str(key)] = inner
        elif name not in shaped or key == name:
            shaped[name] = _shaped(inner, known[name])
    return shaped


def _number(text: str, *, whole: bool) -> Any:
    found = re.fullmatch(r"\s*[#\[(]?\s*(-?\d{1,15}(?:\.\d+)?)\s*[\])]?\s*", text)
    if found is None:
        return text
    number = float(found[1])
    return int(number) if number.is_integer() else text if whole else number
