// The bill of the first page, computed in the page. bill.py says the same in Python; tests/pages/test_front.py
// compares them.
(function () {
  "use strict";
  if (window.appleBill) return;

  // Both walks: what the nodes make of the three numbers, and what each number is worth.
  function walk(price, count, tax) {
    const factor = (100 + tax) / 100;
    const apples = price * count;
    return {
      forward: { price, count, factor, apples, bill: apples * factor },
      backward: { price: factor * count, count: factor * price, factor: apples, apples: factor, bill: 1 },
    };
  }

  const short = (value) => value.toFixed(2).replace(/\.?0+$/, "");
  const words = ({ forward, backward }) =>
    `The bill is ${short(forward.bill)} yen. A price one yen higher adds ${short(backward.price)} yen, `
    + `one apple more ${short(backward.count)}, one percent of tax more ${short(backward.factor / 100)}.`;

  // The drawing, in pixels from its upper left corner: names, nodes, and edges with the place of their numbers.
  const BLUE = "var(--figure-blue)", ORANGE = "var(--figure-orange)", INK = "var(--figure-ink)";
  const GREY = 'stroke="var(--figure-grey)" stroke-width="1.4"';
  const NAMES = [["price", 30], ["apples", 78], ["tax factor", 132]];
  const NODES = [[150, 54], [240, 54]];
  const EDGES = [
    { key: "price", course: [[68, 30], [114, 30], [136, 45]], at: [91, 30] },
    { key: "count", course: [[68, 78], [114, 78], [136, 63]], at: [91, 78] },
    { key: "factor", course: [[68, 132], [206, 132], [232, 68]], at: [140, 132] },
    { key: "apples", course: [[166, 54], [222, 54]], at: [193, 54] },
    { key: "bill", course: [[256, 54], [314, 54]], at: [284, 54] },
  ];

  const text = (written, x, y, colour, anchor, look = "") =>
    `<text x="${x}" y="${y}" fill="${colour}" text-anchor="${anchor}" font-family="system-ui" font-size="12.5" ${look}>${written}</text>`;
  const number = (value, [x, y], down, colour) => text(short(value), x, y + down, colour, "middle", 'font-weight="700"');

  function arrow(course) {
    const [[x0, y0], [x, y]] = course.slice(-2);
    const angle = (180 / Math.PI) * Math.atan2(y - y0, x - x0);
    return bookLive.line(course, GREY)
      + `<path d="M0 0L-8 -3.5V3.5Z" transform="translate(${x} ${y}) rotate(${angle})" fill="var(--figure-grey)"/>`;
  }

  function draw(axes, width, { forward, backward }) {
    axes.draw("", `<g transform="scale(${axes.width / width})">`
      + EDGES.map(({ key, course, at }) =>
        arrow(course) + number(forward[key], at, -6, BLUE) + number(backward[key], at, 16, ORANGE)).join("")
      + NODES.map(([x, y]) =>
        `<circle cx="${x}" cy="${y}" r="16" fill="var(--figure-paper)" stroke="${INK}" stroke-width="1.4"/>`
        + text("×", x, y + 6, INK, "middle", 'style="font-size: 18px"')).join("")
      + NAMES.map(([name, y]) => text(name, 62, y + 4, INK, "end")).join("") + "</g>");
  }

  function build({ controls, words: said, drawings, axes, settings }) {
    const now = {};
    function redraw() {
      const seen = walk(now.price, now.count, now.tax);
      draw(axes.bill, settings.width, seen);
      said.textContent = words(seen);
      drawings[0].setAttribute("aria-label", `A bill as a graph. ${said.textContent}`);
    }
    for (const part of ["price", "count", "tax"]) now[part] = settings[part][3];
    const slider = (part, name, text) => {
      const [min, max, step, value] = settings[part];
      bookLive.range(controls, { name, min, max, step, value, text }, (chosen) => { now[part] = chosen; redraw(); });
    };
    slider("price", "price", (yen) => `${yen} yen`);
    slider("count", "apples", String);
    slider("tax", "tax", (percent) => `${percent} %`);
    redraw();
  }

  window.appleBill = { walk, words };
  bookLive.define("apple-bill", build);
})();
