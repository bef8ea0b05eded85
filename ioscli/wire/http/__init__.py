"""HTTP/1.0 and 1.1 (RFC 9110, RFC 9112) without sockets: a server that is bounded everywhere, and a client as small as a router's."""

from ioscli.wire.http.client import HttpClient
from ioscli.wire.http.message import HttpError, Request, Response
from ioscli.wire.http.server import HttpServer

__all__ = ["HttpClient", "HttpError", "HttpServer", "Request", "Response"]
