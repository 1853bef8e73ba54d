// The plots. Positions across are per cent of the width, so that they fit any screen without being redrawn.

const GRID = [0, 0.25, 0.5, 0.75, 1];
const drawing = (height, label, ...content) =>
  svg("svg", { class: "drawing", width: "100%", height, role: "img", "aria-label": label }, content);

// A value and its interval on a line from 0 to 1.
function whisker(measure, { height = 26, grid = [], overall = null, track = false } = {}) {
  const middle = height / 2;
  const line = (x1, x2, y1, y2, name) => svg("line", { x1: share(x1), x2: share(x2), y1, y2, class: name });
  return svg(
    "svg", { class: "whisker", width: "100%", height, "aria-hidden": "true" },
    track && line(0, 1, middle, middle, "track"),
    grid.map((x) => line(x, x, 0, height, "grid")),
    !missing(overall) && line(overall, overall, 0, height, "overall"),
    !missing(measure?.low) && [
      line(measure.low, measure.high, middle, middle, "range"),
      [measure.low, measure.high].map((x) => line(x, x, middle - 4, middle + 4, "range")),
    ],
    !missing(measure?.value) && svg("circle", { cx: share(measure.value), cy: middle, r: 4.5, class: "value" }),
  );
}

function card(name, measure) {
  const { label, about, lower } = known(name);
  return el(
    "li", { class: "card", title: about },
    el("span", { class: "card-label" }, label),
    el("span", { class: "card-value" }, shown(name, measure.value), lower && el("span", { class: "aside" }, "lower is better")),
    isShare(name) && el("span", { class: "card-plot" }, whisker(measure, { height: 14, track: true })),
    el("span", { class: "card-range" },
      interval(name, measure) && el("span", {}, unseen("95% interval "), interval(name, measure)),
      !missing(measure.n) && el("span", {}, `n\u00a0${measure.n}`)),
  );
}

function latencyCards() {
  return ["p50", "p95"].filter((name) => !missing(results.latency?.[name])).map((name) =>
    el("li", { class: "card", title: `${name} of the time per answer` },
      el("span", { class: "card-label" }, `Latency ${name}`), el("span", { class: "card-value" }, seconds(results.latency[name]))));
}

function cards() {
  const { overall } = results.measures;
  const others = Object.keys(overall).filter((name) => !inGroups.includes(name));
  return [...GROUPS, ["Others", others]].map(([title, names]) => {
    const all = names.filter((name) => overall[name]).map((name) => card(name, overall[name]));
    if (title === "Length and latency") all.push(...latencyCards());
    if (!all.length) return null;
    const group = el("div", { class: "card-group" }, el("h3", {}, title), el("ul", { class: "cards" }, all));
    group.style.setProperty("--cards", all.length);
    return group;
  }).filter(Boolean);
}

function byKindRows(name, choose) {
  const overall = results.measures.overall[name];
  const row = (label, measure, isOverall) => el(
    "tr", { class: isOverall ? "total" : null },
    el("th", { scope: "row" }, isOverall ? label
      : el("button", { type: "button", class: "plain", title: `Show the ${label} questions`, onclick: () => choose(label) }, label)),
    el("td", { class: "plot" }, whisker(measure, { grid: GRID, overall: overall?.value })),
    el("td", { class: "number" }, shown(name, measure?.value)),
    el("td", { class: "number faint" }, measure ? interval(name, measure) : ""),
    el("td", { class: "number faint" }, measure?.n ?? 0),
  );
  const kinds = Object.entries(results.measures.by_kind).map(([kind, measures]) => row(kind, measures[name], false));
  return [...kinds, row("all", overall, true)];
}

