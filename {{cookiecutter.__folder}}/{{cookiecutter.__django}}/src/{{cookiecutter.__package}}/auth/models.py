"""Tables of auth."""

from django.db import models

from ..users.models import User


class LoginSession(models.Model):
    """A sign-in on one device. Access tokens name it, and are refused when its row is gone."""

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, related_name="sessions")
    user_agent = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        db_table = "sessions"


class RefreshToken(models.Model):
    token_hash = models.CharField(max_length=64, primary_key=True)
    session = models.ForeignKey(LoginSession, on_delete=models.DB_CASCADE, related_name="refresh_tokens")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "refresh_tokens"


class EmailToken(models.Model):
    """What the link in a mail proves: that who opens it reads the mail of `email`. A user has one for each purpose. The
    hash is there when the worker has made the token.
    """

    id = models.UUIDField(primary_key=True)
    token_hash = models.CharField(max_length=64, null=True, unique=True)
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, db_index=False, related_name="email_tokens")
    purpose = models.CharField(max_length=20)
    email = models.CharField(max_length=254)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "email_tokens"
        constraints = (models.UniqueConstraint(fields=("user", "purpose"), name="uq_email_tokens_user_id_purpose"),)


class LoginAttempts(models.Model):
    """What LOGIN_RATE_LIMIT and MAIL_RATE_LIMIT count: when a network tried to sign in, for example, or asked for a
    mail.
    """

    key = models.CharField(max_length=64, primary_key=True)
    times = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "login_attempts"
