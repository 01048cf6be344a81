"""Forms as Discord's modals. A modal has at most five inputs, so a longer form has steps. No typed text is lost.

A modal's id holds the form when it fits, so the form survives a restart. A form that does not fit is kept in memory;
when it is gone, the member gets the typed words back on a card.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import discord
from discord import ui

from bot.card import Card, Field, Form, Input, error_card
from bot.characters import size
from bot.command import Registry
from bot.discord_app.render import plain

# Discord's limits for a modal.
TITLE_MAX = 45
LABEL_MAX = 45
HELP_MAX = 100
INPUTS_MAX = 5
VALUE_MAX = 4000
OPTIONS_MAX = 25
OPTION_MAX = 100
ID_MAX = 100

PART_MAX = 3500  # a longer text is edited in parts of at most this, so that each can still grow
KEPT = 500  # forms in memory
_FILE_UPLOAD = discord.ComponentType.file_upload.value
_MARK = "form|"  # at the beginning of every modal's id
_SEAMS = {"p": "\n\n", "l": "\n", "w": " ", "n": ""}  # the text between two parts
_PART = re.compile(r"([a-z_]+)#\d+([plwn])")


@dataclass(frozen=True, slots=True)
class Stage:
    """A form in progress: `answers` hold the answers of earlier steps, by input id; `step` counts from 0."""

    form: Form
    answers: Mapping[str, str] = field(default_factory=dict)
    step: int = 0


@dataclass(frozen=True, slots=True)
class _Question:
    """One input of a modal: a parameter, or a part of its text. `id` is "name" or "name#number" with its seam."""

    id: str
    label: str
    value: str
    asked: Input


class Forms:
    """Makes modals of forms, and finds the form again when its modal is submitted or its button is clicked."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._kept: OrderedDict[str, Stage] = OrderedDict()

    def modal(self, stage: Stage) -> ui.Modal:
        steps = _steps(stage.form)
        title = stage.form.title if len(steps) == 1 else f"{stage.step + 1}/{len(steps)} {stage.form.title}"
        # Values in the modal come back with it, so its id need not hold them.
        known_by_id = len(steps) == 1 and not stage.answers
        modal = ui.Modal(
            title=plain(title, TITLE_MAX) or "…", custom_id=(known_by_id and _encode(stage.form)) or self._keep(stage)
        )
        for question in steps[stage.step]:
            modal.add_item(self._label(stage.form.command, question))
        modal.stop()  # we find the form by the modal's id, so the library need not remember the modal
        return modal

    def button_id(self, stage: Stage) -> str:
        by_id = not stage.answers and stage.step == 0 and not any(i.value for i in stage.form.inputs)
        return (by_id and _encode(stage.form)) or self._keep(stage)

    def find(self, custom_id: str) -> Stage | None:
        """Returns the stage behind an id; None when it is gone from memory, or when its command no longer exists."""
        rest = custom_id.removeprefix(_MARK)
        return self._kept.get(rest[1:]) if rest.startswith("#") else self._decode(rest)

    def _keep(self, stage: Stage) -> str:
        token = secrets.token_hex(12)
        self._kept[token] = stage
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return f"{_MARK}#{token}"

    def _decode(self, text: str) -> Stage | None:
        """Returns the form in an id that `_encode` made; its labels and options come from the command."""
        path, _, rest = text.partition("|")
        names, _, known = rest.partition("|")
        command = self._registry.commands.get(path)
        if command is None:
            return None
        params = {param.name: param for param in command.params}
        # A text that was edited in parts is still one parameter.
        wanted = list(dict.fromkeys(names.split(",")))
        if not set(wanted) <= set(params):
            return None
        inputs = tuple(params[name].asked() for name in wanted)
        return Stage(Form(f"/rao {path}", path, inputs, dict(parse_qsl(known))))

    def _label(self, path: str, question: _Question) -> ui.Label[Any]:
        asked = question.asked
        component: ui.Item[Any]
        if asked.is_file:
            least = 1 if asked.required else 0
            component = ui.FileUpload(custom_id=question.id, required=asked.required, min_values=least, max_values=1)
        elif asked.options:
            component = ui.Select(
                custom_id=question.id,
                required=asked.required,
                options=[
                    discord.SelectOption(label=option, value=option, default=option == question.value)
                    for option in asked.options[:OPTIONS_MAX]
                    if 0 < len(option) <= OPTION_MAX
                ],
            )
        else:
            component = ui.TextInput(
                custom_id=question.id,
                style=discord.TextStyle.paragraph if asked.long else discord.TextStyle.short,
                default=question.value or None,
                required=asked.required and question.id == asked.name,
                max_length=max(self._max_length(path, asked.name), min(VALUE_MAX, size(question.value))),
            )
        return ui.Label(
            text=plain(question.label, LABEL_MAX) or asked.name,
            description=plain(asked.help, HELP_MAX) or None,
            component=component,
        )

    def _max_length(self, path: str, name: str) -> int:
        command = self._registry.commands.get(path)
        lengths = [param.max_length for param in command.params if param.name == name] if command else []
        return min([VALUE_MAX, *lengths])


