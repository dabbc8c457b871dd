"""The commands of the service: `uv run {{ cookiecutter.project_slug }} --help`.

Each command imports what it needs, so that the others start fast and the parent of the server stays small.
"""

import errno
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from inspect import signature
from pathlib import Path
from socket import AF_INET, AF_INET6, SOCK_STREAM, create_server, getaddrinfo
from typing import Any

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError

from .core.settings import ROOT, SERVICE, Settings, get_settings

# What CI runs.
CHECKS = ["ruff format --check", "ruff check", "mypy", "lint-imports", "pytest"]


class Command(click.Command):
    """Ends with a message instead of a traceback if the operator can solve the problem."""

    def invoke(self, context: click.Context) -> Any:
        from .core.logging import configure_logging

        try:
            settings = load_settings()
            configure_logging(settings.log_level, settings.logs_as_json)
            return super().invoke(context)
        except click.ClickException:
            raise
        except Exception as error:
            if sentence := explain_failure(error):
                raise click.ClickException(sentence) from error
            raise


class Group(click.Group):
    """Has the commands of the features, too: `COMMANDS` and `SEED_OPTIONS` in a feature's own `cli.py`."""

    command_class = Command

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        add_commands_of_features()
        return super().get_command(context, name)

    def list_commands(self, context: click.Context) -> list[str]:
        add_commands_of_features()
        return super().list_commands(context)


@click.group(cls=Group)
def cli() -> None:
    """The server, its database and its checks."""


@cache
def add_commands_of_features() -> None:
    try:
        from .features import feature_modules
    except LookupError as error:
        raise click.ClickException(str(error)) from None
    for module in feature_modules("cli"):
        for command in getattr(module, "COMMANDS", ()):
            cli.add_command(command)
        seed.params += getattr(module, "SEED_OPTIONS", ())


def main() -> None:
    cli(prog_name=SERVICE)


def load_settings() -> Settings:
    """Those of the service. Those of the features are read, too: they must be right as well."""
    from .features import feature_modules

    faults = []
    for read in (get_settings, *(module.get_settings for module in feature_modules("settings"))):
        try:
            read()
        except ValidationError as error:
            faults.append(explain(error))
        except SettingsError as error:
            raise click.ClickException(str(error)) from None
    if faults:
        raise click.ClickException("\n".join([f"{SERVICE} does not start with these settings:", *faults]))
    return get_settings()


