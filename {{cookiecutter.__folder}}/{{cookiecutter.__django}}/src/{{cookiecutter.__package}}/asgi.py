"""The application, as the server of `serve` and `dev` takes it."""

from .core.bridge import Bridge
from .wsgi import application as wsgi_application

application = Bridge(wsgi_application)
