"""Invented posts with the kind that a reader gives them: (kind, title, body). The even ones (0, 2, …) of each kind were
there to set the weights by, the odd ones to report.
"""

from __future__ import annotations

from collections.abc import Sequence

JOURNEY, SOLUTION, FEEDBACK = "journey", "solution", "feedback"
QUESTION, ANNOUNCEMENT = "question", "announcement"

POSTS: Sequence[tuple[str | None, str, str]] = (
    (
        JOURNEY,
        "From zero to 40 bowls a week: one year of my pottery stall",
        "In March I sold two mugs. I nearly gave up. Then a café ordered thirty cups, and I quit my job at the "
        "bank in the end. It was harder than I thought.",
    ),
    (
        JOURNEY,
        "How we lost our biggest customer and stayed alive",
        "Two years ago we had nine people and one big contract. One day it was gone. We sold the van, wrote to "
        "everybody we knew, and slowly built it up again.",
    ),
    (
        JOURNEY,
        "Lessons learned from 18 months of running a bakery",
        "I opened with a loan and no plan. The first winter was awful. I learned to bake less and sell out. Here "
        "is what I would do again and what I would not.",
    ),
    (
        JOURNEY,
        "I left my career as a nurse to restore pianos",
        "It has been three years. At first nobody called. I worked nights. Eventually a school gave me six "
        "uprights, and word went round.",
    ),
    (
        JOURNEY,
        "Day 90 of learning Portuguese on the bus",
        "I began in spring with twenty words. Some weeks I did nothing. Last night I spoke for an hour with a "
        "neighbour and understood nearly all of it.",
    ),
    (
        JOURNEY,
        "What selling my first company felt like",
        "We started it in a cellar. After five years of work an offer came, and I could not sleep for a week. "
        "This is the whole story, with the bad parts.",
    ),
    (
        JOURNEY,
        "Post-mortem: our board game failed and I am glad",
        "We printed 500 copies and sold 80. In the beginning we blamed the shops. Looking back, the rules were "
        "too long, and nobody told us because we never asked.",
    ),
    (
        JOURNEY,
        "My experience with a year without a car",
        "I sold it last April. The first month was fun, the winter was not. In the end I saved enough for a cargo"
        " bike and lost four kilos.",
    ),
    (
        SOLUTION,
        "Fixed: glaze that crawls away from the rim",
        "I had this for months. The cause was dust from sanding. I now wipe each pot with a wet sponge and wait "
        "an hour. No crawling since. Hope this helps somebody.",
    ),
    (
        SOLUTION,
        "How to get a stuck seat post out without breaking the frame",
        "Step one: soak it overnight. Step two: turn the frame, not the post. I have done it on six bikes. The "
        "trick is patience and a long pipe.",
    ),
    (
        SOLUTION,
        "PSA: your invoices go to spam because of one missing record",
        "We finally figured out why a third of our customers never answered. The domain had no reverse entry. It "
        "takes five minutes to add it.",
    ),
    (
        SOLUTION,
        "What worked for our damp cellar",
        "We tried paint, we tried heating. The problem was the downpipe outside. A new drain for 80 euros, and "
        "the wall is dry after ten years.",
    ),
    (
        SOLUTION,
        "5 tips for photographing small ceramics at home",
        "Use a north window. Put a sheet of white paper under the piece. Lock the exposure. Keep the phone still."
        " Take ten and keep one.",
    ),
    (
        SOLUTION,
        "A beginner's guide to sharpening kitchen knives",
        "You need one stone and ten minutes. Hold the angle, count the strokes, turn the blade. Here is how I do "
        "it every Sunday.",
    ),
    (
        SOLUTION,
        "Turns out the humming in my amplifier was the lamp",
        "For anyone with the same noise: switch off the dimmer in the next room. I had replaced three cables "
        "before I found out.",
    ),
    (
        SOLUTION,
        "The spreadsheet trick that saved our stocktaking",
        "We counted everything twice. Now each shelf has a number and one person calls while the other types. "
        "Half the time, no mistakes.",
    ),
    (
        FEEDBACK,
        "Feedback on my portfolio, please",
        "I am a joiner and made this site by myself. Is it clear what I do? Does it load on your phone? Be "
        "honest, I can take it.",
    ),
    (
        FEEDBACK,
        "Roast my landing page",
        "We sell lunch boxes to offices. Many visit and few order. What would stop you from buying?",
    ),
    (
        FEEDBACK,
        "What do you think of this logo for my bike workshop?",
        "I drew three versions. The second is my favourite, my wife likes the first. All thoughts are welcome.",
    ),
    (
        FEEDBACK,
        "Would you use an app that tells you which bin goes out?",
        "I have a prototype for my town. Before I go on I would love your honest opinion: is this worth paying "
        "one euro for?",
    ),
    (
        FEEDBACK,
        "First chapter of my novel, critique wanted",
        "It is about a lighthouse keeper, 2,000 words. I am most unsure about the dialogue. Tell me what I could "
        "improve.",
    ),
    (
        FEEDBACK,
        "Looking for testers for my train timetable plugin",
        "It works on my machine, but I have only one. Tell me what breaks. I will fix it the same day.",
    ),
    (
        FEEDBACK,
        "Is my pricing too confusing?",
        "There are three plans and an add-on. Two friends did not understand it. Let me know what you think and "
        "where you got lost.",
    ),
    (
        FEEDBACK,
        "My first mix, how does it sound?",
        "Recorded in a bedroom with one microphone. I fear that the bass is too loud. Any criticism helps.",
    ),
    (
        QUESTION,
        "Which clay holds up best in an electric kiln?",
        "I fire to cone 6 twice a week. My present clay cracks. What do you use, and where do you buy it?",
    ),
    (
        QUESTION,
        "Do I need a permit to sell jam at a market?",
        "I live in a small town and have asked the council, without an answer. Has anyone here done it?",
    ),
    (
        QUESTION,
        "Best way to store 300 records in a small flat",
        "The floor is old and I am worried about the weight. Any suggestions would be great.",
    ),
    (
        QUESTION,
        "Need help choosing between two accountants",
        "One is cheap and slow, the other costs twice as much. We are four people. How would you decide?",
    ),
    (
        QUESTION,
        "Why do my seedlings fall over after a week?",
        "They get light and water. They are on the window sill. I am stuck.",
    ),
    (
        QUESTION,
        "Anyone else having trouble with the new tax form?",
        "The second page will not accept our number. Is it me or is it broken?",
    ),
    (
        QUESTION,
        "How do you keep going when nobody buys?",
        "Two months without an order. I am curious how others got through such a time.",
    ),
    (
        QUESTION,
        "Looking for a quiet coffee grinder",
        "My neighbours complain at six in the morning. Something under 150 euros. Thanks in advance.",
    ),
    (
        ANNOUNCEMENT,
        "I just released my first album of lullabies",
        "Nine songs, recorded in our kitchen. It is free to listen to. Thank you all for the support.",
    ),
    (
        ANNOUNCEMENT,
        "Introducing Larkbox, a box for swapping seeds by post",
        "Put in what you have too much of, take what you lack. We begin on the first of May.",
    ),
    (
        ANNOUNCEMENT,
        "Our workshop is now open on Saturdays",
        "From ten to four, with coffee. Bring your bike, the tools are there.",
    ),
    (
        ANNOUNCEMENT,
        "Version 2.0 of the tide calculator is out",
        "It now knows the northern harbours and works without a network. The changes are listed on the page.",
    ),
    (
        ANNOUNCEMENT,
        "We launched a newsletter about old machines",
        "Each week one machine with drawings. The first number tells of a knitting frame from 1820.",
    ),
    (
        ANNOUNCEMENT,
        "I made a map of all public ovens in the county",
        "There are 61. Click one to see the hours. It took me the whole winter.",
    ),
    (
        ANNOUNCEMENT,
        "New subreddit for people who mend umbrellas",
        "I have created a place for us. There is not much in it yet. You are all welcome.",
    ),
    (
        ANNOUNCEMENT,
        "Free icons for everyone: 120 kitchen tools",
        "I drew them for a job that was cancelled. Take them, no credit needed.",
    ),
    (
        None,
        "Shared workshops are the last honest places",
        "Nobody there sells you anything. People lend their tools and mean it. I wish there were more of them.",
    ),
    (
        None,
        "A quiet morning at the river",
        "Mist, two herons, and a boat that did not move. The light came late.",
    ),
    (
        None,
        "Stop calling every oven artisanal",
        "The word has lost its meaning. A tin box with a lamp is a tin box with a lamp.",
    ),
    (
        None,
        "The old mill burned down",
        "The fire brigade came at four. Nobody was hurt. The wheel is gone.",
    ),
    (
        None,
        "Weekly thread for swaps",
        "List what you give and what you want. Keep it friendly. Posts without a place are taken down.",
    ),
    (
        None,
        "Lecture by a glass blower from Murano",
        "She speaks about colour and heat for forty minutes. The part on annealing is excellent.",
    ),
    (
        None,
        "The council votes on market fees on Monday",
        "The stalls would pay double. The paper says that it will pass.",
    ),
    (
        None,
        "Some thoughts on slow tools",
        "A hand plane tells you when the wood is unhappy. A machine does not. That is all.",
    ),
)


def half(odd: bool) -> Sequence[tuple[str | None, str, str]]:
    return [post for number, post in enumerate(POSTS) if number % 2 == odd]
