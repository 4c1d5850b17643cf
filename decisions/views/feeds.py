"""Reviews as a calendar and as a feed, fetched with a secret address instead of a sign-in."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event, vDuration

from decisions.access import person
from decisions.due import overdue
from decisions.models import Decision, FeedAddress, Status, User
from decisions.models.lists import hashed, new_secret

MOST = 1000
"""Reviews of one feed, the next ones first."""
AHEAD = 30
"""Days before a review is due that the Atom feed names it; a calendar names all of them."""


def feeds(request: HttpRequest) -> HttpResponse:
    """The page where a person makes the address of their feeds, or takes it away."""
    user = person(request)
    context: dict[str, object] = {}
    if request.method == "POST":
        FeedAddress.objects.of(user).delete()
        if "remove" in request.POST:
            messages.success(request, "The address is dead from now on.")
            return redirect("feeds")
        secret = new_secret()
        FeedAddress.objects.create(user=user, sha256=hashed(secret), made_at=timezone.now())
        for name in ("calendar", "atom"):
            context[name] = request.build_absolute_uri(reverse(name, args=(secret,)))
    response = render(request, "account/feeds.html", context | {"address": FeedAddress.objects.of(user).first()})
    response.headers["Cache-Control"] = "no-store"
    return response


def owner(secret: str) -> User:
    """Whose feeds a secret opens; 404 for anything else, and for people who may not sign in any more."""
    found = FeedAddress.objects.filter(sha256=hashed(secret), user__is_active=True).select_related("user").first()
    if found is None:
        raise Http404
    return found.user


@login_not_required
@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """All reviews of accepted decisions as whole days (RFC 5545)."""
    user = owner(secret)
    result = Calendar()
    result.add("prodid", "-//MeshAdvisor//Reviews//EN")
    result.add("version", "2.0")
    result.add("x-wr-calname", "MeshAdvisor reviews")
    result.add("refresh-interval", vDuration(dt.timedelta(hours=12)))
    accepted = Decision.objects.of(user).filter(status=Status.ACCEPTED, review_on__isnull=False)
    for one in accepted.with_names().defer("case", "words").order_by("-review_on", "-pk")[:MOST]:
        address = request.build_absolute_uri(one.get_absolute_url())
        event = Event()
        event.add("uid", f"{one.organisation.slug}-{one.number}-review@{request.get_host()}")
        event.add("dtstamp", one.changed_at)
        event.add("dtstart", one.review_on)
        event.add("summary", f"Review {one.number}: {one.title}")
        event.add("description", f"{one.team}, {one.system}\n{address}")
        event.add("url", address)
        event.add("transp", "TRANSPARENT")
        result.add_component(event)
    return private(HttpResponse(result.to_ical(), content_type="text/calendar; charset=utf-8"))


@login_not_required
@require_safe
def atom(request: HttpRequest, secret: str) -> HttpResponse:
    """Reviews that are overdue or come up soon, one entry each (RFC 4287)."""
    user = owner(secret)
    feed = Atom1Feed(
        title="Reviews due, MeshAdvisor",
        link=request.build_absolute_uri(f"{reverse('decisions')}?review=overdue"),
        description="Accepted decisions to be looked at again",
        feed_guid=request.build_absolute_uri(reverse("decisions")),
    )
    due = overdue(Decision.objects.of(user), timezone.localdate(), AHEAD)
    for one in due.with_names().defer("case", "words")[:MOST]:
        address = request.build_absolute_uri(one.get_absolute_url())
        feed.add_item(
            title=f"Review {one.number}: {one.title}",
            link=address,
            description=f"{one.team}, {one.system}: due {one.review_on:%-d %B %Y}",
            unique_id=f"{address}#review-{one.review_on}",
            updateddate=one.changed_at,
        )
    return private(HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"))


def private(response: HttpResponse) -> HttpResponse:
    """A file that only the holder of its address may see: kept nowhere, and named to nobody."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
