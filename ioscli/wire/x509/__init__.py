"""Certificates, requests and CRLs: read any, write those that IOS writes (RFC 5280, RFC 2986)."""

from ioscli.wire.x509.certificate import Certificate, build_certificate
from ioscli.wire.x509.crl import Crl, Revoked, build_crl
from ioscli.wire.x509.extensions import Extension, Extensions
from ioscli.wire.x509.request import Request, build_request

__all__ = ["Certificate", "Crl", "Extension", "Extensions", "Request", "Revoked", "build_certificate", "build_crl", "build_request"]
