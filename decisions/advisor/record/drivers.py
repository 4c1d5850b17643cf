"""The first sections of a record: the problem, what drives the decision, and what was asked for but does not."""

from collections.abc import Mapping

from decisions.advisor.record.labels import choice, label, value
from decisions.advisor.record.material import Material, requirement_noun, requirement_text
from decisions.advisor.record.value import Block, Bullets, Paragraph, Section, Table, Text
from decisions.advisor.record.words import count, exact, listed, sentence

ESTATE = (
    ("clusters", "cluster"),
    ("nodes", "node"),
    ("pods", "pod"),
    ("services", "service"),
    ("namespaces", "namespace"),
)
SCOPE = "context.scope"


def problem(material: Material) -> Section:
    """Context and problem statement."""
    about = material.about
    subject = f"for {about.system}" if about.system else "here"
    question = (
        f"Which networking approach {subject} is the simplest that meets the real requirements: no mesh, encryption in "
        "the CNI, an eBPF mesh, an ambient mesh or a sidecar mesh?"
    )
    blocks: list[Block] = [Paragraph(text=Text(text=question), tone="lead")]
    blocks += [Paragraph(text=Text(text=text)) for text in (_estate(material), _needs(material)) if text]
    circumstances = [
        # Names of namespaces stand as they were typed.
        Text(term=f"{label(path)}:", text=value(path, given) if path == SCOPE else sentence(value(path, given)))
        for path, given in (
            (f"context.{key}", material.section("context").get(key))
            for key in ("current", "scope", "deadline", "threats", "assessor_confirmed", "assessor_note")
        )
        if given
    ]
    if circumstances:
        blocks.append(Bullets(items=tuple(circumstances)))
    return Section(id="context", title="Context and Problem Statement", blocks=tuple(blocks))


def _estate(material: Material) -> str:
    baseline = material.section("baseline")
    parts = [count(given, one) for key, one in ESTATE if isinstance(given := baseline.get(key), int)]
    if not parts:
        return "Nobody has measured the system yet: its size is not part of this record."
    text = f"The system has {listed(parts)}"
    peak = material.number("baseline.peak_rps")
    if peak is not None:
        text += f", and carries {exact(peak)} east-west requests a second at its peak"
    p99, objective = material.number("baseline.p99_ms"), material.number("baseline.slo_p99_ms")
    if p99 is not None:
        text += f". The critical path answers in {exact(p99)} ms at p99"
        if objective is not None:
            text += f", against an objective of {exact(objective)} ms"
    return f"{text}."


def _needs(material: Material) -> str:
    supported: list[str] = []
    demoted: list[str] = []
    nice: list[str] = []
    kept = {one.requirement: one.kept for one in material.recommendation.demoted}
    for requirement, answer in _answers(material):
        if answer.get("need") == "must":
            (supported if kept.get(requirement, True) else demoted).append(requirement)
        elif answer.get("need") == "nice":
            nice.append(requirement)
    if not supported and not demoted and not nice:
        return "No requirement has been named yet."
    parts = [count(len(supported), "must-have") if supported else "no must-have that holds"]
    if demoted:
        parts.append(f"{count(len(demoted), 'requirement')} asked for as must-have but counted as nice to have")
    if nice:
        parts.append(count(len(nice), "nice-to-have"))
    return f"The decision rests on {listed(parts)}."


def _answers(material: Material) -> list[tuple[str, Mapping[str, object]]]:
    found = []
    for requirement, answer in material.section("requirements").items():
        opened = answer if isinstance(answer, Mapping) else {"need": answer}
        found.append((requirement, opened))
    return found


def drivers(material: Material) -> Section:
    """Decision drivers with their evidence; below them what was demoted and what was kept by an override."""
    blocks: list[Block] = []
    rows = [_driver(material, requirement, answer) for requirement, answer in _answers(material) if _drives(answer)]
    rows.sort(key=lambda row: not row[1].text.startswith("Must-have"))
    if rows:
        head = ("Requirement", "Counts as", "Evidence")
        blocks.append(
            Table(caption="What drives the decision", head=head, rows=tuple(rows), widths=(38, 17, 45)),
        )
    else:
        blocks.append(Paragraph(text=Text(text="No requirement has been named yet, so nothing drives the decision.")))
    blocks += [
        Paragraph(text=Text(term=term, text=f"{listed(nouns)}."), tone="small")
        for term, need in (("Not needed:", "not_needed"), ("Not sure:", "not_sure"))
        if (nouns := [requirement_noun(one) for one, answer in _answers(material) if answer.get("need") == need])
    ]
    return Section(id="drivers", title="Decision Drivers", blocks=tuple(blocks), sections=tuple(_exceptions(material)))


def _drives(answer: Mapping[str, object]) -> bool:
    return answer.get("need") in {"must", "nice"}


def _driver(material: Material, requirement: str, answer: Mapping[str, object]) -> tuple[Text, Text, Text]:
    kept = {one.requirement: one.kept for one in material.recommendation.demoted}.get(requirement)
    standing = "Must-have" if answer.get("need") == "must" else "Nice to have"
    if standing == "Must-have" and kept is not None:
        standing = "Must-have, kept by override" if kept else "Nice to have, demoted"
    scope = answer.get("scope")
    text = f"{requirement_text(requirement)} (scope: {scope})" if scope else requirement_text(requirement)
    return Text(text=text), Text(text=standing), Text(text=_evidence(answer))


def _evidence(answer: Mapping[str, object]) -> str:
    evidence, fix = _mapping(answer.get("evidence")), _mapping(answer.get("simplest_fix"))
    kind, reference = choice(_said(evidence, "kind")), _said(evidence, "reference")
    parts = [f"{kind}: {reference}" if kind and reference else kind or reference]
    if _said(evidence, "who"):
        parts.append(f"named by {_said(evidence, 'who')}")
    parts.append(_said(evidence, "url"))
    if _said(answer, "note"):
        parts.append(f"note: {_said(answer, 'note')}")
    named = [part for part in parts if part]
    said = [sentence("; ".join(named)) if named else "None named."]
    if _said(fix, "outcome"):
        seen = f" ({_said(fix, 'note')})" if _said(fix, "note") else ""
        said.append(sentence(f"The smallest fix: {choice(_said(fix, 'outcome'))}{seen}"))
    return " ".join(said)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _said(given: Mapping[str, object], key: str) -> str:
    return str(given.get(key) or "")


def _exceptions(material: Material) -> list[Section]:
    demoted = [one for one in material.recommendation.demoted if not one.kept]
    kept = [one for one in material.recommendation.demoted if one.kept]
    found = []
    for entries, identity, title, opening in (
        (demoted, "demoted", "Demoted Requirements", "Asked for as must-haves, counted as nice to have:"),
        (kept, "overrides", "Overrides", "Kept as must-haves without accepted evidence, with the reason given:"),
    ):
        items = tuple(Text(term=f"{requirement_text(one.requirement)}:", text=sentence(one.because)) for one in entries)
        if items:
            blocks = (Paragraph(text=Text(text=opening)), Bullets(items=items))
            found.append(Section(id=identity, title=title, blocks=blocks))
    return found
