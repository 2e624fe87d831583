"""axe-core in a page: which rules of accessibility it breaks."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page

from tests.support.platform import ROOT

_AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@dataclass(frozen=True)
class Violation:
    rule: str
    impact: str
    help: str
    where: tuple[str, ...]

    @property
    def is_serious(self) -> bool:
        return self.impact in ("serious", "critical")


async def violations(page: Page) -> list[Violation]:
    """All of them, of every impact. axe comes in by the debugger, which the page's security policy does not bind."""
    assert _AXE.exists(), f"{_AXE} is missing; ./appmanager build installs it"
    await page.evaluate(_AXE.read_text(encoding="utf-8") + "\n;undefined")
    result: dict[str, Any] = await page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", _TAGS
    )
    return [
        Violation(
            one["id"],
            one["impact"] or "minor",
            one["help"],
            tuple(f"{' '.join(map(str, node['target']))}: {node['failureSummary']}" for node in one["nodes"][:8]),
        )
        for one in result["violations"]
    ]
