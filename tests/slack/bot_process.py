"""A bot in a process of its own, with pages that answer once a file is there: `python bot_process.py GATE [LEASE]`."""

import sys
import time
from pathlib import Path

from bot.settings import Settings
from bot.slack.logs import write_logs
from bot.slack.serving import serve
from ingest.errors import TrustbotError
from tests.slack.slack_world import Pages, answered


class SlowPages(Pages):
    """Answers once the gate file is there."""

    def answer(self, question):
        while not gate.exists():
            time.sleep(0.02)
        return answered(question.text)


gate = Path(sys.argv[1])
lease = float(sys.argv[2])
write_logs()
try:
    serve(Settings(_env_file=None), SlowPages(), lease=lease)
except TrustbotError as error:
    print(error)
    sys.exit(1)
