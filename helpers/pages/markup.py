"""HTML from the templates beside this file (``*.html``), in which every text is escaped."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

TEMPLATES = Environment(
    loader=PackageLoader("helpers.pages", "."),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.policies["json.dumps_kwargs"] = {"sort_keys": False, "ensure_ascii": False}  # as the caller gave it


def render(template: str, **values: Any) -> str:
    """Fill in a template.

    Parameters
    ----------
    template : str
        Name of its file.
    **values
        What it asks for. A text that is HTML already comes as `markupsafe.Markup`; all others are escaped.

    Returns
    -------
    str
        HTML.
    """
    return TEMPLATES.get_template(template).render(values)
