"""What Django wants to know. What an operator may set is in core/settings.py."""

from django.utils.functional import SimpleLazyObject

from .core.database_url import database_url
from .core.engine import database_settings
from .core.settings import get_settings
from .features import FEATURES

SECRET_KEY = get_settings().secret_key.get_secret_value()
INSTALLED_APPS = [f"{__package__}.{feature}" for feature in FEATURES]
ROOT_URLCONF = "{{ cookiecutter.__package }}.urls"
WSGI_APPLICATION = "{{ cookiecutter.__package }}.wsgi.application"

# Asked for with the first connection: tools that only load the settings need no database.
DATABASES = SimpleLazyObject(lambda: {"default": database_settings(database_url(get_settings()))})

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

# Others see to these: the edge of the service to hosts, bodies and what escapes, core/logging.py to the log.
ALLOWED_HOSTS = ["*"]
APPEND_SLASH = False
DATA_UPLOAD_MAX_NUMBER_FIELDS = None
DEBUG_PROPAGATE_EXCEPTIONS = True
LOGGING_CONFIG = None
