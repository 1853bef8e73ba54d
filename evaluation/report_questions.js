// Every question as a row that opens: what was answered, what was found, what is right.

const rows = new Map();
const brief = (text) => (text.trim() ? (text.length > 240 ? `${text.slice(0, 240)}\u2026` : text) : "(empty question)");
const COMMON = new Set(("about after also been before being between does each from have having here into more most only other over same "
  + "some such than that their them then there these they this those through under until very were what when where which "
  + "while whom whose will with would your").split(" "));

function questionLink(id) {
  return el("a", { href: `#q-${encodeURIComponent(id)}`, onclick: (event) => { event.preventDefault(); openQuestion(id); } }, id);
}

function openQuestion(id) {
  const row = rows.get(id);
  if (!row) return;
  if (row.hidden) clearFilters();
  row.open = true;
  row.scrollIntoView({ block: "start" });
  row.querySelector("summary").focus({ preventScroll: true });
}

// The text as nodes, with its spans of code points marked; where spans overlap the first one given counts.
function marked(text, spans) {
  const points = Array.from(text), kinds = new Array(points.length).fill("");
  for (const { start, end, kind } of spans.toReversed()) kinds.fill(kind, Math.max(start, 0), Math.max(end, 0));
  const nodes = [];
  for (let start = 0, end = 0; start < points.length; start = end) {
    while (end < points.length && kinds[end] === kinds[start]) end += 1;
    const piece = points.slice(start, end).join("");
    nodes.push(kinds[start] ? el("mark", { class: kinds[start] }, piece) : piece);
  }
  return nodes;
}

const spansOf = (pairs, kind) => pairs.filter(Boolean).map(([start, end]) => ({ start, end, kind }));

function answerSpans({ expected, superseded, admits, forbid }) {
  return [...spansOf(forbid, "wrong"), ...spansOf(expected, "right"), ...spansOf(admits, "right"), ...spansOf(superseded, "old")];
}

// Where a gold quote stands in a passage: by its words, or else by its place in the document.
function goldSpan(passage, gold) {
  if (gold.document !== passage.document) return null;
  const found = passage.text.indexOf(gold.quote);
  if (found >= 0) {
    const start = Array.from(passage.text.slice(0, found)).length;
    return { start, end: start + Array.from(gold.quote).length, kind: "gold" };
  }
  if (missing(gold.start) || gold.start >= passage.end || gold.end <= passage.start) return null;
  return { start: gold.start - passage.start, end: gold.end - passage.start, kind: "gold" };
}

const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

// The words of the gold that tell passages apart: none that stands in more than half of them.
function goldWords(question) {
  const texts = question.evidence.map((passage) => new Set(wordsOf(passage.text)));
  const isTelling = (word) => (word.length > 3 || /\d/.test(word)) && !COMMON.has(word)
    && (texts.length < 4 || texts.filter((text) => text.has(word)).length <= texts.length / 2);
  return new Set(question.gold.flatMap((gold) => wordsOf(gold.quote)).filter(isTelling));
}

function wordSpans(text, words) {
  const spans = [];
  let place = 0, last = 0;
  for (const match of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    place += Array.from(text.slice(last, match.index)).length;
    last = match.index;
    if (words.has(match[0].toLowerCase())) spans.push({ start: place, end: place + Array.from(match[0]).length, kind: "word" });
  }
  return spans;
}

const heading = (text, ...more) => el("h3", {}, text, more);
const part = (title, ...content) => [el("h4", {}, title), content];
const badge = (text, name = "") => el("span", { class: `badge ${name}` }, text);
const trail = (...pieces) => el("p", { class: "trail" }, pieces.filter(Boolean).flatMap((piece, index) => (index ? [" \u00b7 ", piece] : [piece])));

function pageLink(title, url) {
  return /^https?:\/\//i.test(url ?? "") ? el("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, title) : title;
}

function citationItem(citation, question) {
  const right = question.sources.includes(citation.document);
  return el("li", {},
    el("p", {}, el("strong", {}, `[${citation.number}] `), pageLink(citation.title, citation.url), " ",
      question.sources.length > 0 && badge(right ? "right page" : "not a right page", right ? "good" : "bad")),
    trail(citation.document, ...citation.headings, citation.as_of && `as of ${citation.as_of}`),
    el("blockquote", {}, citation.quote));
}

function answerColumn(question) {
  const { answer } = question;
  return el("div", { class: "column answer" },
    heading("Answer", badge(answer.status, "status")),
    trail(seconds(answer.seconds), missing(question.confidence) ? "no confidence" : `confidence ${question.confidence.toFixed(2)}`,
      answer.as_of && `as of ${answer.as_of}`, answer.answered_by !== results.run.answered_by && answer.answered_by),
    el("p", { class: "text" }, marked(answer.answer, answerSpans(question.matches))),
    answer.notes.length > 0 && part("Notes", el("ul", { class: "plain-list" }, answer.notes.map((note) => el("li", {}, note)))),
    answer.citations.length > 0 && part("Citations", el("ul", { class: "items" }, answer.citations.map((one) => citationItem(one, question)))),
    answer.closest.length > 0 && part("Closest pages offered",
      el("ul", { class: "plain-list" }, answer.closest.map((page) => el("li", {}, pageLink(page.title, page.url), " ", el("span", { class: "faint" }, page.document))))),
  );
}

