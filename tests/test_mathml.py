"""The mathematics that a screen reader reads is well formed: Firefox complains in its console where it is not."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from extensions.mathematics import set_tex

MATHML = "{http://www.w3.org/1998/Math/MathML}"

#: Elements that have a fixed number of parts.
PARTS = {"msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3, "mfrac": 2, "mroot": 2}


@pytest.mark.parametrize(
    "tex",
    [
        r"\lambda_{\max}",
        r"\lambda_{\max}^2",
        r"\frac{1}{\log}",
        r"a_{\operatorname{sign}}",
        r"\max_k \log x_k + \sum_{k=1}^n \sin^2 k",
        r"{}_2 x",
        r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}",
    ],
)
def test_each_element_has_its_parts(tex: str) -> None:
    found = re.search(r"<math.*?</math>", set_tex(tex, display=True), re.DOTALL)
    assert found
    for element in ElementTree.fromstring(found[0]).iter():
        name = element.tag.removeprefix(MATHML)
        assert len(element) == PARTS.get(name, len(element)), ElementTree.tostring(element, "unicode")
        assert "" not in element.attrib.values(), ElementTree.tostring(element, "unicode")
