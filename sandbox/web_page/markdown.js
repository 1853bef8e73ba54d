// Markdown as a markdown block takes it: headings, lists, tables, fences, quotations and the usual styles.

import { h } from "./dom.js";
import { link, mention } from "./mrkdwn.js";
import { withEmoji } from "./words.js";

const INLINE = new RegExp(
  [
    /\\([\\`*_{}[\]()#+\-.!|~<>])/, // an escaped sign
    /(`+)(.+?)\2/, // code
    /!?\[([^\]]*)\]\((\S+?)(?:\s+"[^"]*")?\)/, // a link, or an image, of which only the words are shown
    /<(https?:[^|>\s]+|mailto:[^|>\s]+)(?:\|([^>]*))?>/, // Slack's own kind of link works here too
    /<([@#!][^>]+)>/, // and its mentions
    /\*\*(?=\S)(.+?\S?)\*\*/, // bold
    /(?<!\w)__(?=\S)(.+?)__(?!\w)/,
    /~~(?=\S)(.+?)~~/, // struck
    /\*(?=[^\s*])(.+?)\*/, // italic
    /(?<!\w)_(?=\S)(.+?)_(?!\w)/,
    /(https?:\/\/[^\s<>]+[^\s<>.,;:!?)'"\]])/,
  ]
    .map((pattern) => pattern.source)
    .join("|"),
  "su",
);

/** A whole text in Markdown. `names` knows people and channels by id. */
export function markdown(text, names) {
  const lines = text.replaceAll("\r\n", "\n").split("\n"),
    blocks = [];
  while (lines.length) {
    const take = KINDS.find(({ begins }) => begins(lines));
    blocks.push(take.read(lines, names));
  }
  return blocks;
}

const FENCE = /^\s*(```+|~~~+)/,
  HEADING = /^(#{1,6})\s+(.*?)\s*#*$/,
  RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/,
  QUOTE = /^\s*> ?/,
  DIVIDING_ROW = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const isTable = (lines) =>
  lines[0].includes("|") && lines.length > 1 && lines[1].includes("|") && DIVIDING_ROW.test(lines[1]);

const KINDS = [
  { begins: ([line]) => !line.trim(), read: (lines) => (lines.shift(), null) },
  { begins: ([line]) => FENCE.test(line), read: fence },
  { begins: ([line]) => HEADING.test(line), read: heading },
  { begins: ([line]) => RULE.test(line), read: (lines) => (lines.shift(), h("hr")) },
  { begins: isTable, read: table },
  { begins: ([line]) => QUOTE.test(line), read: quotation },
  { begins: ([line]) => ITEM.test(line), read: list },
  { begins: () => true, read: paragraph },
];

function fence(lines) {
  const [, sign] = FENCE.exec(lines.shift()),
    inside = [];
  while (lines.length && !lines[0].trim().startsWith(sign)) inside.push(lines.shift());
  lines.shift();
  return h("pre", { class: "fenced", tabindex: "0" }, inside.join("\n"));
}

function heading(lines, names) {
  const [, signs, text] = HEADING.exec(lines.shift());
  // Below the page's own headings, whatever rank the writer gave it
  return h(
    "p",
    { class: "block-header", role: "heading", "aria-level": Math.min(6, signs.length + 2) },
    inline(text, names),
  );
}

function quotation(lines, names) {
  const inside = [];
  while (lines.length && QUOTE.test(lines[0])) inside.push(lines.shift().replace(QUOTE, ""));
  return h("blockquote", {}, markdown(inside.join("\n"), names));
}

function table(lines, names) {
  const cells = (line) =>
    line
      .trim()
      .replace(/^\||\|$/g, "")
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
  const head = cells(lines.shift());
  lines.shift();
  const rows = [];
  while (lines.length && lines[0].includes("|") && lines[0].trim()) rows.push(cells(lines.shift()));
  const row = (tag, texts) =>
    h(
      "tr",
      {},
      head.map((_, at) => h(tag, {}, inline(texts[at] ?? "", names))),
    );
  return h(
    "div",
    { class: "table-frame", tabindex: "0", role: "region", "aria-label": "Table" },
    h(
      "table",
      {},
      h("thead", {}, row("th", head)),
      h(
        "tbody",
        {},
        rows.map((texts) => row("td", texts)),
      ),
    ),
  );
}

function list(lines, names) {
  const [, indent, first] = ITEM.exec(lines[0]),
    isOrdered = /\d/.test(first),
    items = [];
  while (lines.length) {
    const found = ITEM.exec(lines[0]);
    if (found && found[1].length <= indent.length + 1) {
      if (found[1].length < indent.length || /\d/.test(found[2]) !== isOrdered) break;
      lines.shift();
      items.push({ text: found[3], below: [] });
    } else if (found || (lines[0].trim() && /^\s/.test(lines[0]))) items.at(-1).below.push(lines.shift().slice(2));
    else break;
  }
  const start = isOrdered ? Number.parseInt(first, 10) : null;
  return h(
    isOrdered ? "ol" : "ul",
    { start: start === 1 ? null : start },
    items.map(({ text, below }) =>
      h("li", {}, task(text, names), below.length > 0 && markdown(below.join("\n"), names)),
    ),
  );
}

function task(text, names) {
  const [, sign, rest] = /^\[([ xX])\]\s+(.*)$/s.exec(text) ?? [];
  return sign === undefined ? inline(text, names) : [sign === " " ? "☐ " : "☑ ", inline(rest, names)];
}

function paragraph(lines, names) {
  const inside = [lines.shift()];
  while (lines.length && KINDS.find(({ begins }) => begins(lines)).read === paragraph) inside.push(lines.shift());
  return h("p", {}, inline(inside.join("\n"), names));
}

function inline(text, names) {
  const found = INLINE.exec(text);
  if (!found) return [withEmoji(text)];
  const [whole, sign, , code, label, url, slack, slackLabel, name, bold, alsoBold, struck, italic, alsoItalic, bare] =
    found;
  const styled = (tag, inner) => h(tag, {}, inline(inner, names));
  const shown =
    sign ??
    (code !== undefined
      ? h("code", {}, code.trim())
      : url !== undefined
        ? link(url, inline(label || url, names))
        : slack !== undefined
          ? link(slack, slackLabel || slack)
          : name !== undefined
            ? mention(named(name, names))
            : (bold ?? alsoBold) !== undefined
              ? styled("strong", bold ?? alsoBold)
              : struck !== undefined
                ? styled("s", struck)
                : (italic ?? alsoItalic) !== undefined
                  ? styled("em", italic ?? alsoItalic)
                  : link(bare, bare));
  const before = text.slice(0, found.index);
  return [before && withEmoji(before), shown, ...inline(text.slice(found.index + whole.length), names)];
}

function named(name, names) {
  const [id, label] = name.slice(1).split("|");
  if (name.startsWith("@")) return `@${names.person(id)?.name ?? label ?? id}`;
  return name.startsWith("#") ? `#${names.channel(id)?.name ?? label ?? id}` : `@${label ?? id}`;
}
