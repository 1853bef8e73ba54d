// What somebody has read and heard: the counts at the side, and what a screen reader is told.

import { authorOf, isReply, plainly } from "./messages.js";

const SAID_AT_MOST = 400; // characters of a message
const KEPT = 5;

/** What a page knows of reading. */
export function reading(page) {
  let heard = new Set();
  const key = () => `read.${page.me}`;
  const times = () => JSON.parse(recall(key()) ?? "{}");
  const everything = (state) => state.channels.flatMap(({ messages }) => messages);

  return {
    /** How many messages of others are new in a channel; in a direct message replies count too. */
    unread: (channel) => {
      const read = times()[channel.id] ?? "0";
      const counts = (message) => message.user !== page.me && (!isReply(message) || channel.kind === "im");
      return channel.messages.filter((message) => message.ts > read && counts(message)).length;
    },

    /** Everything where this person is has been seen. */
    markRead: () => {
      const channel = page.place.channel && page.channel();
      const last = channel?.messages.at(-1)?.ts;
      if (!last || times()[channel.id] >= last || document.visibilityState === "hidden") return;
      remember(key(), JSON.stringify({ ...times(), [channel.id]: last }));
    },

    /** What stands there already is no news. */
    hearNothingOf: (state) => {
      heard = new Set(everything(state).map(({ ts }) => ts));
    },

    /** Say aloud what others have written where this person is. */
    announce: () => {
      const here = new Set(page.place.channel ? page.channel().messages : []);
      const said = document.getElementById("said");
      for (const message of everything(page.state).filter(({ ts }) => !heard.has(ts))) {
        heard.add(message.ts);
        if (!here.has(message) || message.user === page.me) continue;
        const line = document.createElement("span");
        line.textContent = `${authorOf(page, message).name}: ${plainly(page, message).slice(0, SAID_AT_MOST)} `;
        said.append(line);
      }
      while (said.childElementCount > KEPT) said.firstElementChild.remove();
    },
  };
}

/** What the browser keeps for this page, where it keeps anything. */
export function recall(name) {
  try {
    return localStorage.getItem(`sandbox.${name}`);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`sandbox.${name}`, value);
  } catch {
    // without it everything is new at the next visit, and no more
  }
}
