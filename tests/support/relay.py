"""A relay between a browser and the site that counts the bytes which reach the browser, headers included."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Relay:
    """Where to reach the site, and how much came from there."""

    url: str
    carried: list[int] = field(default_factory=list)

    def taken(self) -> int:
        """Return the bytes since the last time, and begin anew."""
        bytes_carried = sum(self.carried)
        self.carried.clear()
        return bytes_carried


@contextmanager
def relay(port: int) -> Iterator[Relay]:
    """Carry everything to and from a port of 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Relay(f"http://127.0.0.1:{listening.getsockname()[1]}")
        threading.Thread(target=_accept, args=(listening, port, made), daemon=True).start()
        yield made


def _accept(listening: socket.socket, port: int, made: Relay) -> None:
    with suppress(OSError):
        while True:
            browser, _address = listening.accept()
            site = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=_carry, args=(browser, site, None), daemon=True).start()
            threading.Thread(target=_carry, args=(site, browser, made.carried), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket, carried: list[int] | None) -> None:
    with suppress(OSError):
        while content := source.recv(65_536):
            target.sendall(content)
            if carried is not None:
                carried.append(len(content))
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
