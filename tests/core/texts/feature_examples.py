"""Invented texts that have a feature, and near misses that have not: (title, body), or a body alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.texts.markup import Text

TITLE = "How the kiln went"
LONG = " ".join(["The glaze ran down the side and I waited for the pot to cool."] * 30)


def text(example: str | tuple[str, str], weekday: int | None = 1) -> Text:
    title, body = example if isinstance(example, tuple) else (TITLE, example)
    return Text(title, body, "TallyBird", "https://www.tallybird.example", weekday)


PARAMS: Mapping[str, Mapping[str, Any]] = {
    "short_text": {"words": 5},
    "long_text": {"words": 20},
    "short_title": {"chars": 10},
    "long_title": {"words": 8},
    "off_day": {"weekdays": [5, 6]},
    "phrase": {"phrases": ["link dump", "Rock'n'roll"]},
}

# key: (has it, has it not)
EXAMPLES: Mapping[str, tuple[Sequence[str | tuple[str, str]], Sequence[str | tuple[str, str]]]] = {
    "opens_number": (
        ["In 2019 I had one wheel. It broke.", "300 bowls later it holds", "It cost 1.5 euros, no more"],
        ["It broke. Then 3 more did.", "", "```\n300\n```\nIt broke."],
    ),
    "opens_question": (
        ["Has it cracked? Mine did.", "\n\nWhat is slip?", "**Who fires at night?** I do."],
        ["Mine did. Has yours?", "", "> Who?\n\nNobody.", "See v1.5 and say so. Who?"],
    ),
    "opens_own": (
        ["I have two kilns. Both are old.", "My wheel hums", "So, we moved. It was cold.", "Last year I sold pots"],
        ["Kilns are hot. I know.", "Iron in clay", "Myths about clay", "", "It was mine"],
    ),
    "opens_greeting": (
        ["Hi all, my kiln is old.", "Hello! It broke", "hey guys"],
        ["His kiln is old", "It broke. Hello?", "Heyday of clay", ""],
    ),
    "quote": (["They said:\n\n> It is hot\n\nNo."], ["5 > 3 is true", "\n>\n", "```\n> It is hot\n```"]),
    "journey": (
        [("From zero to 40 bowls: one year of my stall", "After two years I quit my job. In the end it was hard.")],
        [("Which clay holds up?", "What do you use?"), ("A quiet morning", "Mist and two herons.")],
    ),
    "solution": (
        [("What fixed our damp cellar", "The problem was the downpipe. Hope this helps.")],
        [("Which clay holds up?", "What do you use?"), ("A quiet morning", "Mist and two herons.")],
    ),
    "feedback": (
        [("Feedback on my portfolio, please", "Be honest, I can take it.")],
        [("Which clay holds up?", "What do you use?"), ("A quiet morning", "Mist and two herons.")],
    ),
    "asks": (
        [("Which clay holds up?", "What do you use?")],
        [("Feedback on my portfolio, please", "Be honest."), ("A quiet morning", "Mist and two herons.")],
    ),
    "announcement": (
        [("I just released my first album", "It is free to listen to.")],
        [("Which clay holds up?", "What do you use?"), ("A quiet morning", "Mist and two herons.")],
    ),
    "title_question": (
        [("Is it hot?", ""), ("Why? A story", ""), ("It is hot？", "")],
        ["Is it hot?", ("Why it is hot", "")],
    ),
    "title_number": (
        [("40 bowls", ""), ("The 3rd firing", ""), ("４０ bowls", "")],
        [("Forty bowls", "40"), ("One firing", "")],
    ),
    "title_first_person": (
        [("What I learned", ""), ("Tell us", ""), ("My first kiln", ""), ("I've had it", "")],
        [("Pottery in the US", ""), ("Inside a kiln", "I did it"), ("Mining clay", ""), ("Clay, i.e. mud", "")],
    ),
    "first_person": (
        ["I fired my pots", "We waited. It was ours.", "I’m glad it held"],
        ["The pots cracked", "> I said so", "```\nI = my\n```", "I " + "waited for the pots to cool down " * 9],
    ),
    "number": (["7 pots", "it fell by ３"], ["seven pots", "see https://example.com/7", "```\n7\n```"]),
    "measure": (
        ["we made $5k", "5,000 € a year", "20% less", "300 users", "in 3 months", "5k users", "£3.50 each"],
        ["bowl 7", "room 101", "a few users", "version 2.0", "7th day"],
    ),
    "link": (
        [
            "see [my kiln](https://example.com/a)",
            "[here](/r/pottery)",
            "www.example.com",
            "http://example.com",
            "more at tallybird.example/notes",
            "bit.ly/abc",
            "try example.co.uk for clay",
            "HTTPS://EXAMPLE.COM",
            "notes.so/page",
            "(example.com)",
            ("See https://example.com", ""),
            "![a pot](https://i.redd.it/a.png)",
            "> https://example.com",
        ],
        [
            "links between A and B",
            "no link [at all]",
            "e.g. a pot, i.e. clay",
            "node.js and vue.js and next.js",
            "asp.net on the server",
            "write to a@example.com",
            "It held.Me too",
            "It held.So I went on",
            "version 1.2.3 of it",
            "the file main.py and README.md",
            "at 5 a.m. in the U.S. and the UK",
            "https:// is the beginning of an address",
            "and/or",
            "```\nhttps://example.com\n```",
            "I like r/pottery",
            "3.5 kg of clay...and more",
        ],
    ),
    "title_link": ([("See https://example.com", ""), ("example.com is down", "")], ["https://example.com"]),
    "own_site": (
        ["tallybird.example", "https://tallybird.example/x?y", "[notes](https://blog.tallybird.example/1)"],
        ["https://nottallybird.example", "https://tallybird.example.com", "https://example.com/tallybird.example"],
    ),
    "shortened": (
        ["https://bit.ly/abc", "bit.ly/abc", "[x](https://tinyurl.com/a)", "lnkd.in/abc", "amzn.to/3x"],
        ["https://bit.ly.example.com/abc", "a bit.lyrical text", "https://example.com/bit.ly"],
    ),
    "referral": (
        [
            "https://example.com/?utm_source=reddit",
            "www.a.io/?ref=x",
            "https://example.com/x?a=1&aff=3",
            "https://example.com/ref/anna",
            "[sign](https://example.com/invite/77)",
        ],
        ["https://example.com/reference/x", "https://example.com/?prefer=x", "the referral code", "?ref=x"],
    ),
    "product": (
        ["Tallybird did it", "I use tally bird", "TALLYBIRD's reminders", "tally-bird", ("Tally Bird", "")],
        ["tallybirds", "a tally of birds", "Tally the bird", "https://example.com/x-tallybirdy"],
    ),
    "own_work": (
        [
            "I built a small app for potters: https://kiln.example",
            ("Our new shop opens", "It is at kiln.example/shop"),
            "see my very own blog, www.kiln.example",
            "We have just launched a store, [here](https://kiln.example)",
        ],
        [
            "I built a small app for potters",
            "the app that she uses: https://kiln.example",
            "> my app\n\nhttps://kiln.example",
            "my app: https://i.imgur.com/kiln.png",
            "my app, see https://www.reddit.com/r/pottery",
            "I made a bowl, see https://kiln.example",
        ],
    ),
    "promotion": (
        [
            "Sign up for it.",
            "SIGN UP for a free trial, 20% off",
            ("Introducing Bowls", ""),
            ("Discount on my app", ""),
            "Just sign up at the shop",
            "Check out my kiln shop",
            "check it out",
            "Visit our website for more",
            "we just launched a glaze shop",
            "I am excited to announce a new glaze",
            "Use code CLAY20 at the till",
            "Link in my bio",
            "A game-changing, seamless tool",
            "Subscribe to my newsletter",
            "Join the waitlist",
            "Follow us for more",
            "Get started for free",
            "dis\u200bcounted rates",
            "I’m thrilled to share this",
        ],
        [
            "I signed up for the draft lottery",
            "He signed the lease and was on trial",
            "The check came out of his account",
            "We check out at noon and leave the hotel",
            "I counted the discontinued glazes",
            "I gave a client a discount and regretted it",
            "The revolutionary war began there",
            "We launched in spring and failed",
            "It introduced new bugs",
            "The cutting edge of the knife, resharpened".replace("cutting edge", "cut edge"),
            "I subscribe to the idea that clay is mud",
            "```\nsign up for free\n```",
            "> Sign up for free",
            "Follow the recipe",
        ],
    ),
    "self_promotion": (
        ["Tallybird did it", "https://tallybird.example", "Sign up for it."],
        ["A pot held", "https://example.com", "I signed up for a class"],
    ),
    "votes": (
        [
            "Please upvote if it helps.",
            "An up-vote would be nice.",
            "Vote for us on the list.",
            "Leave a vote below.",
            "I need karma to post.",
            "Upvote so that others see it",
            "Don't forget to hit that upvote",
            "Give me some karma",
        ],
        [
            "The council voted for it",
            "I upvoted your post",
            "My post had 300 upvotes and no sale",
            "Karma caught up with him",
            "We vote on the colour",
            "She got more votes than he did",
        ],
    ),
    "direct_messages": (
        [
            "DM me for details",
            "Just message me",
            "My DMs are open",
            "Send me a message",
            "I can DM you the link",
            "PM us if you want it",
            "Comment GLAZE and I'll send it",
            "Reach out to me privately",
            "Contact me on Telegram",
        ],
        [
            "People never message back",
            "The message was clear",
            "He sent them a letter",
            "It came to me at 5 pm when I slept",
            "Customers asked in the chat",
        ],
    ),
    "survey": (
        [
            "Please take my short survey",
            "A 5-minute survey about clay",
            "https://forms.gle/abc",
            "Fill out this form",
            "Looking for participants",
            "It is for my thesis",
        ],
        ["A survey of 300 shops found little", "I surveyed the field", "He has good form", "The tax form came late"],
    ),
    "hiring": (
        ["We're hiring", "Looking for a senior developer", "[Hiring] potter", "Send me your CV", "I am open to work"],
        ["Hiring is hard", "The first person we hired left", "I was looking for clay", "He sent his regards"],
    ),
    "giveaway": (
        ["A giveaway for all", "I'm giving away 5 bowls", "Enter to win", "Free keys for the first ten"],
        ["That was a dead giveaway", "I gave it away", "He is giving away the ending", "It set me free"],
    ),
    "praise": (
        ["Follow me for more", "Leave five stars if you like it", "A review would help", "Star the repo on the hub"],
        ["We follow the recipe", "I wrote a review of the film", "Five stars in the sky", "It would help to wait"],
    ),
    "referral_code": (
        [
            "Use my referral link",
            "Use my link: we both get a month",
            "Put my name in at checkout: both of us get a box",
            "With code HOPS10 you pay less",
        ],
        ["My code fails", "The HTTP code is 404", "My doctor gave me a referral", "We link arms"],
    ),
    "fundraising": (
        [
            "Here is my tip jar",
            "Our page is https://justgiving.com/boats",
            "Every penny counts",
            "We are on Kickstarter",
        ],
        ["I tipped the jar over", "Money is short", "It cost every penny", "We raised the roof"],
    ),
    "for_sale": (
        ["I'm selling my old kayak", "Open to offers", "Order a copy this week", "Now’s the moment, dear all"],
        ["I sold it in May", "We order a box of tea each week", "The moment is now", "He offers tea"],
    ),
    "belittling": (
        ["Learn to read before you ask", "Some of you still can't boil an egg", "You people are hopeless"],
        ["I learned to read late", "Some of you said that I should wait", "A hopeless kiln", "Use your ears"],
    ),
    "greeting": (
        [
            "Hi all, a pot cracked",
            "Hello everyone",
            "Hey r/pottery! A pot",
            "It cracked. Thanks in advance",
            "Hey,\nso",
        ],
        ["Hi-fi systems", "Hello World is a program", "It said hi", "He thanked her for the pot", "Highlights"],
    ),
    "emoji": (["It held 🚀", ("Hot ✨", ""), "❤️ it"], ["It held :)", "★ ✓ → ™ ©", "3 × 4 = 12"]),
    "hashtags": (["It held #pottery #kiln"], ["# Pottery", "C# and F#", "issue #7", "https://example.com/#glaze"]),
    "exclamations": (["It held!!", "Hot! Hotter! Hottest!"], ["It held!", "a != b and c != d and e != f", "Hot! Hot!"]),
    "capitals": (
        [("THIS KILN IS ON FIRE", ""), ("READ THIS NOW", ""), "It was NEVER EVER GOING to hold"],
        [("AWS, GCP and SDK", ""), "the AWS GCP SDK", ("US", ""), "NASA and ESA", ("A DIY kiln", "")],
    ),
    "clickbait": (
        [("You won't believe this kiln", ""), ("This one weird trick", ""), ("Nobody talks about clay", "")],
        [("What the kiln did", ""), ("A trick for glaze", ""), "You won't believe it"],
    ),
    "insult": (
        ["You idiot", "shut up", "you are pathetic", "Scammers!"],
        ["It was pathetic weather", "A stupid mistake of mine", "He shut the door", "I am no expert"],
    ),
    "ai_tell": (
        [
            "Let's delve into glaze",
            "In today's fast-paced world",
            "It's important to note that clay is mud",
            "It is not just a pot — it's a journey",
            "a testament to patience",
        ],
        ["He dug into it", "It is worth it", "Today's pot was small", "It is not a pot; it is a bowl"],
    ),
    "non_english": (
        [
            "Ich habe die Schale nicht gebrannt und das ist auch nicht schlimm, aber wir warten noch auf den Ofen",
            "Это очень хороший горшок",
        ],
        ["I fired the pot and it held well, but the lid did not fit at all", "Schadenfreude", "https://example.com"],
    ),
    "account_named": (
        [
            "Ask u/some_body about it.",
            "I post from my alt account.",
            "This is a throwaway.",
            "a throwaway because I'm shy",
        ],
        ["A savings account", "see example.com/u/x", "r/pottery", "He threw it away", "a throwaway batch of glaze"],
    ),
    "image_only": (
        ["![pot](https://i.redd.it/a.png)", "https://imgur.com/a/x", "My pot https://example.com/a.jpg"],
        [f"{LONG} https://imgur.com/a/x", "https://example.com", "A picture of a pot"],
    ),
    "question": (["Did it hold?"], ["It held.", ("Did it hold?", "Yes."), "https://example.com/?a=b"]),
    "list": (["* one\n* two", "1. one\n2. two", "- a\n- b\n- c"], ["* one", "one - two - three", "```\n* a\n* b\n```"]),
    "formatting": (["# Kilns", "a **hot** kiln", "__so__ hot"], ["plain words", "2 ** 3 and a_b_c", "#7 was hot"]),
    "summary": (["TL;DR: hot", "tldr it held", "**TL;DR** hot", "Summary: hot"], ["The summary was long", "trundler"]),
    "no_summary": ([LONG], [f"{LONG}\n\nTL;DR it held", "It held"]),
    "code": (["```\na\n```", "use `a = b`", "so:\n\n    a = b"], ["plain", "it's `", "  two spaces"]),
    "title_statement": ([("It held", "")], [("Did it hold?", ""), ("", "It held")]),
    "short_text": (["It held", ""], ["It held for a whole week"]),
    "long_text": ([LONG], ["It held", ""]),
    "short_title": ([("It held", "")], [("It held for a week", "")]),
    "long_title": ([("It held for one whole week and then it broke", "")], [("It held", "")]),
    "off_day": (["Anything"], []),
    "phrase": (
        ["a link dump", ("Link\nDump here", ""), "LINK—DUMP", "rock 'n' roll"],
        ["a link", "links dumped", "dump link", "link dumps"],
    ),
}
