"""What DATABASE_URL may be."""


def check_database_url(value: str) -> str:
    """Raises ValueError, which does not repeat the value."""
    if not value.removeprefix("sqlite:///") or not value.startswith("sqlite:///"):
        raise ValueError("should be like sqlite:////absolute/path")
    return value
