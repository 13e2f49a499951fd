"""An OpenID provider as a hospital may run one: Django OAuth Toolkit, with users who have roles, and one client.

    provider.py FOLDER PORT REDIRECT_URI    # serves http://127.0.0.1:PORT/o until it is ended; its client is hms, with the secret in FOLDER/secret
"""

import pathlib
import secrets
import sys

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

folder, port, redirect_uri = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
folder.mkdir(parents=True, exist_ok=True)
key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()

settings.configure(
    SECRET_KEY=secrets.token_hex(),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.db")}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages", "oauth2_provider"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {"login.html": '<form method="post">{% csrf_token %}{{ form.as_p }}<input type="hidden" name="next" value="{{ next }}"></form>'},
                    )
                ]
            },
        }
    ],
    LOGIN_URL="/login",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    OAUTH2_PROVIDER={
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": pem,
        "OIDC_ISS_ENDPOINT": f"http://127.0.0.1:{port}/o",
        "PKCE_REQUIRED": True,
        "SCOPES": {"openid": "who somebody is", "profile": "what he is called"},
        "OAUTH2_VALIDATOR_CLASS": f"{__name__}.Validator",
    },
)
django.setup()

from django.contrib.auth import views  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.management import call_command, execute_from_command_line  # noqa: E402
from django.urls import include, path  # noqa: E402
from oauth2_provider.models import get_application_model  # noqa: E402
from oauth2_provider.oauth2_validators import OAuth2Validator  # noqa: E402

urlpatterns = [
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("login", views.LoginView.as_view(template_name="login.html")),
]


class Validator(OAuth2Validator):
    oidc_claim_scope = None

    def get_additional_claims(self, request):
        claims = {"preferred_username": request.user.username, "groups": [group.name for group in request.user.groups.all()]}
        if request.user.last_name:
            claims["employee"] = request.user.last_name
        return claims


if __name__ == "__main__":
    sys.modules["provider"] = sys.modules["__main__"]
    call_command("migrate", verbosity=0)
    secret = secrets.token_urlsafe(32) + ":&="
    (folder / "secret").write_text(secret + "\n")
    for name, group, employee in [("asha", "Front Desk", ""), ("meera", "Physicians", "doc_01hv0000000000000000000000"), ("guest", "Visitors", "")]:
        user = User.objects.create_user(name, password="correct horse battery", last_name=employee)
        user.groups.add(Group.objects.create(name=group))
    get_application_model().objects.create(
        name="Hospital",
        client_id="hms",
        client_secret=secret,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=redirect_uri,
        algorithm="RS256",
        skip_authorization=True,
    )
    execute_from_command_line(["provider", "runserver", "--noreload", f"127.0.0.1:{port}"])
