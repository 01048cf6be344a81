"""The words that the claims check knows: which mean the same, which mean the opposite, which carry no claim.

Written by hand, for posts of small makers and shops in English. Words (or phrases, joined by `_`) between two bars of
`CONCEPTS` may replace one another in a paraphrase; a word may be in several groups. A word that is in no table must be
in a fact itself.
"""

from __future__ import annotations

CONCEPTS = """
say tell state mention write speak talk note report | show display list present reveal print output
see view look watch notice spot | send deliver mail email post dispatch ship message transmit send_out
mail email e_mail inbox | text_message sms text | receive get obtain arrive | answer reply respond response get_back
ask request query question | call phone ring telephone
build make create produce craft construct assemble develop design write code program
hand_made handmade by_hand manual handcrafted manually hand | invent devise concoct
fix repair mend restore fix_up patch | break snap crack shatter damage fail | worn worn_out wear old
change modify alter edit update differ difference diff drift swap | compare comparison diff match contrast
swap exchange trade switch | remove delete erase wipe clear drop take_out take_away go_away gone
throw_away throw_out bin discard waste scrap toss dump thrown | keep store save retain hold stay host
stay remain keep stick | start begin launch open found set_up establish kick_off beginning
launch release ship publish come_out out_now go_live roll_out | end finish complete stop over final get_through
quit leave cancel stop give_up drop_out churn resign abandon walk_away unsubscribe end lose drop_off
lose drop miss | close shut shut_down close_down go_under fold out_of_business closure finish
opens opened opening open
join sign_up register enroll subscribe enrol signup sign_in log_in login registration account
account profile sign_up signup registration login register password
subscriber member recipient reader audience list people | buy purchase order pay get | buyer customer client user
sell sale sold retail | cost price charge pay fee worth come_to pound dollar euro priced bill billed
cheap inexpensive affordable low | expensive dear pricey costly
free gratis for_nothing no_cost without_paying without_charge no_charge zero_cost unpaid | pay paid payment paying
revenue income turnover earn earnings make_money bring_in | profit margin left | spend spent cost
borrow loan lend debt borrowed credit | rent lease | raise increase rise grow climb go_up gain more
reduce decrease fall drop decline shrink go_down cut lower less save | save spare cut | win gain get
need require must take necessary depend | want wish like would_like | use employ apply run adopt usage user on_it
user people customer person member client player | run work operate function go last
run manage lead own operate head look_after handle | manager boss lead chief head
last endure hold keep_going run survive | founder maker creator author developer owner dev behind
found start set_up open build make | partner co_founder cofounder co_owner
company business firm startup start_up enterprise venture | shop store
worker staff employee team crew colleague personnel employ | hire recruit employ take_on
alone solo by_myself on_my_own single_handed one_person solo_dev myself self | together jointly
two_people both couple pair two_of_us | team crew group | job work position role career
was worked job profession previously former formerly used_to | electrician wiring
teacher teach instructor tutor lecturer class lesson | student learner pupil beginner participant
beginner newcomer novice starter | class course lesson | school college academy | evening night
exam test examination oral | correct fix improve correction feedback | native mother_tongue
speak talk speech say conversation voice aloud out_loud | record recording voice audio | message note voicemail
listen hear | learn study pick_up | read reading | write writing draft | book textbook | grammar rules
level stage chapter part | play player | game title | player people | music soundtrack song score
puzzle riddle level brain_teaser | light beam ray glow | blink flash flicker pulse light | mirror reflect
demo trial sample free_version preview | trial try test pilot demo | try test attempt trial check_out
tester beta_tester participant try | test check exam try | pilot trial test try_out | copy unit sale sold
pack set bundle box | unit piece sensor device | sensor device probe gadget | prototype first_version early_version
solder soldering_iron wire | battery cell power charge
water watering waterlog moist moisture wet damp humid thirsty dry | overwater drown too_much_water overwatering
soil earth dirt ground | plant flower greenery | plant fig | kill die death dead drown | root depth
surface ground top | deep depth down | phone mobile smartphone | app application | software program tool code app
tool app software product program thing application | browser web online internet website
website site page web homepage online | online internet web website | wifi wi_fi wireless network internet
offline no_internet | server host hosting data_centre cloud | hosting server infrastructure | file document doc
word docx | document contract file paper | contract agreement | clause passage term provision section
version edition release draft variant model | lawyer attorney counsel solicitor legal | office firm practice
law legal | paralegal legal_assistant | chatbot bot assistant ai | advice counsel tip recommendation
review check examine inspect read | miss overlook forget fail_to_notice overlooked skip | boss manager
client customer | customer client user buyer guest | beta testing preview
support handle cover work_with compatible understand know deal_with take accept | support help_desk helpdesk
compatible work_with run_on | import importer bring_in load move_over migrate bring | export exporter download
format file | csv spreadsheet plain_file | convert transform turn translate | translate translation language
english german french language | collect gather | adult grown_up grown_ups | show see appear | employer company boss |
alone solo
single_player | phone_line phone call | offline without_internet no_connection | track watch monitor measure follow
log record know
telemetry tracking analytics tracker usage_data usage_stats phone_home | analytics stats statistics
measure gauge read detect sense measurement | opens open | click tap press | unsubscribe leave opt_out
subscribe sign_up | newsletter mailing email mail issue | calendar schedule diary
schedule plan rota roster timetable shift | rota roster shift_plan schedule | plan planner planning
planned plan roadmap upcoming future next come soon in_the_works scheduled later coming on_its_way
translated in_the_works in_progress under_way | shift hours | staff people | available can availability free
cafe coffee_shop coffee bar | restaurant diner eatery | bar pub | seat sit chair room place | bakery baker bake
bake baker make | bread loaf sourdough rye | flour grain wheat | mill miller
local nearby regional close_by around_here | meat ham bacon sausage vegetarian vegan animal
frozen freezer freeze frost | starter sourdough culture | accounts books bookkeeping accounting finances
hate dislike loathe can_not_stand despise | like enjoy love | pre_order order reserve book
location branch site place outlet | house home flat | neighbourhood area district | town city
harbour port dock quay | bicycle bike cycle | cycle ride rode cycled | tyre tire flat puncture | brake | spoke wheel
motor engine | e_bike ebike electric | donate give donation gift go_to | charity club non_profit nonprofit
club choir group association | choir sing | refugee asylum | winter cold | sister sibling | brother sibling
mother mom mum parent | father dad parent | wife husband spouse | child kid son daughter children | friend mate pal
weekday workday monday_to_friday weekdays | weekend saturday_and_sunday | daily every_day a_day day
weekly every_week a_week week | monthly every_month a_month month | yearly annual every_year a_year year annually
evening evenings | morning a_m | night overnight | hour hourly | today nowadays | quarter three_months
average mean median typical on_average typically | half fifty_percent | everything all every whole
only just sole merely solely no_other exclusively | first initial | beginning start first | last previous past
later afterwards then | before until ago prior previously earlier | after since following then once | second another
during while | near close about | fast quick rapid speedy quickly | slow sluggish | easy simple straightforward
hard difficult tough tricky | small little tiny | big large huge | few under | many lot plenty numerous
main mainly mostly most chiefly largely | equal same identical match in_line line
regardless whatever however no_matter | error mistake bug fault | bug issue defect
open unresolved known outstanding | closed fixed resolved solved | repository repo github | star starred
contributor contribute contribution | maintain maintainer maintenance look_after work_on
open_source free_software libre | licence license licensed | command_line cli terminal
database db postgres postgresql | schema structure | table | sql statement query | migration migrate | index
production live prod | site service website | be_down outage offline unavailable downtime go_down
outage downtime incident | spare_time free_time hobby evenings unpaid side_project | install set_up setup download
github_actions ci pipeline | laptop computer machine notebook | run execute apply | windows pc | mac macos osx apple
linux ubuntu | hand_over give | deliverability arrive delivered land | spam junk
block blocklist blacklist blocked ban | provider host | address email | see visible | bcc blind_copy
nurse nursing hospital | hospital clinic | help assist support | reach hit | stuck get_past | tired exhausted
worry fear afraid | hope expect | timer clock time_limit countdown time_pressure timed | time_limit deadline
level_editor editor | update release version | reminder remind nudge | polite friendly kind | invoice bill
chase run_after follow_up pursue | late overdue delayed | unpaid outstanding | pay settle
freelancer self_employed contractor | designer design | salary wage pay payroll | payroll salary wages | tax vat
bank lender | insurance insure | money cash fund | budget spending | investor vc fund funding backer
crowdfund kickstarter | recipe cook dish meal | cook chef kitchen | food meal dish | drink beverage
coffee espresso | beer brew | tea infusion | garden yard outdoor bed | outdoor outside garden | indoor inside
wood timber wooden | metal steel | plastic | paper print | battery_life battery | charge recharge | screen display
button key | keyboard keys | camera photo picture | picture image photo | video clip film | sound noise audio
quiet silent noiseless | loud noisy | print printer | heat warm hot | cool cold | weight weigh heavy
light_weight light | size dimension | colour color | red | blue | green | safe secure safety
private privacy confidential | encrypt encrypted encryption | password passcode | data information info
data_set dataset | backup back_up | sync synchronise synchronize | share shared | publish post | blog article
podcast episode show | episode part instalment | listener audience | viewer audience | reader audience
forum community subreddit | community people | volunteer helper unpaid | parent family | patient sick ill
doctor physician gp | therapy therapist | exercise workout training | train practise practice exercise | run jog
gym fitness | coach trainer mentor | sleep rest | walk hike | travel trip journey go | hotel hostel | guest visitor
visit come_by drop_in | guide tour | map | train rail | car vehicle auto | drive ride | road street
flight fly plane | boat ship | knit yarn wool | sew stitch | cloth fabric textile | dress clothes garment
repairable fix | lend rent hire | library collection | toy | card deck | board | dice | rule | character hero
story plot | ending end | map level | engine | artist illustrator | draw drawing sketch illustrate | paint painting
song track | piano keys | guitar | choir | concert gig | studio | degree university uni study
university uni college | certificate diploma | graduate finish | module unit chapter lesson | worksheet exercise
homework assignment | deadline due | week_end weekend | holiday vacation | bank_holiday holiday
new_year new_years_day | christmas | spring march april may | summer june july august
autumn fall september october november | winter december january february | age old | young new | born birth
married wedding | live reside home | move relocate | grow raise | harvest crop | farm farmer | animal pet
dog puppy | cat kitten | horse | bee honey | fish | bird | tree | forest wood | energy electricity power | solar sun
recycle reuse second_hand secondhand used | waste rubbish garbage | package parcel box | return send_back refund
refund money_back | guarantee warranty | stock inventory | warehouse storage | supplier vendor
ad advert advertising advertisement | marketing promotion advertise | post thread | comment reply
rejection reject refuse decline turn_down | accept approve | approve approval | meeting call | interview talk
conversation talk chat | chat message | ticket issue | task todo job | project work | note notes memo
search find look_up | find discover come_across | sort order arrange | filter | count number | sum total
calculate compute work_out | chart graph plot | table sheet | spreadsheet excel sheet | template form
form questionnaire | questionnaire poll | survey poll | vote | rating score | review feedback | feedback opinion
complain complaint | praise compliment | hour_long hour | wait queue | appointment booking slot
booking reservation book | book reserve | remember recall | forget omit | decide choose | choose pick select
prefer rather | agree consent | allow let permit enable possible can | forbid ban | prevent avoid stop
protect guard | attack hack | leak breach exposed | lock key | connect link pair hook integrate plug
integrate integration connect | link url address | automatic automate automatically auto | manual by_hand
local on_device on_your_machine | load open | crash fail | crash freeze | freeze hang | memory ram | disk storage
processor cpu | size large | line row | row entry record | record entry | column field | page sheet | picture photo
offline local | developer dev programmer engineer coder | engineer technician | programmer coder | designer artist
carpenter joiner | baker | barista staff | mechanic repair | plumber | accountant bookkeeper | assistant helper
owner own | neighbour next_door | prison jail | police | army military soldier | church | government state | council
mayor | sensor probe | version model | solved answered | silent inactive | go_badly fail badly | badly poor
good well | bad poor | broke bankrupt penniless | survive | nearly almost close_to | membership subscription member
contract sign agreement sign_up | pain hurt ache sore | phd thesis dissertation doctorate doctoral
tool library package | library package module | traffic visit view page_view | page_view view visit | visitor visit
worker staff employee work_here work_for_us work_with_us | cooperative co_op coop together | child kid young
dependency depend install require | dependencies dependency | cookie tracker
self_host self_hosted on_your_own_server docker | host server run | advertising ads ad | lockdown pandemic covid
early morning | truck lorry | driver drive | trained train learn study | scan scanned ocr image
extract pull get_out pull_out take_out | miss find | disappear vanish lose missing go_missing
never_come_back lose disappear | come_back return get_back bring_back | pupil student child kid
weak weakness problem mostly | rinse wash clean wipe | scotland scottish scots scots | ireland irish
england english britain british uk | wales welsh | germany german | france french | spain spanish | italy italian
europe european | america american usa us | canada canadian | netherlands dutch | portugal portuguese
poland polish | sweden swedish | norway norwegian | denmark danish | japan japanese | china chinese | india indian
brazil brazilian | mexico mexican | free for_nothing | plan tier price cost | report list name show
picture screenshot | server store host | parcel order shipment | note comment | noon midday twelve
"""

