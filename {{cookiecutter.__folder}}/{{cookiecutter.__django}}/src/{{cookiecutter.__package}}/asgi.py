"""The application: its middleware around Django. Django's own settings are in settings.py, its paths in urls.py."""

from functools import partial
from importlib import import_module

from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from .auth.tokens import user_of
from .core.logging import configure_logging
from .core.settings import get_settings
from .features import feature_modules
from .jobs.registry import registered_jobs
from .pipeline import middleware
from .pipeline.bridge import Bridge
from .pipeline.middleware import App, Middlewares, with_middleware
{{ {"sqlite": "from .pipeline.turns import Turns\n"}.get(cookiecutter.database, "") -}}
from .setup import setup
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


def create_application() -> App:
    settings = get_settings()
    configure_logging(settings.log_level, settings.logs_as_json)
    for feature in feature_modules("settings"):
        feature.get_settings()  # Fails at the start if one is wrong.
    setup()
    start_telemetry()
    # At the start, not at the first request: refuses wrong routes and jobs, and finds the database.
    import_module(django_settings.ROOT_URLCONF)
    registered_jobs()
    connections.all()
    return with_middleware(Bridge(WSGIHandler()), MIDDLEWARE, settings)


application = create_application()
