"""What the routes of {{ many }} need."""

from ..users.dependencies import users
from .repository import {{ Note }}Repository
from .service import {{ Note }}Service

{{ notes }} = {{ Note }}Service({{ Note }}Repository(){{ ", users" if owned }})
