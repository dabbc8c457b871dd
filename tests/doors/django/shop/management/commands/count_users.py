from typing import Any

from django.core.management.base import BaseCommand

from ....users.models import User


class Command(BaseCommand):
    help = "Says how many users there are."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{User.objects.count()} users")
