"""The server, the commands and the tests call this first."""

import os

import django


def setup() -> None:
    """Makes Django ready, so that models can be imported and the database can be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"{__package__}.settings")
    django.setup(set_prefix=False)
