"""Signed links: each says its purpose and its subject, and one function opens it.

The signature is itsdangerous' HMAC-SHA256 with the purpose as salt, so that a link made for one thing opens no other. Keys
stand in a ring, oldest first: the newest signs, all verify.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Literal

from itsdangerous import BadSignature, Signer

from cx_domain.errors import BadLink

Purpose = Literal["rate", "unsubscribe", "report", "reports", "guess", "visit", "preview"]
"""`report` opens one period, `reports` the list of all; `guess` takes a manager's guess of one period; `visit` proves who posted a form; `preview` opens the pages of a survey that does not exist."""

_LONGEST = 512


def seal(keys: Sequence[bytes], purpose: Purpose, subject: str) -> str:
    """Make a token for one purpose and subject (letters, digits, `-`, `_` and `.` only, so that it needs no escaping in a URL)."""
    return _signer(keys[-1], purpose).sign(subject).decode("ascii")


def open_token(keys: Sequence[bytes], purpose: Purpose, token: str) -> str:
    """Return the subject of a token; BadLink when it was forged, damaged, or made for another purpose."""
    if len(token) > _LONGEST or not token.isascii():
        raise BadLink("this is not one of our links")
    for key in reversed(keys):
        signer = _signer(key, purpose)
        try:
            subject = signer.unsign(token).decode("ascii")
        except BadSignature:
            continue
        # Base64 leaves spare bits in its last letter: of the spellings that decode alike, only our own counts.
        if hmac.compare_digest(signer.sign(subject), token.encode("ascii")):
            return subject
    raise BadLink("this is not one of our links")


def fingerprint(token: str) -> str:
    """Name a token in logs, which must never hold the token itself."""
    return hashlib.sha256(token.encode()).hexdigest()[:12]


def _signer(key: bytes, purpose: Purpose) -> Signer:
    return Signer(key, salt=f"afterorder.{purpose}", sep=".", key_derivation="hmac", digest_method=hashlib.sha256)
