"""Hand-written material from which `make_sample_data.py` puts the simulated communities' posts together.

Each community module holds one text, `MATERIAL`:

    # topic ; Flair, Other flair      starts a topic; `*` holds fragments that fit any topic, `none` means no flair
    T title of a text post            L title of a picture post
    O opening   M middle   N numbers   C closing
      a line that starts with two spaces continues the line above

Inside a fragment `{a|b}` is a choice, `{3-9}` a number, `{word}` one of the post's own words, the same each time
it occurs in the post (`{word^}` starts with a capital), and `⏎` a line break.
"""

from dataclasses import dataclass, field


@dataclass
class Topic:
    """The fragments of one subject, by their letter."""

    name: str
    flairs: list[str]
    fragments: dict[str, list[str]] = field(default_factory=lambda: {letter: [] for letter in "TLOMNC"})


def parse(material: str) -> list[Topic]:
    """Read a `MATERIAL` text. Raises ValueError at a line that is none of the above."""
    topics: list[Topic] = []
    current: list[str] | None = None
    for line in material.splitlines():
        if not line.strip():
            continue
        if line.startswith("# "):
            name, _, flairs = line[2:].partition(";")
            topics.append(Topic(name.strip(), [flair.strip() for flair in flairs.split(",")]))
            current = None
        elif line.startswith("  ") and current:
            current[-1] += " " + line.strip()
        elif line[:1] in "TLOMNC" and line[1:2] == " " and topics:
            current = topics[-1].fragments[line[0]]
            current.append(line[2:].strip())
        else:
            raise ValueError(f"not a line of material: {line!r}")
    return topics


# what the founder sells, in a short word, to whom, to one of whom, and what it is called
VENTURES = [
    ("a booking page for boat clubs", "booking page", "boat clubs", "club secretary", "Ferrydesk"),
    ("an invoice tool for chimney sweeps", "invoice tool", "chimney sweeps", "chimney sweep", "Sootbill"),
    ("a rota app for small bakeries", "rota app", "bakeries", "baker", "Crumbrota"),
    ("a client diary for dog groomers", "client diary", "dog groomers", "groomer", "Shaggybook"),
    ("a stock list for bicycle workshops", "stock list", "bike workshops", "mechanic", "Spokeshelf"),
    ("a waiting list for music schools", "waiting list", "music schools", "piano teacher", "Cadenzaqueue"),
    ("an order form for farm shops", "order form", "farm shops", "farm shop owner", "Turnipcart"),
    ("a quote calculator for roofers", "quote tool", "roofers", "roofer", "Slatequote"),
    ("a calendar for driving schools", "calendar", "driving schools", "driving instructor", "Clutchdiary"),
    ("a key register for letting agents", "key register", "letting agents", "letting agent", "Keyquill"),
    ("a maintenance log for lift engineers", "maintenance log", "lift engineers", "engineer", "Shaftnotes"),
    ("a menu planner for school kitchens", "menu planner", "school kitchens", "head cook", "Ladleplan"),
    ("a membership list for choirs", "membership list", "choirs", "choir manager", "Altoroll"),
    ("a price tag printer for florists", "label app", "florists", "florist", "Petaltag"),
    ("an inspection checklist for playgrounds", "checklist app", "councils", "inspector", "Swingcheck"),
    ("a reminder service for opticians", "reminder service", "opticians", "optician", "Lensnudge"),
    ("a route planner for window cleaners", "route planner", "window cleaners", "window cleaner", "Squeegeeway"),
    ("a deposit tracker for costume hire shops", "deposit tracker", "costume shops", "shop owner", "Capekeep"),
    ("a lesson planner for riding stables", "lesson planner", "riding stables", "stable manager", "Halterplan"),
    ("a parts catalogue for piano tuners", "parts catalogue", "piano tuners", "tuner", "Feltbin"),
    ("a tasting log for small breweries", "tasting log", "breweries", "brewer", "Mashnotes"),
    ("a site diary for landscape gardeners", "site diary", "gardeners", "gardener", "Hedgelog"),
    ("a queue screen for village surgeries", "queue screen", "surgeries", "receptionist", "Waitlantern"),
    ("an archive search for local newspapers", "archive search", "newspapers", "editor", "Inkdrawer"),
]
TRADES = [
    "plumbers", "dentists", "garden centres", "physios", "accountants", "hotels", "driving schools", "wine shops",
    "opticians", "carpenters", "yoga studios", "B2B suppliers", "machine builders", "vets", "music schools",
    "removal firms", "bike shops", "caterers", "language schools", "electricians", "tax advisers", "campsites",
]  # fmt: skip
GADGETS = ["Leadbramble", "Copyfizz", "Rankotter", "Mailpebble", "Funnelwick", "Adnibble", "Chartmoth", "Postgoose"]
HEROES = [
    "snail", "otter", "mushroom knight", "postman", "crab", "goose", "robot gardener", "frog", "teapot", "hedgehog",
    "lighthouse keeper", "moth", "badger", "tiny dragon", "janitor", "turnip", "ghost", "beekeeper",
]  # fmt: skip
PLACES = [
    "swamp", "harbour", "greenhouse", "attic", "train station", "bakery", "ice cave", "library", "orchard", "sewer",
    "lighthouse", "market", "clock tower", "night forest", "museum", "ferry",
]  # fmt: skip
GENRES = [
    "platformer", "farming game", "puzzle game", "roguelike", "metroidvania", "fishing game", "city builder",
    "point and click", "tower defence", "cosy RPG", "deck builder", "racing game",
]  # fmt: skip
GAMES = [
    "Snailfall", "Mossknight", "Turnip Siege", "Lantern Frogs", "Crabwork", "Goosebound", "Attic Deep", "Mothlight",
]  # fmt: skip
THEMES = ["borrowed light", "one button", "too many keys", "downstream", "only at night", "it was not me"]

