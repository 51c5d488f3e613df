"""No test reaches the network; this machine can still be talked to."""

import socket
import warnings

import pytest
from pytest_socket import SocketConnectBlockedError


def test_network_is_blocked():
    with socket.socket() as client, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(SocketConnectBlockedError, match=r"192\.0\.2\.1"):
            client.connect(("192.0.2.1", 80))


def test_this_machine_is_reachable():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
