"""SCEP (RFC 8894): tables, messages, and what client and server make of them. Whom a certificate is given to is decided outside."""
