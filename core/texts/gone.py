"""Decides whether a text, a post or a comment is gone, and who took it down, for collecting, analysis, visibility and
storage.

Reddit puts a placeholder where a text was (reddit-facts: wordings that stand in a text's or title's place). Only a
whole text counts as a placeholder: "I was [removed] from the list" does not. Case, spaces of every kind, marks without
width, HTML entities, escaping backslashes, inner links and accents make no difference.
"""

from __future__ import annotations

import html
import re
import string
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import Any, Protocol

from core.texts.plain import folded


class GoneBy(StrEnum):
    """Who took a text down, as its placeholder or category says."""

    AUTHOR = "author"
    MODERATORS = "moderators"
    REDDIT = "reddit"
    UNKNOWN = "unknown"


# `removed_by_category` (reddit-facts: how a state shows). Any other word means that it is unknown who removed the post.
MODERATOR = frozenset({"moderator"})
FILTERED = frozenset({"automod_filtered"})
REDDIT = frozenset({"reddit"})
ADMINS = frozenset(
    {
        "anti_evil_ops",
        "community_ops",
        "content_takedown",
        "copyright_takedown",
        "trademark_takedown",
        "legal_operations",
    }
)
AUTHOR = frozenset({"deleted", "author"})

# The category for a post of which only the text shows that it is gone: Reddit's own word, if one fits.
_CATEGORY_TOLD = {
    GoneBy.AUTHOR: "deleted",
    GoneBy.MODERATORS: "moderator",
    GoneBy.REDDIT: "content_takedown",
    GoneBy.UNKNOWN: "unknown",
}
# How files and tools write "no category".
_NO_CATEGORY = frozenset(
    {"", "null", "none", "false", "nil", "nan", "undefined", "n/a", "na", "-", "0", "\\n", "no", "missing", "empty"}
    | {"not removed", "not_removed", "not-removed", "not deleted", "not_deleted", "never removed", "not applicable"}
    | {"visible", "live", "active", "approved", "present"}
)
_CATEGORY = re.compile(r"[a-z][a-z0-9_ -]{0,59}", re.ASCII)

