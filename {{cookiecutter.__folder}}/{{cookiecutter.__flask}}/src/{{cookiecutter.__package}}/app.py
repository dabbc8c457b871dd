"""The application: its middleware, its features and its error handlers."""

from functools import partial

from flask import Flask

from .auth.tokens import user_of
from .core.error_handlers import add_error_handlers
from .core.logging import configure_logging
from .core.routing import IdConverter, Service, register
from .core.settings import get_settings
from .features import feature_modules
from .jobs.registry import registered_jobs
from .mail.preview import bp as mails
from .pipeline import middleware
from .pipeline.bridge import Bridge
from .pipeline.middleware import Middlewares, with_middleware
{{ {"sqlite": "from .pipeline.turns import Turns\n"}.get(cookiecutter.database, "") -}}
from .system.contract import contract_as_json
from .system.routes import bp as system
from .telemetry.service import start_telemetry, tracing

# The first one sees a request first and its response last.
MIDDLEWARE: Middlewares = [
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
]


def create_app() -> Flask:
    settings = get_settings()
    configure_logging(settings.log_level, settings.logs_as_json)
    for feature in feature_modules("settings"):
        feature.get_settings()  # Fails at the start if one is wrong.
    start_telemetry()
    contract_as_json()  # Fails at the start if two features define the same.
    registered_jobs()  # Fails at the start if one could not run.
    app = Service(__name__, static_folder=None)
    app.config.update(SECRET_KEY=settings.secret_key.get_secret_value(), PROVIDE_AUTOMATIC_OPTIONS=False)
    app.url_map.converters["id"] = IdConverter
    app.url_map.merge_slashes = False
    app.register_blueprint(system)
    for feature in feature_modules("routes"):
        register(app, feature.bp)
    if settings.environment == "development":
        app.register_blueprint(mails)
    add_error_handlers(app)
    return app


app = create_app()
asgi = with_middleware(Bridge(app), MIDDLEWARE, get_settings())  # For the server of `serve` and `dev`.
