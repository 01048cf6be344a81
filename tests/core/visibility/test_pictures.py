from __future__ import annotations

import pytest

from core.errors import BadFile
from core.visibility.pictures import suffix_of

PNG, JPEG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\x00", b"\xff\xd8\xff\xe0\0\x10JFIF"
WEBP = b"RIFF\n\r\0\0WEBPVP8L"  # its length holds a line break


@pytest.mark.parametrize(("content", "suffix"), [(PNG, "png"), (JPEG, "jpg"), (WEBP, "webp")])
def test_a_picture_is_known_by_its_first_bytes(content: bytes, suffix: str) -> None:
    assert suffix_of(content) == suffix


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\x89PNG\r\n\x1a\n", PNG[1:], b" " + PNG, JPEG[:2], WEBP[:11], b"RIFF\n\r\0\0WAVEfmt "),
        *(b"GIF89a", b"BM", b"%PDF-1.7", b"<svg xmlns=''>", b"<html>", b"\0\0\0\x1cftypheic", b"II*\0"),
    ],
)
def test_everything_else_is_refused_with_what_to_attach(content: bytes) -> None:
    with pytest.raises(BadFile) as refused:
        suffix_of(content)
    assert (refused.value.what, refused.value.do) == (
        "The file is no PNG, JPEG or WebP picture.",
        "Attach a screenshot in one of these forms.",
    )
