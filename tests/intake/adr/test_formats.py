"""Whole files in the formats people use, small and written for the test."""

import pytest

from decisions.intake.adr import Entry, File, Kind, read

MADR4 = """---
status: "superseded by [ADR-0012](0012-new.md)"
date: 2024-03-05
decision-makers: [Ann, Bob]
---

# Use `etcd` for state

## Context and Problem Statement

We need a store.

## Decision Outcome

Chosen option: "etcd".
"""
MADR2 = """# Use X

* Status: accepted
* Deciders: Ann
* Date: 2020-05-06

Technical Story: see <https://example.org>

## Context and Problem Statement

Text that says the request failed with Status: rejected.
"""
NYGARD = """# 9. Use X

Date: 2017-02-21

## Status

Accepted

Supercedes [3. Old](0003-old.md)

## Context

c

## Decision

d

## Consequences

e
"""
HISTORY = """# Use X

## Status

* 2020-01-01: proposed
* 2021-02-03: deprecated
* 2020-06-01: accepted

## Context

## Decision
"""
TABLE = """# Use X

| Status | Date | Author |
|---|---|---|
| Accepted | 2020-01-02 | Ann |

## Context

## Decision
"""
ROWS = """# Use X

| | |
|---|---|
| **Status** | Rejected |
| **Date** | 2 January 2020 |

## Context

## Decision
"""
CONTENTS = """# Use X

- [Status](#status)
- [Context](#context)

## Status

**Approved**

## Context

## Decision
"""
SETEXT = """Use X
=====

Status: proposed
Date: 2020-01-02
---

Context
-------

Decision
--------
"""
BACKSTAGE = """---
id: adrs-adr003
title: 'ADR003: Avoid Default Exports'
description: Architecture Decision Record
---

## Context

c

## Decision

d

## Consequences

e
"""
STATEMENT = """# Use X

In the context of the web shop, facing slow pages, we decided for caching and against sharding, to achieve speed,
accepting stale data.
"""
RST = """
4. Use X
########

:Date: 2021-03-04

Status
******

**Accepted** (March 2021)

.. comment: Status is rejected

Context
*******

c

Decision
********

See :doc:`0002-old`. This ADR supersedes `the old one <0003-old.rst>`_.
"""
ASCIIDOC = """= ADR-0007: Use X
Ann Example <ann@example.org>
v1.0, 2021-01-05: first
:toc:

== Status

*Accepted* +
Supersedes xref:0003-old.adoc[ADR 3].

////
Status: rejected
////

== Context

----
== Status
Rejected
----

== Decision

See https://example.org[elsewhere].
"""
ATTRIBUTES = """:showtitle:
:status: Draft
:date: 2026-03-10

= Use X

== Context

== Decision
"""
FRONTED = """---
status: proposed
created: '2026-07-03'
relations:
- status: accepted
---
[[use-x]]
== ADR-001: Use X

=== Status

Proposed.
"""
TERMS = """=== 4. Use X

Date: 2024-10-18

Status::

Accepted

Context::

c

Decision::

d
"""
CELLS = """= Use X

[cols="1,3"]
|===
|Status |Superseded by link:0009-new.adoc[9]

|Date
|3 May 2021
|===

== Context

== Decision
"""
FRENCH = """# Stratégie

Date : 22/11/2023

**Statut :** Accepté

## Contexte

c

## Décision

d
"""
ITALIAN_OR_NOT = """# Use X

Status: accepted

## Data

Rows since 2020-01-02 are kept.

## Context

## Decision
"""
ONE_LINE = """# Use X

**Status:** Accepted | **Date:** 2025-03-10 | **Review:** 2026-03-10

## Context

## Decision
"""
UNSPACED = """---
tag:Web Client
---

# 2. Use X

Date: 2018-08-28

## Status

Accepted
"""
TICKED = """# Use X

## Status

- [ ] Proposed
- [x] Accepted
- [ ] Rejected

## Context

## Decision
"""
INTRODUCED = """# 13. Use X

Introduced: 2022-05-16.

## Status

Accepted.
"""
ASKED = """# Title

Use X

## Creation Date

14/12/22

## Decision Date

15/12/22

## Status

Accepted

## Context

## Decision
"""


