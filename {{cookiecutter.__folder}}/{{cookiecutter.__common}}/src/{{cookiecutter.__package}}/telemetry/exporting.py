"""Sends traces and metrics to the collector at OTEL_EXPORTER_OTLP_ENDPOINT, over HTTP."""

import os
from collections.abc import Callable, Iterable, Mapping

from dotenv import dotenv_values
from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from ..core.settings import ROOT, SERVICE, get_settings
from .database import gauges as database_gauges
from .database import trace_statements

type Gauges = Mapping[str, Callable[[], int]]


def start(gauges: Gauges) -> None:
    if get_settings().environment != "test":  # OpenTelemetry does not read `.env` itself.
        for name, value in dotenv_values(ROOT / ".env").items():
            if name.startswith("OTEL_") and value:
                os.environ.setdefault(name, value)
    os.environ.setdefault("OTEL_SERVICE_NAME", SERVICE)
    resource = Resource.create({"deployment.environment.name": get_settings().environment})
    traces = TracerProvider(resource=resource)
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(traces)
    metrics.set_meter_provider(MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())], resource))
    for name, measure in {**database_gauges(), **gauges}.items():
        _observe(name, measure)
    trace_statements()


def _observe(name: str, measure: Callable[[], int]) -> None:
    def observe(_options: CallbackOptions) -> Iterable[Observation]:
        return [Observation(measure())]

    metrics.get_meter(__name__).create_observable_gauge(name.replace("_", "."), [observe])
