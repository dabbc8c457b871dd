"""Tables of notes."""

from typing import ClassVar

from django.db import models

from ..users.models import User


class Note(models.Model):
    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, related_name="notes", db_index=False)
    title = models.CharField(max_length=200)
    text = models.CharField(max_length=10000)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "notes"
        indexes: ClassVar = [models.Index(fields=["user", "id"], name="ix_notes_user_id_id")]
