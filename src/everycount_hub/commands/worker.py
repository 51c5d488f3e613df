"""`hub worker`: a process that runs long jobs."""

import signal
import threading
from types import FrameType

import click

from everycount_hub.commands.ready import migrate, set_up


@click.command(epilog="Example: everycount hub worker")
@click.option("--once", is_flag=True, help="Run the jobs that are due, then end.")
def worker(*, once: bool) -> None:
    """Run long jobs until told to stop; several workers share the work.

    Ctrl-C or SIGTERM hands the job that runs back to the queue. Nothing is lost if the process
    is killed: another worker takes its job over within a minute.
    """
    set_up()
    migrate()
    from everycount_hub.jobs.worker import work, work_once  # noqa: PLC0415 - after the set-up

    if once:
        count = work_once()
        click.echo(f"{count} job{'' if count == 1 else 's'} run", err=True)
        return
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, end)
    click.echo("Waiting for jobs (Ctrl-C ends)", err=True)
    work(stop)
