"""The hours of a small measure: work in what it touches, spread, and what it takes to keep."""

from decisions.advisor.burden.books import Books
from decisions.advisor.burden.introduction import DAY_HOURS
from decisions.advisor.measures import Measure, affected_services
from decisions.advisor.reckoning import A


def small_measure(books: Books[A], measure: Measure) -> A:
    """Hours a month of one measure; once it works, only what it takes to keep."""
    keeping = books.reckoning.of(measure.sheet.hours_per_month)
    return keeping if measure.outcome == "works" else keeping + books.spread(doing(books, measure))


def doing(books: Books[A], measure: Measure) -> A:
    """One-off hours until a measure is in everything that it touches; none once it works."""
    if measure.outcome == "works":
        return books.reckoning.zero
    return books.reckoning.product(_count(books, measure), _each(books, measure))


def _count(books: Books[A], measure: Measure) -> A:
    """How many of what it touches there are."""
    match measure.sheet.touches:
        case "services":
            return _services(books, measure)
        case "namespaces":
            return books.sizes.namespaces
        case "clusters":
            return books.sizes.clusters
        case _:
            return books.reckoning.exactly(1.0)


def _each(books: Books[A], measure: Measure) -> A:
    """Hours once for each: the team's own estimate where it has one."""
    days = books.setting.case.context.fix_days_per_service
    if days is not None and measure.sheet.touches == "services":
        return books.reckoning.exactly(days * DAY_HOURS)
    return books.reckoning.of(measure.sheet.hours_per_service)


def _services(books: Books[A], measure: Measure) -> A:
    known = affected_services(books.setting.case, measure.requirement)
    services = books.reckoning.exactly(float(known)) if known is not None else books.sizes.services
    share = books.setting.case.baseline.grpc_share
    if measure.requirement == "grpc_load_balancing" and share is not None:
        return books.reckoning.times(services, share)
    return services