# Opposites: when a fact says the one and a sentence the other, in the same matter, they disagree.
OPPOSITES = """
increase decrease | rise fall | grow shrink | open close | start stop | start end | buy sell | win lose | join leave
join cancel | stay quit | stay leave | pass fail | free paid | fast slow | cheap expensive | online offline
indoor outdoor | public private | local remote | automatic manual | finish quit | find miss
cooperative competitive | remember forget | empty full | profit loss | hire fire | borrow lend | love hate
like hate | early late | day night | before after | better worse | good bad | longer shorter | higher lower
more fewer | big small | easy hard | heavy light | strong weak | safe dangerous | wet dry | loud quiet | improve worsen
include exclude | add remove | accept reject | save waste | healthy sick | first last | inside outside | pay save
"""

# Grammar: never a claim by itself.
STOP = """
cannot a an the this that these those there here it its itself he him his she her hers they them their theirs i me my
mine
myself we us our ours ourselves you your yours yourself yourselves one ones who whom whose which what whatever where
when why how and or but nor so yet for of to in on at by with from into onto upon about over under above below
between through during against within without up down off out as than then if because while although though since
until till unless whether be am is are was were been being have has had having do does did doing done will would
shall should can could may might must not no yes too also very just even still again once ever never only such same
other another each every all any some both either neither most more less least much many few several own else per
via etc ie eg i.e e.g let lets let's us's im ive id ill youre youve theyre theyve dont doesnt didnt isnt arent wasnt
werent wont wouldnt cant couldnt shouldnt hasnt havent hadnt ain't em 'em ok okay oh well hey ah hmm plus minus like
"""

