// Where somebody is: the address of the page says it, so that the browser's own buttons work.

import { focusBox } from "./composer.js";

const NARROW = matchMedia("(max-width: 1099px)");
const MIDDLING = matchMedia("(max-width: 1439px)");
const PHONE = matchMedia("(max-width: 719px)");

/** The parts of an address: person, channel (or "home", or "list"), thread. */
export const inAddress = () => location.hash.replace(/^#\/?/, "").split("/");

/** What a page knows of places, and how it goes to them. */
export function places(page) {
  let boxWanted = null;
  const direct = () => page.state.channels.find(({ kind }) => kind === "im");
  const isOpen = ({ is_archived, is_ext_shared }) => !is_archived && !is_ext_shared;

  const addressOf = ({ channel, thread, home, list }) =>
    `#/${page.me}/${home ? "home" : list ? "list" : channel}${thread ? `/${thread}` : ""}`;

  const firstChannel = () =>
    page.state.channels.find((channel) => channel.kind !== "im" && isOpen(channel)) ?? page.state.channels[0];

  /** The channel in the middle; beside the Home it is the direct message with the bot. */
  const channel = () =>
    page.state.channels.find(({ id }) => id === (page.place.home ? direct()?.id : page.place.channel)) ??
    firstChannel();

  /** Where a suggested question is asked: here, if the bot answers here, else in a direct message. */
  const placeToAsk = () => (page.place.home || !isOpen(channel()) ? direct() : channel());

  const isAt = (place) =>
    !page.place.list && (place.home ? Boolean(page.place.home) : !page.place.home && channel().id === place.channel);

  /** The place that the address names, or the nearest there is; a thread is open once it is there. */
  function placeNamed() {
    const [, where, root] = inAddress();
    if (where === "home" || where === "list") return { [where]: true };
    const found = page.state.channels.find(({ id }) => id === where);
    const isThere = found?.messages.some(({ ts, thread_ts }) => ts === root || thread_ts === root);
    return { channel: found?.id ?? firstChannel().id, thread: isThere ? root : undefined };
  }

  /** Go somewhere, and there into the box with that id. */
  function go(place, box = null) {
    boxWanted = box;
    const address = addressOf(place);
    if (location.hash === address) settle();
    else location.hash = address;
  }

  /** Put the focus where it is of use after going somewhere from `before`. */
  function settle(before = {}) {
    const { channel: here, thread, home, list } = page.place;
    const wanted = boxWanted;
    boxWanted = null;
    queueMicrotask(() => {
      if (wanted) focusBox(wanted);
      else if (list) document.querySelector(".side [aria-current], .side nav a")?.focus();
      else if (PHONE.matches || home) document.getElementById(thread ? "thread-title" : "conversation-title")?.focus();
      else if (thread && thread !== before.thread) focusBox("reply-box");
      else if (here !== before.channel || before.thread) focusBox("message-box");
    });
  }

  /** The bot's own tab that a place is, of which it is told when somebody opens it. */
  const tabOf = (place) => (place.home ? "home" : place.channel && place.channel === direct()?.id ? "messages" : null);

  return {
    addressOf,
    channel,
    firstChannel,
    go,
    isAt,
    placeNamed,
    placeToAsk,
    settle,
    tabOf,
    /** Be somebody else, in the same place if they may be there. */
    become: (person) => {
      location.hash = `#/${person}/${page.place.home ? "home" : (page.place.channel ?? "")}`;
    },
    /** Whether there is room for one pane only, which is the main one then. */
    isPhone: () => PHONE.matches,
    /** Whether the tour has no room beside everything else. */
    isCrowded: () => NARROW.matches || (Boolean(page.place.thread) && MIDDLING.matches),
    /** Call `changed` whenever there is room for more or fewer panes. */
    whenResized: (changed) => [NARROW, MIDDLING, PHONE].forEach((width) => width.addEventListener("change", changed)),
  };
}
