"""The features of the service and the paths that lead to them."""

from django.urls import path

from .core.routing import Api, respond
from .core.settings import get_settings
from .features import feature_modules
from .mail.preview import show_mails
from .system.api import router as system
from .system.contract import contract_as_json

contract_as_json()  # Fails at the start if two features define the same.

api = Api()
api.add_router("", system)
for feature in feature_modules("api"):
    api.add_router("/api/v1", feature.router)

urlpatterns = [path("", api.urls)]
if get_settings().environment == "development":
    urlpatterns.append(path("mails", show_mails))
handler400 = handler403 = handler404 = respond
