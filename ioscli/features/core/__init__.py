"""The router itself: sessions, configuration, files, clock, log, interfaces, licences."""
