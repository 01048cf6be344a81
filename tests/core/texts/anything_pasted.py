"""What may come from a clipboard: pieces of links, marks that nobody sees, and anything else."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = st.sampled_from(
    [
        "https://",
        "www.",
        "reddit.com",
        "redd.it",
        "/r/",
        "harbor",
        "/comments/",
        "1abc2d",
        "/s/",
        "<",
        ">",
        "|",
        "&amp;",
    ]
)

MARKS = st.sampled_from(["\u200b", "\ufeff", "\u00a0", "\u202a", "\u2069", "\u00ad", " ", "\n", "\r\n", "\u3000"])
ANYTHING = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.one_of(PIECES, MARKS, st.sampled_from([*'[]()|@+.:"“”', "u/", "user/"]), st.text(max_size=4)), max_size=12
    ).map("".join),
)
