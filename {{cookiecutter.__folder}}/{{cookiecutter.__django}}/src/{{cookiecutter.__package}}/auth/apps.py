"""Gives this app a label of its own, because `django.contrib.auth` has the label `auth`."""

from django.apps import AppConfig


class AuthConfig(AppConfig):
    name = __package__
    label = "service_auth"
