"""Where the database is: one SQLite file."""

from .settings import ROOT, Settings

# Of a worker, and so the requests that it works on at a time: most may wait, for a lock or to hash a password.
CONNECTIONS = 128
# Probes have their own: they come when all others wait.
PROBE_CONNECTIONS = 2


def database_url(settings: Settings) -> str:
    """sqlite:///relative/path or sqlite:////absolute/path; without DATABASE_URL, a file in `data/`."""
    if settings.database_url:
        return settings.database_url
    folder = ROOT / "data" / settings.environment
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'service.sqlite3'}"
