"""What the routes of {{ many }} need."""

from ..core.routing import current_session
from ..users.dependencies import user_service
from .repository import {{ Note }}Repository
from .service import {{ Note }}Service


def {{ note }}_service() -> {{ Note }}Service:
    return {{ Note }}Service({{ Note }}Repository(current_session()){{ ", user_service()" if owned }})
