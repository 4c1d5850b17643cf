"""Forms made from the questions: one for every step, none written by hand."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import QueryDict

from decisions.advisor.case import Case, write
from decisions.advisor.questionnaire import DEMOTION_TEXT, Question, QuestionKind, Step, question_at
from decisions.advisor.questions import FIELDS, NOT_SURE, EvidenceKind, Field, Kind
from decisions.advisor.questions.asking import always
from decisions.advisor.understood import understood
from decisions.drafting import COMMENT, Clash, Saved, plain
from decisions.languages import typed

CLEAR = "clear"
"""What the buttons are called that take an answer back; their value is its path."""
NONE_OF_THEM = "none_of_them"
"""The word of a list of choices for "none of these", which is not the same as no answer."""
ALONE = {NOT_SURE: "Not sure", NONE_OF_THEM: "None of these"}
"""Answers to a list of choices that exclude all others."""
SHORT = 22
"""Letters of an option of which three or more fit in a row."""
LISTED = 8
"""Options beyond this many fold into a select box."""
YES_NO = (("yes", "Yes"), ("no", "No"))
NUMBERS = {Kind.INTEGER, Kind.NUMBER, Kind.SHARE, Kind.PERCENT}


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice of a field."""

    value: str
    label: str
    chosen: bool
    id: str
    keeps: bool = False
    """True for evidence that lets a must-have stay one."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """A field as a page shows it: the text in it, or its options; what is wrong; where the value came from."""

    field: Field
    text: str
    options: tuple[Option, ...]
    shown: bool
    error: str = ""
    origin: str = ""
    origin_date: str = ""
    understood: str | None = None

    @property
    def id(self) -> str:
        """The id of its control."""
        return f"f-{self.field.path.replace('.', '-')}"

    @property
    def template(self) -> str:
        """The partial that draws it."""
        if len(self.options) > LISTED and not self.is_list:
            return "wizard/questions/select.html"
        layout = "options" if self.options else "long" if self.field.kind is Kind.LONG_TEXT else "line"
        return f"wizard/questions/{layout}.html"

    @property
    def clears(self) -> bool:
        """Whether a button takes its answer back: one option of several cannot be unticked."""
        return bool(self.options) and not self.is_list and len(self.options) <= LISTED

    @property
    def answered(self) -> bool:
        """Whether one of its options is chosen."""
        return any(option.chosen for option in self.options)

    @property
    def wide(self) -> bool:
        """Whether it takes a row of its own."""
        return self.field.kind is Kind.URL

    @property
    def compact(self) -> bool:
        """Whether all options are short enough to stand three or more in a row."""
        return all(len(option.label) <= SHORT for option in self.options)

    @property
    def unit(self) -> str:
        """The unit behind the box. Shares are asked in percent."""
        return "%" if self.field.kind in {Kind.SHARE, Kind.PERCENT} else self.field.unit

    @property
    def is_number(self) -> bool:
        """Whether a numeric keyboard helps."""
        return self.field.kind in NUMBERS

    @property
    def is_list(self) -> bool:
        """Whether more than one option can be chosen."""
        return self.field.kind is Kind.CHOICES


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as a page shows it."""

    question: Question
    inputs: tuple[Input, ...]
    shown: bool
    not_sure: bool
    comment: str
    demotion: str = ""

    @property
    def template(self) -> str:
        """The partial that draws it."""
        kind = self.question.kind
        if kind in {QuestionKind.REQUIREMENT, QuestionKind.TRIAL}:
            return f"wizard/questions/{kind}.html"
        single = self.single is not None and not self.single.options
        return f"wizard/questions/{'single' if single else 'group'}.html"

    @property
    def single(self) -> Input | None:
        """The only field, when there is one: it is labelled by the question itself."""
        return self.inputs[0] if len(self.inputs) == 1 else None

    @property
    def unsure_about(self) -> Input | None:
        """The box to type in with which a "we do not know" is shown; None where there are options alone: they bring
        their own. One that always applies if there is one, for the words speak of all that are empty."""
        typed = [one for one in self.inputs if not one.options]
        return next((one for one in typed if one.field.when is always), typed[0] if typed else None)

    @property
    def comment_name(self) -> str:
        """The name of the comment's field; comments stand with the first field of a question."""
        return COMMENT + self.question.fields[0].path

    @property
    def parts(self) -> dict[str, Input]:
        """The inputs by their name: need, kind, who, reference, url, override, scope, note, outcome."""
        return {one.field.name: one for one in self.inputs}


@dataclass(frozen=True, kw_only=True)
class ShownClash:
    """An answer that two people gave differently, in words."""

    clash: Clash
    question: str
    mine: str
    theirs: str


