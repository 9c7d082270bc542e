// What figures that compute in the page have in common. Python draws the empty axes (live.py); the script of a figure
// says what stands on them. Every figure brings this script, so that one alone works; the first to run stays.
(function () {
  "use strict";
  if (window.bookLive) return;
  const SVG = "http://www.w3.org/2000/svg";

  function node(name, attributes, parent) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return parent.appendChild(element);
  }

  // Axes that Python drew: `x` and `y` take data to places within them, `data` takes a place back.
  function panel(drawing, { left, top, width, height, x: [west, east], y: [south, north] }) {
    const title = node("text", { class: "title", x: left, y: top - 7 }, drawing);
    const inside = node("svg", { x: left, y: top, width, height }, drawing); // what is outside the axes is cut off
    return {
      drawing, left, top, width, height, west, east, south, north,
      x: (value) => (width * (value - west)) / (east - west),
      y: (value) => (height * (north - value)) / (north - south),
      data: (right, down) => [west + (right / width) * (east - west), north - (down / height) * (north - south)],
      draw(words, ...marks) {
        title.textContent = words;
        inside.innerHTML = marks.join("");
      },
    };
  }

  const place = ([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`;
  const line = (places, look) => `<path d="M${places.map(place).join("L")}" fill="none" ${look}/>`;
  const dots = (places, look) => // round ends of lines without length
    `<path d="${places.map((one) => `M${place(one)}h0`).join("")}" fill="none" stroke-linecap="round" ${look}/>`;
  const crosses = (places, size, look) =>
    `<path d="${places.map(([x, y]) => `M${place([x - size, y - size])}l${2 * size} ${2 * size}m0 ${-2 * size}l${-2 * size} ${2 * size}`).join("")}" fill="none" ${look}/>`;
  const band = (from, to, height, colour) =>
    to > from ? `<rect x="${from}" width="${to - from}" height="${height}" fill="${colour}" fill-opacity="0.1"/>` : "";

  // A native slider with its name and its value in words; to a listener, `spoken` may say more. Returns what sets it.
  function range(controls, { name, min, max, step, value, text, spoken = text }, moved) {
    const label = document.createElement("label");
    label.innerHTML = "<span class='name'></span><input type='range' autocomplete='off'><output></output>";
    const [words, input, output] = label.children;
    words.textContent = name;
    input.setAttribute("aria-label", name);
    Object.assign(input, { min, max, step, value });
    input.dataset.lmSuppressShortcuts = "true"; // the arrows are ours, not JupyterLab's
    const say = () => {
      output.textContent = text(Number(input.value));
      input.setAttribute("aria-valuetext", spoken(Number(input.value)));
    };
    const take = () => { say(); moved(Number(input.value)); };
    input.addEventListener("input", take);
    say();
    controls.append(label);
    return (chosen) => { input.value = chosen; take(); };
  }

  // Native radio buttons in a row, of which one is chosen, by its number. Returns what sets it.
  let choices = 0;
  function choice(controls, { name, options, value }, moved) {
    const group = document.createElement("fieldset");
    group.className = "choice";
    group.innerHTML = "<legend></legend>";
    group.firstChild.textContent = name;
    choices += 1;
    const inputs = options.map((words, k) => {
      const label = document.createElement("label");
      label.innerHTML = "<input type='radio' autocomplete='off'><span></span>";
      const [input, text] = label.children;
      text.textContent = words;
      Object.assign(input, { name: `book-choice-${choices}`, value: k, checked: k === value });
      input.dataset.lmSuppressShortcuts = "true";
      input.addEventListener("change", () => moved(k));
      group.append(label);
      return input;
    });
    controls.append(group);
    return (chosen) => { inputs[chosen].checked = true; moved(chosen); };
  }

  // The place on the page's drawing where the reader clicked, in units of the drawing, from the corner of the axes.
  function under(axes, event) {
    const box = axes.drawing.getBoundingClientRect();
    const zoom = axes.drawing.viewBox.baseVal.width / box.width;
    return [(event.clientX - box.left) * zoom - axes.left, (event.clientY - box.top) * zoom - axes.top];
  }

  // Calls with the place, in data, wherever the reader taps or clicks on axes.
  function tapped(axes, moved) {
    axes.drawing.addEventListener("click", (event) => {
      const [right, down] = under(axes, event);
      if (right >= 0 && right <= axes.width && down >= 0 && down <= axes.height) moved(axes.data(right, down));
    });
  }

  // A place on a panel that the reader moves in steps of 1 / fine: drag it, click elsewhere, or press the arrows.
  function handle(controls, axes, { name, fine, at, text, hint }, moved) {
    const [grip, help] = [document.createElement("div"), document.createElement("p")];
    const limit = (value, low, high) => Math.min(high, Math.max(low, Math.round(value * fine) / fine));
    const { viewBox } = axes.drawing;
    function show() {
      grip.style.left = `${(100 * (axes.left + axes.x(at[0]))) / viewBox.baseVal.width}%`;
      grip.style.top = `${(100 * (axes.top + axes.y(at[1]))) / viewBox.baseVal.height}%`;
      grip.setAttribute("aria-valuenow", at[0]);
      grip.setAttribute("aria-valuetext", text(at));
      help.textContent = hint(at);
    }
    function move([x, y]) {
      at = [limit(x, axes.west, axes.east), limit(y, axes.south, axes.north)];
      show();
      moved(at);
    }
    Object.assign(grip, { className: "handle", tabIndex: 0, role: "slider" });
    for (const [key, value] of Object.entries({ label: name, valuemin: axes.west, valuemax: axes.east }))
      grip.setAttribute(`aria-${key}`, value);
    grip.dataset.lmSuppressShortcuts = "true";
    grip.addEventListener("pointerdown", (event) => { grip.setPointerCapture(event.pointerId); grip.focus(); });
    grip.addEventListener("pointermove", (event) => {
      if (grip.hasPointerCapture(event.pointerId)) move(axes.data(...under(axes, event)));
    });
    tapped(axes, move);
    grip.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const by = (event.shiftKey ? 10 : 1) / fine;
      move([at[0] + by * way[0], at[1] + by * way[1]]);
    });
    axes.drawing.parentElement.append(grip);
    controls.append(help);
    show();
  }

  // Makes <name> a figure that computes: `build` fills it, and the picture for readers without a script goes.
  function define(name, build) {
    customElements.define(name, class extends HTMLElement {
      connectedCallback() {
        if (this.childElementCount) return; // moved on the page, not made
        const figure = this.closest("figure");
        const { panels, ...settings } = JSON.parse(this.dataset.settings);
        this.innerHTML = "<div class='controls'></div><p class='caption' aria-live='polite'></p><div class='frame'></div>";
        const [controls, words, frame] = this.children;
        for (const drawing of figure.querySelector("template").content.cloneNode(true).children) {
          const stage = document.createElement("div");
          stage.className = "stage";
          stage.append(drawing.cloneNode(true));
          frame.append(stage);
        }
        const drawings = [...frame.querySelectorAll(".stage > svg")];
        const axes = Object.fromEntries(Object.entries(panels).map(
          ([key, one]) => [key, panel(drawings[one.drawing], one)]));
        build({ controls, words, drawings, axes, settings });
        this.classList.add("computed");
        figure.classList.add("ready");
        figure.querySelector(":scope > .frame")?.remove();
      }
    });
  }

  window.bookLive = { line, dots, crosses, band, range, choice, handle, tapped, define };
})();
