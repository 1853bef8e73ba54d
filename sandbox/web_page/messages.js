// One message as Slack shows it: who, when, what, whether only you see it, and what can be done with it.

import { blocks } from "./block_kit.js";
import { h, unseen } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menus.js";
import { mrkdwn } from "./mrkdwn.js";
import { asSent, asTyped, counted, dateOf, dayOf, timeOf } from "./words.js";

const TOGETHER = 300; // seconds in which messages of one person need no second name above them

/** Messages from the oldest to the newest, with the days between them. `inThread` is the thread they are shown in. */
export function messageList(page, channel, messages, { inThread = null } = {}) {
  const items = [];
  let before = null;
  for (const message of messages) {
    if (!inThread && (!before || dayOf(before.ts) !== dayOf(message.ts))) {
      items.push(h("li", { class: "day", key: `day-${dayOf(message.ts)}` }, h("span", {}, dayOf(message.ts))));
    }
    items.push(messageItem(page, channel, message, { inThread, follows: goesOn(before, message) }));
    before = message;
  }
  return items;
}

const goesOn = (before, message) =>
  before &&
  before.user === message.user &&
  !before.ephemeral_to &&
  !message.ephemeral_to &&
  !isRoot(before) &&
  message.ts - before.ts < TOGETHER &&
  dayOf(before.ts) === dayOf(message.ts);

const isRoot = (message) => Boolean(message.reply_count);
export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

