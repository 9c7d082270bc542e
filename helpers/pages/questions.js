// Answers every question of the page. Each question brings this script, so that one alone works; the first to run stays.
(function (page) {
  if (page.dataset.questions) return;
  page.dataset.questions = "answered";

  // Full-width digits become plain, and every kind of minus becomes one.
  const plain = (text) => text.normalize("NFKC").replace(/[\u2212\u2012-\u2014]/g, "-").trim().toLowerCase();

  function read(text, unit) {
    let number = plain(text);
    if (unit && number.endsWith(plain(unit))) number = number.slice(0, -plain(unit).length);
    if (/\d\s+\d/.test(number)) return NaN; // two numbers
    const [top, bottom = "1", ...rest] = number.replace(/\s/g, "").split(/[/\u2044]/).map((part) => part.replace(",", "."));
    const written = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/;
    return written.test(top) && written.test(bottom) && !rest.length ? top / bottom : NaN;
  }

  function reply(question) {
    const box = question.querySelector("input[type=text]");
    const unit = question.querySelector(".unit")?.textContent;
    const given = box ? box.value : question.querySelector("input:checked")?.value ?? "";
    if (!given.trim()) return box ? "Write a number first." : "Choose an answer first.";
    if (box && /^\s*[+-]?[1-9]\d{0,2}(,\d{3})+(?!\d)/.test(given.normalize("NFKC")))
      return "A comma is read as a decimal mark here. Write a thousand as 1000, and one as 1.0.";
    const number = read(given, unit);
    if (!Number.isFinite(number))
      return `This cannot be read as a number. Write it like 0.5, 1/3 or 1e-3${unit ? `, with ${unit} or without` : ""}.`;
    return [...question.querySelectorAll("[data-words]")].find(({ dataset: { value, within } }) =>
      value === undefined || Math.abs(number - value) <= Number(within));
  }

  function answer(question) {
    const words = reply(question);
    const verdict = question.querySelector(".verdict");
    verdict.replaceChildren(...(words.childNodes ? words.cloneNode(true).childNodes : [words]));
    verdict.classList.toggle("right", words.dataset?.words === "right");
  }

  // JupyterLab has its own uses for arrows, Enter and Space, but not where the focus is on such an element.
  document.addEventListener("focusin", ({ target }) => {
    if (target.closest?.(".book-question")) target.dataset.lmSuppressShortcuts = "true";
  });
  document.addEventListener("click", ({ target }) => {
    if (target.closest?.(".book-question button")) answer(target.closest(".book-question"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches?.(".book-question input")) return;
    event.preventDefault();
    answer(event.target.closest(".book-question"));
  });
  document.addEventListener("input", ({ target }) => {
    target.closest?.(".book-question")?.querySelector(".verdict").replaceChildren();
  });
})(document.documentElement);
