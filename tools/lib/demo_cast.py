"""Who is in tools/demo, and what they write.

SPDX-License-Identifier: GPL-3.0-or-later
"""

from dataclasses import dataclass

# Also gives those without a picture colours that differ: they follow from the addresses.
DOMAIN = "siskin.test"
NAMES = {
    "ana": "Ana Horvat",
    "mira": "Mira Kovač",
    "jonas": "Jonas Weber",
    "felix": "Felix Brandt",
    "sofia": "Sofia Lindqvist",
    "dad": "Dad",
    "amelie": "Amélie Laurent",
    "tom": "Tom Okafor",
    "priya": "Priya Nair",
}

# How the others are there while the demo lasts; who is missing is not.
PRESENCE = {"jonas": None, "felix": "away", "sofia": None, "priya": "dnd"}


@dataclass(frozen=True)
class Letter:
    """Something that waited for Ana at the server."""

    user: str
    days: int
    time: str
    text: str


LETTERS = (
    Letter("priya", 9, "17:40", "The photos from the lake are lovely, thank you."),
    Letter("tom", 6, "20:15", "Fourteen bags of litter in one morning. Thanks, everyone! 💪"),
    Letter("amelie", 4, "09:30", "Is the blue bike still for sale?"),
    Letter("dad", 2, "18:02", "Call me when you find the time."),
    Letter("sofia", 1, "12:47", "Could you send me the notes from Tuesday? No hurry."),
    Letter("mira", 1, "18:20", "Guess who found four empty pots in the cellar 🪴"),
    Letter("mira", 1, "18:22", "Balcony is ready for your tomatoes."),
)

# Chats that Ana has read before the play begins, oldest first, and what she answers there.
ANSWERS = (
    ("priya", None),
    ("tom", None),
    ("amelie", "Yes! Come and try it on Sunday."),
    ("dad", None),
    ("sofia", None),
    ("felix", "ok 👍"),
)

# What Ana has begun to write and not sent.
DRAFT = ("sofia", "Here they are, the last page is")

# What comes in besides, in the middle of the play: (before this line, who, text).
INTERRUPTIONS = (
    (3, "jonas", "Slides are in the shared folder now."),
    (3, "jonas", "Could you look at page 7 before Thursday?"),
)

# Somebody whom Ana answers before the play.
OPENING = ("felix", "Cinema at eight, I have the tickets.")

# The chat that is played through the two windows.
SCRIPT = (
    (
        "mira",
        "They said the frost comes back on Thursday, so maybe we should keep everything inside until then.",
    ),
    ("mira", "I could bring the trays over on my bike."),
    ("ana", "Sunday works for me! I will bring coffee."),
    ("mira", "🍅❤️"),
    ("ana", "And the good scissors, see https://example.org/pruning"),
    ("mira", "Perfect. What about the two that never made it out of the seed tray?"),
    (
        "ana",
        "They get the sunny corner and a second chance. If they are still sulking in May we can always say "
        "they were decorative.",
    ),
    ("mira", "Deal. See you on Sunday at ten!"),
)

_PICTURE = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='192' height='192' viewBox='0 0 96 96'>"
    "<defs><linearGradient id='sky' x2='0' y2='1'><stop stop-color='{top}'/>"
    "<stop offset='1' stop-color='{bottom}'/></linearGradient></defs>"
    "<rect width='96' height='96' fill='url(#sky)'/>{things}</svg>"
)
_PETALS = "".join(
    f"<ellipse cx='48' cy='24' rx='9' ry='17' fill='#ffc93c' transform='rotate({angle} 48 46)'/>"
    for angle in range(0, 360, 36)
)

# Pictures of some, drawn for this.
PICTURES = {
    "mira": _PICTURE.format(
        top="#bfe3d0",
        bottom="#5aa786",
        things="<path d='M48 46V100' stroke='#2f6b4f' stroke-width='6'/>"
        "<path d='M48 84q16-16 30-8q-10 16-30 12z' fill='#2f6b4f'/>"
        f"{_PETALS}<circle cx='48' cy='46' r='14' fill='#7a4a21'/>",
    ),
    "jonas": _PICTURE.format(
        top="#ffd6a5",
        bottom="#f28482",
        things="<circle cx='66' cy='30' r='11' fill='#fff3c4'/>"
        "<path d='M-4 96L32 38L60 80L72 62L104 96z' fill='#3d405b'/>"
        "<path d='M32 38l-9 15l8-3l5 5l6-3z' fill='#f7f3ee'/>",
    ),
    "dad": _PICTURE.format(
        top="#a9d6f5",
        bottom="#4f93d2",
        things="<path d='M50 14V66H22z' fill='#fdfcfa'/><path d='M55 26V66H78z' fill='#f4a259'/>"
        "<path d='M16 70H82L72 84H26z' fill='#7d4f2b'/>"
        "<path d='M-2 84q12-8 25 0t25 0t25 0t27 0V100H-2z' fill='#2b6cb0'/>",
    ),
    "amelie": _PICTURE.format(
        top="#efe3ff",
        bottom="#b79ced",
        things="<path d='M26 34L28 12L44 26Q50 24 56 26L70 12L72 34Q80 50 72 66Q60 82 48 82Q36 82 26 66"
        "Q18 50 26 34z' fill='#3b3355'/><circle cx='38' cy='48' r='6' fill='#ffe66d'/>"
        "<circle cx='60' cy='48' r='6' fill='#ffe66d'/>"
        "<ellipse cx='38' cy='48' rx='2' ry='5' fill='#22203a'/>"
        "<ellipse cx='60' cy='48' rx='2' ry='5' fill='#22203a'/><path d='M45 60h8l-4 5z' fill='#f4a6b5'/>",
    ),
}