# Placeholders of comments are in the reader's language. When a language has one word for both (es "eliminado"), we do
# not know which of the two happened. Accents and case make no difference; the brackets are Reddit's.
_TAKEN_DOWN = """
    removed|entfernt|eliminado|eliminada|removido|removida|supprimé|supprimée|retiré|retirée|rimosso
    rimossa|eliminato
    eliminata|verwijderd|borttagen|borttaget|fjernet|poistettu|usunięto|usunięty|usunięte|usunięta
    odstraněno|odstraněný
    odstránené|odstránený|eltávolítva|eltávolított|eliminat|eliminată|премахнато|премахнат|удалено
    удалён|видалено
    вилучено|αφαιρέθηκε|καταργήθηκε|kaldırıldı|silindi|hapus|dihapus|dialih keluar|đã xóa|đã xoá
    đã gỡ|đã gỡ bỏ|đã bị xóa
    ถูกนำออก|ถูกลบออก|ลบออกแล้ว|削除済み|削除されました|削除|삭제됨|제거됨|삭제되었습니다|已删除|已刪除|已移除
    تمت الإزالة|تمت إزالته|הוסר
    हटाया गया|हटा दिया गया|tinanggal|inalis|uklonjeno|уклоњено|pašalinta|noņemts|eemaldatud
    odstranjeno|suprimit|ezabatuta
"""
_DELETED = """
    deleted|gelöscht|borrado|borrada|effacé|effacée|excluído|excluída|apagado|apagada|deletado
    deletada|cancellato
    cancellata|raderad|raderat|slettet|smazáno|smazaný|zmazané|vymazané|vymazaný|skasowano|skasowane
    törölve|törölt|șters
    şters|изтрито|изтрит|διαγράφηκε|διαγραμμένο|silinmiş|dipadam|محذوف|تم الحذف|نُحذف|נמחק
    मिटाया गया|binura|na-delete
    izbrisano|obrisano|обрисано|ištrinta|dzēsts|kustutatud|esborrat
"""
_BY_MODERATORS = """
    von moderatoren entfernt|von moderator entfernt|vom moderator entfernt|durch moderator entfernt
    eliminado por el moderador|eliminado por un moderador|eliminado por los moderadores|eliminado por moderador
    supprimé par un modérateur|supprimé par le modérateur|supprimé par la modération
    supprimé par les modérateurs
    retiré par un modérateur|removido pelo moderador|removido por um moderador|removido por moderador
    rimosso dal moderatore|rimosso da un moderatore|rimosso dai moderatori|verwijderd door moderator
    verwijderd door een moderator|borttaget av moderator|borttagen av moderator|usunięte przez moderatora
    удалено модератором
"""
_BY_AUTHOR = """
    vom nutzer gelöscht|vom benutzer gelöscht|von nutzer gelöscht|von benutzer gelöscht|eliminado por el usuario
    eliminado por el autor|eliminado por usuario|borrado por el usuario|supprimé par l'utilisateur
    supprimé par l'auteur
    excluído pelo usuário|eliminado pelo utilizador|apagado pelo utilizador|excluído pelo autor
    eliminato dall'utente|cancellato dall'utente|eliminato dall'autore|verwijderd door gebruiker
    verwijderd door de gebruiker|borttaget av användaren|usunięte przez użytkownika|удалено пользователем
"""
_BY_REDDIT = """
    von reddit entfernt|eliminado por reddit|removido por reddit|removido pelo reddit|eliminado pelo reddit
    supprimé par reddit|retiré par reddit|rimosso da reddit|verwijderd door reddit|borttaget av reddit
    borttagen av reddit|usunięte przez reddit|удалено reddit|redditにより削除されました
"""
_THING = r"(?:this|the)?(?:comment|post|submission|content)?(?:was|hasbeen)?"
_PLACEHOLDERS = tuple(
    (by, re.compile(_THING + wording))
    for by, wording in (
        (
            GoneBy.MODERATORS,
            r"removedby(?:a|the)?(?:subreddit|community)?(?:automoderator|(?:mod|moderator)s?(?:team)?)",
        ),
        (GoneBy.AUTHOR, r"(?:deleted|removed)by(?:the|its)?(?:original)?(?:user|author|poster|op)"),
        # A reason may follow, in different words of Reddit.
        (
            GoneBy.REDDIT,
            r"removedbyreddit(?:'s)?(?:spam)?(?:filters?|admins?|administrators?|legaloperations)?"
            r"(?:(?:onaccountof|inresponseto|onthegroundsof|dueto|becauseof|forviolating|fora?breachof|pursuantto)"
            r"[^\[\]]{1,200})?",
        ),
    )
)
_LONGEST = 400  # of a placeholder with its link; anything longer is a text
_LONGEST_PADDED = 4_000  # of a placeholder with invisible marks or HTML around it
_TAG = re.compile(r"</?(?:a|p|div|span|br)(?:\s[^<>]*)?/?>|<!--[^<>]*-->", re.IGNORECASE)
_BY_NOBODY = frozenset({None})
_PLAIN = frozenset(string.ascii_letters + string.digits)  # no placeholder begins with one of these
_LINK = re.compile(r"\[([^\[\]]*)\]\((?:[^()\[\]]|\([^()\[\]]*\))*\)")  # an address may hold a pair of brackets


class Emptiable(Protocol):
    """The fields of a collected or kept post that show whether it is gone."""

    @property
    def title(self) -> str | None: ...
    @property
    def body(self) -> str | None: ...
    @property
    def removed_by_category(self) -> str | None: ...


def gone_by(text: str | None) -> GoneBy | None:
    """Returns who took the text down when the whole of `text` (a title, a body, an author's name) is a placeholder;
    None for every other text.
    """
    if not text or text[0] in _PLAIN:
        return None  # nearly all texts
    text = text.strip()
    if not text or not (_may_begin(text[0]) and _may_end(text[-1])):
        return None
    return _gone_by(text) if len(text) <= _LONGEST else _gone_by_long(text)


def read_category(value: Any) -> str | None:
    """Returns `removed_by_category` as a word in lower case; None for every way to write "none" (null, false, "",
    "null" …). Raises `ValueError` for values that are neither.
    """
    if value is None or value is False:
        return None
    if not isinstance(value, str):
        raise ValueError("a removal category is a word")
    word = value.strip().lower()
    if word in _NO_CATEGORY:
        return None
    if word == "true" or not _CATEGORY.fullmatch(word):
        raise ValueError("a removal category is a word")
    return word


def category_by(category: str | None) -> GoneBy | None:
    """Returns who took down a post of this category; None without a category."""
    if category is None:
        return None
    if category in AUTHOR:
        return GoneBy.AUTHOR
    if category in MODERATOR | FILTERED:
        return GoneBy.MODERATORS
    return GoneBy.REDDIT if category in REDDIT | ADMINS else GoneBy.UNKNOWN