# Words that colour a sentence or carry its grammar; a paraphrase may have them although no fact does.
LIGHT = """
mind build create produce offer provide support handle make get go come take give put set do have keep let need want
use work run try help seem look feel find know think mean become turn happen end bring show tell say call ask start
begin mention lot thing stuff way kind sort bit part piece case point fact reason time moment day while today now
nowadays currently already soon later recently eventually finally originally initially mainly mostly largely chiefly
basically actually really honestly frankly literally simply quite rather pretty fairly somewhat enough almost nearly
about around roughly approximately exactly maybe perhaps probably possibly certainly definitely clearly obviously
remain remaining rest none apparently average living left two three four five six seven eight nine ten zero second
third however therefore thus hence instead otherwise anyway besides moreover altogether together apart back
away ago far near close long short little big small large huge tiny great good bad nice fine okay cool sure true
false right wrong real own certain idea different same similar various new old first last next previous latter former
main whole full entire half able possible available current actual number amount total person people somebody
someone anybody anyone everybody everyone nobody something anything everything nothing somewhere anywhere everywhere
nowhere place here there side front world life sorry thanks thank please welcome hello hi dear hope wish guess
suppose believe admit confess disclosure disclaimer biased bias neutral objective impartial partial affiliated
affiliation conflict interest voice view grain salt honest full fair transparency transparent hardly course
whatsoever simple simply plain only merely just ourselves myself total come_to amount_to sum comes per across among
along such far so_far yet still ever before after since until usual usually normal normally typical typically often
sometimes regular regularly occasionally mid early late open-ended matter question word sentence story post thread
update edit note tl dr tldr fwiw imo imho fyi btw ps op happy glad sad proud boy man guy folk folks yes no ok
obvious kindly involve involved wise behind within inside outside beyond toward towards despite except including
include contain consist hold hand number
"""

