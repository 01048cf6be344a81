"""Hand-written material for QuietMarketing: short, practical, sceptical. Format: see `sample_material`."""

MATERIAL = """\
# replies ; Tactic, Question
T How do you get people to reply to a newsletter?
T Asked one question at the end of each mail for {6-14} weeks
T Replies instead of clicks: does anyone count them?
O List of {900-14000}, mostly {who}. Weekly mail, no images. We added one real question at the bottom.
O We get clicks. We don't get answers, and answers are where the good copy comes from.
M Replies went from {2-4} a week to {11-24}. Sales: no visible change.
M Questions with a number in the answer work best: "how many calls did you get on Monday?"
M The sender is a person with a phone number now. I suspect that's the entire effect.

# plaintext ; Data, Question
T Plain text vs designed emails: {4200-19000} sends, one result
T How do you talk a client out of the hero image?
T Same mail with and without pictures, {3-9} sends
O Client insists on a hero image. I tested it so that we can stop talking about it.
O Same offer, same hour, split by the last digit of the customer number.
M Plain won by {0-1}.{2-9} points in clicks. With this sample I would not bet lunch on it.
M The picture version took a designer half a day, every week. That's the number I showed.
M Best performer of the year was a mail sent by mistake, with the subject "test".

# opens ; Question, Discussion
T Open rates mean nothing now. What do you report instead?
T How do you explain to a boss that opens are fiction?
O Half of our "opens" are a privacy proxy. I stopped showing the number to anybody.
O Boss asks for the open rate every Monday. I could read him the weather with the same effect.
M I report replies, orders with the code from the mail, and unsubscribes. Three numbers, no chart.
M Clicks are inflated too: {8-30}% come within two seconds, at companies with strict mail filters.

# listcut ; Data, Tactic
T We cut our list by {30-60}% and revenue did not move
T How do you decide whom to delete from a list?
T {6-12} months without a click, so out: what happened
O We removed everyone who had not clicked in {6-12} months. Sales team was against it.
O List of {2000-14000}, paid per contact. You can see where that's going.
M Bill fell by ${30-190} a month. Complaints went to zero.
M {2-6} people wrote to ask where the newsletter was. Put them back by hand.
M Deliverability seems better, but I changed the sender name in the same month, so no proof.

# frequency ; Question, Data
T How often do you mail a list of {800-6000}?
T Twice a month vs weekly, {4-7} months, {who}
T Mail fatigue: real, or an excuse?
O Used to mail monthly, as nobody wanted to annoy anyone.
O Everybody has an opinion on frequency. I could not find a count.
M Weekly brought {1-2}.{2-9} times the orders per month and the same unsubscribes per mail, so more in
  total.
M Fridays at four beat Tuesdays at ten, against every blog post on earth.

# oldpages ; Data, Question
T Deleted {120-700} old articles. Traffic after {8-20} weeks
T How do you choose what to update first?
T Pruned a third of the site, with a control group
O {70-90}% of our pages had fewer than {5-12} visits in a year. So we removed most of them.
O Agency before us published three articles a week. Nobody could say who they were for.
M Dip of two weeks, then +{4-17}%. Control group was {20-60} pages we did not touch. They rose as well,
  which spoils the story.
M Pages that came back strongest were the ones with a price on them.
M Redirected everything to the nearest relative, not to the homepage.

# trafficdrop ; Question, Discussion
T How do you explain a {20-45}% traffic drop to a client who reads blogs about it?
T Search traffic fell, sales did not. Which one do I report?
T Lost the top spot for our main term {5-12} weeks ago. Calls are the same
O Client is panicking. Phone rings as often as before.
O The graph looks like a cliff. The order book doesn't.
M What we lost was a glossary article read by students. {40-70}% of all visits, no enquiry ever.
M I put calls and visits in one chart with the same scale. That ended the meeting early.

# audits ; Discussion, Question
T Is anyone still paid for "SEO audits" that are a PDF from a crawler?
T {90-240} "critical errors" and a healthy business
T How do you answer a cold audit somebody sent to your client?
O Client forwarded a free audit. {60-140} pages, red everywhere, "book a call" at the end.
M Two of the errors were real. The rest was missing alt text on a spacer.
M Every tool gives a different "health score". The site has not been ill.
M I reply with the two real ones fixed and a photo of the till.

# locationpages ; Data
T {14-40} location pages: which ones ever got a visit
T Town pages for {who}: a year of visits and calls
O One page per town, as every guide says. Here is the count after a year.
M {3-5} pages have nearly all visits, and those are the towns where we have a sign on a wall.
M Calls from the others: {1-4}. One was lost.

# brandads ; Data, Discussion
T Turned off brand ads for {4-9} weeks. What happened
T How do you prove that brand ads are needed?
T Paying for our own name: ${90-900} a month for nothing?
O Client was sure that all sales came from the ads. Most of them came from people typing his name.
O We buy our own name since a competitor might. So I turned it off in half of the region.
M Total sales went down by {0-2}%. Spend went down by {60-95}%.
M Competitor turned up after {9-20} days. Still no difference that I can see.

# killads ; Question
T How do you know when to stop an ad that "almost" works?
T Rep says two more weeks. It's week {7-15}
T What's your cut-off for a campaign with {10-40} leads?
O Local service, average order ${80-420}, budget ${400-2500} a month. Cost per lead is just above what we
  can bear.
O I let the platform "optimise" for a month because the rep would not stop calling.
M Looked {20-40}% better until I phoned the leads. A third were wrong numbers.
M I set the limit before the start now, on paper, with the client's signature. It's easier to hate a paper.

# smallbudget ; Question, Tactic
T What do you do with a budget of ${150-500} a month?
T How do you test creative with {20-60} conversions a month?
T ${600-4800} on short video ads for {who}: results
O Budget is tiny, expectations are not.
O Owner films on his phone, I cut. That's the studio.
M | week | spend | leads |⏎|---|---|---|⏎| 1 | ${110-190} | {4-9} |⏎| 2 | ${110-190} | {3-8} |⏎| 3 |
  ${110-190} | {4-11} |⏎| 4 | ${110-190} | {2-7} |
M The ugly phone clip beat the studio one. It does every time, and I book the studio every time.
M One ad, one town, one month. Anything more and I'm testing my own patience.

# targeting ; Data, Question
T Broad targeting vs {who}: cost per lead, {3-8} weeks
T The platform's recommended settings cost us ${240-1900}
T How do you keep ads out of apps and games?
O Turned on the "recommended" expansion in {May|June|September}. Never again, or so I thought.
M {50-80}% of the spend went to a torch app. People tap when they look for the light.
M Broad was {5-20}% cheaper per lead and {20-50}% worse per sale. Depends who writes the report.

# words ; Tactic, Question
T How do you find words that customers use, without a survey?
T Our best copy came from {40-160} refund requests
T How do you write for {who} if you have never been one?
O Read {60-240} support mails aloud with a colleague. Took an afternoon and two pots of coffee.
O I interview {who} for ten minutes and ask about last week. Never about the product.
M Nobody says "streamline". They say "I don't want to do that on Sundays".
M One phrase from a refund mail is our headline now: "I thought it would ring me".
M Record, type up, count the verbs. The verbs are the copy.

# plainpage ; Data, Discussion
T Renamed "solutions" to what it is. Demo requests up {9-28}%
T Client wants "innovative" in the headline. Again
T One-sentence homepage: {5-10} weeks later
T How do you get sign-off on plain words?
O The old headline could have been for a bank, a gym or a church.
O Seven words in the new headline. Five are from one phone call.
M The founder hated it for a month. Then a customer quoted it back to him.
M Time on page fell, as people understood it faster. Try explaining that in a meeting.
M If a competitor could paste it on their site unchanged, it goes.

# heard ; Data, Question
T "How did you hear about us?" vs analytics: {120-600} answers
T How do you report on word of mouth?
T Free text field at checkout, {3-9} months of answers
O Added a free text field at checkout. Not a dropdown.
O Read every answer to "how did you find us" since spring. By hand, with a highlighter.
M {30-48}% wrote "a friend" or a name. Analytics calls them "direct".
M Last click said search: {50-70}%. People said search: {14-25}%.
M The podcast that "never converts" was named {11-39} times.

# lostdata ; Discussion, Question
T We lost tracking for {9-21} days and nothing happened
T Consent banner cost us {25-60}% of the data. So what do you do now?
T How do you do attribution with {30-90} sales a month?
O Tag broke in {May|July|October}. Nobody noticed for {9-21} days, me included.
O Three tools, three numbers, same week.
M We made the same decisions in the dark as before. That told me something.
M I keep one sheet: spend, enquiries, sales, by week, by hand. Ten minutes.
M I report a range now. One client found it refreshing, one found another agency.

# dashboards ; Discussion, Question
T Our dashboard has {14-48} charts. Which one ever changed a decision?
T The {3-9}-page report nobody opened in {5-14} months
T What is in your monthly report, and who reads it?
O I put a sentence in the middle of the report: "first to read this gets a cake".
O Asked six colleagues which chart they look at. Four named one that was removed last year.
M No cake was claimed. I send five lines now.
M Five lines: spent, came in, sold, changed, next. If it doesn't fit I haven't understood it.

# posting ; Discussion, Question
T Stopped posting for {4-10} weeks. Enquiries: same
T How do you keep a small account alive with {1-3} hours a week?
T Do {who} really follow brands anywhere?
O Account with {400-3900} followers, most of them colleagues, if we are honest.
O Client wants daily posts. I wanted to know if it matters, and he went on holiday.
M {3-9} enquiries in the quiet weeks, {3-8} in the busy ones before. Tiny numbers, no effort.
M Intern's photo of a broken van did better than the campaign.
M Two posts a week, both answers to something a customer asked on the phone. That's the calendar.

# commenting ; Tactic, Data
T Comments bring more than posts for us. Anyone else?
T Answered other people's questions for {5-9} weeks, posted nothing
O Half an hour a day in threads where {who} ask things. No link, no pitch, real name.
M {5-12} enquiries, against {1-4} from our own posts in the same time before.
M Most useful answer was "you don't need to buy anything for that". He bought later.

# formats ; Data, Question
T Carousel vs single picture, {24-70} posts
T Scheduling tools: does anyone see a difference against posting by hand?
T Reach of two identical posts, {2-5} weeks apart
O Alternated by coin toss, same topics, same hours.
M Reach differed by a factor of {6-20} between two identical posts. I stopped reading meaning into it.
M Saves up, likes down, messages equal. Pick the one that suits your story.

C Raw CSV without names: https://data.example.org/{week}-{30-99}.csv

# reviews ; Tactic, Question
T How do you answer an unfair public review?
T Asked for reviews by hand-written card: {90-260} cards, {14-60} reviews
T Testimonials: full name and town vs initials
O One star, no text, name we've never seen.
O The card says "if it was good, tell the neighbours; if not, tell me", and a number.
M I answer once, with the date and what we did. No adjectives.
M Full name and town got {10-40}% more calls than initials, on {600-2000} visits. Could be the photo.
M Nobody minds three stars with a reason. Five stars without one look bought.

# product_problem ; Discussion, Question
T How do you tell a client that the product is the problem?
T Good marketing for slow delivery. Now what?
O Good client, good product, horrible delivery times. Marketing can't fix it.
M I showed them the last {20-50} reviews in one column, sorted by topic. The room got quiet.
M Paused the ads until the backlog was gone. Lost a month of fees, kept the client.

# guarantees ; Discussion, Question
T Fired a client over "guaranteed leads"
T How do you price a job if you can't promise results?
T How do you deal with "my nephew says"?
T Client compares me with a chatbot. What do you answer?
O Freelance, {4-15} years, mostly {who}. The question comes up once a month.
O He wanted {30-90} leads a month in writing.
M They left and came back after {5-11} months, with a nephew-shaped hole in the budget.
M Charging by the day ended most of the discussions.
M I say what it'd take to know. Often that's more than the thing is worth, and they see it.

# forms ; Data, Question
T Shorter form, worse leads: {5-9} fields vs {2-3}
T How do you test a page with {300-900} visits a month?
T Which form field do you refuse to drop?
O We were told to remove fields. So we did.
O Service page, {500-2600} visits a month, mostly phones.
M Form fills +{30-70}%, sales -{3-12}%. Sales team asked for the fields back.
M "What have you tried so far?" stays. It filters better than any budget question.

# price_on_page ; Data, Tactic
T Added the price to the page. Here is what changed in {4-9} weeks
T How do you show a price when it depends?
T "From ${40-90}" vs no price, {who}
O Old page: eleven sections. New page: what it costs, what you get, a phone number.
M Calls up from {9-14} to {17-26} a week. Fewer, better questions.
M Bounce went up. Good: the wrong people leave sooner.
M Three examples with totals worked better than a range. Nobody believes a range.

# widget ; Data, Discussion
T Removed the chat widget, {6-12} weeks of data
T Do exit popups work for anyone who checks the returns?
O Widget had {60-140} chats a month, {70-85}% after hours, none of which anyone answered.
O Popup with 10% off. Looks great until you look at who uses it.
M {40-70}% of the codes went to people who were about to pay anyway.
M Took it out, nothing moved, page loads a second faster.

# print ; Data, Tactic
T Printed postcards to {800-3000} addresses: cost per sale
T How do you measure flyers without lying to yourself?
T Van lettering beat {4-9} months of posts
O Used a separate phone number on the cards, cheap and good enough.
O Small town, {who}, everybody knows everybody.
M {11-38} calls, {5-10} jobs, average ${140-610}. Printing and postage ${380-720}.
M People keep the card on the fridge. Calls came in {4-7} months later.
M The van is parked in front of the bakery. That is the tactic.

# town ; Question, Tactic
T How do you market for {who} in a town of {9000-40000}?
T Does sponsoring the local club do anything you can measure?
T What do you do in the dead season?
T Wrong Saturday hours on the map listing for a year
O Budget for the quarter: ${300-1400}, so no, we don't do "brand".
O Everyone here has known the owner since school. That's the asset and the problem.
M Half of the new jobs are within {300-800} metres of a previous one. So we leave a sign at the gate for a
  week.
M Fixing the map listing did more than the last three campaigns.
M In the quiet months we phone last year's customers. {20-35}% book early. Costs nothing but nerve.

# cancelled ; Discussion, Question
T What did you cancel this year and not miss?
T We paid for {9-17} tools. Asked who had logged in this month
T Which tool do you pay for yourself?
O Went through the card statement with a ruler.
M {4-7} were used by nobody. Saved ${190-840} a month.
M I pay for the sheet and for a decent headset. Rest is the company's hobby.

# aicopy ; Discussion, Data
T AI copy: {20-60} pages, {3-7} months, what happened
T How do you spot generated testimonials?
O Boss bought a writing assistant for everybody. I kept count.
M First drafts are faster, editing takes longer. Net zero, in hours, for us.
M Pages written by the tool got {2-5}% of the traffic and all of the complaints.
M Giveaway: everybody is "thrilled", nobody mentions the parking.

# contacts ; Question
T Moving {2000-9000} contacts between tools: what broke?
T How do you keep {who}' contact data clean without a full CRM?
O Two people, one shared inbox, one sheet.
M Custom fields never survive. Export to CSV, read it with your own eyes, then move.
M {5-15}% of the addresses were typed twice, with different spelling and different consent.

# denominators ; Discussion
T Case studies without a denominator
T "We grew {300-900}%" from what?
T Every benchmark report is written by somebody who sells the fix
T Marketing advice from people with one success
O Read {9-20} case studies this week. One of them had absolute numbers.
O Saw the same chart in three decks. Source: another deck.
O Went to a meetup. {4-9} talks, no failures.
M From {2-4} to {11-19} is a big percentage too.
M Without the count, the period and what else changed, it's a story.
M Ask "compared with what?" and watch the slide change.

C Rant over.

# less ; Discussion
T Unpopular: most small firms should do less marketing, not better marketing
T Stop calling a discount a strategy
T Nobody owes you engagement
O Most of my good results were a decent product and spring.
O Third client this year who wants to be everywhere, with one person.
M If it only works with a big audience, the audience is the tactic.
M Answer the phone. I mean it. I rang {8-30} {who} last week, {3-7} picked up.

# discounts ; Data
T Discount 10% vs free delivery, {300-1200} orders
T Price ending in 9 or 0? {400-1500} orders
T Referral reward ${5-10} vs ${20-40}: no difference
O Own shop, own numbers, alternate weeks.
O Method: odd weeks A, even weeks B, no other change that I know of.
M Results: ⏎⏎- A: {40-80} of {400-600} ⏎- B: {44-88} of {400-600} ⏎⏎Could be chance.
M No difference worth a meeting. We keep the cheap one.
M Excluded: our own family, two bots and a man who orders every day.

C Raw CSV without names: https://data.example.org/{week}-{30-99}.csv

# speed ; Data, Tactic
T Response time vs closed deals, {110-420} enquiries
T How do you answer enquiries within an hour with {1-3} people?
T {24-90} cold mails, three openings, replies counted
O Wrote down when each enquiry came, when we answered, and if it became a job.
O Small data, posted because I could not find any.
M Under one hour: {38-52}% closed. Next day: {19-30}%. Later: {6-13}%. May be that eager people write at
  better times.
M An honest two-line answer now beats the perfect one tomorrow.
M Shortest opening won, {5-9} replies against {1-3}. It was one line about their Saturday hours.

C Raw CSV without names: https://data.example.org/{week}-{30-99}.csv

# learning ; Question, Discussion
T How do you learn this if the first boss knows less than you?
T Do certificates matter to anyone who pays?
T Junior asks what to learn first. What do you say?
T In-house for {2-9} years, now alone. What do you miss?
O Interviewed {6-14} people this month. Asked each for something that failed. Two had an answer.
O One-person marketing department, a hundred opinions.
M I say: phone ten customers, then write one page. Tools later.
M Nobody ever asked to see a certificate. They ask who I worked with.

# monday ; Question
T How do you stay calm when the numbers drop on a Monday?
T How do you stop checking stats on your phone?
O Number's down again. Every Monday the same little heart attack.
M It falls because weekend data arrives late. Took me a year to notice.
M Moved the bookmark to the work computer. {2-5} fewer looks a day, by my own count.

# promo ; Tactic, Discussion, none
T I built a tool that fixes your {email|SEO|ads|reporting} - {brand}
T {brand}: get {3-9}x more leads on autopilot
T Free guide: {17-101} growth hacks for {who}
T Looking for beta users for {brand}, free for life
T How we grew to {20-90}k followers (template inside)
T Our agency has {2-4} slots left for {who}
T Check out my new course on {email|SEO|ads}
T {who^}: stop losing leads, try {brand}
O I made {brand}, it does it all for you. Sign up: https://{brandlow}.example.com
O Download the free template from our site https://www.{brandlow}.example.net/free and thank me later!
O We help {who} to scale. Book a call: https://{brandlow}.example.com/call
O My new tool {brand} solves exactly this. DM me for a discount code.
O After {5-14} years in marketing I put everything I know into one course. First module is free:
  https://learn.{brandlow}.example.org
O Hi all, long-time lurker. Would love for you to check out {brand}, a smarter way to reach {who}.
O I wrote a long article on that, too long for a post, so here you go:
  https://{brandlow}.example.com/blog/{100-999}
M Used by {200-900}+ marketers. Limited offer!
M It's the best in the market and it's free for the first {50-100} sign-ups 🔥
M Game changer. Don't sleep on it.
M Check out the link in my profile for more.
M Setup takes two minutes, and you can cancel any time.
C Feedback welcome!
C Link in bio. 🚀
C Happy to give members here {20-50}% discount.

# weekly ; Weekly
T Weekly questions, small ones welcome ({week})
T Weekly numbers: what did you measure? ({week})
O Small questions that don't deserve a post. No links to anything you own, not here either.
O Post one number, with the count and the period. Without these it will be removed, kindly.
M Flair is required outside of this thread. AutoModerator does not read excuses.
C Mods

# * ; Discussion
C What is your sample size when you call it?
C Happy to be told that I am measuring the wrong thing.
C Not a recommendation. One firm, one niche.
C Curious if that holds outside of local trades.
C Where do you put the cut-off?
C Yes, it's a small sample. It's also the entire budget.
C If you've got a counterexample, with numbers please.
C Does this hold for anybody in B2C?
C Am I being unreasonable?
C No names, obviously.
C What would you try next?
C Two months isn't proof. It's enough for us to keep it.
C Boring wins, part {9-40}.
C Poke holes, please.
C Serious answers welcome, cynical ones too.
C What am I missing?
C How do you do it?
C Will repeat it in the autumn.
M B2B, if that matters. Order value ${300-2400}.
M Small market, so no A/B test would ever finish.
M Season may explain part of it.
M Before anybody asks: yes, I looked at returns too.
M Checked it twice, since I didn't believe it either.
M Boss wants a slide on it. I have a shrug.
M n = {40-260}. Make of it what you want.
M I've read the usual articles. They quote each other.
M Was against it, changed my mind, may change it back.
M Costs: {3-9} hours and ${20-120}.
M Region is rural, customers are mostly over fifty.
M We're three people, one of them part-time.
M I'd rather hear about failures than about wins here.
M Nothing to sell, no link.
M It's not elegant. It's cheap.
M If that was covered before, point me there. Search gave me posts from years ago.
M Did the same in {spring|winter|June} with the opposite outcome, so there's that.
M Context: {who}, {2-14} locations, no shop online.
M Spent {2-5} evenings on this, could have been a phone call.
M My own guess is boredom. People had seen the old one {30-60} times.
M The sheet has three columns. Anything more and I stop filling it in.
M Legal had opinions. We did the version without the opinions.
M Same result in {two|three} out of {four|five} branches. The odd one out has a better car park.
M Colleague says it's noise. Colleague is usually right.
M Typed on a phone between two meetings, forgive the brevity.
M I have the numbers per week if somebody wants to argue about them.
M Tried it at two firms, worked at one.
M I know that correlation isn't the other thing.
M The owner doesn't care how, he cares about {Friday|the van|parking}.
M That was {March|May|August}, so before the price change.
M Not proud of the method, but it's written down.
"""
