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
      const rise = draws === 1 ? factors(task, rule, weight, target, 1).at(-1)[1] : null;
      return [[kind, [last, 0], [layer, cell], rise]];
    }
    const error = output(activities(task.x, task.weights)) - target;
    if (rule === "error_diffusion") return [["to all cells", [last, 0], [layer - 1, source], error]];
    if (layer === last) return [];
    const direct = ["direct", [last, 0], [layer, cell], task.direct[layer - 1][cell]];
    if (rule === "direct_feedback_alignment") return [direct];
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
    const same = Math.abs(moved - gradient) < 1e-9;
    const verdict = same ? "This is the gradient." : `The gradient is ${signed(gradient)}: ${way}.`;
    return `${title(rule)}: ${heard(task, rule, weight, target, draws, parts.at(-1)[1])} `
      + `Update ${signed(moved)} = ${said}. ${verdict}`;
  }

  // The same words as `compared` of single_weight_figure.py.
  const compared = (rules, updates) =>
    `Updates: ${rules.map((rule, k) => `${title(rule).toLowerCase()} ${signed(updates[k])}`).join(", ")}.`;

  // What is drawn.
  const [BLUE, ORANGE, GREEN, GREY, INK, PAPER] =
    ["blue", "orange", "green", "grey", "ink", "paper"].map((colour) => `var(--figure-${colour})`);
  const DASHES = { random: "5 3", direct: "5 3", inverse: "1.5 3" };
  const stroke = (colour, width, dash) =>
    `stroke="${colour}" stroke-width="${width}"${dash ? ` stroke-dasharray="${dash}"` : ""}`;
  const text = ([x, y], words, colour, look = 'text-anchor="middle"') =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${colour}" ${look} class="label">${words}</text>`;
  const box = (x, y, width, height, colour) =>
    `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height}" fill="${colour}"/>`;
  const onPaper = ([x, y], words, colour) => // covers the wire that it stands on
    box(x - 3 * words.length, y - 6, 6 * words.length, 12, PAPER) + text([x, y + 3.4], words, colour);
  const ring = ([x, y], radius, colour) =>
    `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}" fill="none" ${stroke(colour, 2.5)}/>`;
  const between = ([x0, y0], [x1, y1], part) => [x0 + part * (x1 - x0), y0 + part * (y1 - y0)];
  const distance = ([x0, y0], [x1, y1]) => Math.hypot(x1 - x0, y1 - y0);
  const ends = ([layer, source, cell], { cells }) => [cells[layer - 1][source], cells[layer][cell]];

  // The places of a wire on the drawing, and of its number, as Python found them.
  const course = ([kind, from, to], weight, { courses }) =>
    courses[kind === "to all weights" ? [kind, ...weight]
      : [kind === "to all cells" || from[0] - to[0] > 1 ? kind : "straight", ...from, ...to]];

  function arrow(places, colour, dash) {
    const [before, tip] = places.slice(-2);
    const length = distance(before, tip);
    const [dx, dy] = [(5 * (tip[0] - before[0])) / length, (5 * (tip[1] - before[1])) / length];
    const wing = (side) => [tip[0] - dx + 0.6 * side * dy, tip[1] - dy - 0.6 * side * dx];
    return bookLive.line(places, stroke(colour, 2, dash)) + bookLive.line([wing(1), tip, wing(-1)], stroke(colour, 2));
  }

  function drawNetwork(axes, chosen, number, map) {
    const [task, rule, weight, target] = chosen;
    const [layer, source, cell] = weight;
    const place = ([x, y]) => [axes.x(x), axes.y(y)];
    const radius = axes.x(map.radius) - axes.x(0);
    const [low, high] = ends(weight, map).map(place);
    const part = radius / distance(low, high);
    const found = wires(...chosen).map((wire) => [wire, course(wire, weight, map)]);
    const error = signed(output(activities(task.x, task.weights)) - target);
    const [[x, y]] = map.cells.at(-1);
    axes.draw(
      title(rule),
      bookLive.line([between(low, high, part), between(high, low, part)], stroke(BLUE, 3.5)),
      ring(low, radius, BLUE),
      ring(high, radius, BLUE),
      ...found.map(([[kind], [places]]) => arrow(places.map(place), ORANGE, DASHES[kind])),
      onPaper(place(map.met[number]), signed(task.weights[layer - 1][source][cell], 1), BLUE),
      ...found.map(([[, , , value], [, at]]) => (value === null ? "" : onPaper(place(at), signed(value, 2), ORANGE))),
      text(place([x, y + map.radius + 12]), `wanted ${target}, error ${error}`, INK),
    );
  }

  function drawFactors(axes, chosen, name) {
    const parts = factors(...chosen);
    const last = parts.length;
    const step = axes.width / (last + 1);
    const marks = [...parts, ["update", product(parts)]].flatMap(([label, value], k) => {
      const x = (k + 0.5) * step;
      const colour = k === last ? INK : k === last - 1 ? ORANGE : BLUE;
      return [
        k === 0 ? "" : text([k * step, 13], k === last ? "=" : "\u00d7", INK),
        text([x, 13], signed(value, digitsOf(label)), colour, 'text-anchor="middle" font-weight="700"'),
        ...label.split(/ (?=\S+$)/).map((line, row) => text([x, 26 + 10.5 * row], line, colour)),
      ];
    });
    axes.draw(`The update of ${name}`, ...marks);
  }

  function drawBars(axes, rules, chosen, updates) {
    const [row, half] = [axes.height / rules.length, axes.width / 2];
    const longest = Math.max(...updates.map(Math.abs));
    const x = (value) => half * (1 + value / longest);
    const marks = rules.flatMap((rule, k) => {
      const [from, to] = [half, x(updates[k])].sort((a, b) => a - b);
      const look = rule === chosen ? 'font-weight="700"' : "";
      return [
        box(from, k * row + 14.5, to - from, 7, rule === chosen ? BLUE : GREY),
        text([0, k * row + 10], title(rule).toLowerCase(), INK, look),
        text([axes.width, k * row + 10], signed(updates[k]), INK, `text-anchor="end" ${look}`),
      ];
    });
    const beside = (at, look) =>
      rules.map((_, k) => bookLive.line([[at, k * row + 12.5], [at, k * row + 23.5]], look)).join("");
    const [zero, gradient] = [beside(half, stroke(INK, 0.8)), beside(x(updates[0]), stroke(GREEN, 2))];
    axes.draw("All rules; green: the gradient", ...marks, zero, gradient);
  }

  // The number of the weight whose wire is nearest to a place.
  function nearest(at, weights, map) {
    const distances = weights.map((weight) => {
      const [low, high] = ends(weight, map);
      const along = (at[0] - low[0]) * (high[0] - low[0]) + (at[1] - low[1]) * (high[1] - low[1]);
      return distance(at, between(low, high, Math.min(1, Math.max(0, along / distance(low, high) ** 2))));
    });
    return distances.indexOf(Math.min(...distances));
  }

  function build({ controls, words: said, drawings, axes, settings }) {
    const { task, rules, weights, names, spelled, draws, start, map } = settings;
    const bytes = Uint8Array.from(atob(task.nudges), (letter) => letter.charCodeAt(0));
    task.drawn = new Float64Array(bytes.buffer);
    const now = { ...start };
    said.classList.add("long");

    function redraw() {
      const rest = [weights[now.weight], now.target, draws[now.draws]];
      const chosen = [task, rules[now.rule], ...rest];
      const updates = rules.map((rule) => update(task, rule, ...rest));
      drawNetwork(axes.network, chosen, now.weight, map);
      drawFactors(axes.factors, chosen, names[now.weight]);
      drawBars(axes.bars, rules, rules[now.rule], updates);
      said.textContent = words(...chosen);
      drawings[0].setAttribute("aria-label", said.textContent);
      drawings[1].setAttribute("aria-label", compared(rules, updates));
    }
    const moves = (part) => (value) => { now[part] = value; redraw(); };
    const choice = (name, options, part) => bookLive.choice(controls, { name, options, value: now[part] }, moves(part));
    const slider = (name, texts, part, spoken = texts) => bookLive.range(controls, {
      name, min: 0, max: texts.length - 1, step: 1, value: now[part], text: (k) => texts[k], spoken: (k) => spoken[k],
    }, moves(part));
    const chooseRule = choice("rule (or tap a bar)", rules.map((rule) => title(rule).toLowerCase()), "rule");
    choice("wanted output", ["0", "1"], "target");
    const chooseWeight = slider("weight (or tap a wire)", names, "weight", spelled);
    slider("nudged how often", draws, "draws");
    bookLive.tapped(axes.network, (at) => chooseWeight(nearest(at, weights, map)));
    bookLive.tapped(axes.bars, ([, row]) => chooseRule(Math.min(rules.length - 1, Math.floor(row))));
    redraw();
  }

  window.singleWeight = { factors, update, wires, words };
  bookLive.define("single-weight", build);
})();
