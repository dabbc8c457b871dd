"""The application, as a server takes it."""

from importlib import import_module

from django.conf import settings as django_settings
from django.db import connections

from .core.handler import Handler
from .core.logging import configure_logging
from .core.settings import get_settings
from .core.setup import setup
from .core.wsgi import EdgeMiddleware


def create_application() -> EdgeMiddleware:
    settings = get_settings()
    configure_logging(settings)
    setup()
    # At the start, not with the first requests: routes that are refused, and where the database is.
    import_module(django_settings.ROOT_URLCONF)
    connections.all()
    return EdgeMiddleware(Handler(), settings)


application = create_application()
