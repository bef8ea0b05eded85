"""Protocols as pure state machines and codecs: bytes in, events and bytes out. No sockets, no clock, no randomness of their own."""
