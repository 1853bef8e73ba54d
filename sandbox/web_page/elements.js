// What a person can press, choose or fill in inside a block, and what they have chosen there, in Slack's words.

import { h, unseen } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menus.js";
import { isWeb, textOf } from "./mrkdwn.js";

const BUTTONS = {
  button,
  workflow_button: button,
  icon_button: iconButton,
  feedback_buttons: feedbackButtons,
  overflow,
};
const TYPED = {
  plain_text_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  number_input: "number",
  datepicker: "date",
  timepicker: "time",
};
const CHOSEN_AS = {
  datepicker: "selected_date",
  timepicker: "selected_time",
  users_select: "selected_user",
  conversations_select: "selected_conversation",
  channels_select: "selected_channel",
};
const SEVERAL = new Set(["checkboxes", "multi_static_select"]);

/** True for an element of several controls, which needs a legend and not a label. */
export const groups = ({ type }) => type === "radio_buttons" || SEVERAL.has(type);

/** An element as a control, or undefined for a kind that is not known. */
export function control(element, surface) {
  if (BUTTONS[element.type]) return BUTTONS[element.type](element, surface);
  if (element.type in TYPED) return typed(element, surface);
  if (groups(element)) return choices(element, surface);
  if (optionsOf(element, surface)) return select(element, surface);
  return undefined;
}

/** What stands in the controls of a view, as `state.values` of Slack's. */
export function valuesIn(view, form) {
  const values = {};
  for (const block of view.blocks) {
    for (const element of [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])]) {
      const value = element?.action_id && valueOf(element, block, form);
      if (value) (values[block.block_id] ??= {})[element.action_id] = value;
    }
  }
  return values;
}

function valueOf(element, block, form) {
  const { type } = element,
    fields = form.elements,
    name = nameOf(element, block);
  const all = [...fields].filter((field) => field.name === name);
  if (!all.length) return null;
  if (type in CHOSEN_AS) return { type, [CHOSEN_AS[type]]: all[0].value || null };
  if (type in TYPED) return { type, value: all[0].value || null };
  const options = everyOption(element),
    of = (field) => options.find(({ value }) => value === field.value) ?? null;
  if (SEVERAL.has(type)) return { type, selected_options: all.filter((field) => field.checked).map(of) };
  if (type === "radio_buttons") return { type, selected_option: of(all.find((field) => field.checked) ?? {}) };
  return { type, selected_option: of(all[0]) };
}

const nameOf = (element, block) => `${block.block_id}/${element.action_id}`;
const everyOption = ({ options, option_groups }) => options ?? (option_groups ?? []).flatMap((group) => group.options);

// -- buttons

/** The label can be longer than what is to be seen, but must hold it: people call buttons by what they see. */
function labelled(shown, says) {
  if (!says || says === shown) return null;
  return says.toLowerCase().includes(shown.toLowerCase()) ? says : `${shown}: ${says}`;
}

function button(element, surface) {
  const props = {
    class: `button ${element.style ?? ""}`.trim(),
    id: surface.id,
    "aria-label": labelled(element.text.text, element.accessibility_label),
  };
  const press = (event) => surface.press(event.currentTarget, element, element.value ?? null, surface.block.block_id);
  return isWeb(element.url)
    ? h(
        "a",
        { ...props, href: element.url, target: "_blank", rel: "noopener noreferrer", onclick: press },
        textOf(element.text, surface.names),
      )
    : h("button", { ...props, type: "button", onclick: press }, textOf(element.text, surface.names));
}

function iconButton(element, surface) {
  return h(
    "button",
    {
      type: "button",
      class: "button icon-only",
      id: surface.id,
      title: element.text.text,
      "aria-label": labelled(element.text.text, element.accessibility_label) ?? element.text.text,
      onclick: (event) => surface.press(event.currentTarget, element, element.value ?? null, surface.block.block_id),
    },
    icon("trash"),
  );
}

function feedbackButtons(element, surface) {
  const side = (one, drawing) =>
    h(
      "button",
      {
        type: "button",
        class: "button quiet",
        id: `${surface.id}-${drawing}`,
        "aria-label": labelled(one.text.text, one.accessibility_label),
        "aria-pressed": String(surface.pressed?.(element) === one.value),
        onclick: (event) => surface.press(event.currentTarget, element, one.value, surface.block.block_id),
      },
      icon(drawing),
      h("span", {}, textOf(one.text, surface.names)),
    );
  return h(
    "span",
    { class: "feedback", role: "group", "aria-label": "Was this helpful?" },
    side(element.positive_button, "thumbUp"),
    side(element.negative_button, "thumbDown"),
  );
}

