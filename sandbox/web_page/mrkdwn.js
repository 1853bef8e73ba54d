// Slack's own markup: *bold*, _italic_, ~struck~, `code`, > quotations, <links|with labels> and mentions.

import { h } from "./dom.js";
import { unescaped, withEmoji } from "./words.js";

// A style opens before a word and closes after one, as in Slack: 2*3*4 has no bold in it
const styled = (sign) => `(?<![\\w${sign}])${sign}(?=[^\\s${sign}])([^\\n]*?[^\\s${sign}])${sign}(?![\\w${sign}])`;
const INLINE = new RegExp(
  `<([^<>\\n]+)>|\`([^\`\\n]+)\`|${styled("\\*")}|${styled("_")}|${styled("~")}|(https?://[^\\s<>]+[^\\s<>.,;:!?)'"\\]])`,
  "u",
);
const STYLES = ["strong", "em", "s"];
const WEB = /^(https?:|mailto:)/i;

/** Text in Slack's markup as blocks of text. `names` knows people and channels by id. */
export function mrkdwn(text, names) {
  return text.split(/```\n?([\s\S]*?)\n?```/).flatMap((part, position) => {
    if (position % 2) return part && h("pre", { class: "fenced", tabindex: "0" }, unescaped(part));
    return quotations(part).map(({ isQuote, lines }) => {
      const inside = inline(lines.join("\n"), names);
      return isQuote ? h("blockquote", {}, inside) : lines.join("").trim() && h("p", {}, inside);
    });
  });
}

function quotations(text) {
  const parts = [];
  for (const line of text.replace(/^\n|\n$/g, "").split("\n")) {
    const isQuote = /^(&gt;|>)/.test(line);
    const shown = isQuote ? line.replace(/^(&gt;|>) ?/, "") : line;
    if (parts.at(-1)?.isQuote === isQuote) parts.at(-1).lines.push(shown);
    else parts.push({ isQuote, lines: [shown] });
  }
  return parts;
}

/** One run of text in Slack's markup. */
export function inline(text, names) {
  const shown = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    const [whole, entity, code, bold, italic, struck, url] = found;
    if (found.index) shown.push(withEmoji(unescaped(rest.slice(0, found.index))));
    const styles = [bold, italic, struck],
      style = styles.findIndex((inner) => inner !== undefined);
    if (entity !== undefined) shown.push(entityOf(entity, names));
    else if (code !== undefined) shown.push(h("code", {}, unescaped(code)));
    else if (url !== undefined) shown.push(link(unescaped(url), unescaped(url)));
    else shown.push(h(STYLES[style], {}, inline(styles[style], names)));
    rest = rest.slice(found.index + whole.length);
  }
  return [...shown, withEmoji(unescaped(rest))];
}

function entityOf(entity, names) {
  const [target, label] = entity.split(/\|(.*)/s);
  if (target.startsWith("@"))
    return mention(`@${names.person(target.slice(1))?.name ?? label ?? target.slice(1)}`, target.slice(1) === names.me);
  if (target.startsWith("#")) return mention(`#${names.channel(target.slice(1))?.name ?? label ?? target.slice(1)}`);
  if (target.startsWith("!subteam^")) return mention(label ?? "@group");
  if (target.startsWith("!date^")) return label ?? target;
  if (target.startsWith("!")) return mention(`@${label ?? target.slice(1)}`, true);
  return link(unescaped(target), unescaped(label ?? target.replace(/^mailto:/, "")));
}

/** A name that somebody is told by; `toMe` stands out. */
export const mention = (text, toMe = false) => h("span", { class: toMe ? "mention to-me" : "mention" }, text);

/** Whether an address leads to the web or to a letter: nothing else may be followed from here. */
export const isWeb = (url) => typeof url === "string" && WEB.test(url);

/** A link to the web, in a tab of its own; any other address is only text. */
export const link = (url, shown, more = {}) =>
  isWeb(url)
    ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer", ...more }, shown)
    : h("span", more, shown);

/** A text object, plain or in Slack's markup, as one run. */
export const textOf = (object, names) =>
  object.type === "mrkdwn"
    ? inline(object.text, names)
    : [object.emoji === false ? object.text : withEmoji(object.text)];

/** A text object as blocks of text. */
export const paragraphs = (object, names) =>
  object.type === "mrkdwn" ? mrkdwn(object.text, names) : h("p", {}, textOf(object, names));
