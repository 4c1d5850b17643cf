"""Put into the demo organisation of DATA_DIR what leads to more pages; prints their addresses by person as JSON."""

import json
import os

import django


def main() -> None:
    """Records from elsewhere, one lot kept and one waiting; an invitation; a forgotten password."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    django.setup()
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str
    from django.urls import reverse
    from django.utils import timezone

    from decisions import importing, invitations
    from decisions.models import Membership, Role, User

    now, author = timezone.now(), Membership.objects.get(user__username="mara")
    kept, waiting = (
        importing.take(author.user, author.team, [(f"{number}.md", record(subject))], now)
        for number, subject in (("0007", "WireGuard"), ("0008", "one mesh"))
    )
    importing.keep(kept, author.user, now)
    place = invitations.Place(organisation=author.organisation, team=author.team, role=Role.VIEWER)
    _, link = invitations.invite(place, "new@example.org", by=User.objects.get(username="admin"), now=now)
    forgetful = User.objects.get(username="ingrid")
    key = {"uidb36": user_pk_to_url_str(forgetful), "key": default_token_generator.make_token(forgetful)}
    mailed = [f"/{link.split('/', 3)[3]}", reverse("account_reset_password_from_key", kwargs=key)]
    print(json.dumps({"stranger": mailed, "mara": [reverse("found", args=[waiting.pk])]}))


def record(subject: str) -> bytes:
    """A decision record as adr-tools writes it."""
    context = "Pods call each other in clear text."
    return (
        f"# Use {subject}\n\nDate: 2024-05-06\n\n## Status\n\nAccepted\n\n## Context\n\n{context}\n\n"
        f"## Decision\n\nWe use {subject}.\n\n## Consequences\n\nIt has to be run.\n"
    ).encode()


if __name__ == "__main__":
    main()
