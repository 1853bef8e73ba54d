// Modals: the windows an app opens, with their fields and what is wrong with them, and "are you sure?".

import { blocks } from "./block_kit.js";
import { h, patch, unseen } from "./dom.js";
import { valuesIn } from "./elements.js";
import { icon } from "./icons.js";
import { paragraphs } from "./mrkdwn.js";

/** The window on top, if there is one. */
export function modals(page) {
  const view = page.state.modals.filter(({ id }) => !page.closing.has(id)).at(-1);
  return view ? modal(page, view) : null;
}

/** Close windows that are no longer there, so that the focus goes back to what opened them. */
export function closeStale(wanted) {
  for (const dialog of document.querySelectorAll("dialog.modal[open]"))
    if (dialog.dataset.view !== wanted) dialog.close();
}

function modal(page, view) {
  const errors = page.fieldErrors.get(view.id) ?? {},
    isBusy = page.submitting.has(view.id);
  const close = () => page.closeView(view.id);
  const press = async (opener, element, value, block_id) => {
    if (element.confirm && !(await page.confirm(element.confirm))) return;
    await page.act("clicks_in_view", { view_id: view.id, action_id: element.action_id, value, block_id });
  };
  const submit = (event) => {
    event.preventDefault();
    const form = event.currentTarget,
      missing = view.blocks.filter((block) => isEmpty(block, view, form));
    if (missing.length)
      return page.refuseFields(
        view.id,
        Object.fromEntries(missing.map(({ block_id }) => [block_id, "Please fill this in."])),
      );
    page.submitView(view.id, valuesIn(view, form));
  };
  return h(
    "dialog",
    {
      class: "modal",
      key: `modal-${view.id}`,
      "data-view": view.id,
      "aria-labelledby": "modal-title",
      ref: (dialog) => dialog.showModal(),
      oncancel: (event) => {
        event.preventDefault();
        close();
      },
    },
    h(
      "form",
      { novalidate: true, onsubmit: submit, autocomplete: "off" },
      h(
        "div",
        { class: "window-head" },
        h("h2", { id: "modal-title" }, view.title.text),
        h("button", { type: "button", class: "tool close", onclick: close }, icon("close"), unseen("Close the window")),
      ),
      h(
        "div",
        { class: "modal-body content", tabindex: "0", role: "region", "aria-label": view.title.text },
        blocks(view.blocks, { names: page.names, id: `view-${view.id}`, press, errors }),
      ),
      (view.submit || view.close) &&
        h(
          "div",
          { class: "window-foot" },
          h("button", { type: "button", class: "button", onclick: close }, view.close?.text ?? "Cancel"),
          view.submit &&
            h(
              "button",
              { type: "submit", class: "button primary", "aria-disabled": isBusy ? "true" : null },
              isBusy ? "Sending…" : view.submit.text,
            ),
        ),
    ),
  );
}

/** Slack itself asks for what is not optional, before the app hears of it. */
function isEmpty(block, view, form) {
  if (block.type !== "input" || block.optional) return false;
  const value = valuesIn({ blocks: [block] }, form)[block.block_id]?.[block.element.action_id];
  return (
    Boolean(value) &&
    !Object.entries(value).some(([name, one]) => name !== "type" && (Array.isArray(one) ? one.length : one))
  );
}

/** Ask whether to go on; true when the person wants to. */
export function confirm(question, names) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    const end = (answer) => () => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const agree = `button ${question.style === "danger" ? "danger" : "primary"}`;
    dialog.className = "confirm";
    dialog.setAttribute("aria-labelledby", "confirm-title");
    dialog.setAttribute("role", "alertdialog");
    dialog.oncancel = (event) => {
      event.preventDefault();
      end(false)();
    };
    patch(dialog, [
      h("h2", { id: "confirm-title" }, question.title.text),
      h("div", { class: "content" }, paragraphs(question.text, names)),
      h(
        "div",
        { class: "window-foot" },
        h("button", { type: "button", class: "button", onclick: end(false) }, question.deny.text),
        h("button", { type: "button", class: agree, onclick: end(true) }, question.confirm.text),
      ),
    ]);
    document.body.append(dialog);
    dialog.showModal();
  });
}
