// Makes a figure answer its sliders. A frame is a list of lines of SVG; equal lines are stored once, because the
// frames of one figure are nearly equal. They stand in the figure, or in a file that is asked for when it comes near.
// Each figure brings this script, so that one alone works; a page of the book keeps it once.
window.bookExplore ??= function (root) {
  const sliders = [...root.querySelectorAll("input[type=range]")];
  const place = root.querySelector(".frame");
  const caption = root.querySelector(".caption");
  const source = root.querySelector("script[type='application/json']");
  const parsed = new Map(); // drawings that were shown, by number
  let data = null;

  function drawing(index) {
    if (parsed.size > 60) parsed.clear();
    if (!parsed.has(index)) {
      const template = document.createElement("template");
      template.innerHTML = data.frames[index].map((line) => data.lines[line]).join("\n").replaceAll(">\n<", "><");
      parsed.set(index, template.content.firstElementChild);
    }
    return parsed.get(index);
  }
  // Changes a drawing into the next one where they differ: what stays is neither laid out nor decoded again.
  function become(now, next) {
    for (const { name } of [...now.attributes]) if (!next.hasAttribute(name)) now.removeAttribute(name);
    for (const { name, value } of next.attributes)
      if (now.getAttribute(name) !== value) now.setAttributeNS(name.startsWith("xlink:") ? "http://www.w3.org/1999/xlink" : null, name, value);
    const [old, fresh] = [now, next].map((one) => [...one.childNodes]);
    let last = null; // what stands behind them ends both drawings
    while (old.length && fresh.length && old.at(-1).isEqualNode(fresh.at(-1))) { last = old.pop(); fresh.pop(); }
    fresh.forEach((one, k) => { // a tick more or less: the parts behind it keep their partners
      while (old.length > fresh.length - k && old[0].nodeName !== one.nodeName) old.shift().remove();
      if (old[0]?.nodeName !== one.nodeName) return now.insertBefore(one.cloneNode(true), old[0] ?? last);
      const kept = old.shift();
      if (one.nodeType === Node.ELEMENT_NODE) become(kept, one);
      else if (kept.data !== one.data) kept.data = one.data;
    });
    for (const one of old) one.remove();
  }
  function show(index) {
    become(place.firstElementChild, drawing(index));
    if (caption && caption.textContent !== data.captions[index]) caption.textContent = data.captions[index];
  }
  function redraw() {
    for (const slider of sliders) {
      const text = JSON.parse(slider.dataset.texts)[slider.value];
      slider.parentElement.querySelector("output").textContent = text;
      slider.setAttribute("aria-valuetext", text);
    }
    if (data) show(sliders.reduce((index, slider, k) => index * data.sizes[k] + Number(slider.value), 0));
    else load();
  }
  function take(found) {
    data = found;
    root.dataset.pictures = "here";
    redraw();
  }
  function load() {
    if (source.dataset.asked) return;
    source.dataset.asked = "true";
    const script = document.createElement("script");
    script.src = source.dataset.file;
    script.addEventListener("load", () => { take(script.frames); script.remove(); });
    script.addEventListener("error", () => { delete source.dataset.asked; script.remove(); }); // the next move asks again
    document.head.append(script);
  }
  for (const slider of sliders) slider.addEventListener("input", redraw);

  const buttons = root.querySelector(".buttons");
  if (buttons) {
    const [slider] = sliders;
    const last = Number(slider.max);
    const play = buttons.querySelector(".play");
    let timer = null;
    const stop = () => { clearInterval(timer); timer = null; play.textContent = "Play"; };
    const move = (by) => { slider.value = Number(slider.value) + by; redraw(); };
    slider.addEventListener("input", stop);
    const advance = () => (Number(slider.value) < last ? move(1) : stop());
    buttons.querySelector(".back").addEventListener("click", () => { stop(); move(-1); });
    buttons.querySelector(".step").addEventListener("click", () => { stop(); move(1); });
    play.addEventListener("click", () => {
      if (timer) return stop();
      if (Number(slider.value) === last) move(-last);
      timer = setInterval(advance, 1200);
      play.textContent = "Pause";
    });
  }
  addEventListener("beforeprint", () => data && show(data.still));
  addEventListener("afterprint", () => data && redraw());
  root.classList.add("ready");
  if (!source.dataset.file) return take(JSON.parse(source.textContent));
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    load();
  }, { rootMargin: "800px" }).observe(root);
};
