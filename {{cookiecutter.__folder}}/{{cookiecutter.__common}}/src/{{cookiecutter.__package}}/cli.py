"""The commands of the service: `uv run {{ cookiecutter.project_slug }} --help`."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from socket import gethostbyname

from pydantic import ValidationError

from .accounts.schemas import email_address
from .core import contract, migrations, server
from .core.engine import is_unavailable
from .core.errors import Invalid, ServiceError
from .core.logging import configure_logging
from .core.settings import SERVICE, explain, get_settings
from .core.setup import setup


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    try:
        configure_logging(get_settings())
    except ValidationError as error:
        sys.exit(f"{SERVICE} does not start with these settings:\n{explain(error)}")
    try:
        options.run(options)
    except Exception as error:
        if not is_unavailable(error):
            raise
        sys.exit(f"{SERVICE}: the database refuses or does not answer: {str(error).partition('\n')[0]}")


def dev(options: argparse.Namespace) -> None:
    server.refuse_a_taken_port(options.host, options.port)
    migrations.migrate()
    print(f"{SERVICE}: docs at http://{options.host}:{options.port}/docs", flush=True)
    server.serve(options.host, options.port, reload=True)


def serve(options: argparse.Namespace) -> None:
    server.refuse_a_taken_port(options.host, options.port)
    server.serve(options.host, options.port, options.workers)


def migrate(options: argparse.Namespace) -> None:
    try:
        migrations.migrate(options.to)
    except LookupError as error:
        sys.exit(str(error))
    print(f"{SERVICE}: the database is at {migrations.state()}")


def seed(_options: argparse.Namespace) -> None:
    setup()
    from .accounts.commands import seed

    _refuse_without_tables()
    with _explained(password="SEED_PASSWORD"):
        seed()


def create_admin(options: argparse.Namespace) -> None:
    setup()
    from .accounts.commands import create_admin

    _refuse_without_tables()
    with _explained(password="ADMIN_PASSWORD"):
        create_admin(options.email)


def _refuse_without_tables() -> None:
    if not migrations.are_complete():
        sys.exit(f"{SERVICE}: the database lacks a migration; run `{SERVICE} migrate` first")


@contextmanager
def _explained(password: str) -> Iterator[None]:
    """`password` is the variable that it comes from."""
    try:
        yield
    except ValidationError as error:
        sys.exit(explain(error, password=password))
    except Invalid as error:
        sys.exit(f"{password}: {error.detail}")
    except (ServiceError, LookupError) as error:
        sys.exit(str(error))


def openapi(_options: argparse.Namespace) -> None:
    print(contract.contract_as_json())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=SERVICE)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    address = argparse.ArgumentParser(add_help=False)
    address.add_argument("--host", type=_host, default="127.0.0.1")
    address.add_argument("--port", type=_number(1, 65535), default=8000)

    command = commands.add_parser("dev", parents=[address], help="migrate, then serve and reload on changes")
    command.set_defaults(run=dev)

    command = commands.add_parser("serve", parents=[address], help="serve as in production")
    command.add_argument("--workers", type=_number(1, 1000), default=1, help="processes (default: 1)")
    command.set_defaults(run=serve)

    command = commands.add_parser("migrate", help="bring the database up to date")
    command.add_argument("--to", metavar="REV", default=migrations.LATEST, help="a revision, or zero for none")
    command.set_defaults(run=migrate)

    command = commands.add_parser("seed", help="make accounts to try things with; safe to repeat")
    command.set_defaults(run=seed)

    command = commands.add_parser("create-admin", help="make an administrator; the password is ADMIN_PASSWORD or asked")
    command.add_argument("email", metavar="EMAIL", type=email_address)
    command.set_defaults(run=create_admin)

    command = commands.add_parser("openapi", help="print the contract as JSON")
    command.set_defaults(run=openapi)
    return parser


def _host(name: str) -> str:
    """Its address, which is all that the server understands."""
    with suppress(ValueError):
        return str(ip_address(name))
    try:
        return gethostbyname(name)
    except OSError:
        raise argparse.ArgumentTypeError("must be an address of this machine or a name for one") from None


def _number(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"must be from {least} to {most}")
        return int(text)

    return number
