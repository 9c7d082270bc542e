// Shows what a link leads to, beside the link, under a mouse or the keyboard's focus: an equation, a figure, a theorem, an
// exercise, a term, a reference. Escape closes it; the pointer may move onto it. What stands on other pages comes from
// previews.js of _static (extensions/previews.py), which is loaded when it is first needed. A finger gets no preview: it
// follows the link.
(function () {
  "use strict";
  const SHOWN = ".equation, figure, .admonition, dt, .citation";
  const DELAY = 200; // milliseconds, so that a pointer on its way elsewhere opens nothing
  const root = document.documentElement.dataset.content_root ?? "./";
  let box, open, timer, loading;

  function loaded() {
    loading ??= new Promise((done) => {
      const script = document.createElement("script"); // fetch does not work in a folder
      script.src = `${root}_static/previews-of-pages.js`;
      script.onload = script.onerror = done;
      document.head.append(script);
    });
    return loading;
  }

  function onThisPage(id) {
    const target = document.getElementById(id);
    if (!target?.matches(SHOWN)) return "";
    const parts = [target, ...(target.matches("dt") ? [target.nextElementSibling] : [])];
    return parts.map((part) => {
      const copy = part.cloneNode(true);
      for (const one of copy.querySelectorAll(".headerlink, .controls, script, style, template, .book-live, details, .verdict, .try"))
        one.remove();
      for (const one of [copy, ...copy.querySelectorAll("[id]")]) one.removeAttribute("id");
      return copy.outerHTML;
    }).join("");
  }

  async function contentOf(link) {
    const id = decodeURIComponent(link.hash.slice(1));
    if (link.pathname === location.pathname) return onThisPage(id);
    await loaded();
    const top = new URL(root, location.href).pathname;
    return window.bookPreviews?.[`${link.pathname.slice(top.length)}#${id}`] ?? "";
  }

  function close() {
    clearTimeout(timer);
    open?.removeAttribute("aria-describedby");
    open = undefined;
    box?.remove();
  }

  function place(link) {
    const [at, gap] = [link.getClientRects()[0] ?? link.getBoundingClientRect(), 6];
    const left = Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8));
    const below = at.bottom + gap + box.offsetHeight <= innerHeight || at.top < innerHeight / 2;
    box.style.left = `${left}px`;
    box.style.top = `${below ? at.bottom + gap : Math.max(8, at.top - gap - box.offsetHeight)}px`;
  }

  async function show(link) {
    const html = await contentOf(link);
    if (!html || (!link.matches(":hover") && document.activeElement !== link)) return;
    close();
    box = document.createElement("div");
    Object.assign(box, { className: "book-preview bd-article", id: "book-preview", innerHTML: html });
    box.setAttribute("role", "tooltip");
    for (const one of box.querySelectorAll("a, [tabindex]")) one.setAttribute("tabindex", "-1");
    document.body.append(box);
    box.addEventListener("pointerenter", () => clearTimeout(timer));
    box.addEventListener("pointerleave", leave);
    link.setAttribute("aria-describedby", "book-preview");
    open = link;
    place(link);
  }

  function leave() {
    clearTimeout(timer);
    timer = setTimeout(close, DELAY);
  }

  for (const link of document.querySelectorAll(".bd-article a[href*='#']:not(.headerlink)")) {
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "touch" || link === open) return clearTimeout(timer);
      clearTimeout(timer);
      timer = setTimeout(show, DELAY, link);
    });
    link.addEventListener("pointerleave", leave);
    link.addEventListener("focus", () => { if (link.matches(":focus-visible")) show(link); });
    link.addEventListener("blur", close);
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  document.addEventListener("scroll", () => { if (open && document.activeElement !== open) close(); }, { passive: true });
})();