function overflow(element, surface) {
  return menu({
    id: surface.id,
    label: "More choices",
    drawing: "more",
    className: "button icon-only",
    items: element.options.map((option) => ({
      label: option.text.text,
      href: isWeb(option.url) ? option.url : null,
      pick: (opener) => surface.press(opener, element, option.value, surface.block.block_id),
    })),
  });
}

// -- fields

const shared = (element, { block, id, describedBy, invalid, isInput, label }) => ({
  id,
  name: nameOf(element, block),
  "aria-describedby": describedBy,
  "aria-invalid": invalid ? "true" : null,
  "aria-required": isInput && !block.optional ? "true" : null,
  "aria-label": isInput ? null : (element.placeholder?.text ?? label ?? "Choose"),
  key: `${block.block_id}/${element.action_id}`,
});

function typed(element, surface) {
  const props = {
    ...shared(element, surface),
    value: element.initial_value ?? element.initial_date ?? element.initial_time ?? "",
    placeholder: element.placeholder?.text,
    minlength: element.min_length,
    maxlength: element.max_length,
    onchange: surface.isInput
      ? null
      : (event) => surface.press(event.currentTarget, element, event.currentTarget.value, surface.block.block_id),
  };
  if (element.multiline) return h("textarea", { ...props, rows: "4" });
  return h("input", {
    ...props,
    type: TYPED[element.type],
    min: element.min_value,
    max: element.max_value,
    step: element.type === "number_input" && element.is_decimal_allowed ? "any" : null,
  });
}

function optionsOf(element, { names }) {
  const plain = (all) =>
    all.map(({ id, real_name, name }) => ({ text: { type: "plain_text", text: real_name || `#${name}` }, value: id }));
  if (element.type === "static_select") return everyOption(element);
  if (element.type === "users_select") return plain(names.people);
  return ["channels_select", "conversations_select"].includes(element.type) ? plain(names.channels) : null;
}

function select(element, surface) {
  const initial =
    element.initial_option?.value ??
    element.initial_user ??
    element.initial_channel ??
    element.initial_conversation ??
    "";
  const option = ({ text, value }) => h("option", { value, key: value }, text.text);
  const listed = element.option_groups
    ? element.option_groups.map((group) => h("optgroup", { label: group.label.text }, group.options.map(option)))
    : optionsOf(element, surface).map(option);
  return h(
    "select",
    {
      ...shared(element, surface),
      value: initial,
      onchange: surface.isInput
        ? null
        : (event) => surface.press(event.currentTarget, element, event.currentTarget.value, surface.block.block_id),
    },
    h("option", { value: "" }, element.placeholder?.text ?? "Choose an option"),
    listed,
  );
}

function choices(element, surface) {
  const { id, isInput, names, block } = surface,
    several = SEVERAL.has(element.type);
  const initial = new Set((element.initial_options ?? [element.initial_option]).map((option) => option?.value));
  const choose = (event) => {
    const box = event.currentTarget.closest(".choices");
    const chosen = [...box.querySelectorAll("input:checked")].map((field) => field.value);
    surface.press(event.currentTarget, element, several ? chosen : chosen[0], surface.block.block_id);
  };
  const choice = (option, position) =>
    h(
      "label",
      { class: "choice" },
      h("input", {
        type: several ? "checkbox" : "radio",
        name: nameOf(element, block),
        value: option.value,
        id: `${id}-${position}`,
        checked: initial.has(option.value),
        onchange: isInput ? null : choose,
        "aria-describedby": option.description ? `${id}-${position}-about` : null,
      }),
      h(
        "span",
        {},
        textOf(option.text, names),
        option.description &&
          h("span", { class: "hint", id: `${id}-${position}-about` }, textOf(option.description, names)),
      ),
    );
  return h(
    "div",
    {
      class: "choices",
      key: `${block.block_id}/${element.action_id}`,
      role: isInput ? null : several ? "group" : "radiogroup",
      "aria-label": isInput ? null : "Choices",
    },
    everyOption(element).map(choice),
    !isInput && unseen("Takes effect at once"),
  );
}
