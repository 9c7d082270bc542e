"""What is kept of Lighthouse's reports."""

import pytest

from tools import lighthouse
from tools.lighthouse import report, summary

pytestmark = pytest.mark.same_everywhere

#: The shape of its report, with one audit failed, one that does not apply, and one that is only told.
REPORT = {
    "categories": {
        "performance": {"score": 0.974, "auditRefs": [{"id": "first-contentful-paint", "weight": 10}]},
        "accessibility": {
            "score": 0.96,
            "auditRefs": [{"id": "label", "weight": 7}, {"id": "tabindex", "weight": 7}, {"id": "video", "weight": 7}],
        },
        "best-practices": {"score": 1, "auditRefs": [{"id": "told", "weight": 0}]},
        "seo": {"score": None, "auditRefs": []},
    },
    "audits": {
        "first-contentful-paint": {"score": 0.9, "numericValue": 812.4},
        "largest-contentful-paint": {"score": 0.9, "numericValue": 1312.0},
        "total-blocking-time": {"score": 1, "numericValue": 12.0},
        "cumulative-layout-shift": {"score": 1, "numericValue": 0.0081},
        "label": {"score": 0},
        "tabindex": {"score": 1},
        "video": {"score": None},
        "told": {"score": 0},
    },
}


def test_scores_paints_and_failed_audits_are_kept():
    kept = summary(REPORT)
    assert [kept[name] for name in lighthouse.CATEGORIES] == [97, 96, 100, 0]
    assert (kept["first-contentful-paint"], kept["cumulative-layout-shift"]) == (0.812, 0.008)
    assert kept["failed"] == ["label"]
    assert report({"book/a.html": {"mobile": kept}}).splitlines()[1].split() == [
        "book/a.html", "mobile", "97", "96", "100", "0", "0.81", "1.31", "12", "0.008", "label",
    ]  # fmt: skip


def test_what_is_missing_is_said(monkeypatch):
    monkeypatch.setattr(lighthouse, "browser_path", lambda: None)
    with pytest.raises(RuntimeError, match="Lighthouse needs a browser on the path, one of chromium"):
        lighthouse.asked("http://localhost/", "mobile")
    monkeypatch.setattr(lighthouse, "browser_path", lambda: "browser")
    monkeypatch.setattr(lighthouse, "COMMAND", ["false"])
    with pytest.raises(RuntimeError, match="could not look at http://localhost/"):
        lighthouse.asked("http://localhost/", "mobile")
