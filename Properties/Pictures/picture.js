"use strict";
(() => {
  const steps = [...document.querySelectorAll(".step")];
  const links = [...document.querySelectorAll("ol.story a")];
  const slider = document.getElementById("slider");
  const where = document.getElementById("where");
  const numbers = steps.map(step => Number(step.dataset.step));
  let at = 0;
  let typed = "";
  let typedAt = 0;

  const fromHash = () => {
    const index = steps.findIndex(step => "#" + step.id === location.hash);
    return index < 0 ? 0 : index;
  };

  const show = (index, keepsHash) => {
    at = Math.max(0, Math.min(steps.length - 1, index));
    steps.forEach((step, i) => {
      step.classList.toggle("current", i === at);
      step.classList.toggle("alone", i === at && at === 0);
      step.classList.toggle("previous", i === at - 1);
      // On a narrow page the step before is shown only where it is needed most.
      step.classList.toggle("shown", i === at - 1 && steps[at].classList.contains("breaking"));
    });
    links.forEach((link, i) => i === at ? link.setAttribute("aria-current", "step") : link.removeAttribute("aria-current"));
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", steps[at].dataset.words);
    where.textContent = steps[at].dataset.words;
    if (!keepsHash && location.hash !== "#" + steps[at].id) {
      history.replaceState(null, "", "#" + steps[at].id);
    }
  };

  const jump = digit => {
    const now = performance.now();
    typed = now - typedAt < 900 ? typed + digit : digit;
    typedAt = now;
    // A number that is no step begins anew with its last digit.
    typed = numbers.includes(Number(typed)) ? typed : digit;
    const index = numbers.indexOf(Number(typed));
    if (index >= 0) {
      show(index);
    }
  };

  const keys = { ArrowLeft: () => show(at - 1), ArrowRight: () => show(at + 1), Home: () => show(0), End: () => show(steps.length - 1) };
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (/^[0-9]$/.test(event.key)) {
      jump(event.key);
    } else if (keys[event.key]) {
      keys[event.key]();
      event.preventDefault();
    }
  });
  slider.addEventListener("input", () => show(Number(slider.value)));
  for (const button of document.querySelectorAll(".controls button")) {
    button.addEventListener("click", () => keys[button.dataset.key]());
  }
  addEventListener("hashchange", () => show(fromHash(), true));

  document.documentElement.classList.add("js");
  show(fromHash(), true);
})();
