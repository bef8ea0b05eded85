"""What was said: the running-config as a tree of statements, read from text, printed as text, compared.

It knows the grammar and nothing above it: no device, no engine, no terminal.
"""