# low-quality posts, written out: (title, text)
LOW_QUALITY: dict[str, list[tuple[str, str]]] = {
    "HarborFounders": [
        ("Looking for a technical co-founder", ""),
        ("Advice", "help"),
        ("WHY DOES NOBODY BUY MY PRODUCT", "I DID EVERYTHING THE BOOKS SAY AND NOBODY BUYS!!! SOMEBODY PLEASE "
         "TELL ME WHAT TO DO!!! I AM SERIOUS!!!"),
        ("Wie habt ihr eure ersten Kunden gefunden?", "Hallo zusammen, ich baue gerade ein kleines Programm für "
         "Handwerker und suche meine ersten Kunden. Wie habt ihr das gemacht? Danke für jede Antwort."),
        ("My story of failing twice", "[removed]"),
        ("Revenue share question", "[deleted]"),
    ],
    "QuietMarketing": [
        ("Question about ads", ""),
        ("thoughts?", "Thoughts?"),
        ("ADS DO NOT WORK ANYMORE", "STOP GIVING THEM MONEY. IT IS ALL BOTS. ALL OF IT!!!!!!"),
        ("¿Cómo conseguís reseñas de clientes?", "Hola, tengo una tienda pequeña y casi nadie deja reseñas. ¿Qué os "
         "funciona a vosotros? Gracias."),
        ("Grew traffic with this one trick", "[removed]"),
        ("Is my boss wrong about email?", "[deleted]"),
    ],
    "PixelWorkshop": [
        ("game", ""),
        ("Hi", "hi"),
        ("PLEASE PLAY MY GAME", "PLEASE PLEASE PLEASE IT IS REALLY GOOD AND NOBODY PLAYS IT!!!!! PLAY IT!!!!!"),
        ("Pierwsza gra, proszę o opinie", "Cześć, to moja pierwsza gra i nie wiem, czy sterowanie jest w porządku. "
         "Będę wdzięczny za każdą uwagę."),
        ("I made a thing", "[removed]"),
        ("Old project, new sprites", "[deleted]"),
    ],
}  # fmt: skip
