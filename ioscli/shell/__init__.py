"""Terminals: keys in, text out. A shell knows a session, never a command."""
