"""A rule's clauses in words, as tests tell them."""

from __future__ import annotations

from core.texts.rule_clauses import clauses_in


def heard(name: str, description: str) -> list[str]:
    """By topic: the stance, what else is known of the clause, and its words."""
    lines = []
    for topic, its in clauses_in(name, description).items():
        for clause in its:
            assert clause.topic is topic
            known = {
                "permits": clause.permits,
                "of those before": not clause.names,
                "the name": clause.is_name,
                "some": clause.narrows,
            }
            said = ", ".join([clause.stance, *(word for word, is_so in known.items() if is_so)])
            lines.append(f"{topic}: {said}: {clause.words}")
    return lines
