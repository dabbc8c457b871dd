"""Tables of jobs."""

from django.db import models


class Job(models.Model):
    """`due_at` is None for one that is set aside. While a worker runs it, `due_at` is the end of its lease, and this
    worker alone knows `claim_id`.
    """

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200)
    arguments = models.JSONField()
    schedule = models.CharField(max_length=100, null=True)
    request_id = models.CharField(max_length=64, null=True)
    traceparent = models.CharField(max_length=55, null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, db_index=True)
    claim_id = models.UUIDField(null=True)
    attempts = models.IntegerField()
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, null=True)

    class Meta:
        db_table = "jobs"

    def __str__(self) -> str:
        return f"{self.name} {self.id}"
