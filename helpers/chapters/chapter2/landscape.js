// The landscape of chapter 2, computed in the page. The formulas are those of rbf_toy.py and landscape.py, under the
// same names; tests/pages/test_landscape.py compares them. A task is { x, t, b_o }: inputs, targets, the fixed bias.
(function () {
  "use strict";
  if (window.rbfLandscape) return;

  // The network and its cost.
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const gaussian = (a) => Math.exp(-a * a);
  const sigmoid = (a) => (1 + Math.tanh(a / 2)) / 2;

  function forward(x, w_h, w_o, b_o) {
    const a_h = x * w_h;
    const h = gaussian(a_h);
    return { a_h, h, a_o: h * w_o + b_o };
  }

  const crossEntropy = (a, t) =>
    Math.log1p(Math.exp(-Math.abs(a))) + t * Math.max(-a, 0) + (1 - t) * Math.max(a, 0);

  const cost = ({ x, t, b_o }, w_h, w_o) =>
    sum(x.map((x_s, s) => crossEntropy(forward(x_s, w_h, w_o, b_o).a_o, t[s])));

  // Its slopes, and one walk down.
  function gradients({ x, t, b_o }, w_h, w_o) {
    const slopes = { w_h: 0, w_o: 0 };
    for (const [s, x_s] of x.entries()) {
      const { a_h, h, a_o } = forward(x_s, w_h, w_o, b_o);
      const delta_o = sigmoid(a_o) - t[s];
      const delta_h = -2 * w_o * a_h * h * delta_o;
      slopes.w_h += x_s * delta_h;
      slopes.w_o += h * delta_o;
    }
    return slopes;
  }

  function descend(task, [w_h, w_o], rate, steps) {
    const path = [[w_h, w_o]];
    for (let step = 0; step < steps; step += 1) {
      const slopes = gradients(task, w_h, w_o);
      w_h -= rate * slopes.w_h;
      w_o -= rate * slopes.w_o;
      path.push([w_h, w_o]);
    }
    return path;
  }

  // Its curvatures, and the rate up to which a step is stable.
  function hessian({ x, t, b_o }, w_h, w_o) {
    let [hh, ho, oo] = [0, 0, 0];
    for (const [s, x_s] of x.entries()) {
      const { a_h, h, a_o } = forward(x_s, w_h, w_o, b_o);
      const y = sigmoid(a_o);
      const [delta_o, curve] = [y - t[s], y * (1 - y)];
      const [by_h, by_o] = [-2 * a_h * h * w_o * x_s, h];
      hh += curve * by_h * by_h + delta_o * (4 * a_h * a_h - 2) * h * w_o * x_s * x_s;
      ho += curve * by_h * by_o + delta_o * -2 * a_h * h * x_s;
      oo += curve * by_o * by_o;
    }
    return { hh, ho, oo };
  }

  function limit(task, w_h, w_o) {
    const { hh, ho, oo } = hessian(task, w_h, w_o);
    const largest = (hh + oo) / 2 + Math.hypot((hh - oo) / 2, ho); // eigenvalue
    return largest > 0 ? 2 / largest : Infinity;
  }

  // Distance of the boundary from zero: 0 if all is red, infinite if all is blue.
  function edge({ b_o }, w_h, w_o) {
    if (w_o <= -b_o) return 0;
    return w_h === 0 ? Infinity : Math.sqrt(Math.log(-w_o / b_o)) / Math.abs(w_h);
  }

  function walk(task, start, rate, steps) {
    const path = descend(task, start, rate, steps);
    const [w_h, w_o] = path.at(-1);
    const isRight = (x_s, s) => (forward(x_s, w_h, w_o, task.b_o).a_o > 0) === (task.t[s] === 1);
    return {
      path, w_h, w_o,
      costs: path.map(([h, o]) => cost(task, h, o)),
      limit: limit(task, w_h, w_o),
      edge: edge(task, w_h, w_o),
      right: task.x.filter(isRight).length,
      points: task.x.length,
    };
  }

  function verdict({ costs, w_h }, { valley, plain }) {
    const outside = costs.map((one) => one >= valley);
    if (w_h === 0) return "It is on the mirror line and cannot leave it.";
    if (outside.every(Boolean)) return Math.abs(w_h) > plain ? "It is out on the plain." : "It is on its way.";
    const changes = [...outside.keys()].filter((step) => step > 0 && outside[step] !== outside[step - 1]);
    const since = changes.at(-1) ?? 0;
    if (outside.at(-1)) return `It was thrown out of the valley at step ${since}.`;
    const again = changes.slice(0, -1).some((step) => outside[step]) ? " again" : "";
    return `It has been in the valley${again} since step ${since}.`;
  }

  const ROUNDING = 1e-9; // a smaller rise of the cost is none
  function words(seen, settings) {
    const last = seen.costs.length - 1;
    const uphill = seen.costs.filter((one, step) => step > 0 && one - seen.costs[step - 1] > ROUNDING).length;
    const parts = seen.edge === 0 ? "No boundary: all is red"
      : seen.edge === Infinity ? "No boundary: all is blue"
      : `Boundary at |x| = ${seen.edge.toFixed(2)}`;
    const inValley = seen.costs[last] < settings.valley && seen.limit < Infinity;
    const limit = inValley ? ` Limit of the rate here: ${seen.limit.toFixed(3)}.` : "";
    return `${verdict(seen, settings)} Cost ${seen.costs[last].toFixed(2)} after ${last} ${last === 1 ? "step" : "steps"}, `
      + `${uphill} of them uphill. ${parts}; ${seen.right} of ${seen.points} points are right.${limit}`;
  }

  // What is drawn. On the map, whose colours are the same in both themes, white has a dark edge.
  const ON_MAP = ["#111111", "#ffffff"];
  const BLUE = "var(--figure-blue)", RED = "var(--figure-red)", INK = "var(--figure-ink)", ORANGE = "var(--figure-orange)";
  const signed = (value, digits) => value.toFixed(digits).replace("-", "\u2212");
  const stroke = (colour, width) => `stroke="${colour}" stroke-width="${width}"`;

  function drawMap(axes, { path, costs }) {
    const places = path.map(([w_h, w_o]) => [axes.x(w_h), axes.y(w_o)]);
    const [w_h] = path.at(-1);
    const far = Math.abs(w_h) > axes.east ? `, far out at w\u2095 = ${signed(w_h, 0)}` : "";
    axes.draw(
      `Cost ${costs.at(-1).toFixed(2)}${far}`,
      ...ON_MAP.map((colour, k) => bookLive.line(places, stroke(colour, [2.6, 1.2][k]))),
      ...ON_MAP.map((colour, k) => bookLive.dots(places, stroke(colour, [5, 3.4][k]))),
      bookLive.dots(places.slice(-1), stroke("#111111", 10)),
      bookLive.dots(places.slice(-1), stroke("#b84c00", 8)),
    );
  }

  function drawCosts(axes, { costs }) {
    const places = costs.map((value, step) => [axes.x(step), axes.y(Math.log(value))]);
    axes.draw(
      "Cost at each step",
      bookLive.line(places, stroke(BLUE, 1.5)),
      bookLive.dots(places.slice(-1), stroke(ORANGE, 7)),
    );
  }

  function drawLine(axes, { w_h, w_o, edge }, { b_o }) {
    const [west, east] = [Math.max(-edge, axes.west), Math.min(edge, axes.east)].map(axes.x);
    const line = Array.from({ length: 161 }, (_, k) => axes.west + ((axes.east - axes.west) * k) / 160);
    const marks = [-edge, edge].filter((place) => edge > 0 && Math.abs(place) < axes.east);
    axes.draw(
      edge === 0 ? "All red" : edge === Infinity ? "All blue" : `Boundary at |x| = ${edge.toFixed(2)}`,
      bookLive.band(0, west, axes.height, RED),
      bookLive.band(west, east, axes.height, BLUE),
      bookLive.band(east, axes.width, axes.height, RED),
      ...marks.map((place) => bookLive.line([[axes.x(place), 0], [axes.x(place), axes.height]], `${stroke(INK, 1.1)} stroke-dasharray="4 2"`)),
      bookLive.line(line.map((x) => [axes.x(x), axes.y(sigmoid(forward(x, w_h, w_o, b_o).a_o))]), stroke(INK, 1.5)),
    );
  }

  function drawFold(axes, { w_h, w_o }, { x, t, b_o }) {
    const cut = w_o > -b_o ? -b_o / w_o : Infinity;
    const border = axes.x(Math.min(cut, axes.east));
    const places = x.map((x_s, s) => [axes.x(forward(x_s, w_h, w_o, b_o).h), axes.y(0.12 * ((s % 3) - 1))]);
    axes.draw(
      cut === Infinity ? "Fold: no cut" : `Fold: cut at h = ${cut.toFixed(2)}`,
      bookLive.band(0, border, axes.height, RED),
      bookLive.band(border, axes.width, axes.height, BLUE),
      cut === Infinity ? "" : bookLive.line([[border, 0], [border, axes.height]], `${stroke(INK, 1.1)} stroke-dasharray="4 2"`),
      bookLive.dots(places.filter((_, s) => t[s] === 1), stroke(BLUE, 5.5)),
      bookLive.crosses(places.filter((_, s) => t[s] === 0), 2.4, stroke(RED, 1.6)),
    );
  }

  function build({ controls, words: said, drawings, axes, settings }) {
    const { task, rates, steps } = settings;
    const now = { start: settings.start, rate: rates[3], steps: steps[3] };

    function redraw() {
      const seen = walk(task, now.start, now.rate, now.steps);
      drawMap(axes.map, seen);
      drawCosts(axes.cost, seen);
      drawLine(axes.line, seen, task);
      drawFold(axes.fold, seen, task);
      said.textContent = words(seen, settings);
      for (const drawing of drawings) drawing.setAttribute("aria-label", said.textContent);
    }
    const slider = (name, [min, max, step, value], text, part) =>
      bookLive.range(controls, { name, min, max, step, value, text }, (chosen) => { now[part] = chosen; redraw(); });
    slider("learning rate \u03b7", rates, (rate) => rate.toFixed(3), "rate");
    slider("steps", steps, String, "steps");
    bookLive.handle(controls, axes.map, {
      name: "start of the walk",
      fine: 10,
      at: now.start,
      text: ([w_h, w_o]) => `hidden weight ${signed(w_h, 1)}, output weight ${signed(w_o, 1)}`,
      hint: ([w_h, w_o]) => `Start at (${signed(w_h, 1)}, ${signed(w_o, 1)}): drag the ring, or use the arrow keys on it.`,
    }, (start) => { now.start = start; redraw(); });
    redraw();
  }

  window.rbfLandscape = { cost, gradients, hessian, descend, limit, edge, walk, words };
  bookLive.define("rbf-landscape", build);
})();
