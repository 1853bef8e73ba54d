"""What a person can press, choose or fill in inside a block."""

from sandbox.block_kit.checks import PLAIN_TEXT, Checks
from sandbox.wire import Json

SELECTS = {
    f"{many}{source}_select"
    for many in ("", "multi_")
    for source in ("static", "external", "users", "conversations", "channels")
}
CHOICES = {"datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons"}
FIELDS = {
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
}
IN_SECTION = SELECTS | CHOICES | {"overflow", "button", "image", "workflow_button"}
IN_ACTIONS = SELECTS | CHOICES | {"overflow", "button", "workflow_button", "rich_text_input"}
IN_CONTEXT_ACTIONS = {"feedback_buttons", "icon_button"}
IN_INPUT = SELECTS | CHOICES | FIELDS
OPTIONS_AT_MOST = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}
HAVE_OPTIONS = {"static_select", "multi_static_select", *OPTIONS_AT_MOST}


def check_elements(checks: Checks, at: str, elements: object, most: int, allowed: set[str]) -> None:
    """The ``elements`` of an actions block; their action_ids differ."""
    seen: set[object] = set()
    for i, element in enumerate(checks.items(at, elements, most)):
        check_element(checks, f"{at}/{i}", element, allowed)
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if action_id is not None and action_id in seen:
            checks.bad(f"{at}/{i}/action_id", f'`action_id` "{action_id}" already exists for another element')
        seen.add(action_id)


def check_element(checks: Checks, at: str, element: object, allowed: set[str]) -> None:
    if not isinstance(element, dict):
        checks.bad(at, "missing required field: element")
        return
    kind = element.get("type")
    if kind not in allowed:
        checks.bad(at, f"unsupported type: {kind}")
        return
    if kind == "image":
        check_image(checks, at, element)
        return
    _check_common(checks, at, element)
    if kind in ("button", "workflow_button", "icon_button"):
        _check_button(checks, at, element)
    elif kind == "feedback_buttons":
        _check_feedback_buttons(checks, at, element)
    elif kind in HAVE_OPTIONS:
        _check_choice(checks, at, element)
    elif kind == "plain_text_input" and not 1 <= int(element.get("max_length") or 1) <= 3000:
        checks.bad(f"{at}/max_length", "must be between 1 and 3000")


def check_image(checks: Checks, at: str, image: Json) -> None:
    checks.length(f"{at}/alt_text", image.get("alt_text"), checks.limits.alt_text)
    if not image.get("slack_file"):
        checks.length(f"{at}/image_url", image.get("image_url"), checks.limits.url)


def _check_common(checks: Checks, at: str, element: Json) -> None:
    checks.optional_length(f"{at}/action_id", element.get("action_id"), checks.limits.action_id)
    checks.optional_text(f"{at}/placeholder", element.get("placeholder"), 150, PLAIN_TEXT)
    checks.optional_length(f"{at}/accessibility_label", element.get("accessibility_label"), 75)
    confirm = element.get("confirm")
    if isinstance(confirm, dict):
        for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            checks.text(f"{at}/confirm/{name}", confirm.get(name), most)
    elif confirm is not None:
        checks.bad(f"{at}/confirm", "must be an object")


def _check_button(checks: Checks, at: str, button: Json) -> None:
    checks.text(f"{at}/text", button.get("text"), checks.limits.button_text, PLAIN_TEXT)
    checks.optional_length(f"{at}/value", button.get("value"), checks.limits.button_value, least=0)
    checks.optional_length(f"{at}/url", button.get("url"), checks.limits.url)
    if button.get("style") is not None:
        checks.one_of(f"{at}/style", button["style"], ("primary", "danger"))
    if button["type"] == "icon_button":
        checks.one_of(f"{at}/icon", button.get("icon"), ("trash",))  # [docs] the only icon


def _check_feedback_buttons(checks: Checks, at: str, feedback: Json) -> None:
    for name in ("positive_button", "negative_button"):
        side = feedback.get(name)
        if not isinstance(side, dict):
            checks.bad(f"{at}/{name}", "missing required field")
            continue
        checks.text(f"{at}/{name}/text", side.get("text"), checks.limits.button_text, PLAIN_TEXT)
        checks.length(f"{at}/{name}/value", side.get("value"), checks.limits.button_value)
        checks.optional_length(f"{at}/{name}/accessibility_label", side.get("accessibility_label"), 75)


def _check_choice(checks: Checks, at: str, element: Json) -> None:
    most = OPTIONS_AT_MOST.get(element["type"], 100)
    groups = element.get("option_groups")
    if groups is None:
        _check_options(checks, f"{at}/options", element.get("options"), most)
        return
    for group_at, group in checks.objects(f"{at}/option_groups", groups, 100):
        checks.text(f"{group_at}/label", group.get("label"), 75, PLAIN_TEXT)
        _check_options(checks, f"{group_at}/options", group.get("options"), most)


def _check_options(checks: Checks, at: str, options: object, most: int) -> None:
    for option_at, option in checks.objects(at, options, most):
        checks.text(f"{option_at}/text", option.get("text"), checks.limits.option_text)
        checks.length(f"{option_at}/value", option.get("value"), checks.limits.option_value)
        checks.optional_text(f"{option_at}/description", option.get("description"), 75)
