"""Make the simulated Reddit's posts: `python tools/make_sample_data.py [--check]`.

Writes `posts.jsonl` and `communities.json` into `core/gateways/sample_data/`, byte for byte the same on each run.
`--check` writes nothing and exits with 1 when the files on disk differ. The texts come from `sample_material`,
the communities from `sample_communities`; scores and removals follow from a post's features, so that an
analysis has real differences to find.
"""

import argparse
import json
import math
import random
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sample_communities import COMMUNITIES, MODERATORS
from sample_material import (
    GADGETS,
    GAMES,
    GENRES,
    HEROES,
    LOW_QUALITY,
    PLACES,
    THEMES,
    TRADES,
    VENTURES,
    Topic,
    harbor,
    parse,
    pixel,
    quiet,
)

TARGET = Path(__file__).resolve().parent.parent / "core" / "gateways" / "sample_data"
WORLD_START = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)  # a Monday; hours and weekdays are counted from here
SEED = 20261102
POSTS_PER_COMMUNITY = 292  # plus low-quality posts and re-posts: about 300
PROMO_SHARE = 0.095
PAST_DAYS, FUTURE_DAYS, FUTURE_SHARE = 180, 14, 0.1
BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
FIRST_ID = 36**5 * 9
PROMO_WORDS = re.compile(
    r"\b(sign up|signup|free trial|check out|dm me|discount|limited|buy now|wishlist|subscribe|introducing|thrilled"
    r"|game.chang\w+|book a (?:free )?(?:call|demo)|link in (?:my )?(?:bio|profile)|code [A-Z]+\d+)\b",
    re.IGNORECASE,
)
FIRST_PERSON = re.compile(r"\b(i|my|me|we|our|us|i'm|i've|i'd)\b", re.IGNORECASE)
EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
HOUR_WEIGHTS = [3, 2, 1, 1, 1, 2, 4, 6, 8, 8, 7, 7, 7, 8, 9, 9, 9, 9, 10, 10, 10, 9, 7, 5]
ADJECTIVES = [
    "harbor", "salty", "quiet", "mossy", "brisk", "copper", "dusty", "velvet", "amber", "sleepy",
    "plain", "narrow", "gentle", "crooked", "paper", "tidal", "wooden", "lucky", "pale", "stubborn",
    "foggy", "northern", "modest", "hollow", "minor",
]  # fmt: skip
NOUNS = [
    "otter", "lantern", "kettle", "heron", "ledger", "pebble", "badger", "thimble", "anchor",
    "walnut", "sparrow", "teacup", "mitten", "compass", "plum", "ferret", "barrel", "wren",
    "marble", "trowel", "beetle", "saddle", "gull", "biscuit", "spindle",
]  # fmt: skip
EMOJI_ENDS = {
    "HarborFounders": ["🙏", "😅", "☕"],
    "QuietMarketing": ["🤷"],
    "PixelWorkshop": ["🐌", "😄", "✨", "🦀", "😅", "❤️"],
}
FLAIR_OF_STATEMENTS = {
    "HarborFounders": ["Story"],
    "QuietMarketing": ["Discussion"],
    "PixelWorkshop": ["Show-off"],
}
SHORT_SHARE = {"HarborFounders": 0.02, "QuietMarketing": 0.15, "PixelWorkshop": 0.15}
EXTRA_SHARE = {"HarborFounders": 0.4, "QuietMarketing": 0.6, "PixelWorkshop": 0.6}
MOST_USES_OF_TITLE = 5
MIDDLES = {
    "HarborFounders": [2, 2, 3, 3, 4, 4, 5, 6, 7],
    "QuietMarketing": [1, 1, 2, 3],
    "PixelWorkshop": [1, 1, 2, 2, 3, 4],
}
TITLE_TAILS = {
    "HarborFounders": [" ({months} months in)", " (long)", " (I sell to {who})", " (at {customers} customers)"],
    "QuietMarketing": [" ({who})", " (small budget)", " (B2B)", " ({who}, {2-9} people)", " – {who}"],
    "PixelWorkshop": [" ({genre})", " 😅", " (my {genre}, take {2-9})", " (again)"],
}


