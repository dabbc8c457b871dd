"""Call this before using tables outside of the server."""

from .features import feature_modules


def setup() -> None:
    """Loads the tables of every feature, because they may refer to each other."""
    list(feature_modules("models"))
