"""Lines of the service and of its libraries, as a program reads them."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog

from {{ cookiecutter.__package }}.core.logging import configure_logging
from {{ cookiecutter.__package }}.core.settings import get_settings

ID = UUID(int=1)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    configure_logging("INFO", as_json=True)
    [handler] = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    handler.setStream(stream)
    yield stream
    configure_logging(get_settings().log_level, get_settings().logs_as_json)


@pytest.mark.parametrize("logger", [structlog.get_logger("service"), logging.getLogger("library")])
@pytest.mark.parametrize("event", ["changed", {"what": "changed"}])
def test_a_line_has_what_happened_where_and_why(written: io.StringIO, logger: Any, event: object) -> None:
    with structlog.contextvars.bound_contextvars(order_id=ID):
        try:
            raise LookupError("This is why.")
        except LookupError:
            logger.exception(event)

    line = json.loads(written.getvalue())
    assert line["event"] == (event if isinstance(logger, structlog.typing.BindableLogger) else str(event))
    assert (line["level"], line["order_id"]) == ("error", str(ID))
    assert line["logger"]
    assert line["exception"].endswith("LookupError: This is why.")


def test_a_line_of_a_library_has_its_arguments(written: io.StringIO) -> None:
    logging.getLogger("library").info("%s of %s", 1, 2)

    assert json.loads(written.getvalue())["event"] == "1 of 2"
