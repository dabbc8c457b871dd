"""Traces and metrics, as a collector receives them from a service and its worker."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from {{ cookiecutter.__package }}.telemetry import settings, spans
from {{ cookiecutter.__package }}.telemetry.service import outgoing_request
from {{ cookiecutter.__package }}.telemetry.settings import TelemetrySettings
from {{ cookiecutter.__package }}.telemetry.spans import span_of

from ..database import Database
from ..passwords import PASSWORD
from ..server import COMMAND, Server, serving
from .collector import Collector, collecting

TRACE_ID, SPAN_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
ALICE = {"email": "alice@example.com", "password": PASSWORD, "name": "Alice"}


@pytest.fixture(scope="module")
def observed(database: Database) -> Iterator[tuple[Server, Collector]]:
    database.empty()
    with collecting() as collector:
        variables = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "200",
            "OTEL_METRIC_EXPORT_INTERVAL": "300",
        }
        with serving(database.url, workers="1", **variables) as server:
            environment = os.environ | {"DATABASE_URL": database.url} | variables
            with subprocess.Popen([*COMMAND, "worker", "--threads", "1"], env=environment) as worker:
                headers = {"traceparent": f"00-{TRACE_ID}-{SPAN_ID}-01"}
                httpx2.post(f"{server.url}/api/v1/auth/signup", json=ALICE, headers=headers).raise_for_status()
                httpx2.get(f"{server.url}/api/v1/users/01a217ca-7633-7473-8816-dec89c88a1c6?hidden=1")
                wait_until(lambda: collector.named("job auth.mail_link"))
                wait_until(lambda: {"http.server.request.duration", "jobs.waiting"} <= names(collector.metrics))
                worker.terminate()
            yield server, collector


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def names(metrics: list[Any]) -> set[str]:
    return {metric.name for metric in metrics}


def attributes(span: Any) -> dict[str, Any]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


@pytest.mark.slow
class TestSpans:
    def test_of_a_request_continue_the_trace_of_the_client(self, observed: tuple[Server, Collector]) -> None:
        [span] = observed[1].named("POST /api/v1/auth/signup")

        assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE_ID, SPAN_ID)
        assert attributes(span) == {
            "http.request.method": "POST",
            "http.response.status_code": 201,
            "http.route": "/api/v1/auth/signup",
            "url.scheme": "http",
        }

    def test_are_named_by_the_route_and_hold_nothing_of_the_path(self, observed: tuple[Server, Collector]) -> None:
        [span] = observed[1].named("GET /api/v1/users/{user_id}")

        assert attributes(span)["http.response.status_code"] == 401
        assert "hidden" not in str(observed[1].spans)

    def test_of_sql_are_within_those_of_requests(self, observed: tuple[Server, Collector]) -> None:
        collector = observed[1]
        [request] = collector.named("POST /api/v1/auth/signup")
        within = [span for span in collector.spans if span.parent_span_id == request.span_id]

        statements = [value for span in within for value in attributes(span).values() if "INSERT" in str(value)]
        assert statements
        assert not any("alice" in str(statement) for statement in statements)

    def test_of_jobs_are_in_the_trace_of_the_request(self, observed: tuple[Server, Collector]) -> None:
        collector = observed[1]
        [request] = collector.named("POST /api/v1/auth/signup")
        [job] = collector.named("job auth.mail_link")

        assert (job.trace_id, job.parent_span_id) == (request.trace_id, request.span_id)

    def test_of_requests_are_one_each(self, observed: tuple[Server, Collector]) -> None:
        servers = [span for span in observed[1].spans if span.kind == span.SPAN_KIND_SERVER]

        assert len(servers) == len({span.span_id for span in servers})
        assert [span.name for span in servers if "healthz" not in span.name] == [
            "POST /api/v1/auth/signup",
            "GET /api/v1/users/{user_id}",
        ]

    def test_are_in_the_log(self, observed: tuple[Server, Collector]) -> None:
        lines = [json.loads(line) for line in observed[0].written().splitlines() if line.startswith("{")]

        [line] = [line for line in lines if line.get("route") == "/api/v1/auth/signup"]
        assert line["trace_id"] == TRACE_ID


@pytest.mark.slow
def test_nothing_of_it_is_imported_where_nobody_asks() -> None:
    program = (
        "import sys; import tests.framework; from {{ cookiecutter.__package }}.jobs import worker;"
        " print(sorted(name for name in sys.modules if name.startswith('{{ cookiecutter.__package }}.telemetry.')))"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    known = [f"{{ cookiecutter.__package }}.telemetry.{name}" for name in ("service", "settings")]
    assert (result.stdout, result.stderr) == (f"{known}\n", "")


class TestJobs:
    def test_that_fail_say_so_without_a_text(self) -> None:
        exporter = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(exporter))

        with (
            pytest.raises(ZeroDivisionError),
            span_of(provider.get_tracer("test"), "job", SpanKind.CONSUMER),
        ):
            raise ZeroDivisionError("a secret")

        [span] = exporter.get_finished_spans()
        assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "ZeroDivisionError")
        assert "a secret" not in span.to_json()


class TestRequestsToOthers:
    @pytest.fixture
    def exporter(self, monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
        exporter = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        monkeypatch.setattr(spans, "tracer", provider.get_tracer("test"))
        return exporter

    def test_carry_the_trace(self, exporter: InMemorySpanExporter) -> None:
        with spans.span_of_outgoing_request("POST", "example.com") as outgoing:
            outgoing.status = 503

        [span] = exporter.get_finished_spans()
        assert (span.name, span.kind, span.status.status_code) == ("POST", SpanKind.CLIENT, StatusCode.ERROR)
        assert dict(span.attributes or {}) == {
            "http.request.method": "POST",
            "server.address": "example.com",
            "http.response.status_code": 503,
        }
        assert span.context.trace_id == int(outgoing.headers["traceparent"].split("-")[1], 16)

    def test_carry_nothing_where_nobody_asks(self) -> None:
        with outgoing_request("POST", "example.com") as outgoing:
            assert outgoing.headers == {}


class TestSettings:
    def test_an_endpoint_needs_the_packages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(settings, "PACKAGE", "not-installed")

        with pytest.raises(ValueError, match="uv sync --extra otel"):
            TelemetrySettings.model_validate({"otel_exporter_otlp_endpoint": "http://localhost:4318"})
