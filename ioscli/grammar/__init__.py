"""What may be said: the notation of grammar/, the trie made from it, and what a walk of it means to a human.

Pure text and data. It must never know a device, a session or a configuration.
"""
