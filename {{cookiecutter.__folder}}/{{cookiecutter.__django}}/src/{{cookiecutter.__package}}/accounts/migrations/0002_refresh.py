"""When a refresh token was used: each is good for one use."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_accounts"),
    ]

    operations = [
        migrations.AddField(
            model_name="refreshtoken",
            name="used_at",
            field=models.DateTimeField(null=True),
        ),
    ]
