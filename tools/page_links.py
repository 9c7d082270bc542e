"""Lead the links of plain notebooks to the built pages, where the sources of the pages are not beside them."""

from __future__ import annotations

import re

#: Link of Markdown from a plain notebook to the source of a page, such as ``](../../book/bibliography.md#id9)``.
TO_A_SOURCE = re.compile(r"\]\(\.\./\.\./(book/[\w/-]+)\.md(?=[#)])")


def lead_to_pages(notebook: str, site: str) -> str:
    """Lead every link to the source of a page to the page.

    Parameters
    ----------
    notebook : str
        Text of a notebook in ``classroom/student`` or ``classroom/complete``.
    site : str
        Address of the built pages, such as ``../../site`` or ``https://example.org/book``.

    Returns
    -------
    str
    """
    return TO_A_SOURCE.sub(lambda link: f"]({site.rstrip('/')}/{link[1]}.html", notebook)