function byKind(choose) {
  const names = inGroups.filter((name) => isShare(name) && results.measures.overall[name]);
  const about = el("p", { class: "about", "aria-live": "polite" });
  const body = el("tbody");
  const draw = (name) => {
    about.replaceChildren(`${known(name).label}: ${known(name).about}.${known(name).lower ? " Lower is better." : ""} `
      + "Lines are 95% intervals, the dashed line is all questions; kinds to which it does not apply stay empty.");
    body.replaceChildren(...byKindRows(name, choose));
  };
  const options = names.map((name) => el("option", { value: name }, known(name).label));
  const select = el("select", { id: "by-kind-measure", onchange: () => draw(select.value) }, options);
  draw(names[0]);
  const axis = el("tfoot", { "aria-hidden": "true" }, el("tr", {}, el("td"), el("td", { class: "plot" }, axisLabels()), el("td", { colspan: 3 })));
  const head = el("thead", {}, el("tr", {}, ["Kind", unseen("Plot"), "Value", "95%", "n"].map((text) => el("th", { scope: "col" }, text))));
  return el("figure", { class: "panel" },
    el("figcaption", {},
      el("div", { class: "title-row" }, el("h3", {}, "Measures by kind"),
        el("label", { class: "inline" }, unseen("Measure "), select)),
      about),
    el("table", { class: "by-kind" }, head, body, axis));
}

const axisLabels = () => svg("svg", { class: "axis", width: "100%", height: 18 },
  GRID.filter((x) => x % 0.5 === 0).map((x) =>
    svg("text", { x: share(x), y: 13, "text-anchor": "middle" }, `${x * 100}%`)));

// A histogram whose bars are [{from, to, count, label, name}], from and to between 0 and 1.
function histogram(bars, height, label, ...content) {
  const top = 22, bottom = 22, tallest = Math.max(1, ...bars.map((bar) => bar.count));
  const y = (count) => height - bottom - (count / tallest) * (height - top - bottom);
  return drawing(height, label,
    bars.map((bar) => svg("rect", {
      x: share(bar.from), width: share(bar.to - bar.from), y: y(bar.count), height: height - bottom - y(bar.count),
      class: `bar ${bar.name ?? ""}`, rx: 2 }, svg("title", {}, `${bar.title}: ${bar.count}`))),
    bars.filter((bar) => bar.label !== undefined).map((bar) => {
      const middle = share((bar.from + bar.to) / 2);
      return [
        svg("text", { x: middle, y: y(bar.count) - 6, "text-anchor": "middle", class: bar.count ? "count" : "count none" }, String(bar.count)),
        svg("text", { x: middle, y: height - 6, "text-anchor": "middle" }, bar.label),
      ];
    }),
    svg("line", { x1: 0, x2: "100%", y1: height - bottom, y2: height - bottom, class: "base" }), content);
}

function ranks() {
  const all = results.questions.map(bestRank).filter((rank) => rank !== undefined);
  const width = 0.08;
  const bars = Array.from({ length: 10 }, (_, index) => {
    const rank = index + 1;
    return { from: index * width + 0.01, to: (index + 1) * width - 0.01, label: String(rank), title: `rank ${rank}`,
      count: all.filter((other) => other === rank).length };
  });
  const lost = all.filter((rank) => rank === null).length;
  bars.push({ from: 0.83, to: 0.99, label: "not found", title: "not among the first ten", count: lost, name: "lost" });
  const stale = results.questions.filter((question) => question.gold.some((gold) => missing(gold.start)));
  return panel("Rank of the right passage",
    `The best rank of a gold passage, for the ${counted(all.length, "question", "questions")} that have one.`,
    histogram(bars, 220, `Of ${all.length} questions, ${bars[0].count} have the right passage first and ${lost} not among the first ten.`),
    stale.length > 0 && el("p", { class: "notice" },
      `${counted(stale.length, "question has", "questions have")} gold that no longer matches its page and cannot be found: `,
      stale.map((question, index) => [index ? ", " : "", questionLink(question.id)])));
}

// The boundaries 1, 2, 5, 10, 20 ... that hold every value.
function roundSteps(low, high) {
  const steps = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1)
    steps.push(...[1, 2, 5].map((digit) => digit * 10 ** power));
  const first = steps.filter((step) => step <= low * 1.0001).length - 1;
  const last = steps.findIndex((step) => step >= high);
  return steps.slice(Math.max(first, 0), (last < 0 ? steps.length : last) + 1);
}

