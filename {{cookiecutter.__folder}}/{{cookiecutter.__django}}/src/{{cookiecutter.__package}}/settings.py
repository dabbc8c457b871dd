"""Django's settings. Those that an operator may change are in core/settings.py."""

from django.utils.functional import SimpleLazyObject

from .core.database import database_settings
from .core.settings import get_settings
from .features import FEATURES

SECRET_KEY = get_settings().secret_key.get_secret_value()
INSTALLED_APPS = [f"{__package__}.{feature}" for feature in FEATURES]
MIDDLEWARE = [f"{__package__}.core.routing.ProblemMiddleware"]
ROOT_URLCONF = f"{__package__}.urls"

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = [f"{__package__}.auth.backends.PasswordBackend"]

# Read at the first connection, so that tools which only load the settings need no database.
DATABASES = SimpleLazyObject(lambda: {"default": database_settings(get_settings())})

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

# Done elsewhere: the middleware in asgi.py checks hosts and bodies and handles errors; core/logging.py logs.
ALLOWED_HOSTS = ["*"]
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = None
DATA_UPLOAD_MAX_NUMBER_FIELDS = None  # Unknown parameters of a query are ignored, however many there are.
DEBUG_PROPAGATE_EXCEPTIONS = True
LOGGING_CONFIG = None
