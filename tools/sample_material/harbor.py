"""Hand-written material for HarborFounders: long first-person founder stories. Format: see `sample_material`."""

MATERIAL = """\
# first_customer ; Story, Lesson learned
T After {months} months somebody I have never met paid for my {app}
T First paying customer, and it came from the least likely place
T How did your first ten customers find you? Mine came from a printed flyer
T The {one} who paid us before the product worked
T ${price} on a Tuesday: notes on customer number one
T I spent {3-9} months building and one phone call selling. Guess which one mattered
O So it finally happened. I have been building {product} in the evenings for {months} months, and last
  {Tuesday|Thursday|Sunday night} an invoice for ${price} was paid by somebody who is not my brother-in-law.
O I want to write this down while I still remember what it felt like, because every "first customer" post I
  read skipped the boring part. The boring part was {months} months of nobody caring.
O Small milestone, but I promised this sub an update if it ever came. {product^} has a paying customer.
M The way it came about is a bit embarrassing. I was at a trade evening for {who}, mostly for the free
  sandwiches, and a {one} was complaining about her spreadsheet to the whole table. I asked if I could see
  it. She sent it to me that night.
M Before that I did everything the wrong way round: logo, pricing page with three columns, a dark mode. Not
  one of the {40-90} people on my waiting list opened the product more than twice.
M What she bought was not even the thing on the landing page. She wanted the export, only the export, and
  she wanted it on Monday mornings in her inbox. It took me an afternoon.
M I nearly told her it was free. My mouth was already open. Then I said the price and shut up, and the four
  seconds after that were the longest of my year.
M She asked for an invoice with her company number on it. I did not have invoices. I made one in a text
  editor while she was still on the phone, and I am fairly sure the total was in a different font.
M The other thing I did not see coming: as soon as one of the {who} paid, two others from the same
  association wrote within a week. They all talk to each other. I had been shouting into the internet while
  there is an actual mailing list with {120-400} of them on it.
N Time from first commit to first money: {months} months. Money spent until then: ${300-1900}. Calls with
  real {who} in the first half of that: zero. In the second half: {14-31}.
N For those who like numbers: {180-600} visits to the page, {20-60} sign-ups, {5-11} people who did anything
  at all, 1 who paid.
C If I could send one note back: go to the sandwiches earlier.
C How did yours happen? I would love to hear the unglamorous versions.
C It is ${price}. It does not cover the hosting. I have the receipt printed out above my desk anyway.

# churn ; Numbers, Lesson learned, Question
T We lost {14-31}% of our customers in one quarter and it was my fault
T Churn post-mortem: I called everyone who left
T What churn is normal when you sell to {who}?
T The cancel button taught me more than a year of surveys
T {customers} customers, and every month the bucket leaks a little more
T I phoned {18-44} people who cancelled. Three reasons covered nearly all of them
O Growth looked fine all spring, so I did not look at who was leaving. In {June|April|September} I finally
  did, and I have not slept properly since.
O We make {product}, ${price} a month, no contract. People can leave with one click, and lately they do.
O This is a post about the worst spreadsheet I ever made: one row for everybody who cancelled since we
  started, with the real reason, not the one from the drop-down.
M The drop-down says "too expensive" in about half of the cases. On the phone nobody said that. They said
  their season was over, or the person who set it up had left, or they had never really started.
M The biggest group had a gap of more than {9-16} days between signing up and doing the first useful thing.
  If a {one} does not get a result in the first week, she is gone in month two, as certain as the tide.
M I had built a win-back sequence of five emails. It brought back exactly {2-4} accounts, and one of them
  asked me to please stop sending emails.
M {who^} have a quiet season. Of course they do. I knew it and still charged monthly. We now let people
  pause for ${3-7} a month and keep their data, and most of the people who would have left take that.
M One customer said something I wrote on the wall: ⏎⏎> "It is a good tool. I just forgot that I have it."
  ⏎⏎I would have preferred an insult.
M My co-founder wanted to make cancelling harder. We had a proper argument about it. I am glad that I won,
  because {3-6} of those who left have come back on their own, and all of them mentioned how painless
  leaving was.
M We had been adding features for the loud ten percent. The silent ones left over a bug in the calendar
  import that nobody ever reported.
N Monthly churn by quarter: {8-10}.{1-9}%, {6-7}.{1-9}%, {4-5}.{1-9}%. The drop came with the onboarding
  call, not with any feature.
N Raw counts: {60-90} cancellations, {22-40} calls answered, {9-15} who never finished set-up, {5-8} out of
  business, {2-4} who went to a competitor.
C Does anybody here sell into a seasonal trade? What did you do about the winter?
C Call them. Not a survey. The phone.
C I would be grateful for honest numbers from others at our size, I cannot tell any more if {4-6}% is a
  disaster or ordinary.

# pricing ; Numbers, Lesson learned, Question
T I doubled the price and lost {3-9} customers out of {customers}
T Raising prices on people who trusted you early: how did you tell them?
T From $9 to ${price}: what actually happened
T We were the cheapest option for {months} months and it nearly killed us
T Would you grandfather early customers forever?
T Our pricing page is one sentence now
O For {months} months our {app} cost $9. I picked the number because it felt polite.
O I put off this price rise for most of a year. It took one evening in the end, and I want to share the
  email and the numbers, since posts like this gave me the courage.
O Pricing question with the whole context, sorry for the length.
M The cheap customers were not the grateful ones. The three accounts that wrote to support daily were all on
  the lowest plan, and the one paying most has written twice, once to say merry Christmas.
M The email was five sentences. What changes, when, why, what stays, and a real reply address. I wrote
  eleven drafts of it, and the one with the fewest adjectives won.
M I was prepared for anger. What I got was {11-26} replies, most of them a version of "about time". One
  {one} told me she had been worried that we would go out of business.
M A {one} sat me down and explained that her boss does not trust anything that costs less than lunch. We had
  been failing a test I did not know existed.
M I kept everybody who joined in the first year on the old price. It felt right, and it is also {18-34}% of
  revenue frozen for good. I go back and forth on it weekly.
M We tried usage-based pricing for two months. Nobody could predict their bill, including us. I spent more
  time on explaining the invoice than on the product.
M The one thing I would not do again is the countdown. It brought a spike, then a week of refund requests
  from people who had felt pushed.
N Before: {customers} accounts at $9. After: {3-9} fewer accounts at ${price}. Support mails per week went
  from {40-60} to {18-29}.
N Trial to paid was {4-6}.{1-9}% at the old price and is {4-5}.{1-9}% at the new one. With our volume that
  is noise, and noise is the whole point: the price was not what stopped them.
C If you are thinking about it, you are already late. That is all I have.
C What would you do with the old plans? I honestly see both sides.
C The email, in case it helps somebody: https://notes.example.org/price-email

# cofounder ; Story, Lesson learned, Question
T My co-founder left on a Friday. What I wish we had written down
T Splitting up with a friend and keeping the friend
T 50/50 was easy to agree on and hard to live with
T Has anybody bought out a co-founder without a lawyer war?
T Two founders, one of them part-time: an honest account after {months} months
O We started {product} as two friends with a shared calendar. We are one founder and a good friendship now,
  and getting here cost about ${3000-14000} and a summer.
O My co-founder told me in the car park after a customer visit. He was very kind about it, and I did not
  hear a word after the first sentence.
O I have rewritten this post a few times so that it is fair to someone who may read it.
M The warning signs are obvious from here. He stopped asking about revenue. I stopped telling him about the
  small fires. We each thought that we were protecting the other.
M We never wrote down what "full-time" means. I meant sixty hours. He meant that he had no other job. Both
  are reasonable, and they are not the same thing.
M There was no vesting. Everybody tells you, we read it in at least four books, and we felt that it was for
  people who do not trust each other.
M What saved us was a retired accountant whom we both like. She sat us at her kitchen table, made us each
  write a number on a piece of paper, and the numbers were {8-15}% apart. We had spent two months being
  afraid of that piece of paper.
M The customers did not care. I sent a careful message to all {customers} of them and got nine replies, of
  which six were about an invoice.
M The loneliness is the part that nobody prepares you for. It is not the work. It is having nobody to roll
  your eyes at when a {one} asks for a fax integration.
M Our paper has three lines now, and I would sign it with anybody: who decides what, what happens if one
  wants out, and when we talk about it next.
N Where it ended: {15-30}% stays with him without a vote, paid out over {18-36} months from profit, nothing
  up front.
C If you are at the start and it feels rude to bring it up: bring it up.
C To those who did this before me: what did you tell your team on the Monday?
C He read this before I posted, and asked me to add that he was right about the fax integration.

# quit_job ; Story, Question, Lesson learned
T I quit. {months} months of nights, ${mrr} a month, one resignation letter
T How many months of savings did you have when you went full-time?
T Went back to a job after {9-20} months as a founder. It is fine
T Day {30-90} of full-time and I work less than before. Is that normal?
T Leaving a good salary for ${mrr} MRR: the spreadsheet I used
O Handed in my notice this morning. I have a {one}'s support ticket open in the other window, so nothing
  changed, and everything did.
O I am {31-52}, there is a mortgage, there are two kids, and my {app} makes ${mrr} a month. Last week I
  stopped having a boss.
O People here post the day they quit. I would like to post the day I went back, because somebody should.
M My rule was simple: when the product had paid the rent three months in a row, I would talk to my partner.
  It did in {March|May|October}. We talked for two weeks.
M The hardest bit was not money. It was that my evenings had a shape. Work, dinner, kids in bed, two hours
  of building. With the entire day free I got less done for the first month and felt awful about it.
M I told my manager the truth and she asked for a demo. Then she introduced me to her sister, who runs an
  office for {who}. That was the most useful exit interview I can imagine.
M Health insurance was the scary line. I got three quotes and the spread was absurd, ${310-420} to
  ${700-990} for the same thing as far as I can read.
M I keep a note on the fridge with the date on which I will look for work if the number is not there. My
  partner wrote the date. It takes an amazing amount of weight off every other decision.
M Half of what I called "no time" was avoidance. I have eight hours a day now and I still have not written
  the onboarding emails.
M Colleagues ask if it was brave. It was arithmetic. Brave would have been two years ago, with nothing.
N The sheet: rent and food ${2100-3400}, product ${mrr}, savings for {7-14} months, a line called "dentist"
  that I did not expect to need by week two.
N Hours per week on the product: {11-16} before, {28-36} now. Revenue effect so far: none that I can see.
C What was your number, and would you use the same one again?
C Ask me again in six months. I have set a reminder.
C To everybody with a fridge note: what did you write on it?

# shutdown ; Story, Lesson learned
T Closing {brand} after {months} months. Everything is refunded, here is the account
T We are shutting down and I feel mostly relief
T What I learned from {customers} customers who were not enough
T An orderly shutdown: checklist from somebody who did it last week
T How do you tell paying customers that you are done?
O Yesterday I sent the email that I had been rewriting since the summer. {brand^} closes at the end of next
  month.
O No drama here. We built {product}, some people liked it, too few paid, and I am tired.
O There are a lot of launch posts here. Here is the other end of the line.
M The product was fine. I want to say that once, because in the first week I blamed the code. {who^} did not
  wake up in the morning with our problem. They woke up with about six bigger ones.
M I gave everybody {45-90} days, a one-click export, and a list of three alternatives including the
  competitor I used to dislike. He wrote to thank me and offered to do the migrations himself. I was wrong
  about him.
M Refunds: I went through each annual plan by hand and sent back the unused part. It was ${900-4200} and the
  best money I spent on this company.
M The checklist was longer than I thought: domains, the tax office, the trademark I was so proud of, eleven
  subscriptions in my own name, the DNS entry for a status page nobody ever opened.
M One {one} asked whether she could keep running it on her own machine. I spent a weekend on a small version
  without accounts, and gave it to her. It is the cleanest code I wrote in this project.
M I had a number in my head, ${mrr} by the end of year two. We were at about a third. I moved the goal twice
  and noticed at the third time.
M My mother asked if I was sad. I said no, and then I cleaned the garage for nine hours.
N Lifetime accounts: {customers}. Total revenue: ${9000-61000}. Total costs without my time: ${8000-38000}.
  Per hour of my time, a little under {$2-6}.
C I will read all comments. I may be slow, I have promised myself weekends.
C If you have closed something: what do you wish you had done in the last month?
C The export format is documented at https://archive.example.net/goodbye if anybody needs an example of one.

# sales_calls ; Story, Numbers, Question, Lesson learned
T {60-240} cold calls to {who}: what they said
T I am an introvert and I have to sell. What worked for you?
T A {one} hung up on me and then became our best customer
T Door to door with a laptop: two weeks of visiting {who}
T Why do the demos that go well never turn into money?
O I write code because I do not like phones. For the last month I phoned {who} each morning from nine to
  eleven, and this is the report.
O Our demos are lovely. People nod, people laugh, people say "send me something". Then silence.
O We sell {product}, and {who} do not read email. I found this out after {1400-3800} emails.
M My script had eleven lines. By the third day it had two: who I am, and "what did you do about it last
  time?". Everything useful I learned came after that second line.
M Nobody at the front desk can buy. I knew that. I still spent a week in charming conversation with front
  desks, because it felt like progress.
M The best hour is right before lunch. After lunch they are busy, before ten they are cross, and on Mondays
  you may as well stay in bed.
M One {one} let me finish, said "no, love" and hung up. She rang back on Friday because her system had gone
  down that week. She has been with us for {5-11} months.
M I recorded myself and listened to it on a walk. I talk for {60-75}% of the call. Now I have a sticky note
  that says WAIT.
M When I drove out to them instead, the answer was in the room: a wall planner, three colours of marker, and
  a drawer of receipts. I would never have designed for the drawer.
M I used to end with "any questions?". Now I end with "should we try it with next week's jobs?" and open the
  calendar. It feels pushy for the first ten times.
N Funnel: {130-220} dials, {50-80} conversations, {14-25} visits, {6-11} trials, {3-5} paid. About {5-9}
  hours of work for each customer.
N Reply rate by email was {0-1}.{2-9}%. By phone, {24-38}% talked to me for more than a minute.
C If you dread it as I did: it is still awful on day twenty, but by then you have customers.
C What do you say when they go quiet after a good demo? I have tried three kinds of follow-up and hate them
  all.
C Next week I do the coast. If you know a café with plugs, tell me.

# outage ; Story, Lesson learned
T We were down for {5-19} hours on our customers' busiest day
T I deleted the production database (and what I do differently now)
T Our backups worked. Our restore did not
T Post-mortem of a bad Saturday
T How much did you tell your customers after an outage?
O At {06:40|07:15|05:50} on Saturday a {one} texted my private number. That is how our monitoring works,
  apparently.
O This is the outage report that I owe our customers, in the version with feelings.
O I ran one command in the wrong terminal. I have run it in the right terminal about a hundred times.
M The backup was from the night before, complete, encrypted, in another region. I was very proud of it. The
  key to decrypt it was in a file on the machine that I had just wiped.
M I put up a page with the time in big letters and wrote a line every thirty minutes, even when the line was
  "still copying". Several people told me later that it was the page that kept them calm.
M By ten I had {26-70} messages. I answered each one by hand, which was right, and answered them before
  fixing the thing, which was not.
M {who^} went back to paper for the day. One of them sent a photo of the paper with "version 0.1" written on
  it. I have it framed.
M What broke was small. A disk filled with logs because I had turned on debug output for one customer and
  gone to dinner.
M Everybody got a month for free. Cost me ${mrr}, more or less. {2-5} people refused to take it.
M We changed three things: the restore is rehearsed on the first of each month, the production prompt is
  bright red, and somebody who is not me has the keys.
N Down: {5-19} hours. Data lost: {8-40} minutes of bookings. Customers lost within a month: {2-4}. Tickets:
  {48-131}.
C When did you last restore yours? I mean actually restore.
C If you are alone like me: give the sealed envelope to somebody today.
C I am not looking for sympathy, only passing on the red prompt. It costs nothing.

# support ; Question, Lesson learned, Story
T Support takes {50-70}% of my week. How do you get out of this?
T One customer writes {20-44}% of our tickets
T I answered every ticket within an hour for a year. I would not do it again
T What do you do about the customer who is nice, loyal and exhausting?
T Writing {30-60} help pages changed nothing. Renaming one button did
O Solo founder, {customers} customers, and I have become a help desk with a side project.
O I used to brag about our response time. I looked at my phone at my daughter's school play, so I do not
  brag any more.
O Something changed in our support load last month and I think the reason is useful to others here.
M I tagged every message for four weeks. {40-55}% of them were three questions, and all three were about one
  screen that I had thought of as self-explanatory.
M The button said "Sync". Nobody knew what would be synced where. It says "Copy to my calendar" today and
  the tickets stopped, overnight, as if somebody had closed a tap.
M There is a {one} who writes each morning. She is lovely, she asks about my kids, and every message holds
  two feature requests. I finally offered her a call every other Friday. She cancelled the first two because
  she had nothing urgent.
M I tried a chat widget. It made people expect a person, at all hours, and the person was me in my pyjamas.
M Canned replies felt cold until I noticed I was retyping the same warm paragraph anyway. I have {14-25} of
  them now, each with one line that I must fill in by hand.
M Hiring was not an option at ${mrr} a month, so I went for hours: support is open from ten to four, it says
  so on the site, and the world has not ended.
M A tester told me that the error message was fine, but it sounded as if it was her fault. I rewrote all
  {50-90} of them on a train.
N Tickets per 100 customers per week: {31-39} in spring, {12-19} now.
N Median first reply went from {18-40} minutes to {4-7} hours. Satisfaction score moved by two points,
  upwards.
C How many customers did you have when you got help, and what did you hand over first?
C Is there a polite sentence for "no, and please stop asking"? Asking for myself.
C Rename the button. That is the post.

# copied ; Story, Question
T A funded competitor copied our pricing page word for word, typo included
T Somebody built my {app} in a weekend. My notes after {3-8} weeks of panic
T What do you do when the big platform ships your feature?
T Our biggest rival answered my email
T They have {20-60} people, we have me. Is there a point?
O A customer sent me a link with the subject line "is this you?". It was not us.
O I sell {product}. On Monday the platform that all {who} already use announced the same thing, for free.
O For a month I checked a competitor's changelog before I checked my own inbox. This is a post about
  stopping.
M Even the typo was there. We wrote "recieve" in the second row two years ago and never noticed; they copied
  it faithfully. I have left it in as a watermark.
M I called five customers and asked straight out if they would move. Four had not heard of it. The fifth had
  tried it and come back on the same day, since it cannot do {split invoices|recurring jobs|two locations}.
M A lawyer friend looked at it over coffee and said: you may be right, and you do not have the money to be
  right.
M Their product is better looking than ours. It is okay to say so. I took screenshots, showed them to a
  {one}, and she said that she could not find the print button.
M Three of our cancellations in {March|August|November} named them. I expected thirty. The fear was ten
  times as large as the thing.
M I wrote to their founder. It was meant to be a stiff note. We ended up on a call for an hour, and they
  send us the accounts that are too small for them.
M What I should have spent the month on is the part they cannot copy, which is that I answer the phone and
  know what a {one} does on a rainy Thursday.
N Since their launch: {3-6} customers lost, {9-17} won. Visits to their changelog by me: at least {80-150}.
C How do you keep your eyes on your own paper?
C Leave the typo in. Trust me.
C If you have lived through the free version from the big platform: how long did it take until you could see
  the effect?

# hiring ; Story, Lesson learned, Question
T My first hire lasted {5-11} weeks. It was my mistake
T Hiring employee number one at ${mrr} MRR: too early?
T I hired a customer. Best decision of the year
T How did you delegate the thing you are good at?
T Part-time, remote, {12-20} hours a week: our first hire after {months} months
O I hired somebody in {January|May|September} and let her go in the same season. She did nothing wrong.
O The new person on our team of two used to be a {one}. She had sent us {30-70} bug reports, so the
  interview was short.
O We can afford one salary. Not a good one. I want to describe how we decided which one.
M I had written an advert for "a generalist". What I wanted was a second me, with the same context, for half
  of the money, who enjoys the parts I do not.
M For the first two weeks I had no time to explain anything, because I was busy. That was the reason for
  hiring. You see the problem.
M She rewrote our onboarding in her own words in three days. It has words in it like "the Tuesday list",
  which I had never heard and every one of the {who} understood.
M I wrote down everything I did for a week, with a mark next to each thing that only I can do. It had
  {40-60} lines and four marks.
M The trial project was paid, ten hours, a real task. Two candidates out of {5-9} asked a question before
  they started. We hired one of those two.
M Payroll took me longer than the product's whole billing system. Find an accountant first, find the person
  second.
M My co-founder and I had fought about designers versus developers. Then we counted where the hours went,
  and it was support and invoices. So that is what we hired for.
N Cost with everything: ${1900-3600} a month. Runway went from {14-19} months to {8-11}. First month in
  which it paid for itself: month {4-7}.
C What did you hand over first, and did you take it back?
C Tell me about your worst first week as a boss, I will tell you mine.
C If somebody sends you forty careful bug reports, that is an application.

# slow_growth ; Story, Question, Numbers
T Three years, ${mrr} a month, still slow. Still here
T Is there anybody else whose graph is just a gentle slope?
T I nearly stopped in {February|July}. A letter from a {one} changed that
T Burned out at {customers} customers
T Slow is a business model too, an update after {20-40} months
O Nothing exciting to report. That is the report.
O I took {3-6} weeks off from my own company because I could not open the laptop without a knot in the
  stomach. Some notes for those who are near that place.
O You read a lot about rockets here. We are more of a rowing boat: {product}, {customers} customers, every
  month a few more.
M Every month since the start we grew by {2-5} customers. Not percent, customers. For the first year I told
  people a different number.
M What wore me out was the comparing. There is always somebody at ten times our size in half the time, and
  they always post it on a Sunday evening.
M The letter was on paper. A {one} wrote that she gets home before her kids are asleep on Thursdays. There
  was no feature request in it.
M I cut the goal in half, on purpose, in writing. Then I turned off the daily revenue email. I look on the
  first of the month, with coffee, for ten minutes.
M During the weeks off, nothing broke. Two people wrote; one of them answered the other. It was good for the
  company and hard on the ego.
M My doctor asked what I do for fun, and I explained the product to her. She waited until I noticed.
M A friend who sold his company told me he misses the rowing boat. I did not believe him, and wrote it down
  anyway.
N MRR at the end of each year: ${120-300}, ${500-900}, ${mrr}. Hours a week: {55-65}, {45-52}, {28-34}.
N Net new customers per month for the last half year: {2-4}, {1-3}, {3-6}, 0, {2-5}, {4-7}.
C Who else is rowing? Say hello, it is quiet out here.
C I do not have advice. I wanted one post with a slope on this page.
C What made you stay, or stop? Both answers are welcome.

# launch_flop ; Story, Lesson learned, Question
T Launch day: {9-31} sign-ups, {2-4} of them my relatives
T We launched to silence. What I would do with the first week now
T What do you do on the day after a launch that nobody noticed?
T I planned a launch for {3-7} months and it was over by lunch
T Second launch, smaller and better: numbers from both
O We had a countdown. Let me start there: we had a countdown, and at zero nothing happened.
O Launch report, since I promised one whichever way it went. It went the other way.
O There is a special kind of quiet on the evening of a launch day.
M I had prepared for too much traffic. Two servers, a queue page, a friend on call. The highest load in the
  whole day was me, refreshing.
M The list I had was {600-2100} people who wanted to win a tablet. That is a different thing from people who
  want {product}.
M My relatives signed up under false names so that I would be pleased. My aunt is "Captain Bob". She has the
  highest activity score of all the accounts.
M On day three I wrote to each of the strangers and asked what they had hoped for. Two of those
  conversations went on for weeks, and the current product is basically their wish list.
M The second time I told {14-30} {who}, by name, one at a time. No date, no banner. More than half of them
  came.
M I kept saying "we" in the announcement. It was me and a plant. A {one} told me later that she would have
  trusted "I" more.
M The thing I had been hiding until launch, the ugly import, was the only part that people talked about. I
  could have shown it in week two.
N First launch: {800-2600} visits, {9-31} sign-ups, 0 paid. Second: {90-160} visits, {14-26} sign-ups, {5-8}
  paid.
C Did a big launch ever work for anybody here who did not already have an audience?
C Captain Bob says hello.
C The plant is doing well.

# offer ; Question, Story
T Somebody wants to buy us for {2-4}.{1-9}x yearly revenue. Talk me out of it, or into it
T I sold my small {app}. The whole timeline, with numbers
T We got an offer, said yes, and it fell through in due diligence
T What would you ask a buyer before you sign anything?
T Selling a business that makes ${mrr} a month: is it worth the trouble?
O An email came in that I took for spam, and answered out of politeness {9-20} days later. It was a buyer.
O We are small: {customers} customers, ${mrr} a month, me and a part-timer. I did not know that anyone buys
  things of this size.
O The sale closed on Monday. I can share nearly everything except the name of the buyer.
M Their first question was not about revenue. It was "what happens if you are ill for a month?" I said that
  I am never ill, and there was a pause.
M Due diligence was {5-9} weeks of finding documents. The contract with our very first customer is a text
  message.
M They found that {20-35}% of revenue came from a single account. I knew it. I had never seen it as a
  percentage.
M My number was based on what I need. Their number was based on what it earns. Both of us were polite about
  the gap for a fortnight.
M Half up front, half after a year if churn stays under a line. I spent an evening on who controls the
  things that move churn, and it would not have been me.
M I told the {who} we are closest to before I signed. Their advice was better than the adviser's: they
  wanted to know who would answer the phone.
M It fell through on a Thursday by way of a two-line email. I was furious for a day, then fixed everything
  they had listed. We are a better company for it, and worth more.
N Asking: ${40000-90000}. First offer: ${22000-38000}. Legal fees: ${1800-5200}. Hours in calls: around
  {30-60}.
N MRR ${mrr}, costs ${210-640}, my hours {9-19} a week, growth flat for two quarters.
C If you sold: what do you wish the contract had said?
C What would you do, with two kids and a product that is fine?
C I miss it more than I thought. Not the support inbox, the rest.

# update ; Numbers
T Month {months}: ${mrr} MRR, {2-6} cancellations, one good decision
T Quarterly numbers of a small {app}: the good and the ugly
T {customers} customers: where each of them came from
T My whole P&L as a one-person company, every line
T Month {months} update: flat, and I think I know why
T A year of {brand} in numbers. What would you cut?
O As every {month|quarter}, the unpolished numbers of {product}. I write them for myself and post them so
  that I cannot round up.
O Update time. Short version: revenue ${mrr}, mood medium.
O Some of you asked for costs, not only revenue. So here is all of it.
M Costs were up because I paid the accountant for the year. Without that, the month would be the best one so
  far, and I notice how much I want to leave it out.
M The experiment of the month was a phone number on the front page. {8-19} calls, most of them wrong
  numbers, two of them sales. It stays.
M I stopped the ads. Nothing happened to sign-ups. I would like those ${300-1100} back.
M The good decision: I said no to a custom project. It would have been worth two months of revenue, and it
  would have eaten three.
M Most new accounts came by word of mouth again. I asked each of them who had told them, and sent those
  people a postcard. A real one.
M The bad news is that a whole cohort from {spring|the fair|the autumn} has gone. They came for a discount
  and left with it.
M I wrote {4-9} articles. One brings {60-80}% of the search traffic, and it is the one I wrote in a bad mood
  in twenty minutes.
N ⏎- MRR: ${mrr} ⏎- customers: {customers} ⏎- new: {6-14} ⏎- cancelled: {2-6} ⏎- hosting: ${40-190} ⏎-
  tools: ${60-150} ⏎- accountant: ${80-400} ⏎- coffee: I stopped counting
N Where they came from: {38-52}% word of mouth, {15-25}% search, {8-14}% the association newsletter, the
  rest I cannot trace.
N Per week I spent {7-12} hours on support, {6-11} on code, {2-5} on selling and {1-3} on worrying in front
  of the dashboard.
C Questions are welcome, including rude ones about the margin.
C What am I not seeing? I have looked at these rows for too long.
C Full sheet, no sign-up: https://sheets.example.org/{brandlow}

# rewrite ; Lesson learned, Story, Question
T We rewrote everything. It took {7-14} months instead of three
T I removed {30-60}% of our features and nobody complained
T When did you stop saying yes to feature requests?
T The feature that {60-85}% asked for and {2-6}% use
T I built for the demo, not for Tuesday
O We have a board with {200-420} requests on it. I built the top one. I am here to tell you what happened.
O In {spring|January|summer} I decided that the code was the problem. It was a comfortable thing to decide,
  since code is what I am good at.
O This is a confession about a settings page with {60-110} switches.
M Each switch was somebody's reasonable email. I can still name the person for most of them. Two of those
  people have been gone for a year.
M During the rewrite we shipped nothing. Customers are patient with you for about four months, then they
  start asking if everything is all right at home.
M I counted clicks for a week before removing anything. Whole screens had no visitor but me.
M A {one} cried out when I removed the yearly chart. She was the only one. I made her a spreadsheet that
  does the same, it took ten minutes, and she prefers it.
M Asking "what would you do with it on Tuesday?" has ended more feature requests than any roadmap. Mostly
  they go quiet, and sometimes they tell you what the real problem is.
M The old version was ugly, and it had six years of odd little fixes in it that I took for mess. We found
  out what each of them had been for, one angry call at a time.
M Speed was the only result that anybody noticed. I could have had that with an index, as I now know, in an
  afternoon.
N Plan: 3 months. Real: {7-14}. Features before: {90-140}. After: {38-60}. Complaints about removed things:
  {3-7}. Complaints about speed before: {40-80}.
C How do you say no in a way that people do not mind?
C Add the index first. Then decide.
C What is the switch in your product that you are ashamed of?

# big_customer ; Story, Question, Lesson learned
T One customer is {35-62}% of our revenue and they want a discount
T We said no to our biggest deal so far
T A company with {2000-9000} employees wants our {app}. We are two people
T How do you survive a {40-130}-question security questionnaire?
T Net 90: how a dream customer almost bankrupted us
O The logo would have looked wonderful on the page. That is the honest reason why it took us so long to say
  no.
O We make {product}, for very small outfits. Then procurement of a very large one found us.
O I need a sanity check from people who have done this, as I am too close to it.
M The questionnaire has a tab for our physical guards. We work from a converted garage. The guard is a cat.
M Their champion is fantastic, and she left in the middle of it. Her replacement had a favourite vendor. We
  had built two months of things for a person who was no longer there.
M Payment terms were ninety days from receipt of a correct invoice. The first three invoices were not
  correct: wrong order number, right order number in the wrong field, right field in the wrong colour, I
  think.
M Every one of our other {customers} customers waited while we did single sign-on. Some of them noticed, and
  one of them left a review about it.
M I asked what the problem costs them in a year. It was a number so far above our price that I felt sick.
  Nobody there had thought that we were cheap; they thought that we were a risk.
M We wrote a one-page list of what we will not do. It was meant to end the conversation. They signed two
  weeks later.
M My co-founder put it best: with them we would have a job, and we both left jobs.
N The deal: ${18000-64000} a year, against ${mrr} a month for everything else together. Work until the first
  payment: {210-460} hours.
C Would you have signed? I still wake up with the number.
C What is your limit for one customer as a share of revenue?
C If somebody has a sane template for these questionnaires, you would make a cat very happy.

# admin ; Question
T Sole trader or limited company at ${mrr} a month?
T How do you handle refunds after {5-11} months of use?
T Do you charge VAT correctly in every country? Really?
T A customer wants to pay by cheque. Do I say yes?
T What should be in a contract for a {$2000-9000} pilot?
T Does anyone have insurance for a one-person software business?
O I know that I should ask a professional, and I have an appointment. I would like to walk in with the right
  questions.
O Boring question, and I could not find an answer from somebody at our size.
O This came up today with a {one} and I have until Friday to answer.
M My accountant is great with shops and had never seen a subscription. We are learning together, and I am
  paying for both of us.
M The forums say "just form a company", in the tone in which people say "just exercise".
M I sell to {who} in {3-9} countries, mostly small amounts. The rules that I have read fill more pages than
  our code.
M She is not being difficult. She paid a year in advance, her business closed, and our terms say no refunds
  because I copied them from somewhere.
M I asked two founders I know and got two opposite answers, both of them very sure.
M So far I did nothing, and that has been working well, which is what worries me.
N Amounts: about ${mrr} a month, {customers} customers, no employees, one laptop.
C What did you do, and would a stranger at the tax office agree with it?
C Pointers to anything written in plain language are welcome too.
C Thanks. I will come back with what the professional says.

# feedback ; Feedback
T Would you understand what this does? Feedback on the first paragraph of my page
T Be harsh: is {product} a business or a hobby?
T I have three prices and doubt all of them. Which one would you pick?
T Feedback wanted on my plan to sell to {who}, from people who have sold to small trades
T Can somebody poke holes in these assumptions?
O I have been staring at it for too long, so I would be thankful for strangers' eyes.
O I am {5-11} weeks into {product}, and before I spend the savings I would like somebody to tell me where
  this breaks.
O Background: I worked with {who} for {4-15} years, I can code well enough, I have never sold anything.
M The paragraph: ⏎⏎> "You know which jobs are due tomorrow without opening the folder. That is all it does."
  ⏎⏎My partner likes it. My partner also likes me.
M My assumptions: ⏎⏎1. A {one} loses about {3-6} hours a week on this. ⏎2. She knows it. ⏎3. She can decide
  on ${price} without asking anyone. ⏎4. She will type with one thumb, in the rain.
M I talked with {8-21} of them. Most agreed that it is a problem; I am aware that agreeing is free.
M The part that I doubt most is the third one. They are careful with money, and the season decides
  everything.
M What I do not want is another dashboard. They have four, and the paper on the wall wins each time.
M If it fails I go back to contracting, so the downside is a year and some pride.
N Plan: {20-35} customers at ${price} in the first year, costs of ${90-240} a month, {15-20} hours a week
  from me.
C Where would you stop believing me?
C What would you need to see before you would put a year into it?
C Blunt is fine. Kind and blunt is perfect.

# family ; Story, Question
T My partner asked me to choose a day on which I do not talk about {brand}
T How do you explain to your parents what you do?
T New baby, {customers} customers, no sleep: how we did the first {8-16} weeks
T The company trip was my kids in the back of the van
T Should family ever be customers?
O It is not a business post, strictly, but I think that it decides more businesses than pricing does.
O We had our second child in {March|June|October}. I am the only person at the company. Those two facts met
  at four in the morning.
O At dinner my daughter asked if {who} are my friends. I said yes. She asked if they know it.
M I told all the customers, plainly, three months ahead: I will be slow from this date to that date, here is
  what still works. Nobody left. Several sent socks.
M We picked Saturday. The first ones were strange, as though I had lost my language. I now have opinions on
  bread.
M My father tells people that I "do computers for the {who}". It used to annoy me. It is a better pitch than
  the one on our site.
M My uncle was one of our first users, and he never told us about a single bug, out of love. I would take a
  rude stranger every time.
M What helped: a list on the door of the three things that count as an emergency. There have been none since
  we wrote it down.
M My partner reads the numbers every month, same sheet as me. It was scary to share it. It was much scarier
  to be the only one who knew.
M We do the accounts together on the first Sunday with cake. It takes an hour, and there is cake.
N In those weeks: {2-5} new customers, {1-2} lost, {70-140} unanswered mails, no regrets.
C What are your rules at home? I am collecting them.
C Thank you to the person here who told me to write the door list.
C How do you do it with small kids, truly? The posts that I find are all by people with a nanny.

# free_plan ; Numbers, Lesson learned, Question
T We switched off the free plan. {2-5}% upgraded, the rest was quiet
T {3000-9000} free users, {customers} paying. Would you end the free plan?
T What free users cost us, to the cent
T Trial of 14 days or trial of 30? We tried both
T I made the trial shorter and more people paid
O For {months} months anybody could use our {app} for free, for good. I thought of it as marketing.
O We ran a clumsy experiment on trial length, with clumsy numbers, and I would like to hear where I fool
  myself.
O I looked at who our free users are. I should have done it two years ago.
M {8-15}% of them were {who}. The others were students, competitors, and one very active account that used
  us to plan a model railway club.
M Supporting them took {9-14} hours a week. They were friendlier than paying customers, which made it harder
  to see.
M We gave them {60-90} days, an export and a small discount. The model railway man paid straight away, for
  three years.
M With thirty days people started on day twenty-six. With fourteen they start on day one. I do not think
  there is more to it.
M A {one} told me she had not trusted the free version, "because then what are you doing with my customers'
  names?". Fair.
M I was afraid of the reviews. There were {2-4} bad ones, and two of them said in the text that they had
  never used it for work.
N Cost per free user: {11-38} cents a month in hosting, about {60-95} cents with my time. Multiply it by a
  few thousand.
N Trial to paid with 30 days: {3-4}.{1-9}%. With 14 days: {5-6}.{1-9}%. About {200-420} trials in each
  group.
C Has anybody brought a free plan back? How did that go?
C I know that it works for some. It did not for us, and I wish I had counted earlier.
C Where is the mistake in my reasoning? There must be one.

# short_question ; Question
T How long is your sales cycle with {who}?
T Do you show your face on your website?
T What did you do with your first ${price}?
T Which number do you look at on a Monday morning?
T Would you take an unpaid pilot with a well-known {one}?
T How do you decide when a side project is a company?
T Does anybody still use paper for their accounts?
T Who do you talk to when it goes badly?
T What is the most boring thing that made you money?
T How many hours did you really work last week?
T Do you answer support on holidays?
T What would you do with one free day a week?
T Is {45-90} days too long to wait for a decision?
T How did you choose your niche, honestly?
O I am at {customers} customers and go round in circles on this one.
O Curious how others here see it, since the books all say the same and the founders I know all do something
  else.
O A {one} asked me that today and I had no good answer.
O No long story today, only the question.
M We sell {product}. I used to think the answer was obvious.
M I would guess {3-6} out of ten do what I do, and nobody admits it.
M My own answer changed twice in {months} months, and both times I was certain.
M I ask since I am about to change it, and would like to be talked out of it by somebody with scars.
C I will start: badly.
C Real answers please, not the ones for the podcast.
C Happy to share ours in the comments.

# promo ; Story, Feedback, *
T Check out {brand}, the all-in-one platform for {who}
T Introducing {brand}: save {5-12} hours a week, free trial inside
T We just launched {brand}! {20-50}% off for this sub
T {brand} is live - the easiest way to manage your {who}
T Tired of spreadsheets? Try {brand} today
T Best {app} in the market, sign up now
T 10x your bookings with {brand} 🚀🚀
O We are thrilled to announce {brand}, the all-in-one {app} for {who}. Sign up today and get {20-50}% off:
  https://{brandlow}.example.com/signup
O Hey founders! Are you tired of losing time? {brand} automates everything, so that you can focus on what
  matters. Free trial, no credit card: https://{brandlow}.example.com
O {brand} is the game-changing solution that {who} have been waiting for. Check out our website
  https://www.{brandlow}.example.net and DM me for a code!
O After months of hard work our team is proud to present {brand}. It is {product} that simply works. Sign up
  here: https://app.{brandlow}.example.com
O Quick one: I am giving away lifetime access to {brand} for anyone who signs up this week.
  https://{brandlow}.example.org/deal
O Do you know any {who}? Send them this, they will thank you: https://{brandlow}.example.com/?ref=hf
O Is it just me, or do {who} waste hours on paperwork? That is why we created {brand}. Check out the demo
  video on our site.
O Looking for early adopters! {brand} is now in open beta and you can sign up at
  https://beta.{brandlow}.example.net, it takes only a minute.
M ✅ Automatic reminders ⏎✅ Smart dashboards ⏎✅ Unlimited users ⏎✅ Cancel anytime
M Our customers report up to {3-9}x more bookings. Limited offer, only until Sunday, use code HARBOR{20-50}.
M Don't miss out! The first {50-200} sign-ups get lifetime access.
M Built with the latest AI, seamless and powerful. We would love it if you could try it and leave a review.
M We help businesses like yours unlock growth. Book a free demo with our team, link in my profile.
C Let us know what you think! 🚀
C DM me for details.
C Upvote if you want to see more!

# weekly ; Weekly thread
T Weekly thread: what went wrong this week? ({week})
T Weekly thread: share one number, good or bad ({week})
O Welcome aboard. Tell us about one thing that did not work this week, and what you make of it. Links are
  fine in this thread, as long as there is a story around them.
O One number and one sentence of context. It can be revenue, hours slept, or cups of tea. No pitching,
  please; rule 2 applies here as well.
M Last week's most useful comment was about phoning people who cancelled. If you tried it, report back.
M New here? Read the rules in the sidebar first, then say hello below.
C – the mod team

# * ; Story
M For context, I do this {alone|with one part-time helper|with my sister}, from a small town, with customers
  in {2-6} countries. No investors.
M I know it sounds obvious when I write it down. It was not obvious at eleven at night with {14-40} open
  tabs.
M A founder whom I met through this sub told me to write down what I believed before I looked at the data. I
  recommend it, it is humbling.
M To be clear, I do not think this is a rule for everybody. {who^} are a peculiar crowd, and I love them for
  it.
M Somebody will ask about the stack: the dullest one you can think of, on one server, and it has never been
  the problem.
M I talked about it with my partner, who has never seen the product and was right within a minute.
M I am writing this on a train with bad coffee, so forgive the order of things.
M There is a version of this story in which I was clever. It is not this one.
M I showed a draft of this post to a {one} I trust, and she said I had left out the part where I panicked.
  So: I panicked.
M {who^} will forgive nearly everything, except being surprised.
M What surprised me most was how little of it had to do with the product.
M I asked in here about it in the {spring|winter|summer}, under a worse title, and three of the answers
  turned out to be right.
M My old boss used to say that you find out what a plan is worth on the first wet Monday. He was right, it
  was a Monday.
M It cost me about {2-6} bad nights. I used to think that those come with the trade. I am no longer so sure.
M None of this is advice. I have a sample of one, and the one is tired.
M We are {customers} customers and ${mrr} a month, so adjust for scale before you copy anything.
M The mistake I keep making is to decide in the evening. Every decision in this post that I regret was made
  after nine.
M (Edit: thanks for the messages. I cannot answer all of them today, but I read each one.)
M I kept a diary through it. On the worst day it has a single line: "{buy milk|sleep|phone the bank}".
M I had read every book on the subject, and I want to say they are right, and that it makes no difference
  until it happens to you.
M It took {3-8} weeks before I could talk about this without getting defensive, so please be gentle in the
  first few comments.
M Looking at the bank account was the last thing I did in each of those weeks. It should have been the
  first.
M Some of the dates may be off by a week. The amounts are right, I
  checked them against the bank.
M There is a {one} two streets from my flat who has seen each version since the first. She says that the
  second was the best.
M Things I would tell myself: ⏎⏎- write it down before you decide ⏎- ask one {one}, in person ⏎- sleep ⏎-
  then do the smaller version
M In hindsight: ⏎⏎1. I waited too long. ⏎2. I asked the wrong people. ⏎3. The fix was boring.
"""