def email_address(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    from .users.schemas import normalized_email

    try:
        return normalized_email(value)
    except ValueError:
        raise click.BadParameter("must be an email address") from None


def ip_address(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    """The server takes only IP addresses: the first IPv4 address of the host, otherwise its first IPv6 address."""
    try:
        addresses = getaddrinfo(name, None, type=SOCK_STREAM)
    except (OSError, UnicodeError):
        raise click.BadParameter("must be an address of this machine or a name for one") from None
    [*_, (address, *_)] = min(addresses, key=lambda found: found[0] != AF_INET)
    return str(address)


def listens[**P](command: Callable[P, None]) -> Callable[P, None]:
    port = click.option(
        "--port",
        type=click.IntRange(1, 65535),
        default=lambda: load_settings().port,
        show_default="PORT, or 8000",
    )
    host = click.option("--host", callback=ip_address, default="127.0.0.1", show_default=True)
    return host(port(command))


@cli.command()
@listens
def dev(host: str, port: int) -> None:
    """Migrate, then serve and run jobs; reload on changes."""
    from . import migrations, server
    from .setup import setup

    refuse_a_port_in_use(host, port)
    settings = load_settings()
    setup()
    migrations.migrate()
    click.echo(f"{SERVICE}: docs at http://{authority(host, port)}/docs")
    with worker_that_reloads(port):
        server.serve(host, port, 1, settings.log_level, settings.logs_as_json, reload=True)


@cli.command()
@listens
@click.option("--workers", type=click.IntRange(1, 1000), default=1, show_default=True, help="Processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve as in production."""
    from . import features as features  # Checks them once, and not in each worker.

    refuse_a_port_in_use(host, port)
    settings = load_settings()
    become_server(host, port, workers, settings.log_level, settings.logs_as_json)


@cli.command()
@click.option("--to", metavar="REV", help="users_0001, notes:zero, or zero for none.  [default: the latest]")
def migrate(to: str | None) -> None:
    """Bring the database up to date."""
    from . import migrations
    from .setup import setup

    setup()
    migrations.migrate(to or migrations.LATEST)
    click.echo(f"{SERVICE}: the database is at {migrations.state()}")


@cli.command()
@click.argument("feature")
@click.argument("what")
def make_migration(feature: str, what: str) -> None:
    """Write a migration for the changed models of FEATURE; WHAT says in a few words what it does."""
    from . import migrations
    from .setup import setup

    setup()
    for path in migrations.make(feature, what):
        click.echo(path.relative_to(ROOT))


@cli.command()
def seed(**options: Any) -> None:
    """Make demo data of every feature; safe to repeat."""
    set_up_with_tables()
    from .features import feature_modules

    with explained(password_from="SEED_PASSWORD"):
        for feature in feature_modules("seeds"):
            feature.seed(**{name: options[name] for name in signature(feature.seed).parameters})


@cli.command()
@click.argument("email", callback=email_address)
def create_admin(email: str) -> None:
    """Make an administrator. The password is ADMIN_PASSWORD, or asked for."""
    set_up_with_tables()
    from .auth import commands

    with explained(password_from="ADMIN_PASSWORD"):
        commands.create_admin(email)


@cli.command()
@click.argument("email", callback=email_address)
def token(email: str) -> None:
    """Print an access token, to try the API with. Not in production."""
    if load_settings().production:
        raise click.ClickException("This command is not for production.")
    set_up_with_tables()
    from .auth import commands

    commands.token(email)


@cli.command()
def openapi() -> None:
    """Print the contract as JSON."""
    from .system.contract import contract_as_json

    click.echo(contract_as_json())  # Bytes, because the contract is UTF-8 and the terminal may not be.


@cli.command()
@click.option("--all", "everything", is_flag=True, help="The slow tests, too.")
def check(everything: bool) -> None:
    """Run the linters, the type checker and the tests, as CI does."""
    failed = []
    for line in CHECKS:
        tool, *arguments = line.split()
        program = shutil.which(tool, path=sysconfig.get_path("scripts"))
        if program is None:
            raise click.ClickException(f"There is no {tool} here: `uv sync` installs it in a checkout.")
        if tool == "pytest" and not everything:
            arguments += ["-m", "not slow"]
        click.secho(f"$ {shlex.join([tool, *arguments])}", bold=True)
        if subprocess.run([program, *arguments], cwd=ROOT).returncode:  # noqa: S603, no shell, no input
            failed.append(line)
    if failed:
        raise click.ClickException(f"failed: {', '.join(failed)}")


@cli.command()
@click.option("--seconds", type=click.FloatRange(0.1, 60), default=1.0, show_default=True, help="For each measurement.")
@click.option("--output", type=click.Path(file_okay=False), default="bench", show_default=True, help="The folder.")
def bench(seconds: float, output: str) -> None:
    """Measure how fast the service is, and write a report."""
    if not (ROOT / "tests" / "bench").exists():
        raise click.UsageError("There is no tests/bench/ here: it is part of a checkout.")
    command = [sys.executable, "-m", "tests.bench", str(seconds), str(Path(output).absolute())]
    sys.exit(subprocess.run(command, cwd=ROOT).returncode)  # noqa: S603, no shell


def become_server(host: str, port: int, workers: int, log_level: str, log_as_json: bool) -> None:
    """Replaces this process, which has read the settings, by one that serves and stays small."""
    if os.name == "nt":  # Windows would begin a second process, and end this one.
        from . import server

        server.serve(host, port, workers, log_level, log_as_json)
        return
    arguments = [host, str(port), str(workers), log_level, "json" if log_as_json else "console"]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-P", "-m", f"{__package__}.server", *arguments])  # noqa: S606, no shell


@contextmanager
def worker_that_reloads(port: int) -> Iterator[None]:
    worker = shlex.join([sys.executable, "-m", str(__package__), "worker"])
    watch = [sys.executable, "-m", "watchfiles", "--filter", "python", "--verbosity", "warning", worker]
    environment = os.environ | {"PORT": str(port)}  # For the links in mails.
    with subprocess.Popen([*watch, ROOT / "src"], env=environment) as process:  # noqa: S603, no shell, no input
        try:
            yield
        finally:
            process.terminate()


def refuse_a_port_in_use(host: str, port: int) -> None:
    """Otherwise the server would share the port without a warning."""
    try:
        create_server((host, port), family=AF_INET6 if ":" in host else AF_INET).close()
    except OSError as error:
        option = "--host" if error.errno == errno.EADDRNOTAVAIL else "--port"
        raise click.ClickException(
            f"{authority(host, port)}: {os.strerror(error.errno or 0)}; choose another {option}"
        ) from None


def authority(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def set_up_with_tables() -> None:
    from . import migrations
    from .setup import setup

    setup()
    if not migrations.are_complete():
        raise click.ClickException(f"The database lacks a migration; run `{SERVICE} migrate` first.")


@contextmanager
def explained(password_from: str) -> Iterator[None]:
    """`password_from` is the environment variable of the password."""
    from .core.errors import Invalid, ServiceError

    try:
        yield
    except ValidationError as error:
        raise click.ClickException(explain(error, password=password_from)) from None
    except Invalid as error:
        raise click.ClickException(f"{password_from}: {error.detail}") from None
    except ServiceError as error:
        raise click.ClickException(str(error)) from None


def explain(error: ValidationError, **names: str) -> str:
    """One line per error. A field is named as in `names`, otherwise in capitals, like an environment variable."""
    return "\n".join(
        ": ".join(
            [
                *(names.get(str(part), str(part).upper()) for part in fault["loc"]),
                fault["msg"].removeprefix("Value error, "),
            ]
        )
        for fault in error.errors(include_input=False, include_url=False)
    )


def explain_failure(error: Exception) -> str | None:
    if type(error) is LookupError:  # Raised with a sentence, unlike its subclasses KeyError and IndexError.
        return str(error)
    from .core.database import is_unavailable

    if is_unavailable(error):
        return f"{SERVICE}: the database refuses or does not answer: {str(error).partition('\n')[0]}"
    return None
