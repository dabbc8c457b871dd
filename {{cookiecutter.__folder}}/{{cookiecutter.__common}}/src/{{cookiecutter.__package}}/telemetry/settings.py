"""Settings of telemetry. OpenTelemetry reads the others of its variables itself."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Self

from pydantic import AnyHttpUrl, model_validator

from ..core.settings import EnvironmentSettings, read_settings

PACKAGE = "opentelemetry-exporter-otlp-proto-http"


class TelemetrySettings(EnvironmentSettings):
    otel_exporter_otlp_endpoint: AnyHttpUrl | None = None

    @model_validator(mode="after")
    def refuse_an_endpoint_without_the_packages(self) -> Self:
        try:
            if self.is_on:
                version(PACKAGE)
        except PackageNotFoundError:
            raise ValueError("OTEL_EXPORTER_OTLP_ENDPOINT needs more packages: uv sync --extra otel") from None
        return self

    @property
    def is_on(self) -> bool:
        return self.otel_exporter_otlp_endpoint is not None


@cache
def get_settings() -> TelemetrySettings:
    return read_settings(TelemetrySettings)
