"""What jobs add to the command line."""

import click

from ..cli import Command, set_up_with_tables


@click.command(cls=Command)
@click.option("--threads", type=click.IntRange(1, 32), default=4, show_default=True, help="Jobs that run at a time.")
def worker(threads: int) -> None:
    """Run jobs in the background, until it is stopped."""
    set_up_with_tables()
    from .worker import work

    work(threads)


COMMANDS = [worker]
