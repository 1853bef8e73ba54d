// A button that opens a small menu. The browser closes it at Escape or a click elsewhere.

import { h, unseen } from "./dom.js";
import { icon } from "./icons.js";

/** A menu button; each item has a `label` and a `pick`, which is given the button that opened the menu. */
export function menu({ id, label, drawing, className, items, shown = null }) {
  const menuId = `${id}-menu`;
  const pick = (item) => () => {
    const opener = document.getElementById(id);
    document.getElementById(menuId).hidePopover();
    opener?.focus();
    item.pick(opener);
  };
  const entry = (item) => {
    const props = {
      role: item.chosen === undefined ? "menuitem" : "menuitemradio",
      tabindex: "-1",
      class: "menu-item",
      "aria-checked": item.chosen === undefined ? null : String(item.chosen),
      onclick: pick(item),
      onpointermove: follow,
    };
    const inside = item.inside ?? item.label;
    return item.href
      ? h("a", { ...props, href: item.href, target: "_blank", rel: "noopener noreferrer" }, inside)
      : h("button", { ...props, type: "button" }, inside);
  };
  return h(
    "span",
    { class: "menu-frame" },
    h(
      "button",
      {
        type: "button",
        id,
        class: className,
        title: shown ? null : label,
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        popovertarget: menuId,
        onkeydown: openByArrow,
      },
      shown ?? [icon(drawing), unseen(label)],
    ),
    h(
      "div",
      {
        id: menuId,
        class: "menu",
        role: "menu",
        popover: "auto",
        "aria-label": label,
        ontoggle: toggled,
        onkeydown: byKeys,
      },
      items.map(entry),
    ),
  );
}

/** A pointer that only rests where the menu opens chooses nothing. */
function follow({ currentTarget, movementX, movementY }) {
  if (movementX || movementY) currentTarget.focus();
}

function toggled(event) {
  const list = event.currentTarget,
    opener = document.getElementById(list.id.replace(/-menu$/, ""));
  const isOpen = event.newState === "open";
  opener?.setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) return;
  place(list, opener.getBoundingClientRect());
  (list.querySelector("[aria-checked=true]") ?? list.firstElementChild)?.focus();
}

function place(list, from) {
  const { width, height } = list.getBoundingClientRect(),
    gap = 4;
  const below = from.bottom + gap + height < innerHeight;
  list.style.top = `${Math.max(gap, below ? from.bottom + gap : from.top - gap - height)}px`;
  list.style.left = `${Math.max(gap, Math.min(from.left, innerWidth - width - gap))}px`;
}

function openByArrow(event) {
  if (event.key !== "ArrowDown") return;
  event.preventDefault();
  event.currentTarget.click();
}

function byKeys(event) {
  const items = [...event.currentTarget.querySelectorAll(".menu-item")],
    at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Tab") event.currentTarget.hidePopover();
  if (next === undefined) return;
  event.preventDefault();
  items[next % items.length].focus();
}
