"""Public key infrastructure: key pairs, trustpoints, the certificate server."""
