"""The application: its middleware, its features and its error handlers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.middleware import Middleware

from .auth.tokens import user_of
from .core.database import THREADS
from .core.error_handlers import add_error_handlers
from .core.logging import configure_logging
from .core.settings import get_settings
from .features import feature_modules
from .jobs.registry import registered_jobs
from .mail.preview import router as mails
from .pipeline import middleware, websockets
from .pipeline.middleware import Middlewares
{{ {"sqlite": "from .pipeline.turns import Turns\n"}.get(cookiecutter.database, "") -}}
from .system.contract import contract_as_json
from .system.routes import router as system
from .telemetry.service import start_telemetry, tracing

# The first one sees a request first and its response last.
MIDDLEWARE: Middlewares = [
    websockets.Handshake,
    middleware.JoinedHeaders,
    middleware.RequestId,
    tracing,
    middleware.AccessLog,
    middleware.HeadAsGet,
    middleware.SecurityHeaders,
    middleware.Cors,
    middleware.ErrorResponses,
    middleware.TrustedProxies,
    middleware.TrustedHosts,
    middleware.BodySize,
    middleware.CorsPreflight,
    partial(middleware.RateLimit, user_of=user_of),
    middleware.ExactPaths,
    middleware.ReceivedBody,{{ {"sqlite": "\n    Turns,"}.get(cookiecutter.database, "") }}
    websockets.WebSocket,
]


def create_app() -> FastAPI:
    settings = get_settings()
    configure_logging(settings.log_level, settings.logs_as_json)
    for feature in feature_modules("settings"):
        feature.get_settings()  # Fails at the start if one is wrong.
    start_telemetry()
    contract_as_json()  # Fails at the start if two features define the same.
    registered_jobs()  # Fails at the start if one could not run.
    app = FastAPI(
        openapi_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # `tracing` of MIDDLEWARE does it.
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        lifespan=lifespan,
        middleware=[Middleware(wrap, settings) for wrap in MIDDLEWARE],
    )
    app.include_router(system)
    for feature in feature_modules("routes"):
        app.include_router(feature.router)
    if settings.environment == "development":
        app.include_router(mails)
    add_error_handlers(app)
    return app


def refuse_unreachable_handlers(app: FastAPI) -> None:
    """A handler that is never called would be found out by an error."""
    if app.exception_handlers.keys() & {500, Exception}:
        raise TypeError(
            "A handler for Exception or 500 is never called: ErrorResponses in pipeline/middleware.py answers first."
            " Add one for a class of your own, or change ErrorResponses."
        )


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    refuse_unreachable_handlers(app)
    current_default_thread_limiter().total_tokens = THREADS
    yield


app = create_app()
