"""A secret as an operator gives it: the words themselves, `@FILE`, or the https address of public keys."""

from pathlib import Path

import urllib3

from cx_domain.errors import BadField, NotFound, Trouble
from infra.platforms import Platform

_PATIENCE = urllib3.Timeout(connect=5, read=10)
_LARGEST = 16_384
_OK = 200


def given(text: str, platform: Platform) -> str:
    """Return the secret. An address is read only for a platform whose keys are public: any other secret may look as it likes."""
    if text.startswith("@"):
        return _file(Path(text[1:]))
    if platform.scheme.takes_public_keys and text.startswith(("https://", "http://")):
        return _fetched(text)
    return text


def _file(path: Path) -> str:
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    if path.stat().st_size > _LARGEST:
        raise BadField("secret", f"the file is larger than {_LARGEST} bytes")
    try:
        return path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise BadField("secret", "the file is not UTF-8") from None


def _fetched(address: str) -> str:
    """Read public keys once, from the address that the operator names; it is never followed anywhere else."""
    if not address.startswith("https://"):
        raise BadField(
            "secret", "public keys are fetched by https only: over http, anybody on the way could put theirs there"
        )
    with urllib3.PoolManager(retries=False, timeout=_PATIENCE) as pool:
        answer = pool.request("GET", address, redirect=False, preload_content=False)
        text = answer.read(_LARGEST + 1)
        answer.close()
    if answer.status != _OK:
        raise Trouble(f"{address} answered {answer.status} and no keys.")
    if len(text) > _LARGEST:
        raise BadField("secret", f"what {address} answered is larger than {_LARGEST} bytes")
    return text.decode("utf-8", "replace").strip()
