"""An example feature for the tests of migrations: samples of users."""

MODELS = '''"""Tables of samples."""

from django.db import models


class Sample(models.Model):
    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey("users.User", on_delete=models.DB_CASCADE, related_name="samples")
    text = models.CharField(max_length=1000)

    class Meta:
        db_table = "samples"
'''
