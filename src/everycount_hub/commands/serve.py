"""`hub serve`: the web server, with a worker beside it."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from everycount.errors import Unavailable
from everycount_hub.commands.ready import migrate, set_up

PROXY_HEADERS = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"}
"""What a trusted proxy may say about a request; waitress drops them from anyone else."""
ROUND_A_FILE = 1 << 20
"""Bytes that a form may have beside the file it sends."""
EVERYWHERE = frozenset({"", "*", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound
"""Hosts that mean every address of this computer, none of which is one to open."""
THREADS = 8
WORKER_GRACE = 10.0
"""Seconds a worker gets to hand its job back when the server ends."""
RESTART_AFTER = 1.0
"""Seconds before a worker that ended is started again."""

log = logging.getLogger(__name__)


@click.command(epilog="Example: everycount hub serve --port 8000")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--threads", type=click.IntRange(1), default=THREADS, show_default=True)
@click.option(
    "--proxy",
    metavar="ADDRESS",
    help="Address of the proxy that adds TLS, such as 127.0.0.1; its X-Forwarded headers count.",
)
@click.option("--worker/--no-worker", default=True, help="Also run long jobs here.")
def serve(*, host: str, port: int, threads: int, proxy: str | None, worker: bool) -> None:
    """Serve the hub, preparing the database first where needed.

    Without EVERYCOUNT_HOSTS it answers this computer alone and without TLS. With it, every page
    demands TLS, which a proxy in front adds. Links in mails and invitations lead to EVERYCOUNT_URL;
    without it to the address served here.
    """
    set_up()
    migrate()
    from everycount_hub.actions.editions import ask_for_edition  # noqa: PLC0415

    ask_for_edition()  # another version of the program shows the same in another way
    run_server(host=host, port=port, threads=threads, proxy=proxy, worker=worker)


def run_server(
    *, host: str, port: int, threads: int = THREADS, proxy: str | None = None, worker: bool = True
) -> None:
    """Serve until the process is ended; Django is set up and the database ready.

    Raises
    ------
    Unavailable
        If it cannot listen there.
    """
    import waitress  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    from everycount_hub.wsgi import application  # noqa: PLC0415

    trusted = {"trusted_proxy": proxy, "trusted_proxy_headers": PROXY_HEADERS} if proxy else {}
    try:
        server = waitress.create_server(
            application,
            host=host,
            port=port,
            threads=threads,
            ident=None,
            # Its own limit of 1 GiB would cut off what the pages allow, in words of its own.
            max_request_body_size=settings.LARGEST_FILE + ROUND_A_FILE,
            **trusted,
        )
    except OSError as error:
        raise Unavailable(f"cannot listen at {host}:{port}: {error.strerror or error}") from error
    with _beside(worker):
        address = own_address(host, getattr(server, "effective_port", port))
        if settings.IS_LOCAL and not os.environ.get("EVERYCOUNT_URL", "").strip():
            settings.PUBLIC_URL = address
        click.echo(f"Everycount is at {address} (data in {settings.HOME})", err=True)
        server.run()


def own_address(host: str, port: int) -> str:
    """Return where somebody at this computer finds what listens at a host and port.

    Examples
    --------
    >>> own_address("127.0.0.1", 8611), own_address("0.0.0.0", 80), own_address("::1", 8000)
    ('http://127.0.0.1:8611', 'http://127.0.0.1:80', 'http://[::1]:8000')
    """
    if host in EVERYWHERE:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _beside(worker: bool) -> Iterator[None]:  # noqa: FBT001 - a private switch
    """Run a worker in a thread while the block lasts."""
    if not worker:
        yield
        return
    from everycount_hub.jobs.worker import work  # noqa: PLC0415

    with running(work):
        yield


@contextmanager
def running(
    work: Callable[[threading.Event], None], *, pause: float = RESTART_AFTER
) -> Iterator[None]:
    """Run something in a thread that is asked to stop at the end; it never outlives the server.

    Should it end before, whatever the reason, it is started again.
    """
    stop = threading.Event()

    def keep() -> None:
        while not stop.is_set():
            try:
                work(stop)
            except BaseException:  # also SystemExit, which would end the thread without a word
                log.exception("The worker ended with an error.")
            if not stop.is_set():
                log.error("The worker is not running; it is started again.")
                stop.wait(pause)

    thread = threading.Thread(target=keep, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=WORKER_GRACE)
