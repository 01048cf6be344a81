"""Hand-written material for PixelWorkshop: hobby game makers, pictures and devlogs. Format: see `sample_material`.

`L` lines are titles of picture posts, which have no text.
"""

MATERIAL = """\
# movement ; Devlog, Question, Show-off
T My jump finally feels good and all I did was lie to the player
T Coyote time: {5-9} frames or {10-14}?
T How do you make ice feel slippery without making it feel broken?
T Devlog: the {hero} can climb now, sadly also the sky
L The {hero} learned to wall jump today. Mostly
L Before and after adding {3-6} frames of squash to the jump
L Six months ago vs today, same {hero}, better knees
L He was supposed to walk. I kept it
L {hero^} dash with trails, is it too much?
L My {hero} now leans into turns and I can't stop running in circles
L Grappling hook test, physics has left the chat
O I spent {2-5} evenings on a jump. One jump. You press a button and the {hero} goes up, how hard can it be.
O Small update on the {genre} with the {hero}: movement is "done". I put it in quotes for legal reasons.
O So there I was at {1-3} in the morning, adding `velocity.y *= 0.{4-9}` in random places.
M What made the difference was cutting the upward speed when the button is let go. Gravity is `{1-2}.{3-9}x`
  on the way down. The tutorial told me so two years ago and I did not listen.
M My nephew ({7-11}) played it and jumped for twenty minutes without leaving the first screen. I take that
  as a five-star review.
M The bug was that I applied friction twice on even frames. At 60 fps you feel it, at 144 you can see
  through time.
M Buffering the input for {4-8} frames fixed about ninety percent of "the game didn't jump!!".
M I keep a museum of broken versions. Exhibit {3-9} moonwalks.
C What do you use for the apex, a curve or plain hacks?
C Gif of the moonwalk: https://i.example.net/moonwalk.gif
C Next up: doors. Wish me luck.

# art ; Question, Show-off
T Only {4-16} colours: how do you pick the darkest one?
T How do you draw water from the side without it looking like jelly?
T Do outlines make everything look the same, or is it me?
T I redrew my {hero} {5-12} times and the first one was the best
T 16x16 or 32x32 for a {genre} made by one tired person?
L New tileset for the {place}, {9-21} hours of tiny rocks
L Redrew the {place} with a limited palette
L Which {hero} has more personality, left or right?
L My first animation that doesn't make me sad: {4-12} frames of a {hero} sneezing
L The {place} at dawn, noon, dusk and "I forgot to turn on the lights"
L First attempt at a boss portrait. It's a crab with a job
L Idle animation for the {hero}: he judges you
L Palette swap test: {place} in four seasons
L Little {place} diorama I made instead of fixing my save system
L Every mushroom in my game, ranked by how much I regret drawing it
O Can't draw, never could, doing it anyway. The {place} is my fourth try.
O I've been staring at the same {16-48} pixels since lunch.
O Question for those who can see colours: what is wrong with my {place}?
M Everything reads fine in the editor. In the game, the {hero} melts into the background like butter.
M I tried hue shifting, and now my shadows are purple and I feel like a real artist.
M Turning the picture to grey showed the problem at once: the same brightness everywhere.
M Someone here told me to draw the silhouette first. Whoever you were, thank you, it works.
M I have {30-90} versions of one bush. The bush is in the background of one room.
C Honest opinions please, my mother has been asked already.
C Side by side: https://i.example.org/compare-{10-99}.png
C How long do you spend on a tile before you let it go?

# code ; Question, Devlog
T How do you save a game without writing the whole world to a file?
T My pathfinding sends everyone to the bakery
T State machines: at which point did you give in?
T How do you organise {80-300} items without a giant list?
T Frame drops every {4-11} seconds, and I found the culprit: the weather
T I replaced {900-2600} lines with a table
T What do you do for deterministic randomness in a {genre}?
L My villagers all chose the same chair
L Debug view of the {place}, looks better than the game
L When you forget to reset the timer
L The pathfinding is "fine"
O Hobby programmer, {2-9} years, still afraid of the word "architecture".
O Every villager in my {genre} has a job, a home and free will. Every villager is at the bakery.
O I ran the profiler for the first time, and would like to apologise to my laptop.
M The cost of a road tile was `0`. Zero. Walking was free, so they walked, forever, past the bakery, as it
  smells nice I suppose.
M Saving only what differs from the generated world brought the file from {8-24} MB to {40-190} KB. Should
  have done that from the start.
M I was creating {2000-9000} raindrops a second and never deleting one.
M `if state == 3 and not was_4` is an actual line in my game. I wrote it sober.
M A seed for each room, derived from the world seed and the coordinates, and now bugs happen twice, which is
  all I wanted.
M Writing it down as a table made me see that {3-7} of the items were the same item with another hat.
C How did you solve it? I feel there is a word for this that I don't know.
C I'll post the table if somebody wants to laugh.
C Works now. Don't ask me why, I won't touch it.

# progress ; Devlog
T Devlog #{4-38}: the {place} has doors
T {months} months of my {genre} in {5-9} lessons
T Devlog #{4-38}: less code, more crabs
T Three years of weekends: what is left of the first plan
T I cut the crafting system. Devlog #{4-38}
T Devlog #{4-38}: saved by a paper prototype
L {months} months of progress on my {genre} in {8-30} seconds
L Day 1 vs day {200-700} of the {place}
L My {genre} a year ago and now. I learned what a shader is
O Another month of evenings. The {genre} about the {hero} has grown a {place}, and lost a crafting system.
O Welcome to the devlog which nobody asked for. Coffee ready? Good.
O I work on this for {3-8} hours a week, after the kids are asleep, so progress is measured in geological
  terms.
M **Done this month** ⏎⏎- doors (they open!) ⏎- doors (they close!) ⏎- a sound for the doors ⏎- {3-9} bugs,
  all about doors
M **Not done** ⏎⏎- the thing I said I would do ⏎- the menu ⏎- sleep
M Crafting was {30-50}% of the code and, according to my {4-7} testers, none of the fun. Deleting it took
  ten minutes. I went for a walk after.
M I played the {place} with paper and dice at the kitchen table. It took one evening to find out that the
  keys were in the wrong order. In code it would have been a month.
M The lesson of the month: if I don't know what to do next, I draw. If I don't want to draw, I fix the
  oldest bug. If I don't want that either, it's bedtime.
M The plan on the wall has {40-70} notes. I moved {4-8} to "done" and {9-14} to "another game".
M Sound came from the kitchen. The monster is a drawer. The bigger monster is the same drawer, slower.
C See you next month. Drink water.
C What do you cut first when you run out of evenings?
C Pictures of the paper version: https://i.example.net/paper-{10-99}.jpg
C Thanks for the kind words last time, they carried me through the menu.

# feedback ; Feedback Friday
T Feedback Friday: does the first minute of my {genre} explain itself?
T Feedback Friday: is the {place} readable?
T Feedback Friday - {hero} combat, too slow or "deliberate"?
T Does that look like a {hero} to you?
T Feedback Friday: which of these {3-5} logos would you click?
T Feedback Friday: I changed the font, my eyes are tired, please help
L Feedback Friday: new main menu, roast it gently
L Feedback Friday: {hero} readability against the {place}
L Feedback Friday: HUD left, HUD right or no HUD
L Feedback Friday: is it clear where you can walk?
O It's Friday, so here is my minute of shame: the opening of my {genre}.
O I've seen it {500-2000} times and can't see it any more.
O Three of my {4-7} testers got lost in the first room. The first room has one door.
M What I'd like to know: ⏎⏎1. Where did you look first? ⏎2. What did you think that the blue thing was? ⏎3.
  When did you want to stop?
M The blue thing is a lamp. Nobody thinks it's a lamp. Somebody said "angry blueberry".
M There is no tutorial text on purpose. If it needs text, I did it wrong, or so I told myself in spring.
M I'll give feedback back, on anything, with pleasure. I'm good at menus.
M Feel free to be direct. I have a dog, I'll be fine.
C Clip: https://video.example.org/clip-{100-999}
C What would you change first?
C Thanks, this sub has saved my {genre} twice now ❤️

# screenshot ; Screenshot Saturday
T Screenshot Saturday: a quiet corner of the {place}, with a story
T Screenshot Saturday: {hero} meets {hero2}
L Screenshot Saturday: rain in the {place}
L Screenshot Saturday: the {hero} has a hat now
L Screenshot Saturday: the {place} at night
L Screenshot Saturday: my first boss, he is a {hero2}
L Screenshot Saturday: inventory with tiny carrots
L Screenshot Saturday: fog! I have fog!
L Screenshot Saturday: the {hero} and the {hero2} share a bench
L Screenshot Saturday: shop screen of my {genre}
L Screenshot Saturday: lights in the {place}, {3-7} weeks of work, {2-5} lamps
L Screenshot Saturday: map of the {place}
L Screenshot Saturday: the fishing minigame nobody asked for
O This bench has been in the game since the first week. I never knew why. Now the {hero} sits there, when it
  rains.
O Not much to show this week, but the light is nice.
M The {place} was meant to be a test level. I got attached.
M All lights are additive sprites with a tiny wobble, `sin(t * {2-5})`, nothing fancy.
C Have a good weekend, all of you 🌧️
C https://i.example.net/saturday-{100-999}.png

# motivation ; Question, Discussion
T How do you keep going when nobody plays it?
T I finished a game! It's {6-20} minutes long and I cried
T My kid found a bug and now wants a salary
T How many unfinished games are in your folder? I counted {7-31}
T Is it okay to stop at {60-90}%?
T What do you do in the month in which you hate your game?
T Took a {2-6} month break. The {hero} was still there
L The entire audience of my {genre} (my cat)
L Drew my whole to-do list as a dungeon. I am the boss
L Found my very first sprite from {6-14} years ago
O Day job is in {a warehouse|a school|an office|a bakery}, I make games from nine to eleven at night, when
  I'm awake.
O I put the {genre} on a page for free, and {9-41} people have played it. {3-5} of them are related to me.
O Not a sad post, promise. A bit tired perhaps.
M One stranger left a comment: "the {hero} is nice". I've read it perhaps forty times.
M I keep the folder of unfinished ones. Every now and then I steal a tree from 2019.
M My daughter drew a level on paper, with a toilet in each room, "because they are heroes, but still". It's
  in the game.
M What helps me is a stupidly small goal. Today: one pixel on the crab. It's never one pixel.
M My partner asked who it is for. I said the {hero}. It was the right answer, I think.
C How about you?
C Anyway. Back to the crab.
C Thanks for reading, go hug your save files.

# sound ; Question, Devlog, Resource
T How do you make footsteps that don't drive people mad?
T I recorded my whole {genre} in the kitchen
T Where do you start with music if you can't play anything?
T One chord, {3-6} instruments, {20-50} minutes of "music"
T {30-120} free footstep sounds I recorded in the forest
L Made a synth out of my pause menu by accident (sound on)
L The {hero} now has a voice. It's me with a cup
O I can't play an instrument. The {place} needed music. You can see where that goes.
O My {genre} was silent for {months} months and I didn't notice, as I listen to podcasts while testing.
M Five variants, random pitch of {3-9}%, never the same one twice. That is the whole secret.
M Celery is bones. A wet sponge is everything else.
M I hummed the tune into the phone and slowed it down by {20-40}%. It sounds like a whale with a mortgage,
  perfect for the {place}.
M The files are free for anything, credit is nice, a picture of what you make is nicer:
  https://sounds.example.org/forest-{10-99}
C What do you use for quick sketches?
C Sound on, but not too loud, there's a bug.

# testing ; Devlog, Question
T Watched {4-9} people play my {genre} without saying a word. Painful
T My grandmother finished the {place} before my brother did
T How do you find testers who don't know you?
T Nobody read the sign. There are {7-15} signs
T The players want to pet the {hero2}
L Heatmap of where testers died. It's the stairs
L A tester found a way out of the {place}. And a way back
O I took the laptop to the {library|club|school fair} and let people play. I wasn't allowed to speak, my
  sister had a water pistol.
O Seven hours of watching strangers. I recommend it like I recommend the dentist.
M All of them tried to go left. The game is to the right. The game is now to the left as well.
M A boy of about {8-11} ignored the quest and arranged carrots by size for a quarter of an hour. I have
  added a carrot score.
M {3-6} out of {7-9} died on the stairs. There are no enemies on the stairs.
M She said "I don't play games" and then found the secret room. I hid it for {5-9} months, it took her four
  minutes.
M Everyone tried to pet it. Everyone. So I drew {4-8} frames of petting and postponed combat.
C How do you keep quiet while they do it wrong?
C Short clip of the stairs: https://video.example.net/stairs-{10-99}
C Added to the list: rails.

# jam ; Devlog, Show-off, Question
T {48-72} hours, {2-4} people, one {hero}: jam report
T What we cut in the last {3-6} hours of a jam
T How do you scope for a jam without lying to yourself?
T We came {40-300}th and I couldn't be happier
T Jam theme was "{theme}" and I made a {hero} game again
L Our jam entry: a {hero} with a very small umbrella
L Jam, hour {20-40}: the {hero} has no legs yet
L Everything we drew in {48-72} hours
O Jam weekend! The theme was "{theme}". We slept on Saturday, a little.
O First jam, at {34-58} years of age. The other people on the team could be my kids, and were very patient.
M At hour thirty we had a {place}, a {hero}, and no game. At hour forty we threw out the {place}.
M Rule for next time: playable by the first evening, ugly, with boxes. Everything else is decoration.
M The bug that everyone loved in the comments is a bug. We call it a feature in the page text.
M The musician delivered after two hours and then baked bread for the rest of us. Get yourself a musician.
C What is your rule for scope?
C We'd do it again. In a year. After sleep.

# tools ; Resource, Question, Discussion
T Free: {12-60} tiny {place} tiles, do what you want with them
T Which paint program do you use for {8-32} pixel sprites?
T A one-page cheat sheet for screen shake
T How do you version your art files?
T Small script that turns a spreadsheet into dialogue
T Which engine for a {genre}, if I only know spreadsheets?
L Cheat sheet: {8-14} ways to fake a shadow
L Brush set I use for rocks (free, in the comments)
O Made this for myself, it may save you an evening.
O I know, the engine question. I read the wiki, it made me more confused, so here I am.
M It's {60-240} lines, no dependencies, ugly, works. `python dialogue.py sheet.csv` and off you go.
M Files are here, no sign-up, no catch: https://files.example.org/pack-{10-99}.zip
M I lost {2-5} weeks of sprites in spring, hence the sudden interest in backups.
M I can do formulas. I can do *scary* formulas. Does that count as programming?
C What do you use?
C If you make something with it, show me please.
C Improvements welcome, I'm a plumber by trade.

# bugs ; Show-off, Devlog
T Patch notes of my {genre}, unedited
T The best bug of {months} months: sentimental fish
T A rounding error gave my {hero} anxiety
L Best bug this week: the {hero2} is now a vehicle
L I asked for gravity. It gave me this
L Someone left the {place} on fire since version 0.{2-9}
L The {hero2} stares at the player through walls. Not a bug any more
L Shadow of the {hero} has started its own life
L Divide by zero, but make it art
L Spawned {900-9000} carrots. For science
O Collected over {months} months, from the file `fixed.txt`, in order of appearance.
O I don't know how it happened and I'm afraid to ask.
M - the {hero2} no longer pays taxes ⏎- fixed: fish remember you ⏎- fixed: fish miss you ⏎- doors: see doors
  ⏎- the {hero} can't be married to a lamp (sorry)
M The mood value went below zero and wrapped round to {200-255}, so a sad {hero} became the happiest being
  on earth, for exactly one frame, {60-120} times a second.
M It only happens on my brother's machine, on Sundays, so we have declared it weather.
C Fixed in the next version, with regret.
C Should I keep it?

# finish ; Release, Screenshot Saturday
T It's Saturday so I may say it: my {genre} has a page now
T After {months} months the {hero} game is out, free, {20-50} minutes long
T Saturday release: small {genre} about a {hero}, made with my kids
L Saturday: trailer of my {genre}, {20-50} seconds, made in tears
L It's Saturday: the {hero} game is out (free)
O It's Saturday, so promotion is allowed, and my hands are shaking.
O We finished something. I didn't know that was possible.
M It's free, it runs in the browser, it's about a {hero} who looks for a {hero2} in the {place}. There is
  one hat.
M What went well: paper first, {4-7} testers, no crafting. What didn't: everything about menus.
C Page: https://play.example.org/{brandlow}. If you play it, tell me where you stopped.
C https://play.example.net/{brandlow} – and thank you, half of it was fixed by this sub.

# promo ; Release, Show-off, none
T Wishlist {brand} now!! 🔥
T {brand} is out NOW, {20-60}% launch discount
T Check out my new game {brand} and subscribe to the channel
T Support our crowdfunding: only {9-40} hours left
T We are hiring pixel artists (rev share)
T Play {brand}, the best {genre} of the year
T Join our server for free keys
L {brand} trailer - wishlist today!
L Only {2-6} days until {brand}! Wishlist link in profile
L New key art for {brand}, buy now on the store
L {brand} - {20-60}% off, buy now
O {brand} is an epic {genre} with over {100-900} items. Wishlist it now:
  https://store.example.com/{brandlow}
O Our campaign ends soon, check out the rewards and share: https://fund.example.net/{brandlow}
O Looking for artists, no budget yet, but the exposure will be huge. DM me.
O Hey gamers! My studio's {genre} {brand} launches this week, wishlist it so the algorithm likes us:
  https://store.example.com/{brandlow}
O New video is up, {10-40} minutes of {brand} gameplay, please subscribe and share:
  https://video.example.com/{brandlow}
O We are {100-400} wishlists short of our goal. You know what to do: https://store.example.com/{brandlow}
M Follow us everywhere and join the server: https://chat.example.com/{brandlow}
M Limited time offer, buy now and get the soundtrack for free!
M Subscribe to my channel for more videos 🔥🔥
C Don't forget to wishlist!
C DM me for a key.

# weekly ; Meta
T Weekly workbench: what are you making? ({week})
T Screenshot Saturday thread ({week})
O Show us your workbench: half-finished sprites, sketches, code that shames you. All of it welcome.
O One picture each, and please say something nice to at least one other person. Promotion is allowed today,
  spam isn't.
M Feedback Friday threads need a question. "Thoughts?" isn't a question.
C Your mods, and the mod crab 🦀

# * ; Devlog
M Made with free tools, a second-hand tablet and biscuits.
M I'm told that this is a solved problem. Not in my house.
M It's a {genre}, if that matters, with a {hero} in a {place}.
M No idea if it's the right way. It moves, I'm happy.
M (Sorry for the compression, the gif was {40-90} MB.)
M Total time: {3-9} evenings. Estimated time: one.
M My brother says it looks like a screensaver. I've chosen to be flattered.
M I wrote it on the train, so blame the tunnel for typos.
M It broke the save files of both of my players. I rang them up.
M The {hero2} was an accident and has more fans than the {hero}.
M Somewhere in there is a `sleep(0.{2-9})` which holds the world together.
M I learned about half of that from comments in this sub, so, you know. Thanks.
M There's a to-do in the code from {2-5} years ago that says "ask somebody". That's today.
M Still no menu.
M Tested on three machines, one of which is a toaster, morally.
M It looks better when it moves, but what doesn't.
"""
