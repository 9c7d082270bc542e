// Formulas are set when the book is built. One that is wider than the page scrolls; the keyboard must reach it too.
// A formula is measured when it comes near the screen, so that a long page opens without measuring them all.
document.addEventListener("DOMContentLoaded", () => {
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      document.fonts.ready.then(() => { // only then is the width final
        if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      });
    }
  }, { rootMargin: "600px" });
  for (const formula of document.querySelectorAll("div.tex")) near.observe(formula);
});
