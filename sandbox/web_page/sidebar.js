// The side: who you are, the channels you are in, the bot, and the way to what happened behind it all.

import { h, unseen } from "./dom.js";
import { icon } from "./icons.js";
import { authorOf } from "./messages.js";
import { menu } from "./menus.js";
import { counted } from "./words.js";

const ROLES = { staff: "Staff", comms: "Communications team", guest: "Guest", connect: "Another organisation" };

export function sidebar(page) {
  const { state } = page,
    rooms = state.channels.filter(({ kind }) => kind !== "im");
  const direct = state.channels.find(({ kind }) => kind === "im");
  return h(
    "div",
    { class: "sidebar" },
    h("header", { class: "workspace" }, h("p", { class: "workspace-name" }, state.workspace), people(page)),
    h(
      "nav",
      { "aria-label": "Channels and apps" },
      h("h2", {}, "Channels"),
      h(
        "ul",
        {},
        rooms.map((channel) =>
          entry(page, {
            key: channel.id,
            drawing: channel.kind === "channel" ? "hash" : "lock",
            label: channel.name,
            place: { channel: channel.id },
            channel,
            about: channel.is_ext_shared && "shared with another organisation",
          }),
        ),
      ),
      h("h2", {}, "Apps"),
      h(
        "ul",
        {},
        direct &&
          entry(page, {
            key: direct.id,
            drawing: "bubble",
            label: state.bot.name,
            place: { channel: direct.id },
            channel: direct,
          }),
        entry(page, { key: "home", drawing: "home", label: `${state.bot.name} Home`, place: { home: true } }),
      ),
    ),
    h("footer", {}, drawerButton(page)),
  );
}

function entry(page, { key, drawing, label, place, channel, about }) {
  const isHere = page.isAt(place),
    unread = channel && !isHere ? page.unread(channel) : 0;
  return h(
    "li",
    { key },
    h(
      "a",
      { class: unread ? "unread" : null, href: page.addressOf(place), "aria-current": isHere ? "page" : null },
      icon(drawing),
      h("span", { class: "label" }, label),
      about && h("span", { class: "shared", title: about }, icon("link"), unseen(about)),
      unread > 0 && h("span", { class: "count" }, unread, unseen(" new")),
    ),
  );
}

function people(page) {
  const me = page.names.person(page.me),
    face = (person) => {
      const { letter, look } = authorOf(page, { user: person.id });
      return h("span", { class: `avatar small ${look}`, "aria-hidden": "true" }, letter);
    };
  const who = (person) =>
    h(
      "span",
      { class: "who" },
      h("strong", {}, person.real_name || person.name),
      h("small", {}, ROLES[person.role] ?? person.role),
    );
  return [
    menu({
      id: "people",
      label: "Choose who you are",
      className: "me",
      shown: [
        face(me),
        h("span", { class: "who" }, h("small", {}, "You are"), h("strong", {}, me.real_name || me.name)),
        unseen(". Choose who you are"),
        icon("down"),
      ],
      items: page.state.people.map((person) => ({
        label: person.real_name,
        chosen: person.id === page.me,
        pick: () => page.become(person.id),
        inside: [
          face(person),
          h("span", { class: "person" }, who(person), h("span", { class: "about" }, person.about)),
        ],
      })),
    }),
    h("p", { class: "about-me" }, h("span", { class: "role" }, ROLES[me.role] ?? me.role), " ", me.about),
  ];
}

function drawerButton(page) {
  const broken = page.record.filter(({ kind }) => kind === "problem").length;
  return h(
    "button",
    {
      type: "button",
      class: "what-happened",
      "aria-expanded": String(page.drawer.open),
      "aria-controls": "drawer",
      id: "drawer-button",
      onclick: () => page.toggleDrawer(),
    },
    icon("bolt"),
    h("span", { class: "label" }, "What happened"),
    broken > 0 &&
      h("span", { class: "count bad" }, broken, unseen(` ${counted(broken, "rule").replace(/^\d+ /, "")} broken`)),
  );
}
