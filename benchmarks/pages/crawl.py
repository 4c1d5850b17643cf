"""The pages that links lead to, in order of discovery, and which of them is the first of its kind."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page

OF_A_KIND = 40
"""Pages of one kind that are looked at: a limit for what has no end, such as a list by pages."""
OF_A_KIND_IN_ADMIN = 1
"""The same of Django's own pages, whose templates are the same for every row."""
NOT_PAGES = (
    "/files/",
    "/export",
    ".zip",
    ".json",
    ".md",
    ".pdf",
    ".ics",
    ".xml",
    ".txt",
    ".pub",
    "/static/",
    "/jsi18n/",
)


def kind_of(path: str) -> str:
    """The address with what differs from object to object left out."""
    parts = path.strip("/").split("/")
    if parts[0] == "method":  # one template for every sheet of the catalogue
        return "/".join(["method", *("#" for _ in parts[1:])])
    return "/".join("#" if any(sign.isdigit() for sign in part) else part for part in parts)


@dataclass
class Crawl:
    """A walk over the site as one person."""

    page: Page
    origin: str
    seen: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    of_kind: dict[str, int] = field(default_factory=dict)

    def walk(self, start: list[str]) -> Iterator[tuple[str, bool]]:
        """Each address once, and whether it is the first of its kind; its page is open in `page` when it is yielded."""
        line = list(start)
        while line:
            path = line.pop(0)
            if not self.wanted(path):
                continue
            try:
                answer = self.page.goto(path)
            except Error as error:
                if "Download is starting" in error.message:
                    continue
                raise
            if answer is None or "text/html" not in answer.headers.get("content-type", ""):
                continue
            landed = urlsplit(self.page.url).path
            if landed != path and landed in self.seen:
                continue
            self.seen.add(landed)
            line += self.links()
            yield path, self.is_first(landed)

    def wanted(self, path: str) -> bool:
        """Whether this address is new and not one too many of its kind."""
        kind = kind_of(path)
        limit = OF_A_KIND_IN_ADMIN if kind.startswith("admin/") else OF_A_KIND
        if path in self.seen or self.of_kind.get(kind, 0) >= limit or "sign-out" in path:
            return False
        self.seen.add(path)
        self.of_kind[kind] = self.of_kind.get(kind, 0) + 1
        return True

    def is_first(self, path: str) -> bool:
        """Whether no page of this kind was opened before."""
        kind = kind_of(path)
        known = kind in self.opened
        self.opened.add(kind)
        return not known

    def links(self) -> list[str]:
        """Addresses of this site that the open page links to, queries left out."""
        found = self.page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.href)")
        paths = [urlsplit(one).path for one in found if one.startswith(self.origin)]
        return [path for path in dict.fromkeys(paths) if not any(part in path for part in NOT_PAGES)]
