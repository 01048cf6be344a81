"""The buttons of a draft's card: at most three and a menu. The coloured button is the next step."""

from __future__ import annotations

from bot.card import Action, Button, Menu, Style
from core.drafting.deciding import Reviewed
from core.drafting.drafts import Draft, DraftStatus, Mark, Remark, RevisionOrigin
from core.drafting.marks import standing
from core.drafting.outcomes import may_be_written_again


def buttons_of(reviewed: Reviewed) -> tuple[Action, ...]:
    """Returns what can be done about a draft as it stands, without what would only be refused."""
    draft = reviewed.draft
    if draft.status is DraftStatus.APPROVED:
        return (
            Button("I posted it", "post register", draft.id, Style.PRIMARY),
            Button("Edit", "draft edit", draft.id),
            Menu(
                (
                    _details(draft),
                    Button("Take back", "draft reopen", draft.id),
                    _give(draft),
                    Button("Not posting it", "draft drop", draft.id),
                )
            ),
        )
    if not draft.status.is_open:
        return ()
    waiting = next((mark for mark in standing(reviewed.marks) if mark.generated), None)
    others = _others(draft, may_be_written_again(reviewed.grounds))
    if waiting is not None:
        return _of_a_mark(draft, waiting, others)
    return _of_open(draft, reviewed.blocking, others)


def _of_a_mark(draft: Draft, mark: Mark, others: tuple[Button, ...]) -> tuple[Action, ...]:
    """Returns the ways out for words that block. Taking them out is the one that cannot be wrong."""
    return (
        Button("It is true", "mark true", mark.id),
        Button("Take it out", "mark out", mark.id, Style.PRIMARY),
        Button("Edit", "draft edit", draft.id),
        Menu(
            (
                Button("Make it a blank", "mark blank", mark.id),
                Button("It claims nothing", "mark free", mark.id),
                _details(draft),
                *(button for button in others if button != _give(draft)),  # Slack's menu holds five
            )
        ),
    )


def _of_open(draft: Draft, blocking: tuple[Remark, ...], others: tuple[Button, ...]) -> tuple[Action, ...]:
    if draft.latest.answers and any(remark.check == "blanks" for remark in blocking):
        on = Button("Go on with the questions", "draft resume", draft.id, Style.PRIMARY)
        return (on, Button("Edit", "draft edit", draft.id), _details(draft), Menu(others))
    says_nothing = next((remark for remark in blocking if remark.code == "disclosure"), None)
    if says_nothing is not None:
        say = Button("Say whose it is", "draft disclose", draft.id, Style.PRIMARY)
        asked = any(remark.code == "disclosure" and remark.check != "disclosure" for remark in blocking)  # by a rule
        leave_out = () if asked else (Button("Leave that out …", "draft undisclosed", draft.id),)
        return (say, Button("Edit", "draft edit", draft.id), _details(draft), Menu((*leave_out, *others)))
    can_mend = any(remark.check != "outcome" for remark in blocking)  # no edit mends what does not depend on the text
    edit = Button("Edit", "draft edit", draft.id, Style.PRIMARY if can_mend else Style.PLAIN)
    first = () if blocking else (Button("Approve", "draft approve", draft.id, Style.PRIMARY),)
    return (*first, edit, _details(draft), Menu(others))


def _details(draft: Draft) -> Button:
    return Button("Details", "draft details", draft.id)


def _give(draft: Draft) -> Button:
    return Button("Give to …", "draft give", draft.id)


def _others(draft: Draft, may_be_written_again: bool) -> tuple[Button, ...]:
    discard = Button("Discard", "draft discard", draft.id, Style.DANGER)
    if may_be_written_again and any(revision.origin is RevisionOrigin.MODEL for revision in draft.revisions):
        return (Button("Regenerate", "draft regenerate", draft.id), _give(draft), discard)
    return (_give(draft), discard)  # a person's own words are not rewritten
