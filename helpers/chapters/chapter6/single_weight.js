// One weight followed under every rule, computed in the page. The formulas are those of helpers/rules, the names those
// of single_weight.py; tests/pages/test_single_weight.py compares them. A task is what Task.settings returns.
(function () {
  "use strict";
  if (window.singleWeight) return;

  // The network, and the loss of its one sample.
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const sigmoid = (a) => (1 + Math.tanh(a / 2)) / 2;
  const slope = (h) => h * (1 - h);
  const through = (h, W) => W[0].map((_, j) => sum(h.map((value, i) => value * W[i][j])));
  const transposed = (W) => W[0].map((_, j) => W.map((row) => row[j]));

  // The inputs, the hidden activities, and the sum of the output cell; a nudge may be added to every sum.
  function activities(x, weights, nudge = () => 0) {
    const h = [x];
    for (const [k, W] of weights.entries()) {
      const sums = through(h[k], W).map((a, j) => a + nudge(k + 1, j));
      h.push(k < weights.length - 1 ? sums.map(sigmoid) : sums);
    }
    return h;
  }

  const output = (h) => sigmoid(h.at(-1)[0]);
  const loss = (h, target) => {
    const [a] = h.at(-1);
    return Math.log1p(Math.exp(-Math.abs(a))) + Math.abs(target - (a > 0)) * Math.abs(a);
  };

  // What the cells of a hidden layer hear by each rule: the loss by their activity, or what stands for it.
  function comeDown(h, error, ways, layer) {
    let [delta, heard] = [[error], []];
    for (let upper = h.length - 1; upper > layer; upper -= 1) {
      heard = through(delta, ways[upper - 2]);
      delta = heard.map((value, j) => value * slope(h[upper - 1][j]));
    }
    return heard;
  }

  const backward = (task) => task.weights.slice(1).map(transposed);

  function byTargets(task, h, error, layer, forgives) {
    const top = h.length - 2;
    const gradient = comeDown(h, error, backward(task), top);
    if (layer === top) return gradient;
    const inverse = (activity) => through(activity, task.decoder).map(sigmoid);
    const wanted = inverse(h[top].map((value, j) => value - task.targetRate * gradient[j]));
    const from = forgives ? inverse(h[top]) : h[layer];
    return from.map((value, j) => (value - wanted[j]) / task.targetRate);
  }

  const HEARD = {
    backpropagation: (task, h, error, layer) => comeDown(h, error, backward(task), layer),
    feedback_alignment: (task, h, error, layer) => comeDown(h, error, task.feedback, layer),
    direct_feedback_alignment: (task, h, error, layer) => task.direct[layer - 1].map((B) => error * B),
    target_propagation: (task, h, error, layer) => byTargets(task, h, error, layer, false),
    difference_target_propagation: (task, h, error, layer) => byTargets(task, h, error, layer, true),
  };

  // An input has a copy of each kind and hears all of the error; an excitatory source minds it where it is negative.
  const mindedBy = ([layer, source], error) =>
    layer === 1 ? error : source === 0 ? Math.min(error, 0) : Math.max(error, 0);

  // The rules that nudge: what the weight or its cell is nudged by in a draw, and how the loss rises per sigma.
  const nudges = (rule) => rule.endsWith("perturbation");
  function draw(task, h, rule, [layer, source, cell], target, number) {
    const { x, weights, drawn, sigma } = task;
    const cells = weights.map((W) => W[0].length);
    const ofNodes = rule === "node_perturbation";
    const sizes = weights.map((W, k) => (ofNodes ? 1 : W.length + 1) * cells[k]); // each layer's thresholds come last
    const starts = sizes.map((_, k) => number * sum(sizes) + sum(sizes.slice(0, k)));
    const ofCell = (k, j) => drawn[starts[k - 1] + j];
    const ofWeight = (k, i, j) => drawn[starts[k - 1] + i * cells[k - 1] + j];
    const nudged = ofNodes
      ? activities(x, weights, (k, j) => sigma * ofCell(k, j))
      : activities(x, weights.map((W, k) => W.map((row, i) => row.map((w, j) => w + sigma * ofWeight(k + 1, i, j)))));
    return {
      nudge: ofNodes ? ofCell(layer, cell) : ofWeight(layer, source, cell),
      rise: (loss(nudged, target) - loss(h, target)) / sigma,
    };
  }

  // The factors of an update: its names and values; the last has come from elsewhere.
  function factors(task, rule, weight, target, draws) {
    const [layer, source, cell] = weight;
    const h = activities(task.x, task.weights);
    const error = output(h) - target;
    const input = ["own input", h[layer - 1][source]];
    if (nudges(rule)) {
      const own = rule === "weight_perturbation" ? [] : [input];
      const all = Array.from({ length: draws }, (_, number) => draw(task, h, rule, weight, target, number));
      if (draws === 1) return [...own, ["own nudge", all[0].nudge], ["rise of loss", all[0].rise]];
      return [...own, [`mean of ${draws} draws`, sum(all.map(({ nudge, rise }) => nudge * rise)) / draws]];
    }
    const spreads = rule === "error_diffusion";
    if (layer === task.weights.length) return [input, ["heard", spreads ? mindedBy(weight, error) : error]];
    const own = [input, ["own slope", slope(h[layer][cell])]];
    if (spreads) return [...own, ["own kind", cell === 0 ? 1 : -1], ["heard", mindedBy(weight, error)]];
    return [...own, ["heard", HEARD[rule](task, h, error, layer)[cell]]];
  }

  const product = (parts) => parts.reduce((total, [, value]) => total * value, 1);
  const update = (task, rule, weight, target, draws) => product(factors(task, rule, weight, target, draws));

  // Along which wires the last factor comes: what each is, from which cell to which, and its weight or number.
  function wires(task, rule, weight, target, draws) {
    const [layer, source, cell] = weight;
    const last = task.weights.length;
    if (nudges(rule)) {
      const kind = rule === "weight_perturbation" ? "to all weights" : "to all cells";
      return [[kind, [last, 0], [layer, cell], draws === 1 ? factors(task, rule, weight, target, 1).at(-1)[1] : null]];
    }
    const error = output(activities(task.x, task.weights)) - target;
    if (rule === "error_diffusion") return [["to all cells", [last, 0], [layer - 1, source], error]];
    if (layer === last) return [];
    if (rule === "direct_feedback_alignment") return [["direct", [last, 0], [layer, cell], task.direct[layer - 1][cell]]];
    const found = [];
    for (let upper = last; upper > layer; upper -= 1) {
      const [kind, back] = rule === "feedback_alignment" ? ["random", task.feedback[upper - 2]]
        : rule.includes("target") && upper === 2 ? ["inverse", task.decoder]
        : ["transposed", transposed(task.weights[upper - 1])];
      for (const [k, row] of back.entries())
        for (const [j, value] of row.entries())
          if (upper - 1 > layer || j === cell) found.push([kind, [upper, k], [upper - 1, j], value]);
    }
    return found;
  }

  // The same words as Story.words.
  function signed(value, digits = 3) {
    const text = value.toFixed(digits);
    return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "\u2212");
  }
  const digitsOf = (label) => (label === "own kind" ? 0 : 3);

  function heard(task, rule, [layer, source, cell], target, draws, come) {
    const h = activities(task.x, task.weights);
    const error = signed(output(h) - target);
    if (nudges(rule)) {
      const what = rule === "node_perturbation" ? "every cell nudges its sum" : "every weight is nudged";
      if (draws > 1) return `${what}, ${draws} times; the mean over ever more draws goes to the gradient.`;
      return `${what}, and one number tells all how the loss rose.`;
    }
    if (rule === "error_diffusion") {
      if (layer === 1) return `every cell hears the one error, ${error}; an input hears all of it.`;
      const [kind, sign] = [["excitatory", "negative"], ["inhibitory", "positive"]][source];
      return `every cell hears the one error, ${error}; an ${kind} source minds it only if it is ${sign}.`;
    }
    if (layer === task.weights.length) return `the output cell hears its own error, ${error}.`;
    if (rule.includes("target")) {
      const here = h[layer][cell];
      const inverse = rule.startsWith("difference") ? "an inverse, less its own error," : "an inverse";
      const wanted = signed(here - task.targetRate * come);
      return `${layer === 2 ? "the loss" : inverse} wants its cell at ${wanted}; that is at ${signed(here)}, `
        + `and hears the gap divided by ${task.targetRate}.`;
    }
    return {
      backpropagation: `the error, ${error}, comes down through the very weights above.`,
      feedback_alignment: `the error, ${error}, comes down through fixed random weights.`,
      direct_feedback_alignment: `the error, ${error}, comes at once, through one fixed random weight.`,
    }[rule];
  }

  const title = (rule) => rule[0].toUpperCase() + rule.slice(1).replaceAll("_", " ");

  function words(task, rule, weight, target, draws) {
    const parts = factors(task, rule, weight, target, draws);
    const said = parts.map(([label, value]) => `${label} ${signed(value, digitsOf(label))}`).join(" \u00d7 ");
    const [moved, gradient] = [product(parts), update(task, "backpropagation", weight, target, 1)];
    const way = moved * gradient > 0 ? "the same way" : moved ? "the other way" : "here nothing is learned";
    const verdict = Math.abs(moved - gradient) < 1e-9 ? "This is the gradient." : `The gradient is ${signed(gradient)}: ${way}.`;
    return `${title(rule)}: ${heard(task, rule, weight, target, draws, parts.at(-1)[1])} `
      + `Update ${signed(moved)} = ${said}. ${verdict}`;
  }

  // What is drawn.
  const BLUE = "var(--figure-blue)", INK = "var(--figure-ink)", ORANGE = "var(--figure-orange)", GREY = "var(--figure-grey)", GREEN = "var(--figure-green)";
  const PAPER = "var(--figure-paper)";
  const stroke = (colour, width, dash = "") => `stroke="${colour}" stroke-width="${width}"${dash && ` stroke-dasharray="${dash}"`}`;
  const dashOf = (kind) => ({ random: "5 3", direct: "5 3", inverse: "1.5 3" })[kind] ?? "";
  const text = ([x, y], words, colour, look = "") =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${colour}" ${look} class="label">${words}</text>`;
  const middle = 'text-anchor="middle"';
  const onPaper = ([x, y], words, colour) => // covers the wire that it stands on
    `<rect x="${(x - 3 * words.length).toFixed(1)}" y="${(y - 6).toFixed(1)}" width="${6 * words.length}" height="12" fill="${PAPER}"/>`
    + text([x, y + 3.4], words, colour, middle);
  const between = ([x0, y0], [x1, y1], part) => [x0 + part * (x1 - x0), y0 + part * (y1 - y0)];
  const clear = (start, end, radius) => { // without what lies in the circles of its ends
    const part = radius / Math.hypot(end[0] - start[0], end[1] - start[1]);
    return [between(start, end, part), between(end, start, part)];
  };

  // The places of a wire on the drawing, and of its number, as Python found them.
  const course = ([kind, from, to], weight, { courses }) =>
    courses[kind === "to all weights" ? [kind, ...weight]
      : [kind === "to all cells" || from[0] - to[0] > 1 ? kind : "straight", ...from, ...to]];

  function arrow(places, colour, dash) {
    const [[x0, y0], [x1, y1]] = places.slice(-2);
    const length = Math.hypot(x1 - x0, y1 - y0);
    const [dx, dy] = [(5 * (x1 - x0)) / length, (5 * (y1 - y0)) / length];
    const wings = [[x1 - dx + 0.6 * dy, y1 - dy - 0.6 * dx], [x1, y1], [x1 - dx - 0.6 * dy, y1 - dy + 0.6 * dx]];
    return bookLive.line(places, stroke(colour, 2, dash)) + bookLive.line(wings, stroke(colour, 2));
  }

  function drawNetwork(axes, { rule, weight, target, draws }, { task, map }) {
    const [layer, source, cell] = weight;
    const { cells, radius } = map;
    const place = ([x, y]) => [axes.x(x), axes.y(y)];
    const [low, high] = [cells[layer - 1][source], cells[layer][cell]];
    const found = wires(task, rule, weight, target, draws).map((wire) => [wire, course(wire, weight, map)]);
    const shown = output(activities(task.x, task.weights));
    const ring = (at, colour) => {
      const [x, y] = place(at);
      return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${(axes.x(radius) - axes.x(0)).toFixed(1)}" fill="none" ${stroke(colour, 2.5)}/>`;
    };
    axes.draw(
      title(rule),
      bookLive.line(clear(low, high, radius).map(place), stroke(BLUE, 3.5)),
      ring(low, BLUE),
      ring(high, BLUE),
      ...found.map(([[kind], [places]]) => arrow(places.map(place), ORANGE, dashOf(kind))),
      onPaper(place(map.met[weight.number]), signed(task.weights[layer - 1][source][cell], 1), BLUE),
      ...found.map(([[, , , value], [, label]]) => onPaper(place(label), value === null ? "" : signed(value, 2), ORANGE)),
      text(place([cells.at(-1)[0][0], cells.at(-1)[0][1] + radius + 12]), `wanted ${target}, error ${signed(shown - target)}`, INK, middle),
    );
  }

  function drawFactors(axes, { rule, weight, target, draws }, { task, names }) {
    const parts = factors(task, rule, weight, target, draws);
    const all = [...parts, ["update", product(parts)]];
    const step = axes.width / all.length;
    const marks = all.flatMap(([label, value], k) => {
      const x = (k + 0.5) * step;
      const colour = k === parts.length ? INK : k === parts.length - 1 ? ORANGE : BLUE;
      const sign = k === 0 ? "" : text([k * step, 13], k === parts.length ? "=" : "\u00d7", INK, middle);
      return [sign, text([x, 13], signed(value, digitsOf(label)), colour, `${middle} font-weight="700"`),
        ...label.split(/ (?=\S+$)/).map((line, row) => text([x, 26 + 10.5 * row], line, colour, middle))];
    });
    axes.draw(`The update of ${names[weight.number]}`, ...marks);
  }

  function drawBars(axes, { rule, weight, target, draws }, { task, rules }) {
    const values = rules.map((one) => update(task, one, weight, target, draws));
    const longest = Math.max(...values.map(Math.abs), 1e-12);
    const [row, half] = [axes.height / rules.length, axes.width / 2];
    const x = (value) => half * (1 + value / longest);
    const marks = rules.flatMap((one, k) => {
      const [top, chosen] = [k * row, one === rule];
      const look = chosen ? 'font-weight="700"' : "";
      const [from, to] = [half, x(values[k])].sort((a, b) => a - b);
      return [
        `<rect x="${from.toFixed(1)}" y="${(top + 14.5).toFixed(1)}" width="${Math.max(to - from, 0.6).toFixed(1)}" height="7" fill="${chosen ? BLUE : GREY}"/>`,
        text([0, top + 10], title(one).toLowerCase(), INK, look),
        text([axes.width, top + 10], signed(values[k]), INK, `text-anchor="end" ${look}`),
      ];
    });
    const across = (at, look) => rules.map((_, k) => bookLive.line([[at, k * row + 12.5], [at, k * row + 23.5]], look)).join("");
    axes.draw("All rules; green: the gradient", ...marks, across(half, stroke(INK, 0.8)), across(x(values[0]), stroke(GREEN, 2)));
  }

  function build({ controls, words: said, drawings, axes, settings }) {
    const { task, rules, weights, names, spelled, draws, start, map } = settings;
    const bytes = Uint8Array.from(atob(task.nudges), (letter) => letter.charCodeAt(0));
    task.drawn = new Float64Array(bytes.buffer);
    const now = { ...start };
    said.classList.add("long");

    function redraw() {
      const weight = Object.assign([...weights[now.weight]], { number: now.weight });
      const chosen = { rule: rules[now.rule], weight, target: now.target, draws: draws[now.draws] };
      drawNetwork(axes.network, chosen, settings);
      drawFactors(axes.factors, chosen, settings);
      drawBars(axes.bars, chosen, settings);
      said.textContent = words(task, chosen.rule, weight, chosen.target, chosen.draws);
      for (const drawing of drawings) drawing.setAttribute("aria-label", said.textContent);
    }
    const moves = (part) => (value) => { now[part] = value; redraw(); };
    const rule = bookLive.choice(controls, { name: "rule (or tap a bar)", options: rules.map((one) => title(one).toLowerCase()), value: now.rule }, moves("rule"));
    bookLive.choice(controls, { name: "wanted output", options: ["0", "1"], value: now.target }, moves("target"));
    const slider = bookLive.range(
      controls, { name: "weight (or tap a wire)", min: 0, max: weights.length - 1, step: 1, value: now.weight, text: (k) => names[k], spoken: (k) => spelled[k] }, moves("weight"));
    bookLive.range(controls, { name: "nudged how often", min: 0, max: draws.length - 1, step: 1, value: now.draws, text: (k) => draws[k] }, moves("draws"));

    bookLive.tapped(axes.network, (at) => {
      const distance = ([layer, source, cell]) => {
        const [low, high] = [map.cells[layer - 1][source], map.cells[layer][cell]];
        const part = ((at[0] - low[0]) * (high[0] - low[0]) + (at[1] - low[1]) * (high[1] - low[1])) / ((high[0] - low[0]) ** 2 + (high[1] - low[1]) ** 2);
        const near = between(low, high, Math.min(1, Math.max(0, part)));
        return Math.hypot(at[0] - near[0], at[1] - near[1]);
      };
      const distances = weights.map(distance);
      slider(distances.indexOf(Math.min(...distances)));
    });
    bookLive.tapped(axes.bars, ([, row]) => rule(Math.min(rules.length - 1, Math.max(0, Math.floor(row)))));
    redraw();
  }

  window.singleWeight = { activities, loss, factors, update, wires, words };
  bookLive.define("single-weight", build);
})();
