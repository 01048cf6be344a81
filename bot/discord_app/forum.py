"""Alerts in a forum: each story is a post of its own, and what comes later of the story goes into that post. The post's
tag says how the story stands now.

Nothing but an answer of Discord tells that a channel is a forum. Making a post takes no nonce, so before a second try
the forum's posts are searched for the alert, those that were archived meanwhile too.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Unpack

import discord
from discord.http import HTTPClient, handle_message_parameters

from bot.card import Card, Tone
from bot.discord_app.posting import NO_MESSAGES, calling, failures, message_of, plain_words, post_card, revise_card
from bot.discord_app.render import ALERT_BASE, plain
from bot.frontend import DeliveryFailed, Refused, Way

log = logging.getLogger(__name__)

NAME_MAX = 100  # of a post
LOOKED_THROUGH = 50  # posts whose first message is read
ARCHIVED_PAGE = 100  # the most that Discord lists at once
CLOCKS_APART = timedelta(minutes=10)  # Discord's clock and ours
_KINDS = (15, 16)  # a forum, and one of pictures
_WANTS_TAG = 1 << 4  # a flag: each post must have a tag
_TAGS_MAX = 5  # of a post
_TAGS_CHANGED = frozenset({40067, 10087})  # it wants one now; it has no such tag any more
# What a story asks of people, as a forum may have named its tags.
_TAG_OF = {Tone.BAD: "act now", Tone.ATTENTION: "look", Tone.GOOD: "good to know"}


@dataclass(frozen=True, slots=True)
class Forum:
    id: int
    guild_id: int
    wants_tag: bool
    tags: tuple[tuple[int, str], ...]  # id and name of those that everybody may give

    @classmethod
    def of(cls, channel: Mapping[str, Any]) -> Forum | None:
        """Returns what Discord tells of a channel; None when it is no forum."""
        if channel.get("type") not in _KINDS or not channel.get("guild_id"):
            return None
        tags = tuple((int(t["id"]), str(t["name"])) for t in channel.get("available_tags") or [] if not t["moderated"])
        return cls(int(channel["id"]), int(channel["guild_id"]), bool(channel.get("flags", 0) & _WANTS_TAG), tags)

    def tags_for(self, tone: Tone) -> list[int]:
        """Returns the tag that is named as what a story asks of people, or, where a post must have one, the first."""
        named = self._named(_TAG_OF.get(tone))
        if not named and self.wants_tag and not self.tags:
            text = "The forum wants a tag on each post, and has none that the bot may give."
            raise DeliveryFailed(text, Refused.PLACE)
        return (named or [tag for tag, _ in self.tags if self.wants_tag])[:1]

    def tags_now(self, given: Sequence[int], tone: Tone) -> list[int]:
        """Returns the tags of a post whose story asks something else now. Tags that people gave it stay."""
        ours = self._named(*_TAG_OF.values())
        tags = [tag for tag in given if tag not in ours] + self._named(_TAG_OF.get(tone))[:1]
        return tags[:_TAGS_MAX] or (list(given) if self.wants_tag else [])

    def _named(self, *names: str | None) -> list[int]:
        return [tag for tag, name in self.tags if name.strip().casefold() in names]


class Posts:
    """Puts cards into channels and forums. It remembers which channels are forums, because each question costs a
    refusal.
    """

    def __init__(self) -> None:
        self._forums: dict[int, Forum] = {}

    async def deliver(self, http: HTTPClient, channel_id: int, card: Card, **way: Unpack[Way]) -> str:
        """Returns the message's reference, "channel/message". Raises `DeliveryFailed`."""
        nonce, is_plain = way["nonce"], way.get("plain", False)
        story, _, _ = (way.get("root_ref") or "").partition("/")
        if story.isdecimal() and int(story) != channel_id:
            await self._retag(http, channel_id, int(story), card)
            try:
                return await post_card(http, int(story), card, nonce=nonce, plain=is_plain)
            except DeliveryFailed as failure:
                if failure.about is not Refused.PLACE:
                    raise
                log.info("a story's post takes no more", extra={"post": story, "why": str(failure)})
        if (forum := self._forums.get(channel_id)) is None:
            try:
                return await post_card(http, channel_id, card, nonce=nonce, plain=is_plain)
            except DeliveryFailed as failure:
                if failure.code not in NO_MESSAGES or (forum := await self._ask(http, channel_id)) is None:
                    raise
        if (since := way.get("again")) is not None and (found := await _found(http, forum, card, since)) is not None:
            return found
        try:
            return await _make(http, forum, card, is_plain)
        except DeliveryFailed as failure:
            if failure.code not in _TAGS_CHANGED or (forum := await self._ask(http, channel_id)) is None:
                raise
            return await _make(http, forum, card, is_plain)  # its settings have changed

    async def revise(self, http: HTTPClient, channel_id: int, reference: str, card: Card) -> bool:
        """Show a card in the message `reference` of a channel or forum, and how its story stands now in the tags of its
        post. False when the message is gone or can no longer be changed. Raises `DeliveryFailed`.
        """
        is_shown = await revise_card(http, reference, card, is_direct=False)
        story, _, _ = reference.partition("/")
        if is_shown and int(story) != channel_id:
            await self._retag(http, channel_id, int(story), card)
        return is_shown

    async def _retag(self, http: HTTPClient, channel_id: int, story: int, card: Card) -> None:
        """Let the tags of a story's post say how the story stands now. Where Discord refuses that they stay, because
        the words of its messages say it too. Raises `DeliveryFailed` when it may be possible later.
        """
        if card.standing is None:
            return
        try:
            forum = await self._ask(http, channel_id)
            with failures():
                post: Mapping[str, Any] = await http.get_channel(story)
                given = [int(tag) for tag in post.get("applied_tags") or []]
                tags = forum.tags_now(given, card.standing) if forum is not None else given
                if set(tags) != set(given):
                    await http.edit_channel(story, archived=False, applied_tags=tags)
        except DeliveryFailed as failure:
            if failure.about in (Refused.MOMENT, Refused.WORKSPACE):
                raise
            log.info("the tags of a story stay", extra={"post": story, "why": str(failure)})

    async def _ask(self, http: HTTPClient, channel_id: int) -> Forum | None:
        with failures():
            forum = Forum.of(await http.get_channel(channel_id))
        if forum is not None:
            self._forums[channel_id] = forum
        return forum


