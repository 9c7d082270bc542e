"""What the build makes of its own pages: search, previews, the foot of a chapter, the map of the site."""

import subprocess
from types import SimpleNamespace

import pytest

from extensions import foot, previews, site
from extensions.built import pages, spoken
from extensions.finding import OUT, article, entries, write

pytestmark = pytest.mark.same_everywhere


def formula(tex: str) -> str:
    """A formula as it is set: MathML with its source, and what is seen."""
    return f"<span class='katex'><math><annotation encoding='application/x-tex'>{tex}</annotation></math>seen</span>"


PAGE = """<nav>1. Sidebar</nav><article class="bd-article">
<section id="top"><h1><span class="section-number">4. </span>A rule<a class="headerlink" href="#top">#</a></h1>
<p>Cells <strong>learn</strong>. The slope <span class="tex notranslate">SLOPE</span> falls.</p>
<section id="deep"><h2><span class="section-number">4.1. </span>Deeper<a class="headerlink" href="#deep">#</a></h2>
<p>The cost is</p>
<div class="equation notranslate" id="equation-eq-cost"><div class="tex">COST</div>
<span class="eqno">(4.7)<a class="headerlink" href="#equation-eq-cost">#</a></span></div>
<details><summary><p class="collapsed">Show the code</p><p class="expanded">Hide the code</p></summary>
<pre>secret = code()</pre></details>
<div class="proof theorem admonition" id="thm-one">
<p class="admonition-title"><span class="caption-number">Theorem 4.1 </span> (One)</p>
<section class="theorem-content"><p>Every path agrees.</p></section></div>
<figure id="figure-4-2" class="book-figure"><svg><svg><text>ticks</text></svg><text>more ticks</text></svg>
<figcaption><span class="figure-number">Figure 4.2.</span> A ridge, seen from above.</figcaption></figure>
<dl><dt id="term-cell">cell<a class="headerlink" href="#term-cell">#</a></dt><dd><p>A unit.</p></dd></dl>
</section></section></article>""".replace("SLOPE", formula("w_h \\cdot \\eta")).replace(
    "COST", formula("\\frac{1}{n} \\sum_i e_i")
)


def found(kind: str) -> list[tuple[str, ...]]:
    """The entries of a kind on the page: id, title, words."""
    return [(row[2], *row[4:]) for row in entries("book/04-rule.html", article(PAGE)) if row[0] == kind]


def test_what_can_be_found_is_written_when_an_article_has_changed(tmp_path):
    app = SimpleNamespace(outdir=tmp_path, builder=SimpleNamespace(name="html"))
    page, out = tmp_path / "book" / "one.html", tmp_path / OUT
    for file in (page, out):
        file.parent.mkdir()
    page.write_text(PAGE, encoding="utf-8")
    write(app, None)
    written = out.read_text("utf-8")
    assert "Equation 4.7" in written
    out.write_text(written.replace("Equation", "kept"), encoding="utf-8")
    page.write_text(f"<p>another sidebar</p>{PAGE}", encoding="utf-8")
    write(app, None)
    assert "kept 4.7" in out.read_text("utf-8")
    page.write_text(PAGE.replace("(4.7)", "(4.8)"), encoding="utf-8")
    write(app, None)
    assert "Equation 4.8" in out.read_text("utf-8") and "kept" not in out.read_text("utf-8")


def test_hits_are_sections_whose_excerpts_are_words():
    assert found("section") == [
        ("", "4. A rule", "Cells learn. The slope wₕ · η falls."),
        (
            "deep",
            "4.1. Deeper",
            "The cost is … Every path agrees. Figure 4.2. A ridge, seen from above.",
        ),
    ]


def test_equations_figures_and_theorems_are_found_by_number():
    assert found("equation") == [("equation-eq-cost", "Equation 4.7", "The cost is")]
    assert found("figure") == [("figure-4-2", "Figure 4.2", "A ridge, seen from above.")]
    assert found("block") == [("thm-one", "Theorem 4.1 (One)", "Every path agrees.")]


