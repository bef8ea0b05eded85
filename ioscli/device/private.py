"""What belongs to a configuration and never shows in it: keys. It is saved with it, and comes back with it after a reload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioscli.device.files import PRIVATE

if TYPE_CHECKING:
    from ioscli.device.files import Files


class Private(dict[str, bytes]):
    """Secrets by name, as they are now. nvram:private-config holds those of the last save, readable by nobody else.

    The file is a line of JSON, base64 by name, behind a line with its SHA-256.
    """

    def save(self, files: Files) -> None:
        """Writes all. Raises Refused."""
        import hashlib
        import json
        from base64 import b64encode

        text = json.dumps({name: b64encode(self[name]).decode("ascii") for name in sorted(self)}).encode()
        files.write(PRIVATE, hashlib.sha256(text).hexdigest().encode() + b"\n" + text + b"\n", private=True)

    def load(self, files: Files) -> None:
        """Takes what was saved. Raises ValueError where the file is damaged."""
        self.clear()
        if not files.exists(PRIVATE):
            return
        import hashlib
        import json
        from base64 import b64decode

        digest, _, text = files.read(PRIVATE).partition(b"\n")
        text = text.removesuffix(b"\n")
        if hashlib.sha256(text).hexdigest().encode() != digest:
            raise ValueError("its checksum is wrong")
        self.update((name, b64decode(value)) for name, value in json.loads(text).items())
