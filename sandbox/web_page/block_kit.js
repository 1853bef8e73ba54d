// Block Kit: every block the bot sends, and the others that need no more than text. What is not known here is
// shown as the JSON it is, never hidden.

import { h, unseen } from "./dom.js";
import { icon } from "./icons.js";
import { control, groups } from "./elements.js";
import { link, paragraphs, textOf } from "./mrkdwn.js";
import { markdown } from "./markdown.js";
import { richText } from "./rich_text.js";

const KINDS = {
  actions: (block, surface) => h("div", { class: "row" }, elements(block, surface)),
  alert: (block, { names }) =>
    h("div", { class: `alert alert-${block.level ?? "default"}` }, paragraphs(block.text, names)),
  container,
  context: (block, { names }) =>
    h(
      "div",
      { class: "context" },
      block.elements.map((element) =>
        element.type === "image" ? picture(element) : h("span", {}, textOf(element, names)),
      ),
    ),
  context_actions: (block, surface) => h("div", { class: "row quiet" }, elements(block, surface)),
  divider: () => h("hr"),
  header: (block, { names, level }) =>
    h("p", { class: "block-header", role: "heading", "aria-level": level ?? 3 }, textOf(block.text, names)),
  image: (block, { names }) =>
    h("figure", {}, block.title && h("figcaption", {}, textOf(block.title, names)), picture(block)),
  input,
  markdown: (block, { names }) => markdown(block.text, names),
  plan: (block, surface) =>
    h(
      "section",
      { class: "plan", "aria-label": block.title },
      h("p", { class: "plan-title" }, block.title),
      h(
        "ul",
        {},
        (block.tasks ?? []).map((task) => h("li", {}, taskCard(task, surface))),
      ),
    ),
  rich_text: (block, { names }) => richText(block, names, raw),
  section,
  table,
  task_card: taskCard,
};

/** Blocks as a person sees them. `surface` says what a press does there, and knows people and channels by id. */
export const blocks = (list, surface) =>
  list.map((block, position) => {
    const show = KINDS[block.type];
    return h(
      "div",
      { class: `block block-${block.type}` },
      show ? show(block, { ...surface, id: `${surface.id}-${position}` }) : raw(block),
    );
  });

const raw = (part) =>
  h(
    "div",
    { class: "raw" },
    h("p", {}, `The sandbox cannot draw “${part.type}”. This is what was sent:`),
    h("pre", { tabindex: "0" }, JSON.stringify(part, null, 2)),
  );

const elements = (block, surface) =>
  block.elements.map(
    (element, position) => control(element, { ...surface, block, id: `${surface.id}-${position}` }) ?? raw(element),
  );

function section(block, surface) {
  const { names } = surface,
    accessory = block.accessory;
  return [
    h(
      "div",
      { class: "words" },
      block.text && paragraphs(block.text, names),
      block.fields &&
        h(
          "ul",
          { class: "fields" },
          block.fields.map((field) => h("li", {}, paragraphs(field, names))),
        ),
    ),
    accessory &&
      h(
        "div",
        { class: "accessory" },
        accessory.type === "image"
          ? picture(accessory)
          : (control(accessory, { ...surface, block, id: `${surface.id}-a`, label: block.text?.text }) ??
              raw(accessory)),
      ),
  ];
}

function input(block, surface) {
  const { names, errors = {} } = surface,
    id = `${surface.id}-input`,
    error = errors[block.block_id];
  const hint = block.hint && h("p", { class: "hint", id: `${id}-hint` }, textOf(block.hint, names));
  const said = error && h("p", { class: "field-error", id: `${id}-error` }, icon("warning"), error);
  const describedBy = [hint && `${id}-hint`, said && `${id}-error`].filter(Boolean).join(" ") || null;
  const label = [textOf(block.label, names), block.optional && h("span", { class: "optional" }, " (optional)")];
  const field =
    control(block.element, { ...surface, block, id, describedBy, invalid: Boolean(error), isInput: true }) ??
    raw(block.element);
  return groups(block.element)
    ? h("fieldset", { "aria-describedby": describedBy, key: id }, h("legend", {}, label), field, hint, said)
    : [h("label", { for: id, key: `${id}-label` }, label), field, hint, said];
}

/** Nothing is loaded from elsewhere: of a picture only its words are shown, and where it lies. */
function picture({ alt_text, image_url }) {
  return h(
    "div",
    { class: "picture" },
    h("span", { class: "alt", role: "img", "aria-label": alt_text }, icon("picture"), alt_text),
    image_url && link(image_url, "open the picture"),
  );
}

function table(block, { names }) {
  const settings = block.column_settings ?? [],
    [head, ...rows] = block.rows;
  const cell = (tag) => (content, column) =>
    h(
      tag,
      { class: `align-${settings[column]?.align ?? "left"}` },
      content.type === "rich_text" ? richText(content, names, raw) : String(content.text ?? content.value ?? ""),
    );
  return h(
    "div",
    { class: "table-frame", tabindex: "0", role: "region", "aria-label": "Table" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, head.map(cell("th")))),
      h(
        "tbody",
        {},
        rows.map((row) => h("tr", {}, row.map(cell("td")))),
      ),
    ),
  );
}

const TASK = {
  complete: ["check", "Done"],
  error: ["warning", "Failed"],
  in_progress: ["bolt", "Under way"],
  pending: ["more", "To do"],
};

function taskCard(task, surface) {
  const [drawing, said] = TASK[task.status] ?? ["more", task.status ?? "To do"];
  return h(
    "div",
    { class: `task task-${task.status}` },
    h("p", { class: "task-title" }, icon(drawing), unseen(`${said}: `), task.title),
    ["details", "output"].map(
      (name) =>
        task[name] &&
        h(
          "div",
          { class: "task-words" },
          task[name].type === "rich_text"
            ? richText(task[name], surface.names, raw)
            : h("p", {}, String(task[name].text ?? task[name])),
        ),
    ),
    task.sources &&
      h(
        "ul",
        { class: "sources" },
        task.sources.map((source) => h("li", {}, link(source.url, source.text))),
      ),
  );
}

function container(block, surface) {
  const title = block.rich_text_title
    ? richText(block.rich_text_title, surface.names, raw)
    : textOf(block.title, surface.names);
  const inside = blocks(block.child_blocks, surface);
  return block.is_collapsible
    ? h("details", { class: "container", open: !block.default_collapsed }, h("summary", {}, title), inside)
    : h("div", { class: "container" }, h("div", { class: "container-title" }, title), inside);
}