# Who could be quoted, counted or claimed: unknown, such a word weighs more than another.
PEOPLE = """
customer client user buyer guest subscriber player student reader listener viewer member patient regular neighbour
neighbor colleague friend wife husband partner brother sister mother father mum mom dad son daughter grandmother
grandfather grandma grandpa aunt uncle cousin kid child parent family boss mentor investor advisor adviser cofounder
co_founder employee team crew staff volunteer expert doctor dentist scientist researcher professor teacher lawyer
judge accountant agency agencies company companies business businesses brand brands school schools hospital
university police government bank banks startup startups restaurant hotel freelancer consultant manager owner
designer developer engineer founder maker critic journalist streamer influencer celebrity blogger fan fans local
locals community moderator
"""

# What people did with a product or for its maker: as much of a claim as a thing.
WEIGHTY = """
buy pay subscribe cancel return switch recommend order download win lose sue earn save cure heal prefer trust invest
donate sponsor hire fire vote complain praise quit abandon sell adopt
"""

IRREGULAR = """
shown:show bent:bend bound:bind blew:blow blown:blow bred:breed burnt:burn bit:bite bitten:bite dug:dig fled:flee
hung:hang hurt:hurt knelt:kneel leapt:leap learnt:learn let:let lit:light mistook:mistake overcame:overcome
proven:prove rid:rid set:set shrank:shrink shrunk:shrink sank:sink sunk:sink slid:slide spun:spin spread:spread
sprang:spring stung:sting struck:strike strove:strive swung:swing undertook:undertake upheld:uphold wept:weep
withdrew:withdraw withdrawn:withdraw woven:weave wove:weave wound:wind forgave:forgive forbade:forbid smelt:smell
spelt:spell spoilt:spoil dreamt:dream overslept:oversleep rebuilt:rebuild rewrote:rewrite rewritten:rewrite
redid:redo redone:redo outgrew:outgrow outgrown:outgrow backed:back bore:bear born:bear chose:choose
sewn:sew sewed:sew knew:know am:be is:be are:be was:be were:be been:be has:have had:have does:do did:do done:do
went:go gone:go goes:go ran:run made:make making:make built:build bought:buy brought:bring began:begin begun:begin
broke:break broken:break came:come chose:choose chosen:choose cut:cut cutting:cut dealt:deal drew:draw drawn:draw
drove:drive driven:drive drunk:drink drank:drink ate:eat eaten:eat fell:fall fallen:fall felt:feel fed:feed
fought:fight found:find flew:fly flown:fly forgot:forget forgotten:forget froze:freeze frozen:freeze gave:give
given:give got:get gotten:get getting:get grew:grow grown:grow heard:hear held:hold hid:hide hidden:hide hit:hit
kept:keep knew:know known:know laid:lay led:lead left:leave lent:lend lost:lose losing:lose meant:mean met:meet
paid:pay put:put putting:put quit:quit read:read rode:ride ridden:ride rang:ring rung:ring rose:rise risen:rise
said:say saw:see seen:see sold:sell sent:send shook:shake shone:shine shot:shoot shut:shut shutting:shut sang:sing
sung:sing sat:sit sitting:sit slept:sleep spoke:speak spoken:speak spent:spend stood:stand stole:steal stolen:steal
stuck:stick swore:swear swept:sweep swam:swim taught:teach took:take taken:take tore:tear told:tell thought:think
threw:throw thrown:throw understood:understand woke:wake woken:wake wore:wear worn:wear won:win winning:win
wrote:write written:write writing:write died:die dying:die lying:lie tied:tie children:child men:man women:woman
people:people feet:foot teeth:tooth mice:mouse lives:life wives:wife knives:knife leaves:leave loaves:loaf
halves:half shelves:shelf better:good best:best worse:bad worst:worst used:use using:use uses:use user:user
users:user running:run cafés:cafe café:cafe cafe:cafe cafes:cafe everyone:everyone analyses:analysis data:data
news:news bus:bus buses:bus gas:gas series:series species:species comparison:compare comparisons:compare sales:sale
sale:sale pages:page paged:page paging:page licence:license licences:license licensed:license installing:install
cancelled:cancel cancelling:cancel cancellation:cancel cancellations:cancel death:death thief:thief ours:our
swimming:swim beginner:beginner beginners:beginner planned:planned delivery:deliver choice:choose choices:choose
proof:prove growth:grow payment:pay payments:pay paying:pay unpaid:unpaid loss:lose losses:lose sight:see
speech:speak thought:think repair:repair weight:weigh solution:solve solutions:solve success:succeed failure:fail
failures:fail closure:close closing:close closed:close weekdays:weekday months:month
"""

