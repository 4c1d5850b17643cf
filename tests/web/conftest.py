"""What the tests of pages share."""

import pytest
from django.test import Client

from tests import factories


@pytest.fixture
def root(client: Client, db: None) -> Client:
    """A client of somebody who administers the whole instance."""
    user = factories.stranger("Rosa Ott")
    user.is_staff = user.is_superuser = True
    user.save()
    client.force_login(user)
    return client
