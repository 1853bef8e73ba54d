// A conversation on the screen: its heading, its messages, the thread beside it, and the App Home.

import { blocks } from "./block_kit.js";
import { composer } from "./composer.js";
import { h, unseen } from "./dom.js";
import { icon } from "./icons.js";
import { isReply, messageList, status } from "./messages.js";
import { counted } from "./words.js";

/** The middle of the page: a channel, the direct messages with the bot, or its Home. */
export function conversation(page, channel) {
  const isHome = page.place.home,
    isDirect = channel.kind === "im";
  return h(
    "main",
    { class: "conversation", id: "conversation", tabindex: "-1", "aria-labelledby": "conversation-title" },
    h(
      "header",
      { class: "pane-head" },
      back(page, { list: true }, "Back to the list of channels"),
      h(
        "div",
        { class: "pane-title" },
        h(
          "h2",
          { id: "conversation-title", tabindex: "-1" },
          isDirect
            ? page.state.bot.name
            : [icon(channel.kind === "channel" ? "hash" : "lock"), unseen("Channel "), channel.name],
        ),
        h(
          "p",
          { class: "topic" },
          isDirect
            ? "App"
            : [h("span", { class: "members" }, icon("people"), counted(channel.members, "member")), channel.topic],
        ),
      ),
      isDirect &&
        h(
          "nav",
          { class: "tabs", "aria-label": page.state.bot.name },
          tab(page, "Messages", { channel: channel.id }, !isHome),
          tab(page, "Home", { home: true }, isHome),
        ),
    ),
    isHome ? home(page) : messages(page, channel),
  );
}

const tab = (page, label, place, isHere) =>
  h("a", { href: page.addressOf(place), "aria-current": isHere ? "page" : null }, label);

const back = (page, place, label) =>
  h("a", { class: "tool back", href: page.addressOf(place) }, icon("back"), unseen(label));

function messages(page, channel) {
  const shown = channel.messages.filter((message) => !isReply(message) || message.subtype === "thread_broadcast");
  const stray = channel.statuses.filter(({ thread_ts }) => !shown.some(({ ts }) => ts === thread_ts));
  return [
    scroller(
      `Messages in ${channel.kind === "im" ? page.state.bot.name : channel.name}`,
      `messages-${page.me}-${channel.id}`,
      beginning(page, channel),
      h("ol", { class: "messages" }, messageList(page, channel, shown)),
      stray.map(({ thread_ts }) => status(page, channel, thread_ts)),
    ),
    channel.is_archived ? h("p", { class: "archived" }, "This channel is archived.") : composer(page, { channel }),
  ];
}

/** A place that scrolls, and goes on to what is new while somebody is at its end. */
function scroller(label, key, ...inside) {
  return h(
    "div",
    { class: "scroller", tabindex: "0", role: "region", "aria-label": label, key, ref: followTheEnd },
    h("div", { class: "scrolled" }, inside),
  );
}

function followTheEnd(node) {
  let follows = true,
    placed = 0,
    sizes = "";
  const sizesNow = () => `${node.scrollHeight} ${node.clientHeight}`;
  node.addEventListener(
    "scroll",
    () => {
      if (sizes !== sizesNow()) return; // moved by what has grown, not by the person
      const isAtEnd = node.scrollHeight - node.scrollTop - node.clientHeight < 40;
      follows = isAtEnd || Math.abs(node.scrollTop - placed) < 2;
    },
    { passive: true },
  );
  const follow = new ResizeObserver(() => {
    sizes = sizesNow();
    if (!follows) return;
    const last = node.querySelector(".message:last-child"),
      end = node.scrollHeight - node.clientHeight;
    // What is longer than the window is read from its beginning
    placed = Math.min(end, last ? last.offsetTop - 8 : end);
    node.scrollTop = placed;
  });
  follow.observe(node);
  follow.observe(node.firstElementChild);
}