# After these a word that can be a verb is one; after the next ones a noun.
BEFORE_A_DEED = """
to i you we they he she it who that not never also just only already always don't doesn't didn't can't won't cannot
couldn't wouldn't will would can could should may might must do does did i've we've you've they've i'll we'll you'll
they'll it'll nobody everybody everyone somebody let's be been being is are was were am has have had isn't aren't
wasn't weren't haven't hasn't hadn't
"""

BEFORE_A_THING = """
the a an my our your its their his her this these those no any some every each of in on for with from at by into about
without as per than between under over another other both two three four five six seven eight nine ten
"""

# These look like “faster” or “finest” but do not compare two things of one time.
NO_DEGREE = """
number after offer matter either other ever never counter farmer tender slender order earliest latest eldest youngest
"""

# After a bare verb these make it a command: “print the list”.
BEHIND_A_COMMAND = """
the a an your it them all more less some only one this that these those
"""

# Verbs whose bare form is (or looks like) their past, so at the beginning of a sentence they are no command.
PAST_TOO = """
run read cut set put hit let quit cost hurt shut split spread beat bet cast rid shed come become
"""

# A phrase that begins with these is not what is counted: “45 children on average”.
LEADS_AWAY = "on in at by of for with without from to out a an every each no"

# Stems that do not tell what a fact denies: “there is no ordering function”.
OF_NO_MATTER = """
function feature option support integration mode setting service system version control handl cover possibl work tool
thing us use allow offer provid
"""

# People of any kind.
ANYBODY = "people users customers buyers clients folks persons individuals humans"

# At the beginning of a sentence these point at something, so that it is not about things in general.
POINTS = """
the our my this that these those it we i you they he she there here its their his her your both all
"""

# Words that anybody may be meant by.
ANYONE = "people nobody everybody everyone somebody someone anybody anyone person folks kids children parents"

# Verbs of grammar in the present and in the past, and forms that only look like a past.
BE = "is are isn't aren't don't doesn't needs must should will won't"
WAS = "was were had did wasn't weren't hadn't didn't has have been"
NO_PAST = "is are am does goes better best worse worst making getting losing using dying lying"
