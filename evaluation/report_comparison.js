// What got better and worse against an earlier run.

// A difference and its interval around 0; `reach` is the largest difference shown.
function differencePlot({ difference, low, high }, reach, tone) {
  const x = (value) => share(0.5 + (0.5 * value) / reach);
  return svg("svg", { class: `whisker ${tone}`, width: "100%", height: 26, "aria-hidden": "true" },
    svg("line", { x1: "50%", x2: "50%", y1: 0, y2: 26, class: "overall" }),
    !missing(low) && svg("line", { x1: x(low), x2: x(high), y1: 13, y2: 13, class: "range" }),
    svg("circle", { cx: x(difference), cy: 13, r: 4.5, class: "value" }));
}

// "better" or "worse" when the interval of the difference does not hold 0.
function tone(name, { low, high }) {
  if (missing(low) || known(name).count || (low <= 0 && high >= 0)) return "same";
  return (low > 0) === !known(name).lower ? "better" : "worse";
}

const isChanged = ([, { difference, low, high }]) => [difference, low, high].some(Boolean);

function comparedMeasures(measures) {
  const ordered = Object.entries(measures).sort(([one], [other]) => byPlace(one, other));
  const [changed, same] = [ordered.filter(isChanged), ordered.filter((compared) => !isChanged(compared))];
  const shares = changed.filter(([name]) => isShare(name));
  const reach = Math.max(0.05, ...shares.flatMap(([, { difference, low, high }]) => [difference, low, high].map((value) => Math.abs(value ?? 0))));
  const row = ([name, compared]) => el("tr", { class: tone(name, compared) },
    el("th", { scope: "row" }, known(name).label, known(name).lower && el("span", { class: "aside" }, "lower is better")),
    el("td", { class: "plot" }, isShare(name) && !missing(compared.difference) && differencePlot(compared, reach, tone(name, compared))),
    el("td", { class: "number" }, `${shown(name, compared.before)} \u2192 ${shown(name, compared.after)}`),
    el("td", { class: "number" }, el("strong", {}, signed(name, compared.difference)),
      !missing(compared.low) && el("span", { class: "under" }, `${signed(name, compared.low)} to ${signed(name, compared.high)}`)),
    el("td", { class: "number" }, missing(compared.p) ? "\u2013" : compared.p < 0.001 ? "<\u20090.001" : compared.p.toFixed(3)),
    el("td", { class: "outcome" }, { better: "better", worse: "worse", same: "" }[tone(name, compared)]));
  const table = () => el("table", { class: "compared" },
    el("thead", {}, el("tr", {}, ["Measure", "Difference", "Before \u2192 after", "95% interval", "p", unseen("Outcome")].map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, changed.map(row)));
  return [changed.length > 0 && table(), same.length > 0 && el("p", { class: "about" }, `The same in both: ${same.map(([name]) => known(name).label).join(", ")}.`)];
}

// One line a question, those whose answers changed before those whose passages did.
function changesByQuestion(changed) {
  const grouped = new Map();
  for (const change of changed.toSorted((one, other) => byPlace(one.measure, other.measure)))
    grouped.set(change.id, [...(grouped.get(change.id) ?? []), change]);
  return [...grouped];
}

function changes(title, changed, name) {
  const grouped = changesByQuestion(changed);
  const one = ([id, all]) => el("li", {}, questionLink(id), el("ul", {}, all.map(({ measure, before, after }) =>
    el("li", {}, el("span", {}, known(measure).label), el("span", { class: "number" }, `${shown(measure, before, 0)} \u2192 ${shown(measure, after, 0)}`)))));
  const list = (some) => el("ul", { class: "changes" }, some.map(one));
  return el("div", { class: `panel ${name}` }, el("h3", {}, title, badge(counted(grouped.length, "question", "questions"))),
    grouped.length ? list(grouped.slice(0, 8)) : el("p", { class: "about" }, "None."),
    grouped.length > 8 && el("details", { class: "fold" }, el("summary", {}, `${grouped.length - 8} more`), list(grouped.slice(8))));
}

function comparison({ baseline, questions, measures, better, worse }) {
  return [
    el("p", { class: "about" }, `Against run ${baseline}, ${missing(questions) ? "question by question" : `on the ${counted(questions, "question", "questions")} of both`}: the difference of each measure with its 95% interval and a paired test.`),
    el("div", { class: "panel" }, comparedMeasures(measures)),
    el("div", { class: "columns" }, changes("Got worse", worse, "worse"), changes("Got better", better, "better")),
  ];
}