function latency() {
  const values = results.questions.map((question) => question.answer.seconds)
    .filter((value) => !missing(value)).map((value) => Math.max(value, 1e-4));
  const title = "Latency";
  if (!values.length) return panel(title, "No answer says how long it took.");
  const steps = roundSteps(Math.min(...values), Math.max(...values) * 1.0001);
  const [from, to] = [Math.log(steps[0]), Math.log(steps.at(-1))];
  const x = (value) => 0.04 + 0.92 * Math.min(1, Math.max(0, (Math.log(value) - from) / (to - from)));
  const bins = 28, edge = (index) => from + ((to - from) * index) / bins;
  const bars = Array.from({ length: bins }, (_, index) => {
    const [low, high] = [Math.exp(edge(index)), Math.exp(edge(index + 1))];
    const last = index === bins - 1;
    return { from: x(low) + 0.002, to: x(high) - 0.002, title: `${seconds(low)} to ${seconds(high)}`,
      count: values.filter((value) => value >= low && (value < high || last)).length };
  });
  const marks = ["p50", "p95"].filter((name) => !missing(results.latency?.[name])).map((name, index) => {
    const value = results.latency[name], place = x(Math.max(value, 1e-4)), right = place > 0.7;
    return [
      svg("line", { x1: share(place), x2: share(place), y1: 6 + index * 16, y2: 198, class: `mark-line ${name}` }),
      svg("text", { x: share(place + (right ? -0.012 : 0.012)), y: 16 + index * 16, "text-anchor": right ? "end" : "start", class: "mark-text" },
        `${name} ${seconds(value)}`),
    ];
  });
  const labelled = steps.length > 7 ? steps.filter((step) => Math.abs(Math.log10(step) % 1) < 1e-6) : steps;
  const ticks = labelled.map((step) => svg("text", { x: share(x(step)), y: 214, "text-anchor": "middle" }, seconds(step)));
  return panel(title, "Time per answer, on a logarithmic scale.",
    histogram(bars, 220, `Half of the answers took up to ${seconds(results.latency?.p50)}, 95 in 100 up to ${seconds(results.latency?.p95)}.`, marks, ticks));
}

// Right or wrong, 0 to 1: facts where there is an answer, the refusal where there is none.
const answerScore = (question) => (question.answerable ? question.measures.facts : question.measures.refusals);

// How far points may move up or down from their height without coming near another height.
function lanesAt(height, heights, size, top) {
  const above = Math.max(...heights.filter((other) => other < height), -Infinity);
  const below = Math.min(...heights.filter((other) => other > height), Infinity);
  const [up, down] = [Math.min(top, (height - above) / 2 - 3), Math.min(46, (below - height) / 2 - 3)];
  const steps = Array.from({ length: 12 }, (_, index) => (index + 1) * size);
  return [0, ...steps.flatMap((step) => [step <= up && -step, step <= down && step])].filter((step) => step !== false);
}

// Points that would hide each other stand in lanes above and below their height.
function inLanes(points, size, top) {
  const heights = [...new Set(points.map((point) => point.y))], ends = new Map();
  const lanes = new Map(heights.map((height) => [height, lanesAt(height, heights, size, top)]));
  return points.toSorted((one, other) => one.x - other.x).map((point) => {
    const taken = ends.get(point.y) ?? lanes.get(point.y).map(() => -Infinity);
    ends.set(point.y, taken);
    const free = taken.findIndex((end) => end <= point.x);
    const lane = free < 0 ? taken.indexOf(Math.min(...taken)) : free;
    taken[lane] = point.x + size;
    return { ...point, y: point.y + lanes.get(point.y)[lane] };
  });
}

// Without a confidence, points stand five abreast.
function columnOf(questions) {
  const met = new Map();
  return new Map(questions.filter((question) => missing(question.confidence)).map((question) => {
    const score = answerScore(question), before = met.get(score) ?? 0;
    met.set(score, before + 1);
    return [question.id, [0, -1, 1, -2, 2][before % 5]];
  }));
}

