// Rich text: text whose styles stand beside it, so that nothing in the text itself is markup.

import { h } from "./dom.js";
import { link, mention } from "./mrkdwn.js";
import { dateOf, emoji } from "./words.js";

const STYLES = { code: "code", bold: "strong", italic: "em", strike: "s", underline: "u", highlight: "mark" };
const PARTS = {
  rich_text_section: (part, names) => h("p", {}, runs(part, names)),
  rich_text_preformatted: (part, names) => h("pre", { class: "fenced", tabindex: "0" }, runs(part, names)),
  rich_text_quote: (part, names) => h("blockquote", {}, runs(part, names)),
};
const RUNS = {
  text: (run) => run.text,
  link: (run) => link(run.url, run.text || run.url),
  user: (run, names) => mention(`@${names.person(run.user_id)?.name ?? run.user_id}`, run.user_id === names.me),
  usergroup: (run) => mention(`@${run.usergroup_id}`),
  channel: (run, names) => mention(`#${names.channel(run.channel_id)?.name ?? run.channel_id}`),
  broadcast: (run) => mention(`@${run.range}`, true),
  emoji: (run) =>
    run.unicode
      ? String.fromCodePoint(...run.unicode.split("-").map((code) => Number.parseInt(code, 16)))
      : emoji(run.name),
  color: (run) => run.value,
  date: (run) => run.fallback ?? dateOf(run.timestamp).toLocaleString("en-GB"),
};

/** A block of rich text; `unknown` shows what is not known here. */
export function richText(block, names, unknown) {
  return grouped(block.elements).map((part) =>
    Array.isArray(part) ? list(part, names) : (PARTS[part.type]?.(part, names) ?? unknown(part)),
  );
}

/** Slack writes a nested list as several lists one after the other, each with its indent. */
function grouped(parts) {
  const found = [];
  for (const part of parts) {
    const last = found.at(-1);
    if (part.type !== "rich_text_list") found.push(part);
    else if (Array.isArray(last) && (part.indent ?? 0) > (last[0].indent ?? 0)) last.push(part);
    else found.push([part]);
  }
  return found;
}

function list([first, ...deeper], names) {
  const items = first.elements.map((item) => h("li", {}, runs(item, names)));
  if (deeper.length && items.length) items.at(-1).children.push(...grouped(deeper).map((part) => list(part, names)));
  const start = first.offset ? first.offset + 1 : null;
  return h(first.style === "ordered" ? "ol" : "ul", { start, class: first.border ? "bordered" : null }, items);
}

const runs = (part, names) =>
  (part.elements ?? []).map((run) => {
    const shown = RUNS[run.type]?.(run, names) ?? h("code", {}, JSON.stringify(run));
    return Object.entries(STYLES).reduce(
      (inner, [name, tag]) => (run.style?.[name] ? h(tag, {}, inner) : inner),
      shown,
    );
  });
