// What every part of the page is made with: elements, numbers and the words for measures.
// Everything that comes from the results enters the page as a text node or an attribute, never as HTML.

const results = JSON.parse(document.getElementById("results").textContent);

const SVG = "http://www.w3.org/2000/svg";

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}
const el = (name, attributes = {}, ...children) => build(document.createElement(name), attributes, children);
const svg = (name, attributes = {}, ...children) => build(document.createElementNS(SVG, name), attributes, children);
const unseen = (text) => el("span", { class: "unseen" }, text);
const at = (id) => document.getElementById(id);

const MEASURES = {
  "facts": { label: "Facts", about: "share of the expected facts that stand in the answer" },
  "facts_all": { label: "All facts", about: "answers in which every expected fact stands" },
  "source": { label: "Right source", about: "answers that cite a page that is right" },
  "citation_precision": { label: "Citation precision", about: "share of cited pages that are right" },
  "verbatim": { label: "Verbatim", about: "quotes that stand word for word in their page" },
  "newest_first": { label: "Newest first", about: "answers in which no older value leads" },
  "refusals": { label: "Right refusals", about: "questions without an answer that were treated as such" },
  "over_refusal": { label: "Over-refusal", about: "questions with an answer that were not answered", lower: true },
  "forbidden": { label: "Forbidden text", about: "answers that hold text they must not hold", lower: true },
  "r@1": { label: "R@1", about: "the right passage comes first" },
  "r@5": { label: "R@5", about: "right passages among the first five" },
  "r@10": { label: "R@10", about: "right passages among the first ten" },
  "ndcg@10": { label: "nDCG@10", about: "how high the right passages stand in the first ten", decimal: true },
  "rr": { label: "Reciprocal rank", about: "one over the rank of the first right passage", decimal: true },
  "words": { label: "Words", about: "mean words per answer", count: true },
  "words_median": { label: "Median words", about: "median words per answer", count: true },
  "written": { label: "Written by the model", about: "answers that the language model worded" },
  "faithful": { label: "Judged faithful", about: "answers that a language model finds borne out by their quotes" },
  "relevant": { label: "Judged relevant", about: "answers that a language model finds to fit the question" },
};
const GROUPS = [
  ["Answers", ["facts", "facts_all", "source", "citation_precision", "verbatim", "newest_first"]],
  ["Knowing when not to answer", ["refusals", "over_refusal", "forbidden"]],
  ["Length and latency", ["words", "words_median"]],
  ["The language model", ["written", "faithful", "relevant"]],
  ["Retrieval", ["r@1", "r@5", "r@10", "ndcg@10", "rr"]],
];
const inGroups = GROUPS.flatMap(([, names]) => names);
const known = (name) => MEASURES[name] ?? { label: name, about: "" };
const isShare = (name) => !known(name).count;

const missing = (value) => value === null || value === undefined;
const percent = (value, digits = 1) => (value * 100).toFixed(digits).replace("-", "\u2212");

function shown(name, value, digits = 1) {
  if (missing(value)) return "\u2013";
  if (known(name).count) return value.toFixed(Number.isInteger(value) ? 0 : 1);
  return known(name).decimal ? value.toFixed(3) : `${percent(value, digits)}%`;
}
const bare = (name, value) => shown(name, value).replace("%", "");
const interval = (name, { low, high }) => (missing(low) || missing(high) ? "" : `${bare(name, low)}\u2013${bare(name, high)}`);

function signed(name, difference) {
  if (missing(difference)) return "\u2013";
  const size = known(name).count ? difference.toFixed(1) : known(name).decimal ? difference.toFixed(3) : percent(difference);
  return (difference > 0 ? `+${size}` : size).replace("-", "\u2212");
}

function seconds(value) {
  if (missing(value)) return "\u2013";
  if (value >= 1) return `${+value.toFixed(value < 10 ? 2 : 0)} s`;
  return `${+(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms`;
}
const byPlace = (one, other) => (inGroups.indexOf(one) + 1 || 99) - (inGroups.indexOf(other) + 1 || 99);
const counted = (count, one, many) => `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
const share = (value) => `${(value * 100).toFixed(2)}%`;

function panel(title, about, ...content) {
  return el("figure", { class: "panel" }, el("figcaption", {}, el("h3", {}, title), about && el("p", { class: "about" }, about)), content);
}

// The best rank of a gold passage of a question; null when none is among the first ten, undefined without gold.
function bestRank(question) {
  if (!question.answerable || !question.gold.length) return undefined;
  const ranks = question.gold.map((gold) => gold.rank).filter((rank) => !missing(rank) && rank <= 10);
  return ranks.length ? Math.min(...ranks) : null;
}