def one(path: str, text: str | bytes) -> Entry:
    (entry,) = read([File(path=path, data=text if isinstance(text, bytes) else text.encode())])
    return entry


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("0003-etcd.md", MADR4, ("Use `etcd` for state", 3, "superseded", "2024-03-05")),
        ("0003-x.md", MADR2, ("Use X", 3, "accepted", "2020-05-06")),
        ("0009-x.md", NYGARD, ("Use X", 9, "accepted", "2017-02-21")),
        ("0009-x.md", HISTORY, ("Use X", 9, "deprecated", "2021-02-03")),
        ("0009-x.md", TABLE, ("Use X", 9, "accepted", "2020-01-02")),
        ("0009-x.md", ROWS, ("Use X", 9, "rejected", "2020-01-02")),
        ("0009-x.md", CONTENTS, ("Use X", 9, "accepted", None)),
        ("0009-x.md", SETEXT, ("Use X", 9, "proposed", "2020-01-02")),
        ("docs/adr003-exports.md", BACKSTAGE, ("Avoid Default Exports", 3, None, None)),
        ("decisions/caching.md", STATEMENT, ("Use X", None, None, None)),
        ("0004-x.rst", RST, ("Use X", 4, "accepted", "2021-03-04")),
        ("0007-x.adoc", ASCIIDOC, ("Use X", 7, "accepted", "2021-01-05")),
        ("0007-x.adoc", ATTRIBUTES, ("Use X", 7, "draft", "2026-03-10")),
        ("adr-001-x.adoc", FRONTED, ("Use X", 1, "proposed", "2026-07-03")),
        ("0004-x.asciidoc", TERMS, ("Use X", 4, "accepted", "2024-10-18")),
        ("0004-x.adoc", CELLS, ("Use X", 4, "superseded", "2021-05-03")),
        ("0003-x.md", FRENCH, ("Stratégie", 3, "accepted", "2023-11-22")),
        ("0003-x.md", ITALIAN_OR_NOT, ("Use X", 3, "accepted", None)),
        ("0003-x.md", ONE_LINE, ("Use X", 3, "accepted", "2025-03-10")),
        ("0002-x.md", UNSPACED, ("Use X", 2, "accepted", "2018-08-28")),
        ("0013-x.md", INTRODUCED, ("Use X", 13, "accepted", "2022-05-16")),
        ("0001UseX.md", ASKED, ("Use X", 1, "accepted", "2022-12-15")),
        ("20201028-x.md", TICKED, ("Use X", None, "accepted", "2020-10-28")),
    ],
)
def test_what_stands_there_is_read(path: str, text: str, expected: tuple[object, ...]) -> None:
    decision = one(path, text).decision
    assert decision.kind is Kind.ADR
    assert (decision.title, decision.number, decision.status, decision.date) == expected


@pytest.mark.parametrize("place", ["above", "inside"])
def test_a_status_in_code_or_a_comment_is_none(place: str) -> None:
    example = "```\nStatus: accepted\n```\n\n<!-- Status: accepted -->\n"
    parts = ("", example) if place == "inside" else (example, "")
    text = f"# Use X\n\n{parts[0]}\n## Context\n\n{parts[1]}\n\n## Decision\n\nWe use `Status: accepted`.\n"
    assert one("0001-x.md", text).decision.status is None


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("template.md", MADR2, Kind.TEMPLATE),
        ("adr000-template.md", MADR2, Kind.TEMPLATE),
        ("adr.md", "# [short title of solved problem]\n\n* Status: [proposed | accepted]\n", Kind.TEMPLATE),
        ("0012-template-engine.md", MADR2, Kind.ADR),
        ("README.md", "# Decisions\n\n* [a](0001-a.md)\n* [b](0002-b.md)\n* [c](0003-c.md)\n", Kind.INDEX),
        ("0001-cache/README.md", NYGARD, Kind.ADR),
        ("guide.md", "# How to build\n\nType make.\n", Kind.OTHER),
        ("0001-start.md", "# Getting started\n\nType make.\n", Kind.OTHER),
        ("0001-x.md", b"\x00\x01\x02", Kind.OTHER),
    ],
)
def test_templates_indexes_and_other_texts_are_told_apart(path: str, text: str | bytes, kind: Kind) -> None:
    assert one(path, text).decision.kind is kind


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"---\n",
        b"---\nstatus: [\n---\n# x",
        b"\xff\xfe\x00",
        b"\xe4\xf6",
        b"[" * 50_000,
        b"> " * 20_000 + b"x",
        b"---\na: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n---\n",
        b"# \n\n| a |\n|---|\n",
        b"- " * 5_000,
        b"= x\n|===\n|a |b\n",
        b'[cols="0*"]\n|===\n|a',
        b"= x\n----\nnever closed",
        b"|" * 20_000,
        b"<<" * 20_000,
        b"*a" * 20_000,
    ],
)
@pytest.mark.parametrize("name", ["0001-x.md", "0001-x.rst", "0001-x.adoc"])
def test_no_file_is_too_damaged(data: bytes, name: str) -> None:
    assert one(name, data).decision.file == name


def test_half_filled_front_matter_is_read_line_by_line_and_said() -> None:
    entry = one(
        "0001-x.md",
        "---\nstatus: {proposed | accepted}\ndate: 2020-01-02\ndeciders: [a\n---\n# X\n\n## Context\n\n## Decision\n",
    )
    assert (entry.decision.status, entry.decision.date) == (None, "2020-01-02")
    assert any("not valid YAML" in problem for problem in entry.problems)


def test_numbers_in_front_matter_stay_text() -> None:
    entry = one("use-x.md", "---\nstatus: accepted\nsupersedes: 0012\n---\n# X\n\n## Context\n\n## Decision\n")
    assert entry.supersedes == ("0012",)


def test_asciidoc_says_what_it_supersedes() -> None:
    assert one("0007-x.adoc", ASCIIDOC).supersedes == ("0003-old.adoc",)
    assert one("0004-x.adoc", CELLS).superseded_by == ("0009-new.adoc",)
