"""An example feature for the tests of migrations: notes of users."""

MODELS = '''"""Tables of notes."""

from django.db import models


class Note(models.Model):
    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey("users.User", on_delete=models.DB_CASCADE, related_name="notes")
    text = models.CharField(max_length=1000)

    class Meta:
        db_table = "notes"
'''
