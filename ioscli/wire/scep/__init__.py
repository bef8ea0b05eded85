"""SCEP (RFC 8894): tables, messages, and what client and server make of them. Whom a certificate is given to is decided outside.

A server, with the HTTP request already read:

    server = ScepServer(Identity(certificate, key), os.urandom)
    match event := server.receive(parse_query(target, body), now):    # RemoteError: answer 400
        case CaQuery(Operation.GET_CA_CAPS): reply = server.capabilities_reply()
        case CaQuery(): reply = server.ca_reply()
        case PkcsReq(): reply = server.success(event, [issued]) or server.pending(event) or server.failure(event, fail_info)
        case CertPoll() | GetCert(): the same; GetCrl(): server.success_crl(event, crl)
        case Refused(): reply = server.failure(event)                 # and count event.refusal

and reply.content_type, reply.body go back with status 200. A client: see client.py.
"""