async def _make(http: HTTPClient, forum: Forum, card: Card, is_plain: bool) -> str:
    about = {"name": _name(card), "applied_tags": forum.tags_for(card.standing or card.tone)}
    with failures(sending=True):
        if is_plain:
            parameters = handle_message_parameters(
                content=plain_words(card), allowed_mentions=discord.AllowedMentions.none(), channel_payload=about
            )
        else:
            rendered = message_of(http, card)
            parameters = handle_message_parameters(
                view=rendered.view, files=rendered.files, allowed_mentions=calling(card), channel_payload=about
            )
        made: Mapping[str, Any] = await http.start_thread_in_forum(forum.id, params=parameters)
    return f"{made['id']}/{made['message']['id']}"


def _name(card: Card) -> str:
    """A post's name stays, so it says what the story is about, not how it stands."""
    title = next((field.value for field in card.fields if field.quote and "\n" not in field.value), "")
    return plain(title or card.title, NAME_MAX) or "BC-RAO"


async def _found(http: HTTPClient, forum: Forum, card: Card, since: datetime) -> str | None:
    """Returns the reference of the post that an earlier try made after all, open or archived; none was made before
    `since`. Raises `DeliveryFailed` when that is not known now.
    """
    name, made_after = _name(card), since - CLOCKS_APART
    posts = [*await _open(http, forum), *await _archived(http, forum, made_after)]
    new = [post for post in posts if _made_at(post) >= made_after]
    new.sort(key=lambda post: (post.get("name") == name, int(post["id"])), reverse=True)  # people may rename a post
    for post in new[:LOOKED_THROUGH]:
        try:
            with failures():
                message: Mapping[str, Any] = await http.get_message(post["id"], post["id"])
        except DeliveryFailed as failure:
            if failure.about is not Refused.PLACE:
                raise
            continue  # its first message was deleted
        if _shows(message.get("components") or (), card) or message.get("content") == plain_words(card):
            return f"{post['id']}/{message['id']}"
    return None


async def _open(http: HTTPClient, forum: Forum) -> list[Mapping[str, Any]]:
    with failures():
        answer: Mapping[str, Any] = await http.get_active_threads(forum.guild_id)
    return [thread for thread in answer["threads"] if str(thread.get("parent_id")) == str(forum.id)]


async def _archived(http: HTTPClient, forum: Forum, since: datetime) -> list[Mapping[str, Any]]:
    """The posts that were archived after `since`. None where the bot may not read a forum's history: then an alert is
    rather told twice than not at all.
    """
    found: list[Mapping[str, Any]] = []
    before: Any = None  # a time; the library says that it is an id
    while True:
        try:
            with failures():
                page: Mapping[str, Any] = await http.get_public_archived_threads(forum.id, before, ARCHIVED_PAGE)
        except DeliveryFailed as failure:
            if failure.about is not Refused.PLACE:
                raise
            log.warning("the archived posts of a forum cannot be read", extra={"forum": forum.id, "why": str(failure)})
            return found
        found += page["threads"]
        if not page["threads"] or not page["has_more"]:
            return found
        before = page["threads"][-1]["thread_metadata"]["archive_timestamp"]  # the last archived come first
        if datetime.fromisoformat(before) < since:
            return found


def _made_at(post: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(post["thread_metadata"]["create_timestamp"])


def _shows(components: Sequence[Mapping[str, Any]], card: Card) -> bool:
    return card.alert is not None and any(part.get("id") == ALERT_BASE + card.alert for part in components)
