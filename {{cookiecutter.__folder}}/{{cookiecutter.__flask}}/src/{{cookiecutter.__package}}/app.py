"""The application and its features."""

from flask import Flask, request

from .core.bridge import Bridge
from .core.error_handlers import add_error_handlers
from .core.logging import configure_logging
from .core.routing import ExactRule, IdConverter, register
from .core.settings import get_settings
from .core.wsgi import ROUTE, EdgeMiddleware, route_pattern
from .features import feature_modules
from .system.routes import routes as system


def create_app() -> Flask:
    settings = get_settings()
    configure_logging(settings)
    app = Flask(__name__, static_folder=None)
    app.config.update(PROVIDE_AUTOMATIC_OPTIONS=False, PROPAGATE_EXCEPTIONS=True)
    app.url_rule_class = ExactRule
    app.url_map.converters["id"] = IdConverter
    app.url_map.merge_slashes = False
    app.before_request(_note_route)
    app.register_blueprint(system)
    for module in feature_modules("routes"):
        register(app, module.routes)
    add_error_handlers(app)
    app.wsgi_app = EdgeMiddleware(app.wsgi_app, settings)  # type: ignore[method-assign]
    return app


def _note_route() -> None:
    if request.url_rule:
        request.environ[ROUTE] = route_pattern(request.url_rule.rule)


app = create_app()
asgi = Bridge(app)  # As the server of `serve` and `dev` takes it.
