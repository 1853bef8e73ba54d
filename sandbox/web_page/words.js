// Times, names and small words, as Slack puts them.

const EMOJI = {
  "+1": "👍",
  "-1": "👎",
  clap: "👏",
  eyes: "👀",
  heart: "❤️",
  heavy_check_mark: "✔️",
  information_source: "ℹ️",
  link: "🔗",
  mag: "🔍",
  page_facing_up: "📄",
  pray: "🙏",
  rocket: "🚀",
  slightly_smiling_face: "🙂",
  smile: "😄",
  tada: "🎉",
  thumbsdown: "👎",
  thumbsup: "👍",
  warning: "⚠️",
  wave: "👋",
  white_check_mark: "✅",
  x: "❌",
};

export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (code, name) => EMOJI[name] ?? code);
export const emoji = (name) => EMOJI[name] ?? `:${name}:`;

export const dateOf = (ts) => new Date(Number(ts) * 1000);
export const timeOf = (ts) => dateOf(ts).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

/** The day as a heading between messages. */
export function dayOf(ts) {
  const day = dateOf(ts),
    today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (day.toDateString() === today.toDateString()) return "Today";
  if (day.toDateString() === yesterday.toDateString()) return "Yesterday";
  return day.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });
}

export const counted = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
export const milliseconds = (seconds) =>
  seconds < 0.001 ? "under 1 ms" : seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;

export const unescaped = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
export const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** What somebody typed as Slack sends it: its three signs escaped, "@name" of a person made a mention. */
export const asSent = (typed, people) =>
  people.reduce((text, person) => text.replace(mentionOf(person), `$1<@${person.id}>`), escaped(typed));

/** The same the other way round, for editing. */
export const asTyped = (sent, people) =>
  unescaped(
    sent.replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (whole, id) => {
      const person = people.find((one) => one.id === id);
      return person ? `@${person.name}` : whole;
    }),
  );

export const mentions = (typed, person) => mentionOf(person).test(typed);

const mentionOf = ({ name }) =>
  new RegExp(`(^|[^\\w@.])@${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w.-]*\\w)`, "giu");
