"""The public key infrastructure: key pairs, certificate server, trustpoints, enrolment."""
