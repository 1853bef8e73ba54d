// Where a person types: @names and /commands are completed, Enter sends, what is not sent is kept as a draft.

import { h, unseen } from "./dom.js";
import { icon } from "./icons.js";
import { asSent, mentions } from "./words.js";

const HIGHEST = 220; // pixels, after which the box scrolls

/** The box under a conversation, or under a thread of it. */
export function composer(page, { channel, thread = null }) {
  const key = draftKey(page, channel.id, thread),
    draft = page.drafts.get(key) ?? "";
  const id = thread ? "reply-box" : "message-box";
  const label = thread
    ? "Reply in the thread"
    : channel.kind === "im"
      ? `Message ${page.state.bot.name}`
      : `Message #${channel.name}`;
  const offered = page.completing?.key === key ? page.completing : null;
  const it = { page, channel, thread, key, id };
  return h(
    "form",
    {
      class: "composer",
      key,
      onsubmit: (event) => {
        event.preventDefault();
        send(it);
      },
    },
    offered && completions(it, offered),
    h("label", { class: "unseen", for: id }, label),
    h("textarea", {
      id,
      value: draft,
      rows: "1",
      placeholder: label,
      spellcheck: "true",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-controls": offered ? `${id}-offers` : null,
      "aria-activedescendant": offered ? `${id}-offer-${offered.at}` : null,
      "aria-describedby": `${id}-hint`,
      ref: fit,
      oninput: (event) => typed(it, event.currentTarget),
      onkeydown: (event) => pressed(it, event),
      onblur: () => stopCompleting(page),
    }),
    h(
      "div",
      { class: "composer-foot" },
      h("p", { id: `${id}-hint`, class: "hint" }, hint(it, draft)),
      thread &&
        channel.kind !== "im" &&
        h(
          "label",
          { class: "choice small" },
          h("input", { type: "checkbox", id: `${id}-also`, key: `${key}-also` }),
          h("span", {}, `Also send to #${channel.name}`),
        ),
      h(
        "button",
        { class: "button primary send", type: "submit", title: "Send (Enter)" },
        icon("send"),
        unseen("Send"),
      ),
    ),
  );
}

const draftKey = (page, channel, thread) => `${page.me}/${channel}/${thread ?? ""}`;

/** Put words into the box of a channel, and go there to look them over before they are sent. */
export function prefill(page, channel, text) {
  page.drafts.set(draftKey(page, channel, null), text);
  page.go({ channel });
  page.draw();
  focusBox("message-box");
}

export function focusBox(id) {
  const box = document.getElementById(id);
  box?.focus();
  box?.setSelectionRange(box.value.length, box.value.length);
}

const lacksMention = ({ page, channel, thread }, draft) =>
  !thread &&
  channel.kind !== "im" &&
  Boolean(draft.trim()) &&
  !draft.startsWith("/") &&
  !mentions(draft, page.state.bot);

function hint(it, draft) {
  const { page, thread, key, id } = it,
    { bot } = page.state;
  if (thread) return null;
  if (!lacksMention(it, draft)) {
    return h(
      "span",
      { class: "keys" },
      h("kbd", {}, "Enter"),
      " sends, ",
      h("kbd", {}, "Shift"),
      " ",
      h("kbd", {}, "Enter"),
      " begins a new line",
    );
  }
  const add = () => {
    page.drafts.set(key, `@${bot.name} ${draft}`);
    page.draw();
    focusBox(id);
  };
  return [
    `Only mentioned, ${bot.name} answers in a channel. `,
    h("button", { type: "button", class: "inline", onclick: add }, `Add @${bot.name}`),
  ];
}

// -- typing

