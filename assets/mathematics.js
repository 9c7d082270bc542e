// Typeset every formula of the page. An error is shown in place, in red, and fails the page tests.
document.addEventListener("DOMContentLoaded", async () => {
  const formulas = document.querySelectorAll(".tex");
  for (const element of formulas) {
    katex.render(element.textContent, element, {
      displayMode: element.tagName === "DIV",
      throwOnError: false,
    });
  }
  await document.fonts.ready; // only then are the widths final
  for (const element of formulas) {
    // A formula that is wider than the page scrolls; the keyboard must reach it too.
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
  }
});
