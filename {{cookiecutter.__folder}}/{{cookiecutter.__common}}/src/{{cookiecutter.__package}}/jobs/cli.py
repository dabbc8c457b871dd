"""What jobs add to the command line."""

import click

from ..cli import Command, set_up_with_tables


@click.command(cls=Command)
@click.option("--threads", type=click.IntRange(1, 32), default=4, show_default=True, help="Jobs that run at a time.")
@click.option("--run", "name", metavar="NAME", help="Run one job without arguments now, such as auth.remove_expired.")
def worker(threads: int, name: str | None) -> None:
    """Run jobs in the background, until it is stopped."""
    set_up_with_tables()
    from .worker import job_named, work

    if name:
        job_named(name).run()
    else:
        work(threads)


COMMANDS = [worker]