function fit(box) {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, HIGHEST)}px`;
}

function typed(it, box) {
  const { page, key } = it,
    before = page.drafts.get(key) ?? "",
    offered = page.completing;
  page.drafts.set(key, box.value);
  fit(box);
  page.completing = offers(it, box);
  // What is typed is on the page already; most letters change nothing else
  if (offered || page.completing || lacksMention(it, before) !== lacksMention(it, box.value)) page.draw();
}

function pressed(it, event) {
  const { page, channel, thread } = it,
    box = event.currentTarget,
    offered = page.completing;
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (offered && step) {
    offered.at = (offered.at + step + offered.items.length) % offered.items.length;
  } else if (offered && ["Enter", "Tab"].includes(event.key)) {
    complete(it, offered.items[offered.at]);
  } else if (offered && event.key === "Escape") {
    page.completing = null;
  } else if (event.key === "Enter" && !event.shiftKey) {
    send(it);
  } else if (event.key === "ArrowUp" && !box.value) {
    if (!page.editLast(channel, thread)) return;
  } else return;
  event.preventDefault();
  event.stopPropagation();
  page.draw();
}

async function send({ page, channel, thread, key, id }) {
  const text = (page.drafts.get(key) ?? "").trim();
  if (!text) return;
  const also = document.getElementById(`${id}-also`)?.checked ?? false;
  const [, command, rest] = /^(\/\S+)\s*(.*)$/s.exec(text) ?? [];
  if (command && thread)
    return page.notice(`Slack takes no commands in threads. Type ${command} in the channel itself.`);
  if (command && !page.state.commands.some((known) => known.command === command)) {
    return page.notice(`${command} is not a command in this workspace.`);
  }
  page.completing = null;
  const clear = (value) => {
    page.drafts.set(key, value);
    page.draw();
    const box = document.getElementById(id);
    if (box) fit(box);
  };
  clear("");
  const sent = command
    ? await page.act("commands", { command, text: asSent(rest, page.names.everybody), channel: channel.id })
    : await page.say(channel, asSent(text, page.names.everybody), thread, { broadcast: also });
  if (!sent.ok && !page.drafts.get(key)) clear(text);
}

// -- completing

function offers({ page, channel, thread, key }, box) {
  const before = box.value.slice(0, box.selectionStart);
  const [, name] = /(?:^|\s)@([\w.-]*)$/.exec(before) ?? [],
    [command] = /^\/\S*$/.exec(before) ?? [];
  let items = [];
  if (name !== undefined && channel.kind !== "im") {
    items = page.names.everybody
      .filter((one) => [one.name, one.real_name ?? ""].some((known) => begins(known, name)))
      .map((one) => ({
        shown: `@${one.name}`,
        about: one.id === page.state.bot.id ? "the bot" : one.real_name,
        text: `@${one.name} `,
        from: before.length - name.length - 1,
      }));
  } else if (command !== undefined && !thread) {
    items = page.state.commands
      .filter((known) => begins(known.command, command))
      .map((known) => ({
        shown: `${known.command} ${known.usage_hint ?? ""}`,
        about: known.description,
        text: `${known.command} `,
        from: 0,
      }));
  }
  return items.length ? { key, items, at: 0, to: before.length } : null;
}

const begins = (known, typed) =>
  known
    .toLowerCase()
    .split(/(?= )/)
    .some((word) => word.trim().startsWith(typed.toLowerCase()));

function complete({ page, key, id }, { text, from }) {
  const box = document.getElementById(id),
    whole = box.value;
  page.drafts.set(key, whole.slice(0, from) + text + whole.slice(page.completing.to).trimStart());
  page.completing = null;
  page.draw();
  box.setSelectionRange(from + text.length, from + text.length);
}

function stopCompleting(page) {
  if (!page.completing) return;
  page.completing = null;
  page.draw();
}

const completions = (it, { items, at }) =>
  h(
    "ul",
    { class: "completions", role: "listbox", id: `${it.id}-offers`, "aria-label": "Suggestions" },
    items.map((item, position) =>
      h(
        "li",
        {
          role: "option",
          id: `${it.id}-offer-${position}`,
          "aria-selected": String(position === at),
          // Before the box loses its focus, which ends the completing
          onmousedown: (event) => {
            event.preventDefault();
            complete(it, item);
          },
        },
        h("strong", {}, item.shown),
        " ",
        h("span", {}, item.about),
      ),
    ),
  );
