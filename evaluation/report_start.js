// Filling the page, and the filters of the list of questions.

const ORDERS = {
  "failing first": (one, other) => other.failures.length - one.failures.length,
  "as in the set": () => 0,
  "least confident first": (one, other) => (one.confidence ?? 2) - (other.confidence ?? 2),
  "most confident first": (one, other) => (other.confidence ?? -1) - (one.confidence ?? -1),
  "slowest first": (one, other) => (other.answer.seconds ?? 0) - (one.answer.seconds ?? 0),
};
const fails = (question) => question.failures.length > 0;
const tally = (values) => values.reduce((counts, value) => counts.set(value, (counts.get(value) ?? 0) + 1), new Map());

function lead() {
  const failing = results.questions.filter(fails), total = results.questions.length;
  if (!failing.length) return `All ${counted(total, "question passes", "questions pass")} on every measure.`;
  const most = [...tally(failing.flatMap((question) => question.failures))].sort(([, one], [, other]) => other - one).slice(0, 3);
  return `${total - failing.length} of ${counted(total, "question passes", "questions pass")} on every measure; ${failing.length} fall short, `
    + `most often in ${most.map(([name, count]) => `${known(name).label} (${count})`).join(", ")}.`;
}

function facts() {
  const { run } = results;
  const pairs = [["Day", run.day], ["Build", run.build], ["Model", run.model], ["Model digest", run.model_digest],
    ["Revision", run.git_revision ?? "unknown"], ["Answered by", run.answered_by], ["Questions digest", run.questions_digest],
    ["Run", run.id]];
  const short = (name, value) => (/digest|Revision/.test(name) && String(value).length > 12 ? `${String(value).slice(0, 12)}\u2026` : String(value));
  return pairs.filter(([, value]) => !missing(value)).map(([name, value]) =>
    el("div", {}, el("dt", {}, name), el("dd", { title: String(value) }, short(name, value))));
}

function configuration() {
  const said = (value) => (typeof value === "string" ? value : JSON.stringify(value));
  return el("dl", { class: "configuration" }, Object.entries(results.run.configuration ?? {}).map(([name, value]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, said(value)))));
}

function problems() {
  const all = results.run.problems ?? [];
  return all.length > 0 && el("details", { class: "fold notice" },
    el("summary", {}, `${counted(all.length, "judgement no longer holds", "judgements no longer hold")}: mend the question set`),
    el("ul", { class: "plain-list" }, all.map((problem) => el("li", {}, problem))));
}

const choice = (label, id, options) => el("label", { for: id }, el("span", {}, label),
  el("select", { id, onchange: list }, options.map(([value, text]) => el("option", { value }, text))));

function kindOptions() {
  const kinds = [...tally(results.questions.map((question) => question.kind))];
  const failing = tally(results.questions.filter(fails).map((question) => question.kind));
  return [["", "every kind"], ...kinds.map(([kind, count]) => [kind, `${kind} (${failing.get(kind) ?? 0} of ${count} fall short)`])];
}

function measureOptions() {
  const failed = [...tally(results.questions.flatMap((question) => question.failures))].sort(([, one], [, other]) => other - one);
  return [["", "any or none"], ...failed.map(([name, count]) => [name, `${known(name).label} (${count})`])];
}

function filters() {
  return [
    el("label", { for: "search", class: "search" }, el("span", {}, "Search"),
      el("input", { type: "search", id: "search", oninput: list, placeholder: "question, answer, page, id", autocomplete: "off" })),
    choice("Kind", "kind", kindOptions()),
    choice("Fell short in", "measure", measureOptions()),
    choice("Order", "order", Object.keys(ORDERS).map((name) => [name, name])),
    el("label", { for: "failing", class: "tick" }, el("input", { type: "checkbox", id: "failing", oninput: list }), el("span", {}, "Only failing")),
  ];
}

function searched(question) {
  const { answer } = question;
  return [question.id, question.question, question.note, answer.answer, ...answer.notes, ...question.sources,
    ...answer.citations.flatMap((one) => [one.document, one.title]), ...question.gold.map((gold) => gold.quote)].join("\n").toLowerCase();
}
const searchable = new Map(results.questions.map((question) => [question.id, searched(question)]));

function wanted() {
  const words = at("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const [kind, measure, failing] = [at("kind").value, at("measure").value, at("failing").checked];
  return (question) => (!kind || question.kind === kind) && (!measure || question.failures.includes(measure))
    && (!failing || fails(question)) && words.every((word) => searchable.get(question.id).includes(word));
}

function list() {
  const keep = wanted();
  const ordered = results.questions.toSorted(ORDERS[at("order").value]);
  for (const question of ordered) rows.get(question.id).hidden = !keep(question);
  const inOrder = ordered.map((question) => rows.get(question.id));
  if (inOrder.some((row, index) => at("list").children[index] !== row)) at("list").replaceChildren(...inOrder);
  const found = results.questions.filter(keep).length;
  at("count").textContent = found ? `${found} of ${counted(results.questions.length, "question", "questions")}` : "No question matches these filters.";
}

function clearFilters() {
  at("filters").reset();
  list();
}

function showKind(kind) {
  clearFilters();
  at("kind").value = kind;
  list();
  at("questions").scrollIntoView();
  at("kind").focus({ preventScroll: true });
}

function openShown(open) {
  for (const row of at("list").children) if (!row.hidden) row.open = open;
}

function openLinked() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id.startsWith("q-")) openQuestion(id.slice(2));
}

document.title = `Evaluation ${results.run.day}, run ${results.run.id}`;
at("lead").textContent = lead();
at("facts").append(...facts());
at("configuration").append(configuration());
at("configuration").after(problems() || "");
at("cards").append(...cards());
if (results.comparison) {
  at("comparison").append(...comparison(results.comparison));
  for (const part of document.querySelectorAll("#comparison, nav [hidden]")) part.hidden = false;
}
at("drawn").append(byKind(showKind), scatter(), ranks(), latency());
at("drawn").after(everyMeasure());
for (const question of results.questions) rows.set(question.id, questionRow(question));
at("filters").append(...filters());
at("filters").addEventListener("submit", (event) => event.preventDefault());
at("listed").append(el("p", { id: "count", role: "status" }),
  el("button", { type: "button", onclick: () => openShown(true) }, "Open all shown"),
  el("button", { type: "button", onclick: () => openShown(false) }, "Close all"),
  el("button", { type: "button", onclick: clearFilters }, "Clear filters"));
list();
addEventListener("hashchange", openLinked);
openLinked();
