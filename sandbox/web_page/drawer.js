// The drawer: every call the bot made, everything it was told, and every rule of Slack's it broke.

import { h, unseen } from "./dom.js";
import { icon } from "./icons.js";
import { dateOf, milliseconds } from "./words.js";

const KINDS = {
  call: { label: "Calls of the bot", one: "Call", drawing: "arrowIn" },
  delivery: { label: "What the bot was told", one: "Told", drawing: "arrowOut" },
  problem: { label: "Rules broken", one: "Rule broken", drawing: "warning" },
};

export function drawer(page) {
  if (!page.drawer.open) return h("section", { id: "drawer", class: "drawer", hidden: true });
  const { shown } = page.drawer,
    entries = page.record
      .filter(({ kind }) => !shown || kind === shown)
      .slice()
      .reverse();
  const count = (kind) => page.record.filter((entry) => entry.kind === kind).length;
  return h(
    "section",
    {
      id: "drawer",
      class: "drawer",
      "aria-labelledby": "drawer-title",
      onkeydown: (event) => {
        if (event.key === "Escape") page.toggleDrawer();
      },
    },
    h(
      "header",
      { class: "pane-head" },
      h("h2", { id: "drawer-title", tabindex: "-1" }, "What happened"),
      h(
        "div",
        { class: "filters", role: "group", "aria-label": "Show" },
        filter(page, null, "All", page.record.length),
        Object.entries(KINDS).map(([kind, { label }]) => filter(page, kind, label, count(kind))),
      ),
      h(
        "button",
        { type: "button", class: "tool close", onclick: () => page.toggleDrawer() },
        icon("close"),
        unseen("Close"),
      ),
    ),
    h(
      "div",
      { class: "entries", tabindex: "0", role: "region", "aria-label": "The newest first" },
      entries.length === 0 &&
        h(
          "p",
          { class: "empty" },
          shown === "problem" ? "None: the bot has broken no rule of Slack's." : "Nothing yet.",
        ),
      h(
        "ol",
        {},
        entries.map((entry) => item(page, entry)),
      ),
    ),
  );
}

const filter = (page, kind, label, count) =>
  h(
    "button",
    {
      type: "button",
      class: `filter${kind === "problem" && count ? " bad" : ""}`,
      "aria-pressed": String(page.drawer.shown === kind),
      onclick: () => {
        page.drawer.shown = kind;
        page.draw();
      },
    },
    label,
    " ",
    h("span", { class: "faint" }, count),
  );

function item(page, entry) {
  const { one, drawing } = KINDS[entry.kind] ?? { one: entry.kind, drawing: "bolt" },
    isOpen = page.drawer.unfolded.has(entry.n);
  const unfold = (event) => {
    if (event.currentTarget.open) page.drawer.unfolded.add(entry.n);
    else page.drawer.unfolded.delete(entry.n);
    page.draw();
  };
  return h(
    "li",
    { key: entry.n },
    h(
      "details",
      { class: `entry ${entry.kind}${entry.ok === false ? " failed" : ""}`, ontoggle: unfold },
      h(
        "summary",
        {},
        h("time", {}, timeOf(entry.at)),
        icon(drawing),
        h("span", { class: "kind" }, one),
        h("code", {}, entry.name),
        h("span", { class: "outcome" }, outcome(entry)),
      ),
      isOpen && h("pre", { tabindex: "0" }, JSON.stringify(entry.detail, null, 2)),
    ),
  );
}

const timeOf = (at) => {
  const time = dateOf(at);
  return `${time.toLocaleTimeString("en-GB")}.${String(time.getMilliseconds()).padStart(3, "0")}`;
};

function outcome({ kind, ok, detail }) {
  if (kind === "problem") return detail?.text ?? "";
  if (kind === "delivery")
    return detail?.ack_seconds != null
      ? `acknowledged in ${milliseconds(detail.ack_seconds)}`
      : ok
        ? "acknowledged"
        : "not acknowledged";
  return ok ? "ok" : (detail?.response?.error ?? "failed");
}
