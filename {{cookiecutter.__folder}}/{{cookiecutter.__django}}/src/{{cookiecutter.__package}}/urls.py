"""The features of the service and the paths that lead to them."""

from django.urls import path

from .core.error_handlers import respond_not_found
from .core.routing import Api
from .features import feature_modules
from .system.api import router as system

api = Api()
api.add_router("", system)
for module in feature_modules("api"):
    api.add_router("/api/v1", module.router)

urlpatterns = [path("", api.urls)]
handler404 = respond_not_found
