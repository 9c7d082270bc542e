"""The local Sphinx extensions, as far as they can be tested without building a book."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from sphinx.errors import ConfigError, ExtensionError

from extensions import description, execution, folding, icons, mathematics, outputs, repository

LAUNCH = {
    "notebook_interface": "jupyterlab",
    "binderhub_url": "https://mybinder.org",
    "colab_url": "https://colab.research.google.com",
}


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/owner/book", "https://github.com/owner/book"),
        ("https://github.com/owner/book.git", "https://github.com/owner/book"),
        ("https://GitHub.com/owner/book/", "https://github.com/owner/book"),
        ("https://user:token@github.com/owner/book.git", "https://github.com/owner/book"),
        ("https://token@github.com:443/owner/book.git", "https://github.com/owner/book"),
        ("http://codeberg.org/owner/book", "https://codeberg.org/owner/book"),
        ("git@github.com:owner/book.git", "https://github.com/owner/book"),
        ("ssh://git@gitlab.com:22/group/part/book.git", "https://gitlab.com/group/part/book"),
        ("git@bitbucket.org:owner/my.book", "https://bitbucket.org/owner/my.book"),
        ("/srv/git/book.git", None),
        ("../book", None),
        ("file:///srv/git/book.git", None),
        ("https://github.com/owner", None),
        ("", None),
    ],
)
def test_web_address(remote: str, address: str | None) -> None:
    assert repository.web_address(remote) == address


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path


def set_origin(checkout: Path, remote: str) -> None:
    subprocess.run(["git", "-C", checkout, "remote", "add", "origin", remote], check=True)


def test_repository_from_the_environment_comes_first(checkout: Path) -> None:
    set_origin(checkout, "https://github.com/someone/else")
    environ = {
        "BOOK_REPOSITORY_URL": "https://git.example.org/owner/book.git",
        "BOOK_REPOSITORY_BRANCH": "spring",
        "GITHUB_REPOSITORY": "owner/other",
    }
    found = repository.find_repository(environ, checkout)
    assert found == repository.Repository("https://git.example.org/owner/book", "spring", "other")


def test_repository_from_githubs_variables(checkout: Path) -> None:
    environ = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "owner/book", "GITHUB_REF_NAME": "main"}
    found = repository.find_repository(environ, checkout)
    assert found == repository.Repository("https://github.com/owner/book", "main", "github")


def test_repository_from_a_public_origin(checkout: Path) -> None:
    set_origin(checkout, "git@gitlab.com:owner/book.git")
    found = repository.find_repository({}, checkout)
    assert found == repository.Repository("https://gitlab.com/owner/book", "main", "gitlab")


@pytest.mark.parametrize("remote", ["https://git.internal.example/owner/book", "/srv/git/book.git"])
def test_no_repository_from_an_origin_that_readers_cannot_open(checkout: Path, remote: str) -> None:
    set_origin(checkout, remote)
    assert repository.find_repository({}, checkout) is None


def test_no_repository_without_a_remote(checkout: Path) -> None:
    assert repository.find_repository({}, checkout) is None


def test_a_wrong_address_is_named() -> None:
    with pytest.raises(ConfigError, match="must have the form https://host/owner/name"):
        repository.find_repository({"BOOK_REPOSITORY_URL": "owner/book"}, Path())


def test_no_buttons_without_a_repository() -> None:
    options = {"launch_buttons": LAUNCH, "repository_url": "https://github.com/default/of-jupyter-book"}
    chosen = repository.with_buttons(options, None, "https://hub.example.org")
    assert chosen == {"repository_url": "", "launch_buttons": {}}


def test_all_buttons_on_github() -> None:
    found = repository.Repository("https://github.com/owner/book", "main", "github")
    chosen = repository.with_buttons({"launch_buttons": LAUNCH}, found, "https://hub.example.org")
    assert chosen["repository_url"] == "https://github.com/owner/book"
    assert chosen["use_repository_button"] and chosen["use_edit_page_button"] and chosen["use_issues_button"]
    assert chosen["launch_buttons"] == {**LAUNCH, "jupyterhub_url": "https://hub.example.org"}


@pytest.mark.parametrize(
    ("url", "provider", "services"),
    [
        ("https://gitlab.com/owner/book", "gitlab", {"notebook_interface", "binderhub_url"}),
        ("https://gitlab.com/group/part/book", "gitlab", {"notebook_interface"}),
        ("https://bitbucket.org/owner/book", "bitbucket", {"notebook_interface"}),
    ],
)
def test_only_services_that_know_the_host(url: str, provider: str, services: set[str]) -> None:
    found = repository.Repository(url, "main", provider)
    chosen = repository.with_buttons({"launch_buttons": LAUNCH}, found, None)
    assert set(chosen["launch_buttons"]) == services


def test_a_plain_link_to_other_hosts() -> None:
    found = repository.Repository("https://codeberg.org/owner/book", "main", "other")
    chosen = repository.with_buttons({"launch_buttons": LAUNCH}, found, None)
    assert chosen["icon_links"][0]["url"] == found.url
    assert not chosen["launch_buttons"] and "use_repository_button" not in chosen


@pytest.fixture
def book(tmp_path: Path) -> Path:
    for name in ("helpers/layers.py", "helpers/parts/more.py", "book/results/mnist.json", "book/chapter.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    (tmp_path / "requirements.txt").write_text("numpy==2.4.6")
    return tmp_path


@pytest.mark.parametrize(
    "changed", ["helpers/layers.py", "helpers/parts/more.py", "book/results/mnist.json", "requirements.txt"]
)
def test_cache_follows_what_a_chapter_depends_on(book: Path, changed: str) -> None:
    before = execution.inputs_hash(book)
    (book / changed).write_text("two")
    assert execution.inputs_hash(book) != before


def test_cache_follows_a_renamed_helper(book: Path) -> None:
    before = execution.inputs_hash(book)
    (book / "helpers" / "layers.py").rename(book / "helpers" / "renamed.py")
    assert execution.inputs_hash(book) != before


def test_cache_leaves_notebooks_and_bytecode_to_others(book: Path) -> None:
    before = execution.inputs_hash(book)
    (book / "book" / "chapter.ipynb").write_text("two")
    (book / "helpers" / "__pycache__").mkdir()
    (book / "helpers" / "__pycache__" / "layers.pyc").write_text("two")
    assert execution.inputs_hash(book) == before


def test_old_caches_go(book: Path, tmp_path: Path) -> None:
    build = tmp_path / "_build"
    first = execution.cache_folder(book, build)
    first.mkdir(parents=True)
    assert execution.cache_folder(book, build) == first
    assert first.is_dir()
    (book / "helpers" / "layers.py").write_text("two")
    assert execution.cache_folder(book, build) != first
    assert not first.exists()


def test_numbered_environments_leave_the_number_to_sphinx() -> None:
    tex = "\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}"
    assert mathematics.display_tex(tex, complete=True) == tex.replace("{align}", "{align*}")
    starred = tex.replace("{align}", "{align*}")
    assert mathematics.display_tex(starred, complete=True) == starred


def test_several_formulas_get_an_environment() -> None:
    assert mathematics.display_tex("a = b", complete=False) == "a = b"
    assert mathematics.display_tex("a \\\\ b", complete=False) == "\\begin{aligned}a \\\\ b\\end{aligned}"
    assert mathematics.display_tex("a\n\nb", complete=False) == "\\begin{aligned}a\\\\b\\end{aligned}"


def test_descriptions_end_with_a_whole_word() -> None:
    assert description.shorten("One\n line.") == "One line."
    assert description.shorten("word " * 50, 22) == "word word word word…"
    assert len(description.shorten("word " * 50)) <= description.LONGEST


def test_meta_tags_are_escaped_and_leave_out_what_is_unknown() -> None:
    tags = description.meta_tags('"Why" <now>', "Book", "About.", address="", image="")
    assert 'content="&quot;Why&quot; &lt;now&gt;"' in tags
    assert "og:url" not in tags and "image" not in tags
    assert 'name="twitter:card" content="summary"' in tags


def test_meta_tags_with_an_address() -> None:
    tags = description.meta_tags(
        "Title", "Book", "About.", "https://example.org/page.html", "https://example.org/i.png"
    )
    assert 'property="og:url" content="https://example.org/page.html"' in tags
    assert 'property="og:image" content="https://example.org/i.png"' in tags


def test_front_door_leads_to_the_first_page() -> None:
    html = description.front_door("A & B", "About.", "book/index.html", "")
    assert '<html lang="en">' in html and "<title>A &amp; B</title>" in html
    assert 'content="0; url=book/index.html"' in html and 'href="book/index.html"' in html


def test_a_folded_block_keeps_its_id_and_loses_the_link_in_its_title() -> None:
    title = nodes.title("", "Solution to ", nodes.reference("", "Exercise 1", refuri="#e"))
    block = nodes.admonition("", title, nodes.paragraph("", "It is 2."), ids=["s"], classes=["dropdown", "solution"])
    folded = folding.fold(block)
    assert folded["ids"] == ["s"]
    assert folded["classes"] == ["admonition", "folded", "solution"]
    assert [child.astext() for child in folded.children] == ["Solution to Exercise 1", "It is 2."]
    assert not list(folded.findall(nodes.reference))


FIGURE = (
    "<figure class='book-explore'><style>p {}</style><svg></svg><script>$</script><figcaption>A.</figcaption></figure>"
)


def test_figures_are_numbered_through_the_outputs_of_a_page() -> None:
    page = outputs.PageOutputs("3")
    html = page.as_page(FIGURE + FIGURE) + page.as_page(FIGURE)
    for number in (1, 2, 3):
        assert f"<figure id=\"figure-3-{number}\" class='book-explore'>" in html
        assert f'<figcaption><span class="figure-number">Figure 3.{number}.</span> A.</figcaption>' in html
    assert "figure-3-4" not in html
    assert '<span class="figure-number">Figure 1.</span>' in outputs.PageOutputs("").as_page(FIGURE)


def test_a_figure_without_a_caption_takes_no_number() -> None:
    bare = "<figure><svg></svg></figure>"
    html = outputs.PageOutputs("3").as_page(bare + FIGURE)
    assert html.startswith(bare) and 'id="figure-3-1"' in html and html.count("figure-number") == 1


def test_dollars_are_mathematics_in_captions_and_questions_only() -> None:
    plain = "<script>'$a$'</script><p>$a$</p>"
    for tag in ("figcaption", "fieldset"):
        html = outputs.PageOutputs("3").as_page(f"{plain}<{tag}>$a &lt; b$, $c$, 5 $</{tag}>")
        tex = [f'<span class="tex notranslate">{mathematics.set_tex(formula)}</span>' for formula in ("a < b", "c")]
        assert html == f"{plain}<{tag}>{tex[0]}, {tex[1]}, 5 $</{tag}>"
        output = nodes.raw("", html, format="html")
        assert mathematics.is_mathematics(output)
    assert not mathematics.is_mathematics(nodes.raw("", plain, format="html"))
    assert mathematics.is_mathematics(nodes.math("", "a"))


def test_styles_stand_once_on_a_page_and_only_scripts_that_ask_for_it() -> None:
    page = outputs.PageOutputs("3")
    one = "<style>p {}</style><script>draw()</script><script data-once>answer()</script>"
    assert page.as_page(one) == one
    assert page.as_page(one + "<style>b {}</style>") == "<script>draw()</script><style>b {}</style>"
    assert outputs.PageOutputs("4").as_page(one) == one


CSS = """.fa-bars:before,.fa-navicon:before{content:"\\f0c9"}.fa-sun:before{content:"\\f185"}
:root{--pst-icon-bell:"\\f0f3"}"""


def test_a_build_that_stops_leaves_the_styles_of_the_theme(tmp_path: Path) -> None:
    ours = tmp_path / "_static" / icons.STYLES
    ours.parent.mkdir(parents=True)
    ours.write_text("cut")
    icons.put_styles_back(SimpleNamespace(builder=SimpleNamespace(format="html"), outdir=tmp_path))
    assert ours.read_bytes() == (icons.THEME / icons.STYLES).read_bytes()
    assert not (tmp_path / "_static" / icons.SCRIPT).exists()  # nothing was there


def test_only_named_icons_stay() -> None:
    css, glyphs = icons.cut_rules(CSS, {"fa-navicon", "fa-solid"})
    assert "fa-bars" in css and "fa-sun" not in css
    assert glyphs == {"\uf0c9", "\uf0f3"}


def test_the_themes_style_sheet_gets_light() -> None:
    """Also a warning, at the next update of the theme, that its style sheet is written in another way."""
    css = (icons.THEME / icons.STYLES).read_text("utf-8")
    cut = icons.cut_styles(css, {"fa-bars", "fa-github"}, icons.THEME)
    assert len(cut) < 0.85 * len(css)
    assert cut.count("data:font/woff;base64,") == 3
    assert ".woff2" not in cut and ".fa-sun" not in cut and ".fa-github" in cut


def test_an_icon_that_no_font_has_is_an_error() -> None:
    source = "@font-face{src:url(../vendor/fontawesome/webfonts/fa-solid-900.woff2)}"
    with pytest.raises(ExtensionError, match="no icon font"):
        icons.cut_styles(f'{source}.fa-new:before{{content:"\\1234"}}', {"fa-new"}, icons.THEME)
