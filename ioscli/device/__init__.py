"""A router: its configuration, clock, files and log, the sessions on its lines, and how what they type becomes what it is.

It knows no protocol and no command: features do, and are found through the grammar.
"""
