"""The words of a figure: what is seen, for one who cannot see it, and what stands below it."""

import re

from markupsafe import Markup, escape


def caption_words(caption: str | None, alt: str) -> Markup:
    """Return the words of a caption as HTML.

    Parameters
    ----------
    caption : str or None
        The words themselves, with TeX between dollars.
    alt : str
        Its first sentence is the caption where none is given. A screen reader reads the alt text
        anyway, so this copy is hidden from it.

    Returns
    -------
    Markup

    Raises
    ------
    ValueError
        If the caption is empty.
    """
    if caption is None:
        return Markup('<span aria-hidden="true">{}</span>').format(first_sentence(alt))
    if not isinstance(caption, str) or not caption.strip():
        raise ValueError("a caption needs words: write a sentence, or leave it out to get one from the alt text")
    return escape(caption)


def first_sentence(text: str) -> str:
    """Return a text up to the first full stop that another sentence follows.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> first_sentence("A line of slope 0.5. It rises.")
    'A line of slope 0.5.'
    """
    return re.split(r"(?<=[.!?])\s+(?=[^\sa-z])", text.strip(), maxsplit=1)[0]


def required_alt(alt: str) -> str:
    """Return the alt text, or raise a ValueError if there is none."""
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError("a figure needs alt text: say in a sentence what is seen in it")
    return alt