class StepForm:
    """The questions of one step, filled from a case or from what was posted."""

    def __init__(self, step: Step, case: Case, posted: QueryDict | None = None) -> None:
        self.step = step
        self.case = case
        self.document = write(case)
        self.posted = posted
        self.problems: dict[str, str] = {}
        self.clashes: list[ShownClash] = []

    def asked(self) -> list[Asked]:
        """The questions to show. Trials of requirements that are no must-haves are left out altogether."""
        return [self._asked(one) for one in self.step.every_question if self._is_asked(one)]

    def applying(self) -> list[str]:
        """Ids of questions and paths of fields that apply to the answers so far."""
        found = []
        for question in self.step.questions(self.case):
            found.append(question.id)
            found += [field.path for field in question.shown(self.case)]
        return found

    def to_answer(self) -> dict[str, str]:
        """{id of a question or path of a field: anchor} of what applies and is open, requirement rows left out."""
        found = {}
        for question in self.step.questions(self.case):
            if question.kind is QuestionKind.REQUIREMENT:
                continue
            if not question.answered(self.case):
                found[question.id] = question.anchor
            for field in question.shown(self.case):
                if not self.case.said(field.path):
                    found.setdefault(field.path, question.anchor)
        return found

    def answers(self) -> dict[str, object]:
        """What was posted, as plain values by path. Numbers that are none are left out and become problems."""
        found: dict[str, object] = {}
        if self.posted is None:
            return found
        asked = set(self.posted.getlist("asked"))
        unsure = set(self.posted.getlist("not_sure"))
        cleared = set(self.posted.getlist(CLEAR))
        for question in self.step.every_question:
            if question.id not in asked:
                continue
            for field in question.fields:
                if field.path in cleared:
                    found[field.path] = None
                    continue
                try:
                    found[field.path] = self._posted(field, self.posted, unsure=question.id in unsure)
                except ValidationError as error:
                    self.problems[field.path] = str(error.message)
            if question.kind in {QuestionKind.PLAIN, QuestionKind.TABLE}:
                name = COMMENT + question.fields[0].path
                found[name] = self.posted.get(name, "").replace("\r\n", "\n").strip() or None
        return found

    def _posted(self, field: Field, posted: QueryDict, *, unsure: bool) -> object:
        """The value of a field; a number that stands in its box as the page showed it is the one that was kept."""
        kept = plain(self.document, field.path)
        if field.kind in NUMBERS and kept is not None and posted.get(field.path) == box_text(field, kept) != "":
            return kept
        return posted_value(field, posted, unsure=unsure)

    def add(self, saved: Saved) -> None:
        """Show what the case refused beside the fields, and what others answered meanwhile above them."""
        for one in saved.problems:
            self.problems.setdefault(one.path, one.text)
        self.clashes = [
            ShownClash(
                clash=one,
                question=question_text(one.path),
                mine=in_words(one.path, one.mine),
                theirs=in_words(one.path, one.theirs),
            )
            for one in saved.clashes
        ]

    def errors(self) -> list[tuple[str, str, str]]:
        """Each problem: what the page calls its field, what is wrong, and the address of the control on the page."""
        return [
            (caption(path), text, f"#f-{path.replace('.', '-')}")
            for path, text in self.problems.items()
            if path in FIELDS
        ]

    def _is_asked(self, question: Question) -> bool:
        return question.kind is not QuestionKind.TRIAL or question.when(self.case)

    def _asked(self, question: Question) -> Asked:
        inputs = tuple(self._input(field) for field in question.fields)
        paths = [one.field.path for one in inputs if not one.options]
        comment = plain(self.document, COMMENT + question.fields[0].path)
        return Asked(
            question=question,
            inputs=inputs,
            shown=question.when(self.case),
            not_sure=any(path in self.case.not_sure for path in paths),
            comment=str(comment or ""),
            demotion=DEMOTION_TEXT if question.kind is QuestionKind.REQUIREMENT else "",
        )

    def _input(self, field: Field) -> Input:
        origin = self.case.provenance.get(field.path)
        value = plain(self.document, field.path)
        if any(one.clash.path == field.path for one in self.clashes):
            value = next(one.clash.mine for one in self.clashes if one.clash.path == field.path)
        return Input(
            field=field,
            text=self.posted.get(field.path, "")
            if field.path in self.problems and self.posted
            else box_text(field, value),
            options=_options(field, self._ticked(field, value)),
            shown=field.when(self.case),
            error=self.problems.get(field.path, ""),
            origin=origin.source if origin else "",
            origin_date=origin.day.isoformat() if origin and origin.day else "",
            understood=understood(self.case, field.path),
        )

    def _ticked(self, field: Field, value: object) -> object:
        """What is ticked: the answer, or what was posted where that was refused."""
        if self.posted is None or field.kind is not Kind.CHOICES or field.path not in self.problems:
            return value
        return self.posted.getlist(field.path)


