"""Whether the service is ready, and its documents."""

from .. import migrations
from ..core.errors import NotFound, Unavailable
from ..core.settings import get_settings
from . import contract
from .schemas import Checks, Readiness


class NotReady(Unavailable):
    code = "not_ready"


def readiness() -> Readiness:
    try:
        complete = migrations.are_complete()
    except Exception as error:
        raise NotReady("The database does not answer.") from error
    if not complete:
        raise NotReady("A migration is missing or two compete.")
    return Readiness(status="ready", checks=Checks(database="ok", migrations="ok"))


def contract_as_json() -> bytes:
    _refuse_unless_docs_are_served()
    return contract.contract_as_json()


def docs_page() -> tuple[str, str]:
    """The page and its Content-Security-Policy."""
    _refuse_unless_docs_are_served()
    return contract.docs_page()


def _refuse_unless_docs_are_served() -> None:
    if not get_settings().docs_served:
        raise NotFound()
