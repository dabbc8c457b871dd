"""What DATABASE_URL may be."""

import re


def check_database_url(value: str) -> str:
    """Raises ValueError, which does not repeat the value."""
    if not re.match("sqlite:///.", value):
        raise ValueError("should be like sqlite:////absolute/path")
    return value
