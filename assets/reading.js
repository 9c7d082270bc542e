// Small services to a reader. Each page loads this script; nothing breaks without it.
(function () {
  "use strict";

  // ---- Which chapters were read to their end: a tick in the sidebar, kept on this machine alone. ----
  const KEY = "book-chapters-read";
  const CHAPTER = /\/book\/(\d\d-[^/]*\.html)$/; // its page for teachers has the same name in another folder
  const chapter = location.pathname.match(CHAPTER)?.[1];

  function read() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return []; // storage is off, or holds something else
    }
  }

  function keep(pages) {
    try {
      localStorage.setItem(KEY, JSON.stringify(pages));
    } catch { /* storage is off: no ticks */ }
    tick();
  }

  function tick() {
    const [pages, nav] = [read(), document.querySelector(".bd-docs-nav")];
    if (!nav) return;
    for (const old of nav.querySelectorAll(".book-read, .book-forget")) old.remove();
    const links = [...nav.querySelectorAll("a")].filter((link) =>
      pages.includes(new URL(link.href).pathname.match(CHAPTER)?.[1]));
    for (const link of links)
      link.insertAdjacentHTML("beforeend", " <span class='book-read'><span aria-hidden='true'>✓</span><span class='visually-hidden'>read</span></span>");
    if (!links.length) return;
    const forget = document.createElement("button");
    Object.assign(forget, { type: "button", className: "book-forget", textContent: "Clear the ticks" });
    forget.addEventListener("click", () => { keep([]); nav.querySelector("a")?.focus(); });
    links.at(-1).closest("ul").after(forget);
  }

  tick();
  const end = document.querySelector(".prev-next-footer");
  if (chapter && end)
    new IntersectionObserver((seen) => {
      if (seen.some((one) => one.isIntersecting) && !read().includes(chapter)) keep([...read(), chapter]);
    }).observe(end);

  // ---- A report names the section being read: the last heading above the middle of the window. ----
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href*='/issues/new']");
    if (!link) return;
    const headings = [...document.querySelectorAll("article :is(h1, h2, h3, h4)")];
    const heading = headings.filter((one) => one.getBoundingClientRect().top < innerHeight / 2).at(-1) ?? headings[0];
    if (!heading) return;
    const place = heading.closest("section")?.id;
    const url = new URL(link.href);
    const [title, body] = url.searchParams.has("issue[title]") ? ["issue[title]", "issue[description]"] : ["title", "body"];
    url.searchParams.set(title, heading.firstChild.parentElement.textContent.replace(/#$/, "").trim());
    url.searchParams.set(body, `${location.pathname.split("/").at(-1)}${place ? `#${place}` : ""}\n\n`);
    link.href = url;
  }, true);

  // ---- The theme takes the focus from its buttons when they are pressed; a key gives it back. ----
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".theme-switch-button, .sidebar-toggle");
    if (button && event.detail === 0) button.focus();
  });

  // ---- Paper is white. ----
  let theme;
  addEventListener("beforeprint", () => {
    theme = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = "light";
  });
  addEventListener("afterprint", () => { document.documentElement.dataset.theme = theme; });
})();
