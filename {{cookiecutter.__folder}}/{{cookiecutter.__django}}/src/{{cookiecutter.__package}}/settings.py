"""What Django wants to know. What an operator may set is in core/settings.py."""

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

# Asked for with the first connection: tools that only load the settings need no database.
DATABASES = SimpleLazyObject(lambda: {"default": database_settings(get_settings())})

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

# Others do this: the middleware in asgi.py checks hosts, bodies and what is left of errors, core/logging.py logs.
ALLOWED_HOSTS = ["*"]
APPEND_SLASH = False
DATA_UPLOAD_MAX_NUMBER_FIELDS = None
DEBUG_PROPAGATE_EXCEPTIONS = True
LOGGING_CONFIG = None
