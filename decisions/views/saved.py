"""Views of the list that somebody keeps under a name."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from decisions.access import person
from decisions.models import SavedFilter
from decisions.views import narrowing
from decisions.views.listing import teams_of

MOST = 50
"""Saved filters a person may have."""


class NewFilter(forms.ModelForm):
    """A name for the filters that stand in an address."""

    class Meta:
        model = SavedFilter
        fields = ("name", "query")


@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the filters under a name; the same name again replaces what was kept under it."""
    user = person(request)
    form = NewFilter(request.POST)
    back = reverse("decisions")
    if not form.is_valid():
        words = " ".join(str(text) for texts in form.errors.values() for text in texts)
        messages.error(request, f"Not saved: give the filter a name of at most 60 characters. {words}")
        return redirect(f"{back}?{request.POST.get('query', '')[:1000]}")
    chosen = narrowing.read(QueryDict(form.cleaned_data["query"]), narrowing.teams_of(teams_of(user)))
    query = chosen.address().removeprefix("?")
    if not query:
        messages.error(request, "Nothing to save: choose a filter first.")
        return redirect("decisions")
    kept = SavedFilter.objects.of(user)
    if kept.count() >= MOST and not kept.filter(name=form.cleaned_data["name"]).exists():
        messages.error(request, f"Not saved: you have {MOST} saved filters already. Delete one first.")
        return redirect(f"{back}?{query}")
    SavedFilter.objects.update_or_create(user=user, name=form.cleaned_data["name"], defaults={"query": query})
    messages.success(request, f"Saved as “{form.cleaned_data['name']}”.")
    return redirect(f"{back}?{query}")


@require_POST
def delete_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of one's own filters."""
    one = get_object_or_404(SavedFilter.objects.of(person(request)), pk=pk)
    one.delete()
    messages.success(request, f"“{one.name}” is deleted. What it chose is still chosen here: save it again to undo.")
    return redirect(f"{reverse('decisions')}?{one.query}")
