"""The two ways in which a protocol fails. Whatever garbage a peer sends, we either parse it or raise RemoteError, never another error.

(The rule is h11's: python-hyper/h11, fuzz/afl-server.py.)
"""

from __future__ import annotations


class WireError(Exception):
    """What everything in this package raises."""


class LocalError(WireError):
    """We asked for something impossible: a wrong setting or a bug on our side."""


class RemoteError(WireError):
    """The peer, or a file from outside, said something that cannot be read or accepted."""


class UnsupportedAlgorithmError(RemoteError):
    """The peer uses an algorithm that is unknown, or that the caller has not allowed."""


class SignatureError(RemoteError):
    """A signature or digest does not fit what it should protect."""


class WrongRecipientError(RemoteError):
    """A message is enciphered for somebody else."""


class PassphraseError(RemoteError):
    """The passphrase does not open this file, or one is needed and none was given."""
