"""A span and a duration for each request, in the words of OpenTelemetry's semantic conventions for HTTP."""

from time import perf_counter

from opentelemetry import metrics, trace
from opentelemetry.propagate import extract
from structlog.contextvars import bind_contextvars

from ..core.settings import Settings
from ..pipeline.bodies import Receive
from ..pipeline.middleware import App, Message, Middleware, Scope, Send, route_of
from .spans import span_of, trace_id_of

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)

type Attributes = dict[str, str | int]


class Tracing(Middleware):
    """Neither has the path of a request, which may contain anything: they have the pattern of its route."""

    def __init__(self, app: App, settings: Settings) -> None:
        super().__init__(app, settings)
        self.tracer = trace.get_tracer(__name__)
        self.duration = metrics.get_meter(__name__).create_histogram(
            "http.server.request.duration", "s", explicit_bucket_boundaries_advisory=SECONDS
        )

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, status = perf_counter(), 500
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}

        async def send_and_note(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        with span_of(self.tracer, scope["method"], trace.SpanKind.SERVER, extract(headers)) as span:
            bind_contextvars(trace_id=trace_id_of(span))
            try:
                await self.next(scope, receive, send_and_note)
            finally:
                attributes = _attributes(scope, status)
                span.update_name(" ".join([scope["method"], str(attributes.get("http.route", ""))]).strip())
                span.set_attributes(attributes)
                if status >= 500:
                    span.set_status(trace.StatusCode.ERROR)
                self.duration.record(perf_counter() - started, attributes)


def _attributes(scope: Scope, status: int) -> Attributes:
    attributes: Attributes = {
        "http.request.method": scope["method"],
        "http.response.status_code": status,
        "url.scheme": scope["scheme"],
    }
    if route := route_of(scope):
        attributes["http.route"] = route
    return attributes
