"""The distribution of latencies as it is drawn."""

import re

from django.template.loader import render_to_string

from decisions.rendering.quantiles import Curve, quantile_chart

POINTS = ((0.5, 10.0), (0.9, 27.0), (0.99, 60.0))


def test_of_two_runs_that_came_out_alike_both_lines_are_seen() -> None:
    chart = quantile_chart([Curve(name="monday.json", points=POINTS), Curve(name="tuesday.json", points=POINTS)])
    drawn = render_to_string("charts/quantiles.html", {"chart": chart})
    _, plot = drawn.split('<div class="graph">')
    lines = re.findall(r'<line class="curve (first|second)"[^>]*stroke-width="([\d.]+)"', plot)
    dots = re.findall(r'<circle class="dot (first|second)"[^>]* r="(\d)"', plot)
    for shown in (lines, dots):
        sizes = {tone: float(size) for tone, size in shown}
        assert sizes["first"] > 1.5 * sizes["second"], "the one below looks out on both sides"
        assert [tone for tone, _ in shown] == sorted(tone for tone, _ in shown), "the narrow one is drawn last"