def texts_gone_by(title: str | None, body: str | None) -> GoneBy | None:
    """Returns who took a post or comment down by its texts alone. An author's deletion outweighs a removal, because a
    deleted text may not be kept (reddit-facts: access), even when moderators had removed it before.
    """
    said = {gone_by(title), gone_by(body)}
    if said == _BY_NOBODY:
        return None
    return next((by for by in (GoneBy.AUTHOR, GoneBy.REDDIT, GoneBy.MODERATORS, GoneBy.UNKNOWN) if by in said), None)


def post_gone_by(post: Emptiable) -> GoneBy | None:
    """Returns who took a collected post down, by its category and its texts; None when it is not gone."""
    by_text, by_category = texts_gone_by(post.title, post.body), category_by(post.removed_by_category)
    return by_text if by_text is GoneBy.AUTHOR else by_category or by_text


def is_deleted(post: Emptiable) -> bool:
    """Whether its author deleted the post; then its text must not be kept (reddit-facts: access)."""
    return post_gone_by(post) is GoneBy.AUTHOR


def category_told(post: Emptiable) -> str | None:
    """Returns the category to store with a post: Reddit's own, or the one that its placeholder means, so that the
    stored column agrees with the texts.
    """
    if post.removed_by_category is not None:
        return post.removed_by_category
    by = post_gone_by(post)
    return _CATEGORY_TOLD[by] if by is not None else None


def contradicts(
    title: str | None, body: str | None, *, category: str | None, indexable: bool | None, author: str | None
) -> bool:
    """Returns whether there is a placeholder while all other fields say that the post is not gone: somebody typed it,
    or the answer mixes two moments. That is no evidence (reddit-facts: a placeholder typed by the author).
    """
    return category is None and indexable is True and author is not None and texts_gone_by(title, body) is not None


def _gone_by_long(text: str) -> GoneBy | None:
    """Returns who took a long text down, because a placeholder can be padded with spaces or wrapped in HTML."""
    if len(text) > _LONGEST_PADDED:
        return None
    squeezed = " ".join(_TAG.sub(" ", html.unescape(_bare(text))).split())
    return _gone_by(squeezed) if len(squeezed) <= _LONGEST else None


@lru_cache(maxsize=1024)
def _gone_by(text: str) -> GoneBy | None:
    plain = _bare(text)
    while "&" in plain and (unescaped := html.unescape(plain)) != plain:
        plain = unescaped
    plain = unicodedata.normalize("NFKC", _bare(_TAG.sub(" ", plain)))
    plain = plain.replace("\\", "").strip()
    if not (plain.startswith("[") and plain.endswith("]")):
        return None
    key = _key(_LINK.sub(r"\1", plain[1:-1]))
    if "[" in key or "]" in key:
        return None
    known = _WORDS.get(key)
    if known is not None:
        return known
    return next((by for by, pattern in _PLACEHOLDERS if pattern.fullmatch(key)), None)


def _may_begin(char: str) -> bool:
    return char in "[［\\&<" or _is_unseen(char)


def _may_end(char: str) -> bool:
    return char in "]］;>" or _is_unseen(char)


def _bare(text: str) -> str:
    """Returns the text without invisible characters: marks of direction, joiners, variation selectors, controls."""
    return "".join(c for c in text if c.isspace() or not _is_unseen(c))


def _is_unseen(char: str) -> bool:
    return (
        unicodedata.category(char) in ("Cf", "Cc")
        or "\ufe00" <= char <= "\ufe0f"
        or char in "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800"
    )


def _key(text: str) -> str:
    """Returns the key for comparing: letters without case and accents, no spaces, no full stop at the end."""
    kept = "".join(folded(text.replace("’", "'")).replace("ı", "i").split())
    return kept.rstrip(".。!")


def _words(listed: str, by: GoneBy) -> dict[str, GoneBy]:
    return {_key(word): by for line in listed.splitlines() for word in line.split("|") if word.strip()}


_WORDS = {
    **_words(_TAKEN_DOWN, GoneBy.UNKNOWN),
    **_words(_DELETED, GoneBy.AUTHOR),
    **_words(_BY_MODERATORS, GoneBy.MODERATORS),
    **_words(_BY_AUTHOR, GoneBy.AUTHOR),
    **_words(_BY_REDDIT, GoneBy.REDDIT),
}
