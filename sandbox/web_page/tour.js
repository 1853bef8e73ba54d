// The tour: beside the conversation, what is happening to the last question, and what there is to try.

import { prefill } from "./composer.js";
import { h, unseen } from "./dom.js";
import { icon } from "./icons.js";
import { doneBy, lastQuestion } from "./story.js";
import { asTyped, counted, milliseconds } from "./words.js";

const NOWHERE = "How much money has NHS England given us for HOPE(S)?"; // no page of the corpus that comes along says

export function tour(page) {
  const question = lastQuestion(page.record, page.me);
  return h(
    "aside",
    { class: "tour", "aria-labelledby": "tour-title" },
    h(
      "details",
      { open: !page.isCrowded() },
      h(
        "summary",
        {},
        icon("compass"),
        h("h2", { id: "tour-title" }, "Tour"),
        h("span", { class: "faint gist" }, gist(question)),
      ),
      h(
        "div",
        { class: "tour-body", tabindex: "0", role: "region", "aria-label": "Tour" },
        question ? story(page, question) : welcome(page),
        toTry(page, question),
      ),
    ),
  );
}

function gist(question) {
  if (!question) return "Ask a question to begin";
  if (question.answered === null) return "Looking for an answer";
  const { quotes, pages } = question,
    after = `Answered after ${milliseconds(question.answered)}`;
  return quotes
    ? `${after}: ${counted(quotes, "quote")} from ${counted(pages, "page")}, checked and cited`
    : `${after}, without a quote`;
}

function welcome(page) {
  const { bot } = page.state,
    channel = page.placeToAsk();
  return h(
    "div",
    { class: "welcome" },
    h(
      "p",
      {},
      `${bot.name} answers questions of the trust's staff from the trust's own pages: word for word, each quote with its date and its page. Try it:`,
    ),
    h(
      "ul",
      { class: "suggestions" },
      page.state.suggested
        .slice(0, 3)
        .map((prompt) =>
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
    h(
      "p",
      { class: "faint" },
      `Or write in your own words${channel.kind === "im" ? "" : `, beginning with @${bot.name}`}. What happens then is told here, step by step.`,
    ),
  );
}

function story(page, question) {
  const { bot } = page.state,
    done = question.answered !== null,
    evidence = done && question.quotes > 0;
  const steps = [
    ["Delivered", delivered(question, bot), true],
    [
      "Acknowledged",
      question.acknowledged === null
        ? "Slack waits three seconds for it."
        : `In ${milliseconds(question.acknowledged)}. The question was written down first, so that a restart does not lose it.`,
      question.acknowledged !== null,
    ],
    [
      "Looking",
      question.looking
        ? `${question.kind === "direct" ? "You" : "Everybody here"} saw “${bot.name} ${question.looking}” with a button to stop it.`
        : done
          ? "The passages of all pages are compared with the question, by meaning and by word."
          : "…",
      done || question.looking !== null,
    ],
    ["Answered", answered(question), done],
  ];
  if (!done || evidence) {
    steps.push([
      "Checked",
      "Each quote was compared, letter by letter, with the page as it is stored. What differs is not shown.",
      evidence,
    ]);
    steps.push([
      "Cited",
      "Each has its page, its date and a link to the very words. “Show passages” opens them among the words around them.",
      evidence,
    ]);
  }
  const current = steps.findIndex(([, , isDone]) => !isDone);
  return h(
    "div",
    { class: "story" },
    h(
      "p",
      { class: "question" },
      unseen("Your question: "),
      `“${shortened(asTyped(question.text ?? "", page.names.everybody))}”`,
    ),
    h(
      "ol",
      { class: "steps" },
      steps.map(([title, text, isDone], position) =>
        h(
          "li",
          { class: isDone ? "done" : position === current ? "current" : "to-come" },
          h("span", { class: "step-sign" }, isDone ? icon("check") : null),
          h("h3", {}, title, !isDone && unseen(" (not yet)")),
          (isDone || position === current) && h("p", {}, text),
        ),
      ),
    ),
  );
}

function delivered({ kind, heardTwice }, bot) {
  const how = {
    mention: `as you mentioned ${bot.name}`,
    direct: "as a direct message",
    thread: "as a reply in a thread it answers in",
    command: "as a command",
    shortcut: "as a message shortcut",
  }[kind];
  return heardTwice
    ? `Slack told ${bot.name} of it twice, as a message and as a mention. It answers once.`
    : `Slack told ${bot.name} of it, ${how}.`;
}

function answered({ answered: seconds, quotes, pages, isPrivate }) {
  if (seconds === null) return "It comes into the thread as soon as it is found.";
  const what = quotes
    ? `with ${counted(quotes, "quote")} from ${counted(pages, "page")}`
    : "without a quote, for it claims nothing that no page says";
  return `After ${milliseconds(seconds)}, ${what}.${isPrivate ? " Only you see it." : ""}`;
}

const shortened = (text) => (text.length > 140 ? `${text.slice(0, 139).trimEnd()}…` : text);

// -- what there is to try

function toTry(page, question) {
  const done = doneBy(page.record, page.me),
    { state } = page,
    direct = state.channels.find(({ kind }) => kind === "im");
  const channel = page.placeToAsk(),
    other = state.people.find(({ role }) => role === "guest");
  const items = [
    question?.thread && [
      "reply",
      "Ask on in the thread",
      "It remembers what you talk about; no mention is needed.",
      () => page.go({ channel: question.channel, thread: question.thread }, "reply-box"),
    ],
    [
      "command",
      "Ask in private",
      "With /ask only you see the answer, and may share it.",
      () => prefill(page, channel.id, `/ask ${state.suggested.at(2)?.message ?? ""}`),
    ],
    [null, "Ask what no page says", "It says so, and offers to ask the comms team.", () => page.ask(channel, NOWHERE)],
    question?.quotes > 0 && ["reason", "Press “Not helpful”", "It asks why."],
    [
      "home",
      `Open ${state.bot.name}'s Home`,
      "What it knows, and what it keeps about you.",
      () => page.go({ home: true }),
    ],
    other && other.id !== page.me && [null, `Become ${other.real_name}`, other.about, () => page.become(other.id)],
    direct &&
      channel.id !== direct.id && [
        null,
        "Write to it directly",
        "For yourself alone.",
        () => page.go({ channel: direct.id }),
      ],
  ].filter(Boolean);
  return h(
    "div",
    { class: "to-try" },
    h("h3", {}, "Then try"),
    h(
      "ul",
      {},
      items.map(([name, title, about, go]) => {
        const inside = [
          h("span", { class: "title" }, title, done.has(name) && [" ", icon("check"), unseen("(done)")]),
          h("span", { class: "about" }, about),
        ];
        return h(
          "li",
          { key: title, class: done.has(name) ? "done" : null },
          go ? h("button", { type: "button", onclick: go }, inside) : h("p", {}, inside),
        );
      }),
    ),
  );
}