function beginning(page, channel) {
  const { bot } = page.state,
    isDirect = channel.kind === "im";
  const prompts = isDirect ? (channel.prompts?.prompts ?? page.state.suggested) : page.state.suggested.slice(0, 3);
  return h(
    "div",
    { class: "beginning" },
    h(
      "div",
      { class: `avatar large ${isDirect ? "app" : "place"}`, "aria-hidden": "true" },
      isDirect ? bot.name[0] : icon(channel.kind === "channel" ? "hash" : "lock"),
    ),
    h("h3", {}, isDirect ? `Write to ${bot.name}` : `The beginning of #${channel.name}`),
    h(
      "p",
      {},
      isDirect
        ? "Only you and the bot see what is written here. Ask in your own words; every answer has a thread of its own."
        : channel.topic,
    ),
    !channel.is_ext_shared &&
      h(
        "p",
        { class: "offer", id: "suggested" },
        isDirect ? (channel.prompts?.title ?? "Begin with one of these") : `Ask ${bot.name} here, for all to see`,
      ),
    !channel.is_ext_shared &&
      h(
        "ul",
        { class: "suggestions", "aria-labelledby": "suggested" },
        prompts.map((prompt) =>
          h(
            "li",
            {},
            h(
              "button",
              { type: "button", class: "suggestion", onclick: () => page.ask(channel, prompt.message) },
              h("span", {}, prompt.title),
              icon("send"),
            ),
          ),
        ),
      ),
  );
}

/** The thread that is open beside a conversation. */
export function thread(page, channel, root) {
  const all = channel.messages.filter((message) => message.ts === root || message.thread_ts === root);
  return h(
    "section",
    {
      class: "thread",
      role: page.isPhone() ? "main" : "complementary",
      key: `thread-${root}`,
      "aria-labelledby": "thread-title",
    },
    h(
      "header",
      { class: "pane-head" },
      back(page, { channel: channel.id }, "Back to the conversation"),
      h(
        "div",
        { class: "pane-title" },
        h("h2", { id: "thread-title", tabindex: "-1" }, "Thread"),
        h("p", { class: "topic" }, channel.kind === "im" ? page.state.bot.name : `#${channel.name}`),
      ),
      h(
        "a",
        { class: "tool close", href: page.addressOf({ channel: channel.id }) },
        icon("close"),
        unseen("Close the thread"),
      ),
    ),
    scroller(
      "Messages in the thread",
      `thread-${page.me}-${root}`,
      h("ol", { class: "messages" }, messageList(page, channel, all, { inThread: root })),
      status(page, channel, root),
      all.length === 1 && saidElsewhere(page, channel, root),
    ),
    composer(page, { channel, thread: root }),
  );
}

/** A thread without replies cannot show what only one person sees: Slack shows it in the channel. */
function saidElsewhere(page, channel, root) {
  const isRemark = ({ ephemeral_to, thread_ts, ts }) => ephemeral_to && !thread_ts && ts > root;
  if (!channel.messages.some(isRemark)) return null;
  return h(
    "p",
    { class: "elsewhere" },
    icon("eye"),
    h("a", { href: page.addressOf({ channel: channel.id }) }, `The reply is in #${channel.name}, for you alone`),
  );
}

function home(page) {
  const view = page.state.home;
  if (!view)
    return h(
      "div",
      { class: "scroller", key: "home-empty" },
      h("p", { class: "empty" }, `${page.state.bot.name} is drawing its Home…`),
    );
  const press = async (opener, element, value, block_id) => {
    if (element.confirm && !(await page.confirm(element.confirm))) return;
    await page.act("clicks_in_view", { view_id: view.id, action_id: element.action_id, value, block_id });
  };
  return h(
    "div",
    { class: "scroller home", key: `home-${page.me}`, tabindex: "0", role: "region", "aria-label": "Home" },
    h("div", { class: "content" }, blocks(view.blocks, { names: page.names, id: "home", press, level: 3 })),
  );
}
