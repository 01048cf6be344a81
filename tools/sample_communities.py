"""The three invented communities of the simulated Reddit: what their about page, rules and settings would say."""

from typing import Any


def rule(short_name: str, description: str, kind: str = "all", reason: str = "") -> dict[str, Any]:
    return {
        "short_name": short_name,
        "description": description,
        "violation_reason": reason or short_name,
        "kind": kind,
    }


def numbered(*rules: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**entry, "priority": number} for number, entry in enumerate(rules)]


MODERATORS = {
    "HarborFounders": "quay_warden",
    "QuietMarketing": "mod_of_few_words",
    "PixelWorkshop": "workbench_keeper",
}

COMMUNITIES: dict[str, dict[str, Any]] = {
    "HarborFounders": {
        "name": "HarborFounders",
        "title": "Harbor Founders: building small companies, in the open",
        "description": "Founders of small companies tell each other how it really went. Long posts, first person, "
        "real numbers, good questions. Invented for the simulated Reddit of BC-RAO.",
        "subscribers": 48210,
        "created_days_ago": 2540,
        "rules": numbered(
            rule("Tell your own story", "Write what you did, what happened and what you make of it, in the first "
                 "person. Posts of a line or two without any context are removed.", "link", "No story"),
            rule("No promotion without a story", "Announcements, launches, discounts and calls to sign up are "
                 "removed. You may name your product inside an account that is useful without it.", "all",
                 "Promotion without a story"),
            rule("Links at the end", "One link to a source or your own notes is tolerated at the end of a story. "
                 "No links in the opening, no referral or tracking links.", "all", "Link placement"),
            rule("Honest numbers", "Numbers are welcome, with the period and what they leave out. Invented numbers "
                 "lead to a ban.", "all", "Dishonest numbers"),
            rule("No recruiting in direct messages", "Do not ask people to write to you privately, and do not offer "
                 "services in comments.", "comment", "Solicitation"),
            rule("Be decent", "Blunt is fine, unkind is not. Somebody's savings are in it."),
        ),
        "flairs": ["Story", "Numbers", "Question", "Feedback", "Lesson learned", "Weekly thread"],
        "post_requirements": {
            "title_text_min_length": 8,
            "title_text_max_length": 200,
            "body_restriction_policy": "required",
            "body_text_min_length": 80,
            "is_flair_required": False,
            "title_blacklisted_strings": ["free trial", "% off"],
            "domain_blacklist": [],
        },
    },
    "QuietMarketing": {
        "name": "QuietMarketing",
        "title": "Quiet Marketing: what works, with the count",
        "description": "Short, practical, sceptical. Questions from the job and small data. Nothing to sell here. "
        "Invented for the simulated Reddit of BC-RAO.",
        "subscribers": 21740,
        "created_days_ago": 1630,
        "rules": numbered(
            rule("No self-promotion", "No tools, courses, newsletters, agencies or templates of your own, free or "
                 "paid, in posts or comments. AutoModerator filters them.", "all", "Self-promotion"),
            rule("No links to what you own", "Links to your own product, site or channel are filtered. Put the "
                 "content in the post.", "all", "Own link"),
            rule("Flair your post", "Posts without a flair are filtered until they have one.", "link", "No flair"),
            rule("Count, period, context", "A result needs the count, the period and what else changed.", "link",
                 "No denominator"),
            rule("Keep it short", "Say it in under 150 words if you can. Long posts may be removed when they hide "
                 "a pitch.", "link", "Too long"),
            rule("Search first", "Tool recommendations and career basics come up weekly: use the weekly thread.",
                 "link", "Weekly thread material"),
        ),
        "flairs": ["Question", "Data", "Tactic", "Discussion", "Weekly"],
        "post_requirements": {
            "title_text_min_length": 12,
            "title_text_max_length": 120,
            "body_restriction_policy": "none",
            "body_text_min_length": 0,
            "is_flair_required": True,
            "title_blacklisted_strings": ["growth hack", "check out my"],
            "domain_blacklist": ["example.com"],
        },
    },
    "PixelWorkshop": {
        "name": "PixelWorkshop",
        "title": "Pixel Workshop: games made after work",
        "description": "Hobby game makers and their pictures, devlogs, bugs and crabs. Invented for the simulated "
        "Reddit of BC-RAO.",
        "subscribers": 93400,
        "created_days_ago": 3310,
        "rules": numbered(
            rule("Be friendly", "Everybody started with a square that would not jump. Criticise the work, gently."),
            rule("Promotion only on Saturday", "Store pages, wishlists, releases, trailers and campaigns are for "
                 "Saturday (UTC). On other days they are removed.", "link", "Promotion outside of Saturday"),
            rule("Show your own work", "Pictures and clips must be yours, or say whose they are.", "link",
                 "Not your work"),
            rule("Feedback Friday needs a question", "Use the flair on Fridays, ask something specific, and answer "
                 "somebody else's.", "link", "No question"),
            rule("No recruiting", "No job offers, paid or unpaid, and no revenue share.", "all", "Recruiting"),
            rule("No begging", "No requests for follows, votes, server members or keys.", "all", "Begging"),
        ),
        "flairs": ["Devlog", "Show-off", "Question", "Discussion", "Resource", "Release", "Feedback Friday",
                   "Screenshot Saturday", "Meta"],
        "post_requirements": {
            "title_text_min_length": 5,
            "title_text_max_length": 250,
            "body_restriction_policy": "none",
            "body_text_min_length": 0,
            "is_flair_required": False,
            "title_blacklisted_strings": [],
            "domain_blacklist": ["store.example.com"],
        },
    },
}  # fmt: skip
