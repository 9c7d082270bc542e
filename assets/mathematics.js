// Typeset every formula of the page. An error is shown in place, in red, and fails the page tests.
document.addEventListener("DOMContentLoaded", () => {
  for (const element of document.querySelectorAll(".tex")) {
    katex.render(element.textContent, element, {
      displayMode: element.tagName === "DIV",
      throwOnError: false,
    });
  }
});
