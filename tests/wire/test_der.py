"""DER there and back; BER made DER; what is refused; extensions in foreign forms."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID
from hypothesis import given
from hypothesis import strategies as st

from ioscli.wire import der
from ioscli.wire.errors import LocalError, RemoteError
from ioscli.wire.x509 import extensions as ext
from ioscli.wire.x509.extensions import Extension, Extensions
from ioscli.wire.x509.signed import algorithm_label
from tests.wire.authority import NOW, ec_key, root


@given(st.integers(-(1 << 500), 1 << 500))
def test_integers(value: int) -> None:
    assert der.Reader(der.integer(value)).integer() == value


@pytest.mark.parametrize(
    ("value", "text"), [(0, "020100"), (127, "02017f"), (128, "02020080"), (-128, "020180"), (-129, "0202ff7f"), (256, "02020100")]
)
def test_integers_as_short_as_they_go(value: int, text: str) -> None:
    # X.690 8.3
    assert der.integer(value).hex() == text


@given(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 1 << 40), max_size=5))
def test_object_identifiers(first: int, second: int, rest: list[int]) -> None:
    dotted = ".".join(map(str, (first, second, *rest)))
    assert der.Reader(der.oid(dotted)).oid() == dotted


@given(st.binary(max_size=300))
def test_octets(value: bytes) -> None:
    assert der.Reader(der.octets(value)).body(der.OCTET_STRING) == value


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(9999, 1, 1)).map(lambda found: found.replace(tzinfo=UTC, microsecond=0)))  # noqa: DTZ001
def test_times(value: datetime) -> None:
    assert der.Reader(der.time(value)).time() == value


def test_times_of_old_authorities() -> None:
    assert der.as_time(der.UTC_TIME, b"9912312359Z") == datetime(1999, 12, 31, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "data",
    [
        "", "30", "3081", "308100", "30817f", "3082007f", "3085000000000030", "3080", "1f8101", "0200", "0600", "060180", "0303", "030108",
        "1703313030",
        "170d3939313333313233353935395a", "180d3939313233313233353935395a", "1301ff", "1e0141", "05", "0241" + "01" * 65,
    ],
)  # fmt: skip
def test_refused(data: str) -> None:
    octets = bytes.fromhex(data)
    for read in (der.Reader.integer, der.Reader.oid, der.Reader.bits, der.Reader.string, der.Reader.time, der.Reader.enter, der.Reader.boolean):
        with pytest.raises(RemoteError):
            read(der.Reader(octets))


def test_strings() -> None:
    for tag, text in ((0x0C, "Zürich"), (0x13, "x"), (0x14, "é"), (0x16, "x"), (0x1E, "Zürich"), (0x1C, "Zürich")):
        assert der.Reader(der.string(tag, text)).string() == text
    with pytest.raises(LocalError):
        der.string(der.IA5_STRING, "é")
    with pytest.raises(RemoteError):
        der.Reader(der.null).string()


def test_ber_becomes_der() -> None:
    # An OCTET STRING in two pieces inside a SEQUENCE, both of open length (X.690 8.7.3).
    assert der.normalise(bytes.fromhex("3080248004014104014200000000")) == der.sequence(der.octets(b"AB"))
    assert der.normalise(bytes.fromhex("30810405000500")) == der.sequence(der.null, der.null)
    for wrong in ("3080", "30800500", "3080000000", "0480", "30" * 3, "3080" * 40 + "0000" * 40, "24800201010000"):
        with pytest.raises(RemoteError):
            der.normalise(bytes.fromhex(wrong))


def test_more_than_belongs_there() -> None:
    with pytest.raises(RemoteError):
        der.whole(der.sequence() + b"\x00")


# ---- extensions as the library writes them


def read(*values: x509.ExtensionType) -> Extensions:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    builder = x509.CertificateSigningRequestBuilder(name)
    for value in values:
        builder = builder.add_extension(value, critical=False)
    from cryptography.hazmat.primitives.hashes import SHA256

    from ioscli.wire.x509 import Request

    return Request.parse(builder.sign(ec_key(0), SHA256()).public_bytes(Encoding.DER)).extensions


def test_extensions_of_others() -> None:
    uri = x509.UniformResourceIdentifier
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "directory")])
    found = read(
        x509.CRLDistributionPoints([x509.DistributionPoint([uri("http://a/crl"), x509.DirectoryName(name)], None, None, None)]),
        x509.AuthorityInformationAccess(
            [
                x509.AccessDescription(AuthorityInformationAccessOID.OCSP, uri("http://a/ocsp")),
                x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, uri("http://a/ca")),
            ]
        ),
        x509.SubjectAlternativeName(
            [x509.RFC822Name("x@y"), uri("http://b"), x509.DirectoryName(name), x509.RegisteredID(x509.ObjectIdentifier("1.2.3"))]
        ),
        x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.5.5.7.3.2")]),
    )
    assert found.cdp == ("http://a/crl", "cn=directory")
    assert (found.ocsp, found.ca_issuers) == (("http://a/ocsp",), ("http://a/ca",))
    assert found.alt_names == (("email", "x@y"), ("uri", "http://b"), ("name", "cn=directory"), ("other", "2a03"))
    assert found.purposes == ("1.3.6.1.5.5.7.3.2",)
    assert (found.key_usage, found.ca, found.subject_key_id, found.authority_key_id) == (None, False, None, None)


def test_extensions_of_ours() -> None:
    assert Extensions((ext.ocsp("http://a"),)).ocsp == ("http://a",)
    assert Extensions((ext.basic_constraints(ca=False),)).ca is False
    with pytest.raises(LocalError):
        ext.crl_distribution_points("http://ä")
    twice = der.sequence(ext.key_usage(0x80).der, ext.key_usage(0x80).der)
    with pytest.raises(RemoteError):
        Extensions.parse(der.whole(twice))
    with pytest.raises(RemoteError):
        Extensions((Extension(ext.SUBJECT_ALT_NAME, der.sequence(der.tlv(0x87, b"\x01"))),)).check()


def test_usages_as_shown() -> None:
    from ioscli.wire.algorithms import spki_of
    from ioscli.wire.x509 import build_certificate

    names = {0x80: "Signature", 0x20: "Encryption", 0xA0: "General Purpose", 0x86: "Signature", None: "General Purpose"}
    ca = root()
    for usage, shown in names.items():
        made = build_certificate(
            serial=9, issuer=ca.certificate.subject, subject=ca.certificate.subject, spki=spki_of(ca.key), not_before=NOW, not_after=NOW,
            extensions=[] if usage is None else [ext.key_usage(usage)], key=ca.key,
        )  # fmt: skip
        assert made.usage == shown
    assert ca.certificate.key_bits == 2048


def test_labels_of_algorithms() -> None:
    assert algorithm_label("1.2.840.10045.4.3.2", ec=True) == "SHA256 with ECDSA"
    assert algorithm_label("1.2.3", ec=False) == "1.2.3"
