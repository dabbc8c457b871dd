"""The application: its features, and what becomes of an error."""

from fastapi import FastAPI

from .core.asgi import EdgeMiddleware
from .core.error_handlers import add_error_handlers
from .core.logging import configure_logging
from .core.settings import get_settings
from .features import feature_modules
from .system.routes import router as system


def create_app() -> FastAPI:
    settings = get_settings()
    configure_logging(settings)
    app = FastAPI(openapi_url=None, redirect_slashes=False, generate_unique_id_function=lambda route: route.name)
    app.include_router(system)
    for routes in feature_modules("routes"):
        app.include_router(routes.router)
    app.add_middleware(EdgeMiddleware, settings=settings)
    add_error_handlers(app)
    return app


app = create_app()
