"""Manners: what a site's robots.txt asks for, how long to wait between two requests, and when to leave a site alone."""

from collections import Counter

from protego import Protego

from ingest.sources.addresses import root_of, site_of
from ingest.sources.connecting import Clock

ROBOT = "trustbot"  # the name robots.txt knows us by
GIVEN_UP_AFTER = 3  # pages in a row that a site did not answer for, each asked several times
_LONGEST_DELAY = 30.0  # seconds between two requests, whatever robots.txt asks for


class Manners:
    """What is known of the sites that are asked, for as long as one fetcher lives; `delay` is in seconds."""

    def __init__(self, *, delay: float, clock: Clock) -> None:
        self._delay = delay
        self._clock = clock
        self._rules: dict[str, Protego | str | None] = {}  # a text says why they cannot be had
        self._free_at: dict[str, float] = {}
        self._unanswered: Counter[str] = Counter()

    def knows_rules_for(self, address: str) -> bool:
        """True when the site's robots.txt has been asked for."""
        return root_of(address) in self._rules

    def learn_rules(self, address: str, content: bytes | None) -> None:
        """Keep what the site's robots.txt says; None where it has none."""
        text = None if content is None else content.decode("utf-8-sig", "replace")
        self._rules[root_of(address)] = None if text is None else Protego.parse(text)

    def learn_no_rules(self, address: str, reason: str) -> None:
        """Keep why the site's robots.txt cannot be had, which closes the site (RFC 9309)."""
        self._rules[root_of(address)] = f"its robots.txt cannot be had: {reason}"

    def refusal(self, address: str, *, what: str) -> str | None:
        """Why an address must not be asked for, if so; `what` is what the sentence calls it."""
        rules = self._rules.get(root_of(address))
        if isinstance(rules, Protego):
            may = rules.can_fetch(address, ROBOT)
            return None if may else f"robots.txt of {site_of(address)} asks us not to fetch {what}"
        return rules

    def take_turn(self, address: str) -> None:
        """Wait until the site may be asked again."""
        site, rules = site_of(address), self._rules.get(root_of(address))
        wanted = (rules.crawl_delay(ROBOT) if isinstance(rules, Protego) else None) or 0.0
        pause = self._free_at.get(site, 0.0) - self._clock.now()
        if pause > 0:
            self._clock.sleep(pause)
        self._free_at[site] = self._clock.now() + max(self._delay, min(wanted, _LONGEST_DELAY))

    def note(self, address: str, *, silent: bool) -> None:
        """Note that the site of an address answered, or that it did not for a whole page."""
        self._unanswered[site_of(address)] = self._unanswered[site_of(address)] + 1 if silent else 0

    def has_given_up(self, address: str) -> bool:
        """True when the site has not answered for so many pages in a row that the rest is left for now."""
        return self._unanswered[site_of(address)] >= GIVEN_UP_AFTER
