"""Tables of kept answers."""

from django.db import models

from ..users.models import User


class KeptAnswer(models.Model):
    """The answer to the first request of a user with a key."""

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, db_index=False)
    operation = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    content_hash = models.CharField(max_length=64)
    status = models.IntegerField()
    headers = models.JSONField()
    body = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "kept_answers"
        constraints = (
            models.UniqueConstraint(fields=("user", "operation", "key"), name="uq_kept_answers_user_id_operation_key"),
        )

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"