function messageItem(page, channel, message, { inThread, follows }) {
  const author = authorOf(page, message),
    id = `${inThread ? "t" : "m"}${message.ts}`;
  const isEdited = page.editing?.ts === message.ts && page.editing?.inThread === inThread;
  return h(
    "li",
    {
      class: `message${follows ? " follows" : ""}${message.ephemeral_to ? " ephemeral" : ""}${isEdited ? " editing" : ""}`,
      key: id,
      id,
      "data-ts": message.ts,
    },
    h("div", { class: `avatar ${author.look}`, "aria-hidden": "true" }, author.letter),
    h(
      "div",
      { class: "message-body" },
      message.ephemeral_to && h("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
      h(
        "p",
        { class: "byline" },
        h("strong", {}, author.name),
        author.isApp && h("span", { class: "tag" }, "App"),
        author.role && h("span", { class: `tag ${author.role}` }, ROLES[author.role]),
        h(
          "time",
          { datetime: dateOf(message.ts).toISOString(), title: dateOf(message.ts).toLocaleString("en-GB") },
          timeOf(message.ts),
        ),
      ),
      isEdited ? editor(page, channel, message) : content(page, channel, message, id),
      !inThread && [replies(page, channel, message), isRoot(message) ? null : status(page, channel, message.ts)],
      !inThread && isRoot(message) && status(page, channel, message.ts),
    ),
    !isEdited && message.subtype !== "tombstone" && toolbar(page, channel, message, { id, inThread }),
  );
}

const ROLES = { comms: "Comms", guest: "Guest", connect: "Other organisation" };

export function authorOf(page, message) {
  const { bot } = page.state,
    person = page.names.person(message.user);
  if (message.user === bot.id) return { name: bot.name, letter: bot.name[0], isApp: true, look: "app" };
  if (message.subtype === "tombstone") return { name: "Deleted", letter: icon("trash"), look: "gone" };
  if (!person)
    return { name: message.username ?? "Somebody", letter: "?", isApp: Boolean(message.bot_id), look: "app" };
  const name = person.real_name || person.name;
  return {
    name,
    letter: name[0].toUpperCase(),
    look: `look-${page.names.position(person.id) % 6}`,
    role: ROLES[person.role] && person.role,
  };
}

/** What a message says, in plain words, for a screen reader or a title. */
export const plainly = (page, message) =>
  asTyped(message.text ?? "", page.names.everybody)
    .replace(/\s+/g, " ")
    .trim();

function content(page, channel, message, id) {
  const { names } = page;
  // What people type is Slack's markup; the stand-in's own rich text of it knows no styles
  const shown =
    message.blocks && message.bot_id
      ? blocks(message.blocks, {
          names,
          id,
          press: press(page, channel, message),
          pressed: (element) => page.pressed.get(`${message.ts}/${element.action_id}`),
        })
      : mrkdwn(message.text ?? "", names);
  return h("div", { class: "content" }, shown, message.edited && h("span", { class: "edited" }, "(edited)"));
}

const press = (page, channel, message) => async (opener, element, value, block_id) => {
  if (element.confirm && !(await page.confirm(element.confirm))) return;
  if (element.type === "feedback_buttons") page.pressed.set(`${message.ts}/${element.action_id}`, value);
  await page.act("clicks", { ts: message.ts, action_id: element.action_id, value, block_id, channel: channel.id });
};

/** The line that says that the bot is at work in a thread, with the button that stops it. */
export function status(page, channel, thread) {
  const found = channel.statuses.find(({ thread_ts }) => thread_ts === thread),
    isStoppable = channel.stoppable.includes(thread);
  if (!found && !isStoppable) return null;
  const stop = () => page.act("stops", { thread_ts: thread, channel: channel.id });
  return h(
    "div",
    { class: "status", key: `status-${thread}` },
    h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
    h("span", {}, `${page.state.bot.name} ${found?.text ?? "is at work…"}`),
    isStoppable && h("button", { type: "button", class: "button small", onclick: stop }, icon("stop"), "Stop"),
  );
}

function replies(page, channel, message) {
  const below = channel.messages.filter(
    (one) => one.thread_ts === message.ts && one.ts !== message.ts && !one.ephemeral_to,
  );
  if (!below.length) return null;
  const authors = [...new Map(below.map((one) => [one.user, authorOf(page, one)])).values()];
  return h(
    "a",
    { class: "replies", href: page.addressOf({ channel: channel.id, thread: message.ts }) },
    h(
      "span",
      { class: "faces", "aria-hidden": "true" },
      authors.slice(0, 3).map(({ letter, look }) => h("span", { class: `avatar tiny ${look}` }, letter)),
    ),
    h("strong", {}, counted(below.length, "reply", "replies")),
    h("span", { class: "faint" }, `Last reply ${timeOf(below.at(-1).ts)}`),
  );
}

function toolbar(page, channel, message, { id, inThread }) {
  const isMine = message.user === page.me && !message.ephemeral_to,
    name = authorOf(page, message).name;
  const items = message.ephemeral_to
    ? []
    : page.state.shortcuts.map((shortcut) => ({
        label: shortcut.name,
        inside: [icon("bolt"), h("span", {}, shortcut.name, h("small", {}, page.state.bot.name))],
        pick: () =>
          page.act("uses_shortcut", { callback_id: shortcut.callback_id, ts: message.ts, channel: channel.id }),
      }));
  if (isMine) {
    items.push({
      label: "Edit message",
      inside: [icon("pencil"), "Edit message"],
      pick: () => page.edit(message, inThread),
    });
    items.push({
      label: "Delete message",
      inside: [icon("trash"), "Delete message…"],
      pick: () => remove(page, channel, message),
    });
  }
  const thread = message.thread_ts ?? message.ts;
  return h(
    "div",
    { class: "toolbar", role: "group", "aria-label": `Message of ${name}, ${timeOf(message.ts)}` },
    !inThread &&
      !message.ephemeral_to &&
      h(
        "a",
        { class: "tool", href: page.addressOf({ channel: channel.id, thread }), title: "Reply in thread" },
        icon("reply"),
        unseen("Reply in thread"),
      ),
    items.length > 0 && menu({ id: `${id}-more`, label: "More actions", drawing: "more", className: "tool", items }),
  );
}

async function remove(page, channel, message) {
  const sure = {
    title: { text: "Delete message" },
    text: { type: "plain_text", text: "This cannot be undone." },
    confirm: { text: "Delete" },
    deny: { text: "Keep" },
    style: "danger",
  };
  if (await page.confirm(sure)) await page.act("deletes", { ts: message.ts, channel: channel.id });
}

function editor(page, channel, message) {
  const leave = () => page.edit(null);
  const save = async (event) => {
    event?.preventDefault();
    const text = document.getElementById("edit-box").value.trim();
    leave();
    if (text)
      await page.act("edits", { ts: message.ts, text: asSent(text, page.names.everybody), channel: channel.id });
  };
  const byKeys = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save(event);
    else if (event.key === "Escape") {
      event.stopPropagation();
      leave();
    }
  };
  return h(
    "form",
    { class: "editor", onsubmit: save },
    h("label", { class: "unseen", for: "edit-box" }, "Edit your message"),
    h("textarea", {
      id: "edit-box",
      rows: "2",
      value: asTyped(message.text, page.names.everybody),
      onkeydown: byKeys,
      ref: (box) =>
        queueMicrotask(() => {
          box.focus();
          box.setSelectionRange(box.value.length, box.value.length);
        }),
    }),
    h(
      "div",
      { class: "row" },
      h("button", { type: "button", class: "button small", onclick: leave }, "Cancel"),
      h("button", { type: "submit", class: "button small primary" }, "Save"),
    ),
  );
}
