// Makes one figure answer its sliders. A frame is a list of lines of SVG; equal lines are
// stored once, because the frames of one figure are nearly equal.
(function (root) {
  const { lines, frames, captions, sizes, still } = JSON.parse(root.querySelector("script[type='application/json']").textContent);
  const sliders = [...root.querySelectorAll("input[type=range]")];
  const place = root.querySelector(".frame");
  const caption = root.querySelector(".caption");

  function show(index) {
    place.innerHTML = frames[index].map((line) => lines[line]).join("\n");
    if (caption) caption.textContent = captions[index];
  }
  function redraw() {
    for (const slider of sliders) {
      const text = JSON.parse(slider.dataset.texts)[slider.value];
      slider.parentElement.querySelector("output").textContent = text;
      slider.setAttribute("aria-valuetext", text);
    }
    show(sliders.reduce((index, slider, k) => index * sizes[k] + Number(slider.value), 0));
  }
  for (const slider of sliders) slider.addEventListener("input", redraw);

  const buttons = root.querySelector(".buttons");
  if (buttons) {
    const [slider] = sliders;
    const play = buttons.querySelector(".play");
    let timer = null;
    const stop = () => { clearInterval(timer); timer = null; play.textContent = "Play"; };
    const move = (by) => { slider.value = Number(slider.value) + by; redraw(); };
    slider.addEventListener("input", stop);
    const advance = () => (Number(slider.value) < sizes[0] - 1 ? move(1) : stop());
    buttons.querySelector(".back").addEventListener("click", () => { stop(); move(-1); });
    buttons.querySelector(".step").addEventListener("click", () => { stop(); move(1); });
    play.addEventListener("click", () => {
      if (timer) return stop();
      if (Number(slider.value) === sizes[0] - 1) move(1 - sizes[0]);
      timer = setInterval(advance, 1200);
      play.textContent = "Pause";
    });
  }
  addEventListener("beforeprint", () => show(still));
  addEventListener("afterprint", redraw);
  root.classList.add("ready");
  redraw();
})(document.currentScript.parentElement);
