"""The text of a draft as the gates read it, and how much a remark weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from core.drafting.grounds import Grounds
from core.texts import markup
from core.texts.features import Params, found
from core.texts.markup import Span

OK, ADVICE, PROBLEM = "ok", "advice", "problem"


@dataclass(frozen=True, slots=True)
class Text:
    """What is checked. `generated`: the texts of this draft that no person wrote.

    What their sentences claim must rest on a fact; what a person wrote is that person's word. `flair`: the one that it
    is to be posted with; "" for none, None when nobody said yet. `undisclosed_because`: a member's reason for not
    saying how the poster belongs to the product.
    `freed`: marked words in small letters that claim nothing, with who said so.
    """

    title: str
    body: str
    generated: tuple[str, ...] = ()
    flair: str | None = None
    undisclosed_because: str | None = None
    freed: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> str:
        return f"{self.title}\n{self.body}"

    def has(self, key: str, grounds: Grounds, params: Params | None = None) -> tuple[Span, ...]:
        """Where it has a feature (core/texts/features.py)."""
        return found(key, self.read(grounds), params)

    def read(self, grounds: Grounds) -> markup.Text:
        """As it is read on the day of its grounds, because some communities allow a thing on some days."""
        campaign = grounds.campaign
        return _read(self.title, self.body, campaign.name, campaign.url, grounds.now.weekday())


@lru_cache(maxsize=8)  # the gates of one check read the same text
def _read(title: str, body: str, product: str, site: str | None, weekday: int) -> markup.Text:
    return markup.Text(title, body, product, site, weekday)
