"""Every way into the service begins here: the server, a command, the tests."""

import os

import django


def setup() -> None:
    """Makes Django ready: its models can be imported, its database can be asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"{__package__}.settings")
    django.setup(set_prefix=False)
