"""What payments add to the command line."""

from uuid import UUID

import click

from ..cli import Command, load_settings, set_up_with_tables


@click.command(cls=Command)
@click.argument("order", type=click.UUID)
@click.option(
    "--port", type=click.IntRange(1, 65535), default=lambda: load_settings().port, show_default="PORT, or 8000"
)
def pay(order: UUID, port: int) -> None:
    """Play the payment provider: tell the service that runs here that ORDER is paid. In development only."""
    if load_settings().environment != "development":
        raise click.ClickException("This command is for development only.")
    set_up_with_tables()
    from .commands import send_success

    click.echo(send_success(order, f"http://127.0.0.1:{port}"))


COMMANDS = [pay]