const symbol = (answerable, x, y) => (answerable
  ? svg("circle", { cx: x, cy: y, r: 4.2, class: "dot answerable" })
  : svg("path", { d: `M${x} ${y - 5.6}L${x + 5.6} ${y}L${x} ${y + 5.6}L${x - 5.6} ${y}Z`, class: "dot unanswerable" }));

function drawScatter(box, questions) {
  const width = Math.max(box.clientWidth, 240), height = 370, left = 46, right = 12, top = 66, bottom = 92, size = 9;
  const none = questions.some((question) => missing(question.confidence)) ? 68 : 0;
  const x = (value) => left + none + 8 + value * (width - left - none - right - 8);
  const y = (value) => top + (1 - value) * (height - top - bottom);
  const columns = columnOf(questions), middle = left + none / 2 - 4;
  const points = inLanes(questions.map((question) => ({
    question, x: missing(question.confidence) ? middle + columns.get(question.id) * size : x(question.confidence), y: y(answerScore(question)),
  })), size, top - 8);
  box.replaceChildren(svg(
    "svg", { class: "drawing", viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
      "aria-label": "Answer score against confidence, one point a question; the list below can be ordered by confidence." },
    [0, 0.5, 1].map((value) => [
      svg("line", { x1: left, x2: width - right, y1: y(value), y2: y(value), class: "grid" }),
      svg("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end" }, `${value * 100}%`),
    ]),
    none && svg("text", { x: middle, y: height - 24, "text-anchor": "middle" }, "none"),
    GRID.map((value) => svg("text", { x: x(value), y: height - 24, "text-anchor": value === 1 ? "end" : "middle" }, value.toFixed(2))),
    svg("text", { x: (x(0) + x(1)) / 2, y: height - 5, "text-anchor": "middle" }, "confidence"),
    points.map(({ question, x: across, y: down }) => svg("g", { class: "point", onclick: () => openQuestion(question.id) },
      symbol(question.answerable, across, down), svg("title", {}, `${question.id}: ${brief(question.question)}`))),
  ));
}

function scatter() {
  const questions = results.questions.filter((question) => !missing(answerScore(question)));
  const title = "Answer score and confidence";
  if (questions.every((question) => missing(question.confidence))) return panel(title, "No answer of this run carries a confidence.");
  const box = el("div", { class: "scatter" });
  const key = (answerable, text) => el("li", {}, svg("svg", { width: 14, height: 14, "aria-hidden": "true" }, symbol(answerable, 7, 7)), text);
  let drawn;
  new ResizeObserver(() => {
    // The drawing sets the height of its box: only another width calls for another drawing.
    if (box.clientWidth !== drawn) drawScatter(box, questions);
    drawn = box.clientWidth;
  }).observe(box);
  return panel(title,
    "Score is the share of facts found or, where the pages hold no answer, whether that was said. Click a point to open its question.",
    el("ul", { class: "key" }, key(true, "answerable"), key(false, "not answerable")), box);
}

function everyMeasure() {
  const { overall, by_kind } = results.measures;
  const names = Object.keys(overall).sort(byPlace);
  const head = el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Kind"), names.map((name) => el("th", { scope: "col", title: known(name).about }, known(name).label))));
  const row = (label, measures, name) => el("tr", { class: name }, el("th", { scope: "row" }, label),
    names.map((measure) => el("td", { class: "number" }, shown(measure, measures[measure]?.value),
      measures[measure] && interval(measure, measures[measure]) && el("span", { class: "under" }, interval(measure, measures[measure])))));
  return el("details", { class: "fold all-measures" }, el("summary", {}, "Every measure by kind, as a table"),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Every measure by kind" }, el("table", { class: "full" }, head,
      el("tbody", {}, Object.entries(by_kind).map(([kind, measures]) => row(kind, measures)), row("all", overall, "total")))));
}
