"""ioscli: a Cisco IOS-style shell for Secure Unified CME whose engines are real."""

__version__ = "0.1.0"
