"""`hub serve`: the web server, with a worker beside it."""

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
WORKER_GRACE = 10.0
"""Seconds a worker gets to hand its job back when the server ends."""


@click.command(epilog="Example: everycount hub serve --port 8000")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--threads", type=click.IntRange(1), default=8, show_default=True)
@click.option(
    "--proxy",
    metavar="ADDRESS",
    help="Address of the proxy that adds TLS, such as 127.0.0.1; its X-Forwarded headers count.",
)
@click.option("--worker/--no-worker", default=True, help="Also run long jobs here.")
def serve(*, host: str, port: int, threads: int, proxy: str | None, worker: bool) -> None:
    """Serve the hub, preparing the database first where needed.

    Without EVERYCOUNT_HOSTS it answers this computer alone and without TLS. With it, every page
    demands TLS, which a proxy in front adds.
    """
    set_up()
    import waitress  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    migrate()
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
        bound = getattr(server, "effective_port", port)
        click.echo(f"Everycount is at http://{host}:{bound} (data in {settings.HOME})", err=True)
        server.run()


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
def running(work: Callable[[threading.Event], None]) -> Iterator[None]:
    """Run something in a thread that is asked to stop at the end; it never outlives the server."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=WORKER_GRACE)
