# expect: wrong
# The grader's host has a listener on a port and on an abstract name, which the input gives.
import socket
canary, port, abstract, pid = input().split()
def attempt(what, family, kind, address=None):
    try:
        s = socket.socket(family, kind)
        if address:
            s.connect(address)
        print("ESCAPED", what)
    except OSError:
        pass
attempt("tcp", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", int(port)))
attempt("tcp6", socket.AF_INET6, socket.SOCK_STREAM, ("::1", int(port)))
attempt("udp", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", int(port)))
attempt("abstract", socket.AF_UNIX, socket.SOCK_STREAM, "\0" + abstract)
attempt("raw", socket.AF_INET, socket.SOCK_RAW)
attempt("packet", socket.AF_PACKET, socket.SOCK_RAW)
attempt("netlink", socket.AF_NETLINK, socket.SOCK_RAW)
attempt("vsock", getattr(socket, "AF_VSOCK", 40), socket.SOCK_STREAM)
attempt("alg", getattr(socket, "AF_ALG", 38), socket.SOCK_SEQPACKET)
print("contained")
