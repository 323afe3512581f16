"""Ports for servers that tests start: a number that is told to a program must still be free when the program takes it."""

import random
import socket

NEVER_LENT = range(15_000, 32_000)
"""Below the ports that Linux and macOS give to outgoing connections."""


def free_port() -> int:
    """A port of this machine on which nobody listens, and which the system gives to nobody who does not name it."""
    for port in random.sample(NEVER_LENT, len(NEVER_LENT)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("every port is taken")