@dataclass
class Sketch:
    """A post before its time, its numbers and its fate are known."""

    subreddit: str
    topic: str
    title: str
    body: str = ""
    flair: str | None = None
    picture: str | None = None
    author: str = ""
    created: datetime = WORLD_START
    category: str | None = None
    score: int = 1
    comments: int = 0
    locked: bool = False
    stickied: bool = False
    fixed_fate: bool = field(default=False)

    @property
    def is_promo(self) -> bool:
        return self.topic == "promo"


def render(
    text: str,
    words: dict[str, str],
    rng: random.Random,
    kept: dict[str, str] | None = None,
    keep: dict[str, str] | None = None,
) -> str:
    """Fill a fragment's choices, numbers and words; see `sample_material` for the notation.

    Numbers in `kept` are used up first; numbers drawn here are noted in `keep`.
    """
    kept = {} if kept is None else kept

    def fill(match: re.Match[str]) -> str:
        inner: str = match.group(1)
        if "|" in inner:
            return rng.choice(inner.split("|"))
        if span := re.fullmatch(r"(\$?)(\d+)-(\d+)", inner):
            low, high = int(span[2]), int(span[3])
            if inner in kept:  # the text repeats the number that its title gave
                return kept.pop(inner)
            number = rng.randint(low, high)
            if high >= 200 and rng.random() < 0.85:
                step = 500 if high >= 9000 else 50 if high >= 2000 else 10
                number = max(low, number // step * step)
            spoken = f"{span[1]}{number:,}"
            if keep is not None:
                keep[inner] = spoken
            return spoken
        word = words[inner.removesuffix("^")]
        return word[0].upper() + word[1:] if inner.endswith("^") else word

    pattern = re.compile(r"\{([^{}]*)\}")
    while pattern.search(text):
        text = pattern.sub(fill, text)
    text = re.sub(r"\b([Aa]) (?!one|eu|uni)(?=[aeio][a-z]{2})", r"\1n ", text)
    return re.sub(r" ?⏎ ?", "\n", text).replace("\n\n\n", "\n\n").strip("\n")


def words_for(subreddit: str, rng: random.Random) -> dict[str, str]:
    """One post's own words: its product, trade or hero, and numbers that agree with each other."""
    if subreddit == "HarborFounders":
        product, app, who, one, brand = rng.choice(VENTURES)
        price = rng.choice([12, 15, 19, 24, 29, 35, 39, 45, 59, 79])
        customers = rng.randint(17, 190)
        return {
            "product": product, "app": app, "who": who, "one": one, "brand": brand, "brandlow": brand.lower(),
            "price": str(price), "customers": str(customers), "months": str(rng.randint(7, 34)),
            "mrr": f"{round(price * customers * rng.uniform(0.92, 1.0)):,}",
        }  # fmt: skip
    if subreddit == "QuietMarketing":
        brand = rng.choice(GADGETS)
        return {"who": rng.choice(TRADES), "brand": brand, "brandlow": brand.lower()}
    hero, hero2 = rng.sample(HEROES, 2)
    brand = rng.choice(GAMES)
    return {
        "hero": hero, "hero2": hero2, "place": rng.choice(PLACES), "genre": rng.choice(GENRES), "brand": brand,
        "theme": rng.choice(THEMES), "brandlow": brand.lower().replace(" ", "-"), "months": str(rng.randint(5, 40)),
    }  # fmt: skip


def sentences(body: str) -> set[str]:
    """A body's sentences with numbers made equal, for telling near-copies."""
    parts = re.split(r"(?<=[.!?])\s+|\n+", re.sub(r"\d[\d.,]*", "#", body.lower()))
    return {part.strip() for part in parts if part.strip()}


class Writer:
    """Puts one community's posts together and sees to it that no two are alike."""

    def __init__(self, subreddit: str, topics: list[Topic], rng: random.Random) -> None:
        self.subreddit = subreddit
        self.topics = {topic.name: topic for topic in topics}
        self.rng = rng
        self.uses: defaultdict[str, float] = defaultdict(float)
        self.titles: set[str] = set()
        self.bodies: list[set[str]] = []

    def pick(self, fragments: list[str], count: int = 1) -> list[str]:
        """The least used fragments, in the order in which they were written."""
        ranked = sorted(fragments, key=lambda text: self.uses[text] + self.rng.random() * 1.2)[:count]
        return [text for text in fragments if text in ranked]

    def sketch(self, name: str, picture: bool) -> Sketch | None:
        """One post on a topic, or None when the topic is used up; `picture` asks for a post without text."""
        topic = self.topics[name]
        picture = picture and bool(topic.fragments["L"])
        short = self.rng.random() < SHORT_SHARE[self.subreddit]
        middles = 0 if short else self.rng.choice([0, 1, 1, 2] if name == "promo" else MIDDLES[self.subreddit])
        for attempt in range(120):
            if attempt % 30 == 29:  # a little shorter, rather than a copy of what was said before
                middles = max(middles - 1, 1)
            words = words_for(self.subreddit, self.rng)
            week = self.rng.randint(20, 44)
            words["week"] = f"W{week}"
            title_source = self.pick(topic.fragments["L" if picture else "T"])[0]
            kept: dict[str, str] = {}
            if self.uses[title_source] >= MOST_USES_OF_TITLE and name not in ("promo", "weekly"):
                continue
            title = render(title_source, words, self.rng, keep=kept)
            repeated = self.uses[title_source] >= 1 and name not in ("weekly", "promo")
            if repeated and (title.lower() in self.titles or self.rng.random() < 0.5):
                tail = render(self.rng.choice(TITLE_TAILS[self.subreddit]), words, self.rng)
                named = [words[key] for key in ("who", "genre") if key in words and words[key] in tail]
                title += "" if any(word in title for word in named) else tail
            if title.lower() in self.titles:
                self.uses[title_source] += 0.2
                continue
            used, body = ([], "") if picture else self.compose(topic, words, kept, middles)
            heard = sentences(body)
            if any(len(heard & other) * 2 > min(len(heard), len(other)) for other in self.bodies if heard):
                for text in used:
                    self.uses[text] += 0.2
                continue
            self.titles.add(title.lower())
            if heard:
                self.bodies.append(heard)
            for text in (title_source, *used):
                self.uses[text] += 1
            flairs = [flair for flair in topic.flairs if (flair == "Question") <= ("?" in title)]
            if "Question" in flairs and not picture:
                flairs = ["Question", "Question", *flairs]
            if title.startswith("Devlog"):
                flairs = ["Devlog"]
            flair = self.rng.choice(flairs or FLAIR_OF_STATEMENTS[self.subreddit])
            post = Sketch(self.subreddit, name, title[0].upper() + title[1:], body)
            post.flair = None if flair == "none" else flair
            if picture:
                ending = self.rng.choice(["png", "gif", "gif"])
                post.picture = f"https://i.example.net/{self.rng.getrandbits(40):010x}.{ending}"
            return post
        return None

    def compose(self, topic: Topic, words: dict[str, str], kept: dict[str, str], wanted: int) -> tuple[list[str], str]:
        """A body with `wanted` middle parts, 0 for a very short one, and the fragments it is made of."""
        parts, rng = topic.fragments, self.rng
        plain = topic.name in ("promo", "weekly")
        shared = [] if plain else self.topics["*"].fragments["M"]
        closings = parts["C"] if plain else parts["C"] + self.topics["*"].fragments["C"]
        if topic.name == "weekly":
            used = self.pick(parts["O"]) + self.pick(parts["M"]) + closings
        elif wanted == 0:
            used = self.pick(parts["O"] if self.subreddit == "HarborFounders" else parts["O"] + parts["M"])
            if rng.random() < 0.7 or self.subreddit == "HarborFounders":
                used += self.pick(closings)
        else:
            middles = self.pick(parts["M"], wanted)
            rng.shuffle(middles)
            if shared and rng.random() < EXTRA_SHARE[self.subreddit]:
                for text in self.pick(shared, 2 if rng.random() < 0.3 else 1):
                    middles.insert(rng.randint(1, len(middles)), text)
            if parts["N"] and rng.random() < 0.65:
                middles.insert(rng.randint(len(middles) - 1, len(middles)), self.pick(parts["N"])[0])
            openings = self.pick(parts["O"])
            if self.subreddit == "QuietMarketing" and len(middles) > 1 and rng.random() < 0.3:
                openings = []
            used = openings + middles
            if rng.random() < 0.72:
                used += self.pick(closings)
        return used, self.lay_out([render(text, words, rng, kept=kept) for text in used])

    def lay_out(self, blocks: list[str]) -> str:
        """Paragraphs as people set them: sometimes one block, sometimes all lower case, an emoji at the end."""
        run_on = {"HarborFounders": 0.2, "QuietMarketing": 0.6, "PixelWorkshop": 0.45}[self.subreddit]
        body = ""
        for block in blocks:
            listing = any("\n" in text or text.startswith(("- ", "|")) for text in (block, body.rsplit("\n\n")[-1]))
            glue = " " if not listing and self.rng.random() < run_on else "\n\n"
            body += (glue if body else "") + block
        if self.rng.random() < 0.07:
            body = body.lower()
        if self.rng.random() < 0.08:
            body += " " + self.rng.choice(EMOJI_ENDS[self.subreddit])
        return body


def pick_time(rng: random.Random, weekday: int | None, future: bool) -> datetime:
    """A time in the sample world, more in the evening than at night, on the given weekday if any."""
    while True:
        days = rng.uniform(0, FUTURE_DAYS) if future else -rng.uniform(0, PAST_DAYS)
        day = (WORLD_START + timedelta(days=days)).replace(hour=0, minute=0)
        moment = day + timedelta(
            hours=rng.choices(range(24), HOUR_WEIGHTS)[0], minutes=rng.randrange(60), seconds=rng.randrange(60)
        )
        age = WORLD_START - moment
        inside = -FUTURE_DAYS * 86400 <= age.total_seconds() <= PAST_DAYS * 86400
        if inside and (age.total_seconds() < 0) == future and weekday in (None, moment.weekday()):
            return moment.replace(microsecond=0)


def features(post: Sketch) -> dict[str, float]:
    """What scores and removals depend on; each 0 or 1."""
    text = f"{post.title}\n{post.body}"
    count = len(post.body.split())
    hour = post.created.hour
    return {
        "question": float("?" in post.title),
        "how_do_you": float(post.title.lower().startswith("how do you")),
        "numbers": float(len(re.findall(r"\d+", text)) >= (6 if post.subreddit == "HarborFounders" else 4)),
        "first_person": float(len(FIRST_PERSON.findall(text)) >= 4),
        "tiny": float(count < 40),
        "medium": float(40 <= count < 120),
        "long": float(count >= 150),
        "link": float("http" in post.body),
        "link_early": float("http" in post.body[: int(len(post.body) * 0.7)]),
        "promo": float(bool(PROMO_WORDS.search(text)) or post.is_promo),
        "picture": float(post.picture is not None),
        "emoji": float(bool(EMOJI.search(text))),
        "morning": float(6 <= hour < 11),
        "evening": float(17 <= hour < 22),
        "night": float(hour < 5),
        "weekend": float(post.created.weekday() >= 5),
        "saturday": float(post.created.weekday() == 5),
        "no_flair": float(post.flair is None),
        "promo_weekday": float(
            (post.is_promo or post.flair == "Release" or bool(PROMO_WORDS.search(text))) and post.created.weekday() != 5
        ),
    }


SCORE_WEIGHTS: dict[str, dict[str, float]] = {
    "HarborFounders": {
        "base": 2.1, "question": 0.75, "numbers": 0.55, "first_person": 0.5, "tiny": -0.8, "long": 0.65,
        "link_early": -0.5, "promo": -1.3, "evening": 0.35, "night": -0.3,
    },
    "QuietMarketing": {
        "base": 2.3, "how_do_you": 1.0, "question": 0.15, "numbers": 0.6, "long": -0.8, "tiny": 0.2, "link": -0.8,
        "promo": -1.4, "morning": 0.45, "emoji": -0.5, "weekend": -0.35,
    },
    "PixelWorkshop": {
        "base": 2.5, "picture": 1.1, "question": 0.45, "saturday": 0.5, "emoji": 0.25, "evening": 0.25, "long": -0.2,
        "promo_weekday": -1.4, "medium": 0.2,
    },
}  # fmt: skip
REMOVAL_WEIGHTS: dict[str, dict[str, float]] = {
    "HarborFounders": {"base": -4.0, "promo": 5.4, "link_early": 1.6, "tiny": 1.0},
    "QuietMarketing": {"base": -4.0, "promo": 4.6, "link": 2.8, "no_flair": 4.4, "long": 0.4},
    "PixelWorkshop": {"base": -4.0, "promo_weekday": 5.4, "no_flair": 2.0, "tiny": 0.1},
}
WHO_REMOVES: dict[str, list[str]] = {
    "HarborFounders": ["moderator"] * 6 + ["automod_filtered"] * 3 + ["reddit"] * 2,
    "QuietMarketing": ["automod_filtered"] * 7 + ["moderator"] * 3 + ["reddit"],
    "PixelWorkshop": ["moderator"] * 7 + ["automod_filtered"] * 2 + ["reddit"] * 2,
}
DELETED_SHARE = 0.012


def decide(post: Sketch, rng: random.Random) -> None:
    """Give a post its removal, score and comments from its features and some luck."""
    found = features(post)

    def total(weights: dict[str, float]) -> float:
        return sum(weight * found.get(name, 1.0) for name, weight in weights.items())

    chance = 1 / (1 + math.exp(-total(REMOVAL_WEIGHTS[post.subreddit])))
    if post.topic != "weekly" and not post.fixed_fate:
        if rng.random() < chance:
            post.category = rng.choice(WHO_REMOVES[post.subreddit])
        elif rng.random() < DELETED_SHARE:
            post.category, post.author, post.body = "deleted", "[deleted]", "[deleted]" if post.body else ""
    level = rng.gauss(total(SCORE_WEIGHTS[post.subreddit]), 0.85)
    if rng.random() < 0.03:
        level += rng.uniform(1.2, 2.6)
    if post.category:
        level = level * 0.35 - 0.2
    post.score = max(0, round(math.exp(level)) - (rng.random() < 0.25))
    talk = -0.3 + 0.6 * math.log1p(post.score) + 0.65 * found["question"] - 0.5 * found["picture"]
    post.comments = max(0, round(math.exp(rng.gauss(talk, 0.5)) - 0.5))
    if post.topic == "weekly":
        post.comments += rng.randint(15, 60)
    post.locked = rng.random() < (0.25 if post.category == "moderator" else 0.008)


def weekday_of(post: Sketch, rng: random.Random) -> int | None:
    """Fridays and Saturdays for what belongs there, with a few who did not read the rules."""
    if rng.random() < 0.05:
        return None
    if post.topic == "weekly":
        return 0
    return {"Feedback Friday": 4, "Screenshot Saturday": 5}.get(post.flair or "", 5 if post.topic == "finish" else None)


def make_authors(rng: random.Random, count: int) -> list[str]:
    names: list[str] = []
    while len(names) < count:
        adjective, noun = rng.choice(ADJECTIVES), rng.choice(NOUNS)
        style = rng.randrange(5)
        name = [
            f"{adjective}_{noun}_{rng.randint(2, 99)}", f"{adjective.title()}{noun.title()}{rng.randint(10, 999)}",
            f"{noun}_{adjective}", f"the_{adjective}_{noun}", f"{noun}-{adjective}-{rng.randint(100, 9999)}",
        ][style]  # fmt: skip
        if name not in names:
            names.append(name)
    return names


def write_community(subreddit: str, material: str, visitors: list[str], rng: random.Random) -> list[Sketch]:
    writer = Writer(subreddit, parse(material), rng)
    ordinary = [name for name in writer.topics if name not in ("*", "promo", "weekly")]
    if "short_question" in ordinary:
        ordinary.append("short_question")
    promos = round(POSTS_PER_COMMUNITY * PROMO_SHARE)
    names = ["promo"] * promos + ["weekly"] * 2
    names += [ordinary[number % len(ordinary)] for number in range(POSTS_PER_COMMUNITY - len(names))]
    authors = make_authors(rng, 105) + visitors
    weights = [1 / (rank + 3) ** 0.8 for rank in range(105)] + [0.05] * len(visitors)
    flairs = [flair for flair in COMMUNITIES[subreddit]["flairs"] if not flair.startswith("Weekly")]

    posts: list[Sketch] = []
    for name in names:
        post = writer.sketch(name, picture=rng.random() < 0.54)
        failures = 0
        while post is None:  # that topic has said all it has to say
            failures += 1
            if failures > 200:
                raise RuntimeError(f"not enough material for {subreddit}")
            post = writer.sketch(rng.choice(ordinary), picture=rng.random() < 0.54)
        if post.flair == "*":
            post.flair = rng.choice(flairs)
        if rng.random() < (0.06 if subreddit == "QuietMarketing" else 0.12) and name != "weekly":
            post.flair = None
        post.author = MODERATORS[subreddit] if name == "weekly" else rng.choices(authors, weights)[0]
        posts.append(post)
    for title, body in LOW_QUALITY[subreddit]:
        post = Sketch(subreddit, "low", title, body, flair=rng.choice(flairs), author=rng.choice(authors))
        if body == "[removed]":
            post.category, post.fixed_fate = "moderator", True
        elif body == "[deleted]":
            post.category, post.author, post.fixed_fate = "deleted", "[deleted]", True
        posts.append(post)

    late = set(rng.sample(range(len(posts)), round(len(posts) * FUTURE_SHARE)))
    for number, post in enumerate(posts):
        post.created = pick_time(rng, weekday_of(post, rng), number in late and post.topic != "weekly")
        decide(post, rng)
    threads = [post for post in posts if post.topic == "weekly"]
    max(threads, key=lambda post: post.created).stickied = True

    sources = [post for post in posts if post.body and not post.category and post.topic not in ("weekly", "low")]
    for source in rng.sample(sources, 2):
        again = Sketch(subreddit, source.topic, source.title, source.body, source.flair, author=source.author)
        again.created = min(source.created, WORLD_START - timedelta(days=9)) + timedelta(
            days=rng.randint(2, 8), seconds=rng.randrange(30000)
        )
        decide(again, rng)
        again.body, again.author = source.body, source.author
        if again.category == "deleted":
            again.category = "reddit"
        posts.append(again)
    return posts


def base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = BASE36[rest] + digits
    return digits.rjust(6, "0")


def as_line(post: Sketch, identifier: str, rng: random.Random) -> str:
    slug = "_".join(re.findall(r"[a-z0-9]+", post.title.lower()))[:50].strip("_") or "post"
    ratio = min(0.99, max(0.2, 0.62 + 0.065 * math.log1p(post.score) + rng.gauss(0, 0.05)))
    if post.score == 0:
        ratio = rng.uniform(0.12, 0.5)
    record = {
        "id": identifier,
        "subreddit": post.subreddit,
        "author": post.author,
        "title": post.title,
        "selftext": post.body,
        "is_self": post.picture is None,
        "url": post.picture or f"https://www.reddit.com/r/{post.subreddit}/comments/{identifier}/{slug}/",
        "domain": "i.example.net" if post.picture else f"self.{post.subreddit}",
        "link_flair_text": post.flair,
        "score": post.score,
        "upvote_ratio": round(ratio, 2),
        "num_comments": post.comments,
        "over_18": False,
        "locked": post.locked,
        "stickied": post.stickied,
        "removed_by_category": post.category,
        "is_robot_indexable": post.category is None,
        "age_s": int((WORLD_START - post.created).total_seconds()),
    }
    return json.dumps(record, ensure_ascii=False)


def generate() -> dict[str, str]:
    """The files' contents by name."""
    rng = random.Random(SEED)  # noqa: S311  (sample data, not a secret)
    visitors = make_authors(rng, 14)
    posts: list[Sketch] = []
    for subreddit, module in (("HarborFounders", harbor), ("QuietMarketing", quiet), ("PixelWorkshop", pixel)):
        posts += write_community(subreddit, module.MATERIAL, visitors, rng)
    posts.sort(key=lambda post: (post.created, post.subreddit, post.title))
    number = FIRST_ID
    lines = []
    for post in posts:
        number += rng.randint(4000, 900000)
        lines.append(as_line(post, "s" + base36(number), rng))
    return {
        "posts.jsonl": "\n".join(lines) + "\n",
        "communities.json": json.dumps(COMMUNITIES, ensure_ascii=False, indent=2) + "\n",
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the simulated Reddit's posts.")
    parser.add_argument("--check", action="store_true", help="only compare, exit with 1 when a file is stale")
    check: bool = parser.parse_args().check
    stale = []
    for name, text in generate().items():
        path = TARGET / name
        if path.exists() and path.read_bytes() == text.encode():
            continue
        stale.append(name)
        if not check:
            path.write_bytes(text.encode())
    if check and stale:
        print(f"stale: {', '.join(stale)}; run python tools/make_sample_data.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
