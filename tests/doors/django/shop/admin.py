"""What Django's admin shows."""

from django.contrib import admin

from ..users.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    fields = ("name",)