function passageItem(passage, question, words) {
  const spans = question.gold.map((gold) => goldSpan(passage, gold)).filter(Boolean);
  const cited = question.answer.citations.some((one) =>
    one.document === passage.document && one.start < passage.end && one.end > passage.start);
  return el("li", {}, el("details", { open: spans.length > 0 || passage.rank <= 2 },
    el("summary", {},
      el("span", { class: "rank" }, String(passage.rank)),
      el("span", {}, passage.title, " ", spans.length > 0 && badge("gold", "gold"), cited && badge("cited", "status")),
      el("span", { class: "number faint" }, passage.score.toFixed(3))),
    trail(passage.document, ...passage.headings, passage.as_of && `as of ${passage.as_of}`),
    el("p", { class: "text" }, marked(passage.text, [...spans, ...wordSpans(passage.text, words)]))));
}

function evidenceColumn(question) {
  const words = goldWords(question);
  return el("div", { class: "column evidence" }, heading("Evidence"),
    question.evidence.length
      ? [el("p", { class: "trail" }, words.size ? ["The ", el("mark", { class: "gold" }, "gold passage"), " and its ", el("mark", { class: "word" }, "words"), ", best passage first."] : "Best passage first."),
        el("ol", { class: "passages" }, question.evidence.map((passage) => passageItem(passage, question, words)))]
      : el("p", { class: "about" }, "No passage was retrieved."));
}

function goldItem(gold) {
  const [text, name] = missing(gold.start) ? ["no longer matches its page", "bad"]
    : missing(gold.rank) ? ["not among the first ten", "bad"] : [`rank ${gold.rank}`, gold.rank === 1 ? "good" : ""];
  return el("li", {}, el("p", {}, gold.document, " ", badge(text, name)), el("blockquote", {}, gold.quote));
}

const verdict = (found, good, bad) => badge(found ? good : bad, found ? "good" : "bad");

const alternatives = (patterns) => el("code", {}, patterns.join("  or  "));

function olderVerdict({ expected: [newest], superseded }) {
  if (!superseded.length) return verdict(true, "not said");
  const first = Math.min(...superseded.map(([start]) => start));
  return verdict(newest && newest[0] <= first, "said later", "leads");
}

function patternList(title, patterns, spans, good, bad, goodWhenFound = false) {
  return patterns.length > 0 && part(title, el("p", {}, alternatives(patterns), " ",
    verdict((spans.length > 0) === goodWhenFound, good, bad)));
}

function goldColumn(question) {
  const { expect, expect_status: statuses, sources, superseded, admits, forbid, matches } = question;
  const cited = question.answer.citations.map((one) => one.document);
  const refused = question.answerable && !["answered", "partial"].includes(question.answer.status);
  return el("div", { class: "column gold-side" }, heading("What is right"),
    !question.answerable && el("p", {}, "The pages do not answer this."),
    statuses.length > 0 && part("Status", el("p", {}, statuses.join(" or "), " ", verdict(statuses.includes(question.answer.status), "so it is", "it is not"))),
    expect.length > 0 && part("The answer says", refused && el("p", { class: "trail" }, "What stands in a refusal does not count."), el("ul", { class: "plain-list" }, expect.map((group, index) => el("li", {},
      alternatives(group), " ", verdict(matches.expected[index], "found", "missing"))))),
    patternList("Or it admits", admits, matches.admits, "it does", "it does not", true),
    superseded.length > 0 && part("Older values, which must not lead", el("p", {}, alternatives(superseded), " ", olderVerdict(matches))),
    patternList("Must not be said", forbid, matches.forbid, "not said", "said"),
    sources.length > 0 && part("One of these pages is cited", el("ul", { class: "plain-list" }, sources.map((source) => el("li", {},
      source, " ", cited.includes(source) && badge("cited", "good"))))),
    question.gold.length > 0 && part("Gold passages", el("ul", { class: "items" }, question.gold.map(goldItem))),
    question.note && part("Note", el("p", {}, question.note)));
}

function measureList(question) {
  const taken = Object.entries(question.measures).filter(([, value]) => !missing(value)).sort(([one], [other]) => byPlace(one, other));
  return el("dl", { class: "measured" }, taken.map(([name, value]) => {
    const failed = question.failures.includes(name);
    return el("div", { class: failed ? "failed" : null }, el("dt", {}, known(name).label), el("dd", {}, shown(name, value, 0), failed && unseen(" fell short")));
  }));
}

function body(question) {
  const long = question.question.length > 240;
  return el("div", { class: "body" },
    long && el("div", { class: "scroll long", tabindex: 0, role: "region", "aria-label": "The whole question" }, question.question),
    (question.history ?? []).length > 0 && el("div", { class: "history" }, el("h4", {}, "Earlier in the thread"),
      question.history.map((turn) => [el("p", { class: "asked" }, turn.question), el("p", { class: "text" }, turn.answer)])),
    measureList(question),
    el("div", { class: "columns-3" }, answerColumn(question), evidenceColumn(question), goldColumn(question)));
}

function questionRow(question) {
  const fails = question.failures.length > 0;
  const row = el("details", { class: `question ${fails ? "fails" : "passes"}`, id: `q-${question.id}` },
    el("summary", {},
      el("span", { class: "verdict", "aria-hidden": "true" }, fails ? "\u2715" : "\u2713"),
      unseen(fails ? "falls short" : "passes"),
      el("span", { class: "id" }, question.id),
      el("span", { class: "asked" }, brief(question.question)),
      el("span", { class: "tags" }, question.failures.toSorted(byPlace).map((name) => badge(known(name).label, "bad")), badge(question.answer.status, "status"))));
  row.addEventListener("toggle", () => { if (row.open && row.childElementCount === 1) row.append(body(question)); });
  return row;
}
