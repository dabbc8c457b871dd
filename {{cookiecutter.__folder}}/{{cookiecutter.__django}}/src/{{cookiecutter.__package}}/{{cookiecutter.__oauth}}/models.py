"""Tables of the sign-in with Google and GitHub."""

from django.db import models

from ..users.models import User


class Identity(models.Model):
    """What opens an account beside its password. `subject` is the id of the user at the issuer, which never changes."""

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, related_name="identities")
    provider = models.CharField(max_length=20)
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    email = models.CharField(max_length=254)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "oauth_identities"
        constraints = (
            models.UniqueConstraint(fields=("provider", "issuer", "subject"), name="uq_oauth_identities_subject"),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.subject}"


class OAuthState(models.Model):
    """A sign-in that somebody has begun. `code_challenge` is the client's, `code_verifier` is sent to the provider.
    With `session_id`, it links an identity to the user of that session, if that is still open in the end.
    """

    state_hash = models.CharField(max_length=64, primary_key=True)
    provider = models.CharField(max_length=20)
    redirect_uri = models.CharField(max_length=2000)
    code_challenge = models.CharField(max_length=43)
    code_verifier = models.CharField(max_length=43)
    nonce = models.CharField(max_length=43)
    session_id = models.UUIDField(null=True)
    user_id = models.UUIDField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "oauth_states"

    def __str__(self) -> str:
        return self.provider
