"""How Django knows this feature: its own `django.contrib.auth` has the label `auth`."""

from django.apps import AppConfig


class AuthConfig(AppConfig):
    name = __package__
    label = "service_auth"
