// What is to be seen is described whole, and only what differs from the page is touched: focus, scroll
// position and what somebody has typed outlive every update. Text enters as text nodes, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const SEEN = Symbol("the description a node was made from");
// What a person changes after it was shown; set again only when the description itself changes
const PERSONAL = new Set(["value", "checked", "open"]);

/** A description of an element. `key` tells siblings apart, `ref` is given the node once it is on
 * the page; names beginning with "on" are listeners, everything else is an attribute. */
export const h = (tag, props, ...children) => ({ tag, props: props ?? {}, children: listed(children) });
export const unseen = (...children) => h("span", { class: "unseen" }, ...children);

const listed = (children) =>
  children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== "");

/** Make the inside of `parent` what is described. */
export function patch(parent, wanted) {
  const described = listed([wanted]);
  const found = matches([...parent.childNodes], described);
  const kept = new Set(found);
  for (const node of [...parent.childNodes]) if (!kept.has(node)) node.remove();
  let next = parent.firstChild;
  described.forEach((description, position) => {
    const node = found[position] ? changed(found[position], description) : made(description, parent);
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
    const ref = description.props?.ref;
    if (ref && !found[position]) queueMicrotask(() => ref(node)); // once all of it is on the page
  });
}

function matches(nodes, described) {
  const keyed = new Map(),
    loose = [];
  for (const node of nodes) {
    const key = node[SEEN]?.props?.key;
    if (key === undefined) loose.push(node);
    else keyed.set(key, node);
  }
  let from = 0;
  return described.map((description) => {
    const key = description.props?.key;
    if (key !== undefined) {
      const node = keyed.get(key);
      return node && isSameKind(node, description) ? node : null;
    }
    const position = loose.findIndex((node, at) => at >= from && isSameKind(node, description));
    if (position < 0) return null;
    from = position + 1;
    return loose[position];
  });
}

const isSameKind = (node, description) =>
  description.tag === undefined
    ? node.nodeType === Node.TEXT_NODE
    : node.nodeType === Node.ELEMENT_NODE && node.localName === description.tag;

function made(description, parent) {
  if (description.tag === undefined) return document.createTextNode(String(description));
  const isSvg = description.tag === "svg" || parent.namespaceURI === SVG;
  const node = isSvg ? document.createElementNS(SVG, description.tag) : document.createElement(description.tag);
  patch(node, description.children);
  return withProps(node, description);
}

function changed(node, description) {
  if (description.tag === undefined) {
    if (node.data !== String(description)) node.data = String(description);
    return node;
  }
  patch(node, description.children);
  return withProps(node, description);
}

function withProps(node, description) {
  const before = node[SEEN]?.props ?? {},
    now = description.props;
  for (const name of Object.keys(before)) if (!(name in now)) set(node, name, null);
  for (const [name, value] of Object.entries(now)) if (before[name] !== value) set(node, name, value);
  node[SEEN] = description;
  return node;
}

function set(node, name, value) {
  if (name === "key" || name === "ref") return;
  if (name.startsWith("on")) node[name] = value;
  else if (PERSONAL.has(name) && name in node) node[name] = value ?? (name === "value" ? "" : false);
  else if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : String(value));
}