def _encode(form: Form) -> str:
    """Returns the form as an id, "" when it is too long for one."""
    encoded = f"{_MARK}{form.command}|{','.join(i.name for i in form.inputs)}|{urlencode(dict(form.known))}"
    return encoded if len(encoded) <= ID_MAX else ""


def is_last(stage: Stage) -> bool:
    return stage.step + 1 >= len(_steps(stage.form))


def steps_of(form: Form) -> int:
    return len(_steps(form))


def _steps(form: Form) -> list[list[_Question]]:
    questions = [question for asked in form.inputs for question in _questions(asked)]
    return [questions[start : start + INPUTS_MAX] for start in range(0, len(questions), INPUTS_MAX)] or [[]]


def _questions(asked: Input) -> Iterator[_Question]:
    if asked.options or size(asked.value) <= VALUE_MAX:
        yield _Question(asked.name, asked.label, asked.value, asked)
        return
    parts = list(_parts(asked.value))
    for number, (text, seam) in enumerate(parts, 1):
        yield _Question(f"{asked.name}#{number}{seam}", f"{asked.label}, part {number} of {len(parts)}", text, asked)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yields pieces of at most `PART_MAX` with the text that follows each, cut between paragraphs, lines or words if
    possible.
    """
    longest = PART_MAX if size(text) == len(text) else PART_MAX // 2
    while len(text) > longest:
        for seam, between in _SEAMS.items():
            at = text.rfind(between, longest // 2, longest) if between else longest
            if at > 0:
                yield text[:at], seam
                text = text[at + len(between) :]
                break
    yield text, "n"  # nothing follows the last part


def merge(answers: Mapping[str, str]) -> dict[str, str]:
    """Returns raw arguments by parameter from answers by input id; the parts of a text are joined again."""
    raw: dict[str, str] = {}
    for input_id, text in answers.items():
        part = _PART.fullmatch(input_id)
        if part is None:
            raw[input_id] = text
        else:
            raw[part[1]] = raw.get(part[1], "") + text + (_SEAMS[part[2]] if text else "")
    return raw


def read_answers(components: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    answers: dict[str, str] = {}
    for component in components:
        inner = [component["component"]] if "component" in component else component.get("components") or []
        answers |= read_answers(inner)
        if "custom_id" in component and component.get("type") != _FILE_UPLOAD:
            values = component.get("values")
            answers[component["custom_id"]] = (component.get("value") or "") if values is None else ",".join(values)
    return answers


def read_files(components: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Returns the ids of the files that came with a submitted modal, by input id."""
    inputs = [component.get("component") or {} for component in components]
    uploads = [each for each in inputs if each.get("type") == _FILE_UPLOAD and each.get("values")]
    return {upload["custom_id"]: str(upload["values"][0]) for upload in uploads}


def next_step_card(stage: Stage, answers: Mapping[str, str]) -> Card:
    """Returns the card between two steps. It repeats what was typed, so nothing is lost even when the
    program ends now.
    """
    done, total = stage.step + 1, steps_of(stage.form)
    return Card(
        title=f"Part {done} of {total} is kept",
        text="Nothing is done yet. Go on with the next part.",
        fields=_typed(stage.form, answers),
        private=True,
    )


def corrected(form: Form, raw: Mapping[str, str]) -> Form:
    """Returns the form filled in with what was typed, so that it can be corrected."""
    return replace(form, inputs=tuple(replace(i, value=raw.get(i.name, i.value)) for i in form.inputs))


def with_typed(card: Card, form: Form, answers: Mapping[str, str]) -> Card:
    """Returns a refusal with the typed words, which would be lost otherwise."""
    return replace(card, fields=_typed(form, answers), private=True)


def lost_card(answers: Mapping[str, str]) -> Card:
    """Returns the card for a form that was opened before the program restarted, or too long ago."""
    card = error_card(
        "form_expired",
        "The bot no longer knows what this form was for: it was restarted meanwhile. Nothing was changed.",
        "Give the command again. What you typed is below.",
    )
    typed = merge(answers).items()
    return replace(card, fields=tuple(Field(name, text, quote=True) for name, text in typed if text))


def _typed(form: Form, answers: Mapping[str, str]) -> tuple[Field, ...]:
    labels = {i.name: i.label for i in form.inputs}
    return tuple(
        Field(f"You typed: {labels.get(name, name)}", text, quote=True) for name, text in merge(answers).items() if text
    )
