"""The tables of RFC 8894: message types, statuses, failures, attributes, capabilities, HTTP operations."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum, IntEnum

_VERISIGN = "2.16.840.1.113733.1.9."
# RFC 8894 3.2
MESSAGE_TYPE, PKI_STATUS, FAIL_INFO, SENDER_NONCE = _VERISIGN + "2", _VERISIGN + "3", _VERISIGN + "4", _VERISIGN + "5"
RECIPIENT_NONCE, TRANSACTION_ID, FAIL_INFO_TEXT = _VERISIGN + "6", _VERISIGN + "7", "1.3.6.1.5.5.7.24.1"
NONCE = 16  # octets, RFC 8894 3.2.1.5


class MessageType(IntEnum):
    """RFC 8894 3.2.1.2. UpdateReq is of its drafts."""

    CERT_REP = 3
    RENEWAL_REQ = 17
    UPDATE_REQ = 18
    PKCS_REQ = 19
    CERT_POLL = 20  # GetCertInitial in the drafts
    GET_CERT = 21
    GET_CRL = 22


class PkiStatus(IntEnum):
    """RFC 8894 3.2.1.3."""

    SUCCESS = 0
    FAILURE = 2
    PENDING = 3


class FailInfo(IntEnum):
    """RFC 8894 3.2.1.4. `word` is the RFC's."""

    BAD_ALG = 0
    BAD_MESSAGE_CHECK = 1
    BAD_REQUEST = 2
    BAD_TIME = 3
    BAD_CERT_ID = 4

    @property
    def word(self) -> str:
        return ("badAlg", "badMessageCheck", "badRequest", "badTime", "badCertId")[self]


class Refusal(Enum):
    """Why a server cannot take a message; the failInfo that it is answered with unless the caller says otherwise."""

    FORGED = ("the signature does not fit", FailInfo.BAD_MESSAGE_CHECK)
    UNREADABLE = ("the message does not open", FailInfo.BAD_MESSAGE_CHECK)
    UNKNOWN_ALGORITHM = ("an algorithm is unknown or not allowed", FailInfo.BAD_ALG)
    WRONG_RECIPIENT = ("the message is enciphered for somebody else", FailInfo.BAD_CERT_ID)
    SIGNER_EXPIRED = ("the signer's certificate has expired", FailInfo.BAD_TIME)
    SIGNER_NOT_YET_VALID = ("the signer's certificate is not yet valid", FailInfo.BAD_TIME)
    NOT_SUPPORTED = ("the message type is not one for a server", FailInfo.BAD_REQUEST)
    BROKEN_CONTENT = ("the content is not what its message type says", FailInfo.BAD_REQUEST)
    REPLAYED = ("a message with this nonce was answered before", FailInfo.BAD_REQUEST)
    NO_POSSESSION = ("the request is not signed with its own key", FailInfo.BAD_MESSAGE_CHECK)

    @property
    def text(self) -> str:
        return self.value[0]

    @property
    def fail_info(self) -> FailInfo:
        return self.value[1]


class Operation(Enum):
    """The `operation` of an HTTP request (RFC 8894 4.1). GetCRL is IOS's own, for `cdp-url`."""

    GET_CA_CAPS = "GetCACaps"
    GET_CA_CERT = "GetCACert"
    GET_NEXT_CA_CERT = "GetNextCACert"
    PKI_OPERATION = "PKIOperation"
    GET_CRL = "GetCRL"


CONTENT_CA, CONTENT_CA_RA = "application/x-x509-ca-cert", "application/x-x509-ca-ra-cert"
CONTENT_NEXT_CA, CONTENT_MESSAGE = "application/x-x509-next-ca-cert", "application/x-pki-message"
CONTENT_CRL, CONTENT_TEXT = "application/pkix-crl", "text/plain"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What GetCACaps says (RFC 8894 3.5.2). Words that we do not know are ignored."""

    aes: bool = False
    des3: bool = False
    get_next_ca_cert: bool = False
    post: bool = False
    renewal: bool = False
    sha1: bool = False
    sha224: bool = False
    sha256: bool = False
    sha384: bool = False
    sha512: bool = False
    update: bool = False

    @classmethod
    def parse(cls, body: bytes) -> Capabilities:
        """Never fails: what is no list of words is an empty one, as from servers that answer with a page of HTML."""
        words = {word.strip().lower() for word in body[:4096].decode("latin-1").splitlines()}
        found = {name for name, keyword in _KEYWORDS.items() if keyword.lower() in words}
        if "scepstandard" in words:  # RFC 8894 3.5.2
            found |= {"aes", "post", "sha256"}
        return cls(**dict.fromkeys(found, True))

    def format(self) -> bytes:
        words = [keyword for name, keyword in _KEYWORDS.items() if getattr(self, name)]
        if self.aes and self.post and self.sha256:
            words.append("SCEPStandard")
        return "".join(word + "\n" for word in words).encode()

    @property
    def digest(self) -> str:
        """The best digest that the server says it knows; SHA-1, which every server knows, if it says nothing."""
        return "sha256" if self.sha256 else "sha512" if self.sha512 else "sha384" if self.sha384 else "sha1"

    @property
    def cipher(self) -> str:
        """The best cipher that the server says it knows; triple DES, which every server knows, if it says nothing."""
        return "aes128" if self.aes else "3des"


_KEYWORDS = {
    "aes": "AES",
    "des3": "DES3",
    "get_next_ca_cert": "GetNextCACert",
    "post": "POSTPKIOperation",
    "renewal": "Renewal",
    "sha1": "SHA-1",
    "sha224": "SHA-224",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
    "update": "Update",
}
assert set(_KEYWORDS) == {each.name for each in fields(Capabilities)}
# strongSwan 5.9 tests the flags as bit indexes, so that it takes the good algorithms only if these are all there (wire formats 5.5).
SERVER_CAPABILITIES = Capabilities(aes=True, des3=True, post=True, renewal=True, sha1=True, sha256=True, sha384=True, sha512=True)
