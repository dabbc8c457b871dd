"""What events add to the command line."""

import click

from ..cli import Command, set_up_with_tables

ALL = "all"


@click.command(cls=Command)
@click.option("--failed", is_flag=True, help="List the handlers and other jobs that failed.")
@click.option("--retry", metavar="[ID]", is_flag=False, flag_value=ALL, help="Run them again, or the one with this id.")
def events(failed: bool, retry: str | None) -> None:
    """What could not be done after an event, or later."""
    if not failed and not retry:
        raise click.UsageError("Choose --failed or --retry.")
    set_up_with_tables()
    from .commands import list_failed, retry_failed

    if retry:
        job_id = None if retry == ALL else click.UUID.convert(retry, None, None)
        click.echo(retry_failed(job_id))
    if failed:
        click.echo("\n".join(list_failed()) or "Nothing has failed.")


COMMANDS = [events]
