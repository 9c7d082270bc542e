// The search: looks for the words of the address in the sections of the book (sections.js, extensions/finding.py).
// Nothing is fetched, so it works in a folder too. Stems are those of Sphinx's stemmer (language_data.js).
(function () {
  "use strict";
  const MOST = 60; // hits that are shown
  const list = document.getElementById("search-results");
  const query = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  for (const box of document.querySelectorAll(".bd-search input")) box.value = query;

  const stemmer = new Stemmer(), stems = new Map();
  function stem(word) {
    if (!stems.has(word)) stems.set(word, stemmer.stemWord(word));
    return stems.get(word);
  }
  const split = (text) => text.toLowerCase().normalize("NFKD").match(/\p{L}[\p{L}\p{M}]*|\d+(?:\.\d+)*/gu) ?? [];

  // "equation 3.2", "eq 3.2", "(3.2)" and "figure 3.2" name one thing.
  const KINDS = { eq: "equation", fig: "figure", thm: "theorem", ex: "exercise" };
  const asked = split(query).map((word) => KINDS[word] ?? word);
  const wanted = asked.filter((word) => asked.length === 1 || !stopwords.includes(word));

  // How well an entry fits: every word must be there; one in the title counts more, so does the order of the words.
  function score([kind, , , , title, text]) {
    const [inTitle, inText] = [split(title).map(stem), split(text).map(stem)];
    let points = 0;
    for (const word of wanted) {
      const one = stem(word);
      const begins = (other) => other === one || (word.length > 3 && other.startsWith(one));
      const [titles, texts] = [inTitle.filter(begins).length, inText.filter(begins).length];
      if (!titles && !texts) return 0;
      points += 12 * Math.min(titles, 2) + Math.min(texts, 6);
    }
    const phrase = wanted.map(stem).join(" ");
    if (wanted.length > 1 && inText.join(" ").includes(phrase)) points += 8;
    if (inTitle.join(" ").includes(phrase)) points += 20;
    return points + (kind === "section" ? 1 : 0);
  }

  // The text around the first word that was asked for.
  function excerpt(text) {
    const at = [...text.matchAll(/[\p{L}\p{M}]+|\d+(?:\.\d+)*/gu)]
      .find(([word]) => wanted.some((one) => stem(word.toLowerCase()).startsWith(stem(one))))?.index ?? 0;
    const from = at < 90 ? 0 : text.indexOf(" ", at - 80) + 1;
    const to = from + 210 >= text.length ? text.length : text.lastIndexOf(" ", from + 210);
    return (from ? "… " : "") + text.slice(from, to) + (to < text.length ? " …" : "");
  }

  function marked(text, parent) {
    let last = 0;
    for (const match of text.matchAll(/[\p{L}\p{M}]+|\d+(?:\.\d+)*/gu)) {
      if (!wanted.some((one) => stem(match[0].toLowerCase()).startsWith(stem(one)))) continue;
      const mark = document.createElement("mark");
      mark.textContent = match[0];
      parent.append(text.slice(last, match.index), mark);
      last = match.index + match[0].length;
    }
    parent.append(text.slice(last));
    return parent;
  }

  function hit([, page, place, chapter, title, text]) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = page + (place ? `#${place}` : "");
    link.textContent = title;
    item.append(link);
    if (chapter !== title) {
      const where = document.createElement("span");
      where.className = "where";
      where.textContent = chapter;
      item.append(where);
    }
    item.append(marked(excerpt(text), document.createElement("p")));
    return item;
  }

  if (!wanted.length) return;
  const hits = window.bookSections.map((entry) => [score(entry), entry]).filter(([points]) => points);
  hits.sort(([a], [b]) => b - a);
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.textContent = !hits.length ? `Nothing holds all of “${query}”. Try fewer words, or look in the glossary.`
    : hits.length === 1 ? "1 place" : `${hits.length} places${hits.length > MOST ? `; the best ${MOST}:` : ""}`;
  const found = document.createElement("ol");
  found.append(...hits.slice(0, MOST).map(([, entry]) => hit(entry)));
  list.append(said, found);
})();
