"""The texts of a page that a person sees or hears, without what is marked as English or is somebody's own."""

from html.parser import HTMLParser

SILENT = {"script", "style", "code", "pre", "textarea", "kbd", "time", "datalist"}
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "rect", "circle", "line", "area", "col", "wbr", "source"}
SAID = ("aria-label", "placeholder", "title", "alt")


class Visible(HTMLParser):
    """Collects texts and said attributes; `texts` are (path of tags, text)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[tuple[str, str]] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        foreign = (
            tag in SILENT or (tag != "html" and known.get("lang") == "en") or "digest" in (known.get("class") or "")
        )
        hidden = foreign or any(one for _, one in self.open)
        if not hidden:
            self.texts += [(f"{tag}@{name}", known[name] or "") for name in SAID if known.get(name)]
        if tag not in VOID:
            self.open.append((tag, foreign))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not any(one for _, one in self.open):
            self.texts.append((self.open[-1][0] if self.open else "", text))


def visible(page: str) -> list[tuple[str, str]]:
    """The texts of a page with the tag each stands in."""
    reader = Visible()
    reader.feed(page)
    return reader.texts
