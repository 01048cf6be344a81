"""One measured figure beside its target."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`measured` and `target` in `unit`; `exact` for a figure that must be met to the digit, else at most `target`.

    `target` None: nothing is promised, the figure is there for comparison.
    """

    name: str
    measured: float
    target: float | None
    unit: str
    source: str  # what it was measured on, and how often
    exact: bool = False

    @property
    def is_met(self) -> bool:
        if self.target is None:
            return True
        return self.measured == self.target if self.exact else self.measured <= self.target

    def row(self) -> tuple[str, str, str, str, str]:
        if self.target is None:
            return (self.name, f"{self.measured:.4g} {self.unit}", "–", "–", self.source)
        bound = "exactly" if self.exact else "at most"
        return (
            self.name,
            f"{self.measured:.4g} {self.unit}",
            f"{bound} {self.target:.4g} {self.unit}",
            f"{self.measured / self.target:.0%}" if self.target else "–",
            self.source,
        )
