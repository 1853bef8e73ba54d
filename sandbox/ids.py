"""The ids of the one team, the one app and its bot."""

TEAM = "T0STANDIN"
APP = "A0STANDIN"
BOT_USER = "U0BOT"
BOT = "B0BOT"
OTHER_BOT = "B0OTHER"
