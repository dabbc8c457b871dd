"""The features of the service and the paths that lead to them."""

from django.urls import path

from .accounts.api import router as accounts
from .core.error_handlers import respond_not_found
from .core.routing import Api
from .system.api import router as system

FEATURES = [
    accounts,
]

api = Api()
api.add_router("", system)
for feature in FEATURES:
    api.add_router("/api/v1", feature)

urlpatterns = [path("", api.urls)]
handler404 = respond_not_found
