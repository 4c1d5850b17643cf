"""What the page of signing in asks besides."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from decisions.models import User
from decisions.views.demo import doors as found

register = template.Library()


@register.simple_tag(takes_context=True)
def doors(context: Mapping[str, Any]) -> Sequence[User]:
    """Whom of the demo one may be by one click."""
    return found(context["request"])
