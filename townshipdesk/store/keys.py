"""Keys of an encrypted office.

The file is encrypted with a random 256-bit key that never changes. A small file beside the office
(`NAME.key`) holds that key wrapped by the office's passphrase: XOR with the argon2id hash of the
passphrase under a salt that is used once. The recovery key is the file key itself, written for
paper in groups of base32; it opens the office when the passphrase or the small file is lost.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import secrets
import unicodedata
from pathlib import Path
from typing import Final

from townshipdesk.domain.errors import OfficeFileError, UsageError

KEY_BYTES: Final = 32
SHORTEST_PASSPHRASE: Final = 8
_PROOF: Final = b"townshipdesk file key"
_GROUP: Final = 4


def key_file(office: Path) -> Path:
    """Give the small file that holds the wrapped key of an office."""
    return office.with_name(office.name + ".key")


def make_keys(office: Path, passphrase: str) -> tuple[bytes, str]:
    """Make the key of a new office, wrap it, and give it with its recovery key for paper.

    Raises UsageError for a passphrase that is too short.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise UsageError(
            "A passphrase needs at least {count} characters.",
            code="passphrase-short",
            count=SHORTEST_PASSPHRASE,
        )
    key = secrets.token_bytes(KEY_BYTES)
    wrap(office, key, passphrase)
    return key, recovery_text(key)


def wrap(office: Path, key: bytes, passphrase: str) -> None:
    """Write the small file: the key under a passphrase, replacing an older one."""
    salt = secrets.token_bytes(16)
    pad = _stretched(passphrase, salt)
    document = {
        "form": 1,
        "salt": salt.hex(),
        "wrapped": bytes(a ^ b for a, b in zip(key, pad, strict=True)).hex(),
        "proof": hmac.digest(key, _PROOF, "sha256").hex(),
    }
    path = key_file(office)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="ascii") as file:
        json.dump(document, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(0o600)
    fresh.replace(path)


def unlock(office: Path, secret: str) -> bytes:
    """Give the key of an office for its passphrase or its recovery key.

    Raises OfficeFileError for a wrong one, or when only the recovery key can help.
    """
    recovered = _from_recovery_text(secret)
    path = key_file(office)
    if not path.exists():
        if recovered is not None:
            return recovered
        raise OfficeFileError(
            "The key file {name} is missing: the passphrase alone cannot open the office. "
            "Put the file back, or type the recovery key.",
            code="key-file-missing",
            name=path.name,
        )
    document = _read(path)
    proof = bytes.fromhex(document["proof"])
    pad = _stretched(secret, bytes.fromhex(document["salt"]))
    wrapped = bytes.fromhex(document["wrapped"])
    for key in (recovered, bytes(a ^ b for a, b in zip(wrapped, pad, strict=True))):
        if key is not None and hmac.compare_digest(hmac.digest(key, _PROOF, "sha256"), proof):
            return key
    raise OfficeFileError("The passphrase is wrong.", code="wrong-passphrase")


def recovery_text(key: bytes) -> str:
    """Give a key as it is printed once and kept in a safe: base32 in groups of four."""
    text = base64.b32encode(key).decode("ascii").rstrip("=")
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def _from_recovery_text(text: str) -> bytes | None:
    plain = "".join(text.split()).replace("-", "").upper()
    try:
        key = base64.b32decode(plain + "=" * (-len(plain) % 8))
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def _read(path: Path) -> dict[str, str]:
    try:
        document = json.loads(path.read_text(encoding="ascii"))
        sizes = [len(bytes.fromhex(document[name])) for name in ("salt", "wrapped", "proof")]
    except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise _damaged(path) from error
    if sizes != [16, KEY_BYTES, KEY_BYTES]:
        raise _damaged(path)
    return {name: str(value) for name, value in document.items()}


def _damaged(path: Path) -> OfficeFileError:
    return OfficeFileError(
        "The key file {name} is damaged. Put a backup of it in its place, or move it away "
        "and type the recovery key.",
        code="key-file-damaged",
        name=path.name,
    )


def _stretched(passphrase: str, salt: bytes) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass"),
        salt,
        time_cost=3,
        memory_cost=65536,
        parallelism=1,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )
