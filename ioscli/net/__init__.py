"""Where IOS addresses are: in memory, on the loopback addresses of this host, or the host's own. Knows sockets, and no protocol."""

from ioscli.net.host import HostNet
from ioscli.net.loopback import LoopbackNet
from ioscli.net.memory import MemoryNet
from ioscli.net.service import Connection, DatagramMachine, Machine, Service, exchange, serve, serve_datagrams
from ioscli.net.streams import BindError, ConnectError, Datagrams, Endpoint, Listener, Net, NetError, Stream
from ioscli.net.tls import TlsError, TlsStream, client_context, server_context, start_tls

__all__ = [
    "BindError",
    "ConnectError",
    "Connection",
    "DatagramMachine",
    "Datagrams",
    "Endpoint",
    "HostNet",
    "Listener",
    "LoopbackNet",
    "Machine",
    "MemoryNet",
    "Net",
    "NetError",
    "Service",
    "Stream",
    "TlsError",
    "TlsStream",
    "client_context",
    "exchange",
    "serve",
    "serve_datagrams",
    "server_context",
    "start_tls",
]
