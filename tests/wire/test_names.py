"""Names as typed, as laid into certificates, as shown."""

from __future__ import annotations

import pytest

from ioscli.wire.errors import RemoteError
from ioscli.wire.names import COMMON_NAME, UNSTRUCTURED_NAME, Name, NameTextError, parse_name, with_identity


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("CN=CA", "cn=CA"),
        ("CN=CA.lab.lcl, OU=x ,o = y,C=US", "cn=CA.lab.lcl,ou=x,o=y,c=US"),
        # Blanks do not divide; routers show this as one value.
        ("CN=cisco L=NewZealand C=NZ", "cn=cisco L=NewZealand C=NZ"),
        ('o="Cisco, Inc",c=US', "o=Cisco, Inc,c=US"),
        (r"o=Cisco\, Inc", "o=Cisco, Inc"),
        ("cn=a+ou=b", "cn=a+ou=b"),
        ("cn=C++ lab", "cn=C++ lab"),
        ("e=x@lab.lcl,dc=lab,dc=lcl,st=NY,l=z", "e=x@lab.lcl,dc=lab,dc=lcl,st=NY,l=z"),
        ("cn=Zürich", "cn=Zürich"),
        ("1.2.3.4=x", "1.2.3.4=x"),
    ],
)
def test_typed_and_shown(typed: str, shown: str) -> None:
    assert str(parse_name(typed)) == shown


@pytest.mark.parametrize("text", ["", "1.2.3.4", "CA", "cn=", "cn=a,", "xx=a", "cn=a,,c=US", "=a", "cn=a\nb", "9.9.9=x"])
def test_no_names(text: str) -> None:
    with pytest.raises(NameTextError) as error:
        parse_name(text)
    assert error.value.lines == (f'"{text}" is not a valid subject name', "The subject name must be in X.500 (LDAP) format")


def test_laid_in_reverse_with_printable_strings() -> None:
    # Decoded from a certificate of IOSv: `issuer-name CN=CA.lab.lcl,C=US`.
    assert parse_name("CN=CA.lab.lcl,C=US").der.hex() == (
        "3022310b30090603550406130255533113301106035504030c0a43412e6c61622e6c636c".replace("0c0a", "130a")
    )


def test_identity_is_one_part_of_several_values_behind() -> None:
    name = with_identity(parse_name("cn=Manual,c=US"), fqdn="Tokyo.tokyo.xyz.com", serial="69216261", address="1.1.1.2")
    # As a router shows it: the shortest first, which is how DER sorts a SET.
    assert name.lines == ["serialNumber=69216261+ipaddress=1.1.1.2+hostname=Tokyo.tokyo.xyz.com", "cn=Manual", "c=US"]
    assert name.get(UNSTRUCTURED_NAME) == "Tokyo.tokyo.xyz.com"
    assert name.get(COMMON_NAME) == "Manual"
    assert [attribute.tag for attribute in name.rdns[-1]] == [0x13, 0x13, 0x16]
    assert str(with_identity(None, fqdn="R1")) == "hostname=R1"
    assert with_identity(None).rdns == ()


def test_equal_but_for_case_and_blanks() -> None:
    assert parse_name("cn=CA  x").matches(parse_name("CN=ca x"))
    assert not parse_name("cn=CA").matches(parse_name("ou=CA"))


def test_broken_names() -> None:
    for data in (b"", b"\x30\x02\x31\x00", b"\x30\x01", b"\x31\x00"):
        with pytest.raises(RemoteError):
            _ = Name(data).rdns