def question_text(path: str) -> str:
    """The question a path belongs to, with the field's label where it has several."""
    path = path.removeprefix(COMMENT)
    question, label = question_at(path), FIELDS[path].label
    if question is None:
        return label
    return f"{question.text} {label}".strip() if len(question.fields) > 1 else question.text


def caption(path: str) -> str:
    """What a field is called on its page: by its label, or by the question where it is the only field of it."""
    question = question_at(path)
    alone = question is not None and len(question.fields) == 1
    return question.text if question and alone else FIELDS[path].label


def in_words(path: str, value: object) -> str:
    """A plain value as a person reads it."""
    if value is None:
        return "No answer"
    if value == NOT_SURE:
        return "Not sure"
    field = FIELDS.get(path)
    if field is None:
        return str(value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    known = dict(field.choices)
    if isinstance(value, list):
        return ", ".join(known.get(one, str(one)) for one in value) or "None of these"
    text = known.get(str(value), shown_text(field, value)) if known else shown_text(field, value)
    if isinstance(value, int | float) and field.kind in NUMBERS:
        text = f"{float(text):,g}" if abs(float(text)) < 1e6 else f"{float(text):,.0f}"
    unit = "%" if field.kind in {Kind.SHARE, Kind.PERCENT} else field.unit
    return f"{text} {unit}".strip()


def posted_value(field: Field, posted: QueryDict, *, unsure: bool) -> object:
    """The plain value of a field in what was posted; None for no answer. Raises ValidationError for no number."""
    if field.kind is Kind.CHOICES:
        chosen = posted.getlist(field.path)
        alone = next((words for word, words in ALONE.items() if word in chosen), "")
        if alone and len(set(chosen)) > 1:
            message = f"“{alone}” goes with no other answer: untick one of them."
            raise ValidationError(message)
        if NOT_SURE in chosen:
            return NOT_SURE
        return [one for one in chosen if one != NONE_OF_THEM] if chosen else None
    text = posted.get(field.path, "").replace("\r\n", "\n").strip()
    if field.kind is Kind.CHOICE:
        return text or None
    if field.kind is Kind.BOOLEAN:
        return {"yes": True, "no": False, "": None}.get(text, text)
    if not text:
        return NOT_SURE if unsure else None
    return number(field, text) if field.kind in NUMBERS else text


def number(field: Field, text: str) -> float:
    """The number people mean by "4 850", "4,850.5", "38.5 %" or "38,5"; see `typed.plain`. Raises ValidationError."""
    plain_text = typed.plain(text.removesuffix("%"), whole=field.kind is Kind.INTEGER)
    RegexValidator(r"^-?\d{1,15}(\.\d{1,10})?$", f"“{text[:40]}” is not a number.")(plain_text)
    value = float(plain_text)
    if field.kind is Kind.SHARE:
        if not 0 <= value <= 100:
            message = f"“{text[:40]}” is not possible; a percentage from 0 to 100 is expected."
            raise ValidationError(message)
        value /= 100
    value = round(value, 12)
    return int(value) if value.is_integer() else value


def shown_text(field: Field, value: object) -> str:
    """A plain value as text, in English."""
    if value is None or value == NOT_SURE:
        return ""
    if field.kind is Kind.SHARE and isinstance(value, int | float):
        value = round(value * 100, 10)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def box_text(field: Field, value: object) -> str:
    """A plain value as the box shows it: what is posted unchanged is read back as the same value."""
    text = shown_text(field, value)
    return typed.shown(float(text)) if text and isinstance(value, int | float) and field.kind in NUMBERS else text


def _options(field: Field, value: object) -> tuple[Option, ...]:
    known = dict(YES_NO if field.kind is Kind.BOOLEAN else field.choices)
    if not known:
        return ()
    extra = {NONE_OF_THEM: ALONE[NONE_OF_THEM]} if field.kind is Kind.CHOICES else {}
    if field.kind is Kind.BOOLEAN and isinstance(value, bool):
        value = "yes" if value else "no"
    chosen = set(value or [NONE_OF_THEM]) if isinstance(value, list) else {value}
    keeping = {one.value for one in EvidenceKind if one.keeps_must} if field.of is EvidenceKind else set()
    return tuple(
        Option(
            value=key,
            label=label,
            chosen=key in chosen,
            id=f"f-{field.path.replace('.', '-')}{'' if place == 0 else f'-{place}'}",
            keeps=key in keeping,
        )
        for place, (key, label) in enumerate((known | extra | {NOT_SURE: "Not sure"}).items())
    )