def test_terms_of_the_glossary_are_found_by_themselves():
    assert found("term") == [("term-cell", "cell", "A unit.")]


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        ("w_h", "wₕ"),
        ("\\eta \\cdot x^2", "η · x²"),
        ("a_{ij}", "aᵢⱼ"),
        ("\\frac{1}{2}", "…"),
        ("b_q", "…"),
        ("n", "n"),
        ("x + y + z + u + v + w + q + r", "…"),
    ],
)
def test_a_formula_is_said_in_characters_or_not_at_all(tex, said):
    assert spoken(tex) == said


def test_a_preview_holds_the_thing_and_nothing_that_can_be_pressed():
    assert previews.preview(PAGE, "term-cell") == "<dt>cell</dt><dd><p>A unit.</p></dd>"
    assert previews.preview(PAGE, "thm-one").endswith("<p>Every path agrees.</p></section></div>")
    assert "eqno" in previews.preview(PAGE, "equation-eq-cost") and "id=" not in previews.preview(PAGE, "thm-one")
    assert previews.preview(PAGE, "deep") == "" and previews.preview(PAGE, "nowhere") == ""


def test_previews_are_kept_for_links_to_other_pages():
    html = '<a href="glossary.html#term-cell">cell</a> <a href="#deep">deep</a> <a href="../index.html">top</a>'
    assert list(previews.links("book/04-rule.html", html)) == [("book/glossary.html", "term-cell")]


CONFIG = SimpleNamespace(author="the authors", project="Credit", copyright="2026", html_baseurl="https://book.example/")


def test_a_chapter_says_how_to_cite_it():
    assert foot.bibtex(4, "A rule", CONFIG).splitlines() == [
        "@incollection{credit-assignment-4,",
        "  author    = {{the authors}},",
        "  title     = {A rule},",
        "  booktitle = {Credit},",
        "  chapter   = {4},",
        "  year      = {2026},",
        "  url       = {https://book.example/},",
        "}",
    ]


def test_a_report_is_offered_where_the_repository_takes_one():
    address = "https://github.com/owner/book"
    options = {"use_issues_button": True, "repository_provider": "github", "repository_url": address}
    assert foot.report_address(options, "A rule") == f"{address}/issues/new?title=A%20rule"
    on_gitlab = foot.report_address(options | {"repository_provider": "gitlab"}, "A rule")
    assert on_gitlab == f"{address}/-/issues/new?issue[title]=A%20rule"
    assert foot.report_address({"repository_url": ""}, "A rule") == ""
    assert "href" not in foot.foot("@book", "")


def commit(folder, file, date):
    """Commit a file on a day."""
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text(date)
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run(["git", "-C", folder, "add", "."], check=True)
    environ = {"GIT_COMMITTER_DATE": f"{date}T12:00:00Z", "PATH": "/usr/bin:/bin:/usr/local/bin"}
    subprocess.run(["git", "-C", folder, *who, "commit", "-qm", date], check=True, env=environ)


def test_dates_are_those_of_the_last_commit_of_each_file(tmp_path):
    assert foot.last_changes(tmp_path) == {}  # no checkout
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    commit(tmp_path, "book/one.md", "2026-01-02")
    commit(tmp_path, "book/two.md", "2026-03-04")
    assert foot.last_changes(tmp_path) == {"book/one.md": "2026-01-02", "book/two.md": "2026-03-04"}
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth=1", tmp_path.as_uri(), shallow], check=True)
    assert foot.last_changes(shallow) == {}


def test_the_page_of_a_wrong_address_leads_to_the_book_from_any_depth():
    html = '<html data-content_root="./"><a href="book/index.html">a</a><a href="#x">b</a><img src="https://a.b/c"/>'
    base = "https://book.example/credit/"
    assert site.anchored(html, base) == (
        f'<html data-content_root="{base}"><a href="{base}book/index.html">a</a><a href="#x">b</a>'
        '<img src="https://a.b/c"/>'
    )


def test_the_site_map_names_every_page_of_the_book(tmp_path):
    for name, html in {"book/one.html": PAGE, "index.html": "<p>front door", "_static/part.html": PAGE}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(html, encoding="utf-8")
    assert pages(tmp_path) == ["book/one.html"]
    assert "<loc>https://book.example/book/one.html</loc>" in site.site_map("https://book.example/", pages(tmp_path))
