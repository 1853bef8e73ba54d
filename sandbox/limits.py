"""Every number the stand-in enforces, each with where it comes from.

[docs]     docs.slack.dev, or the source of Slack's own SDK
[seen]     somebody's published measurement of the live service
[assumed]  a guess, the stricter of the plausible behaviours
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Slack's limits; a test shortens the times: ``Limits(ack_timeout=0.4)``."""

    # Blocks in a message or a view
    message_blocks: int = 50  # [docs]
    view_blocks: int = 100  # [docs] slack_sdk.models.views.View.blocks_max_length
    section_text: int = 3000  # [docs]
    section_fields: int = 10  # [docs]
    section_field_text: int = 2000  # [docs]
    header_text: int = 150  # [docs]
    context_elements: int = 10  # [docs]
    context_actions_elements: int = 5  # [docs]
    actions_elements: int = 25  # [docs]
    markdown_text: int = 12_000  # [docs] per block and per markdown_text argument
    markdown_total: int = 12_000  # [docs] over the payload ([seen]: enforced per block)
    blocks_text_total: int = 13_000  # [seen] msg_blocks_too_long from about 13,200
    table_rows: int = 100  # [docs]
    table_columns: int = 20  # [docs]

    # Elements
    action_id: int = 255  # [docs]
    block_id: int = 255  # [docs]
    button_text: int = 75  # [docs]
    button_value: int = 2000  # [docs]
    url: int = 3000  # [docs]
    option_text: int = 75  # [docs]
    option_value: int = 150  # [docs]
    alt_text: int = 2000  # [docs]

    # Views
    view_title: int = 24  # [docs]
    view_private_metadata: int = 3000  # [docs]
    view_callback_id: int = 255  # [docs]
    view_bytes: int = 250_000  # [docs]
    pushed_views: int = 3  # [docs] a modal and two on top of it

    # Posting
    typed_text: int = 12_000  # [assumed] what the message field takes of a person
    post_text: int = 40_000  # [docs] cut beyond
    post_text_split: int = 4_000  # [docs] advised; longer is split or cut
    update_text: int = 4_000  # [docs] chat.update: msg_too_long
    post_burst: int = 5  # [assumed] posts to one channel before one a second [docs] holds

    # Agents
    suggested_prompts: int = 4  # [docs]
    loading_messages: int = 10  # [docs]
    session_title: int = 200  # [docs]
    status_ttl: float = 120.0  # [docs] seconds, as all times below

    # Interactions and delivery
    trigger_ttl: float = 3.0  # [docs]
    response_url_uses: int = 5  # [docs]
    response_url_ttl: float = 1800.0  # [docs]
    ack_timeout: float = 3.0  # [docs]
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)  # [docs] events only
    connections: int = 10  # [docs]
    ticket_ttl: float = 30.0  # [assumed] life of a Socket Mode URL
