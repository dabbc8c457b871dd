"""The application: its features, and what becomes of an error."""

from fastapi import FastAPI

from .accounts.routes import router as accounts
from .core.asgi import EdgeMiddleware
from .core.error_handlers import add_error_handlers
from .core.logging import configure_logging
from .core.settings import get_settings
from .system.routes import router as system

FEATURES = [
    accounts,
]


def create_app() -> FastAPI:
    settings = get_settings()
    configure_logging(settings)
    app = FastAPI(openapi_url=None, redirect_slashes=False, generate_unique_id_function=lambda route: route.name)
    app.include_router(system)
    for feature in FEATURES:
        app.include_router(feature)
    app.add_middleware(EdgeMiddleware, settings=settings)
    add_error_handlers(app)
    return app


app = create_app()
