// Draws every chart of the page whose figure holds a data block:
//   <div class="chart-live"><svg …drawn on the server…></svg>
//     <script type="application/json" class="chart-spec">{"spec": …, "options": …}</script></div>
// The drawing of the server stays until the new one stands, and for good if that fails. The data
// block is not run, so a policy of `default-src 'self'` lets it pass.
//
// Marks that say something are reached with Tab (one stop for the chart), then with the arrow
// keys, Home and End; Escape hides what is shown.

const SAYING = '[role="graphics-symbol"][aria-label]';

let box = null;

// Styles are set one by one from here, which a policy without inline styles allows.
function tip() {
  if (box) return box;
  box = document.createElement("div");
  box.className = "chart-tip";
  box.setAttribute("aria-hidden", "true"); // the mark itself says the same
  Object.assign(box.style, {
    position: "fixed", zIndex: "10", display: "none", maxWidth: "20rem", padding: ".35rem .5rem",
    background: "var(--surface, #fff)", color: "var(--ink, #16202c)",
    border: "1px solid var(--edge, #69747f)", borderRadius: "3px", fontSize: ".875rem",
    lineHeight: "1.35", pointerEvents: "none", overflowWrap: "anywhere",
  });
  document.body.append(box);
  return box;
}

function say(words, x, y) {
  const shown = tip();
  shown.textContent = words;
  shown.style.display = "block";
  const right = document.documentElement.clientWidth - shown.offsetWidth - 8;
  const above = y - shown.offsetHeight - 12;
  shown.style.left = `${Math.max(8, Math.min(x + 12, right))}px`;
  shown.style.top = `${above < 8 ? y + 12 : above}px`;
}

function hide() {
  tip().style.display = "none";
}

function point(handler, event, item, words) {
  if (words === null || words === undefined || words === "") hide();
  else say(String(words), event.clientX, event.clientY);
}

function show(mark) {
  const place = mark.getBoundingClientRect();
  say(mark.getAttribute("aria-label"), place.left + place.width / 2, place.top);
}

function walk(chart) {
  const marks = [...chart.querySelectorAll(SAYING)];
  if (!marks.length) return;
  let at = 0;
  const go = (next) => {
    marks[at].setAttribute("tabindex", "-1");
    at = (next + marks.length) % marks.length;
    marks[at].setAttribute("tabindex", "0");
    marks[at].focus();
  };
  marks.forEach((mark, number) => {
    mark.setAttribute("role", "img");
    mark.setAttribute("tabindex", number ? "-1" : "0");
    mark.addEventListener("focus", () => { at = number; show(mark); });
    mark.addEventListener("blur", hide);
  });
  chart.addEventListener("keydown", (event) => {
    const next = {
      ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1,
      Home: 0, End: marks.length - 1,
    }[event.key];
    if (event.key === "Escape") hide();
    if (next === undefined || !marks.includes(document.activeElement)) return;
    event.preventDefault();
    go(next);
  });
}

async function draw(holder) {
  const block = holder.querySelector("script.chart-spec");
  const drawn = holder.querySelector("svg");
  const { spec, options } = JSON.parse(block.textContent);
  const live = document.createElement("div");
  live.hidden = true;
  holder.append(live);
  try {
    await vegaEmbed(live, spec, { ...options, tooltip: point });
  } catch (error) {
    live.remove();
    console.error(error);
    return;
  }
  const chart = live.querySelector("svg");
  chart.classList.add("chart");
  // As wide as the column allows, like the drawing of the server.
  chart.removeAttribute("height");
  chart.setAttribute("role", "group");
  chart.setAttribute("aria-label", spec.description);
  if (drawn) drawn.remove();
  live.hidden = false;
  holder.dataset.live = "yes";
  walk(chart);
}

function start() {
  document.querySelectorAll(".chart-live").forEach(draw);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
