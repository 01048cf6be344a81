"""The words by which a rule's stances are found (`core/texts/rule_clauses.py`). They match in linear time."""

from __future__ import annotations

import re

from core.texts.rule_topics import said

_PLACES = r"(?:posts?|submissions?|threads?|titles?|bod(?:y|ies)|comments?)"
# Words that do not tell whether a thing is allowed: what happens to those who do it, how it is enforced, whom to ask.
NOISE = re.compile(
    r"\b(?:at|under|upon|per) (?:the |our )?(?:sole |full )?(?:mod(?:erator)?(?:s|s'|"
    r"'s)?(?: team)?'?s?) discretion\b|"
    r"\bat (?:the |our )?discretion of (?:the )?mod\w*|\bat our discretion\b|\bdo us (?:all )?a fav\w+(?: and\b)?|"
    r"\bat the door\b|"
    r"\b(?:with )?(?:absolutely )?no exceptions?\b(?! for)|\bwithout (?:any )?exceptions?\b|"
    r"\b(?:first|second|third|1st|2nd|3rd|repeat(?:ed)?|subsequent|multiple|further) "
    r"(?:offen[cs]es?|violations?|strikes?|offenders?|infractions?|time)\b|"
    r"\b(?:without|no) (?:a |any )?(?:further |prior )?(?:warnings?|notice)\b|\bno appeals?\b|\bno questions asked\b|"
    r"\b(?:\d+|one|two|three|seven|thirty)[- ]?(?:day|week|month)s? (?:temp(?:orary)? )?ban\b|"
    r"\b(?:but )?(?:is|are|isn't|aren't)?(?: not)? ?limited to(?=,)|\bbut (?:isn't|aren't|(?:is |"
    r"are )?not) limited to\b|"
    r"\byes,? (?=even|also|that (?:means|includes|goes)|this (?:means|includes|goes)|your?\b|the|it\b)|"
    r"\bno matter (?:how|what|who|where|when)[^,.;]{0,120}|\beven (?:if|when|though|once|in)\b[^,.;]{0,120}|"
    r"\b(?:doesn't|does not) matter (?:if|whether|how|who|what|where)\b[^.;]{0,120}|\bwhether or not\b|"
    r"\bregardless of\b[^,.;]{0,120}|\bregardless\b|"
    r"\b(?:counts?|counted|considered|treated|seen|regarded|classed) as (?:an? )?low[- ](?:quality|effort)(?: \w+)?|"
    r"(?<!n't )(?<!not )\b(?:feel free to |please |just )?report (?:it|them|such|any|these|those|to|rule)\b|"
    r"\bso (?:that )?(?:everyone|everybody|others?|people|we|mods|it|they)\b[^.;]{0,120}|"
    r"\bor (?:(?:be|get|face) \w+|else|(?:it|they|you|your (?:posts?|submissions?)|the post|"
    r"automod\w*)(?:'ll| will)? "
    r"(?:be|get|face|lose|is|eat)\b[^.]{0,120})|"
    r"\bif (?:you (?:see|spot|notice|have (?:a |any )?(?:questions?|doubts?|concerns?)|think|break|violate|"
    r"are unsure|"
    r"(?:are|'re) not sure|(?:are|'re) in doubt|disagree|feel|want (?:to )?appeal|(?:do|did) (?:it|this|so|that)|"
    r"post it|believe|(?:have to|must|need to)(?= *$|,)|ignore|wonder|keep (?:it|this|doing)|can't follow|insist|"
    r"persist|(?:can't|cannot|don't like it)"
    r"(?=,))|in doubt|unsure|not(?=,)|caught|found|reported|(?:some|any)(?:one|body) (?:does|harasses|"
    r"sends|breaks))\b"
    r"[^,.;]{0,120}|"
    rf"\b(?:in|from|to|of|your|on) (?:any |the |both |your |all )?{_PLACES}(?: ?,? ?(?:or|and|nor|/|"
    rf"&) ?(?:in )?(?:the |"
    rf"your )?{_PLACES})+\b|\b(?:posts?|submissions?) (?:or|and|/|&) comments?\b|\bcomments? (?:or|and|/|&) "
    r"(?:posts?|submissions?)\b",
)
# Reasons for a rule. Topics that are named in a reason are not what the rule limits.
PURPOSE = re.compile(
    r"\b(?:(?:in order )?to (?:fight|prevent|combat|reduce|avoid|stop|deter|discourage|limit|curb|cut down on|battle|"
    r"minimi[sz]e|keep (?:out|away)|counter)|due to|because of|thanks to|as a result of|so that|"
    r"(?:as|like) (?:with )?(?:an? )?anti)[ -](?:\w+[ -]){0,3}?(?:spam\w*|bots?|promot\w+|self[- ]promotion|"
    r"advertis\w+|ads|trolls?|trolling|abuse|brigad\w+|ban evasion|low[- ]effort(?: posts?)?|shill\w*)\b|"
    r"\bkeep (?:the )?(?:spam\w*|bots?|ads|trolls) (?:out|away|down|low|at bay)\b|"
    r"\b(?:treated|considered|counts?|counted|seen|regarded) as (?:spam\w*|advertis\w+|an ad)\b",
)
_NOT = r"(?:don't|do not|doesn't|does not|needn't|need not|didn't|won't|will not)"
FREES = said(  # negated prohibitions and negated duties
    rf"{_NOT}(?: really)? (?:mind|care) how (?!good|great)[^.;]{{0,120}}",
    r"(?:nobody|no one|no-one) (?:minds|cares)(?! about)(?: (?:if|when|that|whether|how) \w+)?",
    r"any \w+ (?:will do|would do|goes)|any language|all languages|nobody (?:checks|enforces)|nothing for you to do",
    r"no need (?:to|for)(?: ask(?:ing)?)?(?: us| the mods)?(?: before \w+ing)?|no approval (?:needed|required|"
    r"necessary)",
    rf"{_NOT} have (?:a|an|any)(?: \w+){{0,3}} (?:rules?|limits?|policy|restrictions?|bans?|requirements?|minimum|"
    rf"maximum|"
    r"problem|issue|objections?)",
    r"we(?:'ve)? (?:removed|dropped|abolished|lifted|scrapped|retired|got rid of|relaxed)|no longer (?:need\w*|"
    r"requir\w+|"
    r"enforc\w+|necessary|mandatory)",
    r"no (?:\w+ ){0,3}(?:needed|required|necessary)",
    r"need(?:n't| not)",
    rf"{_NOT}(?: really| usually| strictly| generally| actually)? (?:need|have to|mind|require|forbid|ban|remove|"
    rf"filter|"
    r"check|screen|object|care(?! (?:about|how (?:good|great)|who|what))|enforce|police|limit|restrict|worry|hurt|"
    r"prohibit|discriminate|expect|judge|report|be (?:afraid|shy)|hesitate|bother(?: us| me| anyone)|delete|block|"
    r"complain)(?: if| whether)?",
    r"(?:not|isn't|aren't|never|\w+n't)(?: \w+)? (?:required|necessary|needed|mandatory|forbidden|banned|prohibited|"
    r"removed|compulsory|obligatory|obliged|against|a problem|an issue|a crime|wrong|a requirement|frowned upon|spam|"
    r"off[- ]limits|deleted|discouraged)",
    r"no (?:minimum|maximum|min|max)(?: (?:or|and|nor) (?:minimum|maximum|min|max))?(?: length)?(?! \d)",
    r"(?:however|wherever|whenever|whatever|all|anything) you (?:like|want|wish|please|prefer|have)|any way you like|"
    r"(?:whatever|whichever) \w+ you\S* \w+(?: with| in)?|whenever (?:you|they|it)",
    r"as (?:much|long|many|often|little) as you (?:like|want|wish|please|need)",
    r"no (?:\w+ )?(?:rules?|limits?|restrictions?|bans?|requirements?|minimums?|maximums?|issues?|problems?|harm|"
    r"shame|penalt\w+|objections?|cap)(?= (?:on|against|for|about|or|with|in|here|to|at)|$)",
    r"nothing (?:wrong|against)|(?:doesn't|does not|don't|do not) matter",
    r"no (?:problem|worries|biggie|big deal)|not a big deal",
    r"optional(?:ly)?|voluntary|your (?:choice|call)|up to you|nice to have|if you (?:like|want|wish|"
    r"feel like it|care)"
    r"(?! to)",
    r"(?:won't|will not|wouldn't) (?:be )?(?:remov\w*|bann?\w*|delet\w*|chase|bite|punish\w*|hold it against|"
    r"get you \w+)",
    r"(?:nobody|no one|none of you) (?:has to|needs to|must|is (?:required|obliged)|will|is going to|cares(?! about)|"
    r"minds)",
)
_PEOPLE = (
    r"(?:you|they|members?|people|founders|makers|users|anyone|everyone|posts?|one|creators?|vendors?|companies|"
    r"artists|developers|employers|everybody|hosts|authors|bands|labels|writers|anybody)"
)
PERMITS = said(
    r"welcome(?:d|s)?|allowed|permitted|fine|ok|okay|o\.k\.|k|acceptable|accepted|tolerated|encouraged?|appreciated|"
    r"on[- ]topic|alright|all right|cool|kosher|fair game|permissible|legit|invited|no problem at all",
    rf"{_PEOPLE} (?:may|can|could|are free)(?! (?:not|only|get|expect|lose|be (?:ban|remov|delet)\w*))(?!'t)",
    r"(?:may|can) (?:be|share|post|link|name|mention|include|promote|show|write|use|ask|contain|also|advertise|sell)",
    r"feel free|free to|go ahead|happy (?:to|with)|glad to|by all means|go for it|(?:share|fire|post|ask|link) away|"
    r"knock yourself out|be our guest|why not|bring (?:it |them )?on|have at it|sure|yes|go nuts",
    r"^(?:so |then |please )?(?:post|share|show(?: us)?|submit|fire) (?:your \w+|it|them|away|what you \w+)$",
    r"please (?:do(?! not)|post|share|keep them coming)|(?:made|built|meant|exists?) for|(?:we|i) let|"
    r"(?:we|i)(?:'d| would)?(?: do| really| absolutely| all| also)* (?:allow|welcome|love|like|enjoy|"
    r"encourage|accept|"
    r"permit|want(?: to see)?|appreciate|support|embrace|celebrate|need(?! to))",
    r"(?:turned|switched|back) on|enabled|(?:come to|in) the right place",
    r"(?:is|are)(?: always| very)? (?:good|great|useful|helpful|fun|nice|lovely|interesting|what we want|what this|"
    r"at the heart|the (?:whole )?point|our bread)|lives? on|thrives? on|share your|show us|show off your|"
    r"(?:is|are) why we|gets? a pass|(?:is|it's) what (?:this|the) (?:sub\w*|place|community|group) is|(?:goes|go) "
    r"through|love to|all good|is enough",
)
FORBIDS = said(
    r"(?:not|isn't|aren't|never|no longer|\w+n't|hardly)(?: be)?(?: generally| strictly| currently| really| normally|"
    r" usually| ever| always| at all)? (?:allowed|permitted|welcome|accepted?|acceptable|tolerated?|ok|okay|fine|"
    r"appropriate|encouraged?|wanted|allow|permit|cool|alright|condoned?|support(?:ed)?|entertained?|a good fit|"
    r"suitable)",
    r"disallow\w*|unacceptable|unwelcome|inappropriate|off[- ]limits|frowned upon|verboten|taboo|outlawed|barred|"
    r"no[- ]?go|not on|discouraged",
    r"(?:may|must|should|shall|shalt|do|does|will|could|can|are|is) not(?! (?:be )?(?:required|need|mind|hesitate|"
    r"limited to|afraid|forget|worry))|cannot|can't|don't(?! (?:hesitate|forget|worry|fail))|doesn't|"
    r"mustn't|shouldn't|"
    r"won't|never|dont|cant|isnt|arent",
    r"(?:not|\w+n't) (?:a|the|an|for|here|your|our|what|about|intended|meant|interested|looking|somewhere|there|some|"
    r"why)"
    r"(?= |$)|not (?:here|now|anywhere)|nope|not in (?:posts?|submissions?|this sub\w*|here)|not (?:by|from|with|"
    r"through)|not (?:post|submit|comment|share|link)",
    r"no(?! (?:need|matter|problem|one|doubt|rules?|limits?|restrictions?|longer than|fewer|less|more than|later|"
    r"exceptions?|minimum|maximum|way around))",
    r"none of|nor|zero|nobody|nothing (?:but|may|can|is|shall|will)|no tolerance|neither",
    r"forbidden|prohibit\w*|ban(?:s|ned|nable|ning|hammer)?|(?:perma|insta)-?ban\w*|illegal|against (?:the |our |"
    r"reddit's |site |sub(?:reddit)? )?(?:rules?|tos|policy|terms)|violat(?:es?|ion)|instant removal",
    r"(?:gets?|got) (?:caught|eaten|cut)|(?:remov|delet|reject)(?:e|es|ed|al|able)|taken down|filtered|"
    r"(?:post|it|they) (?:goes|go) away|(?:nuk|zapp|caught|redirect|binn|ax|yeet|trash|pull|purg|cull|boot|kick|wip|"
    r"kill|"
    r"block|lock|declin|scrubb|tak|shut|squash|discard|evict|disapprov|penali[sz]|punish|ditch|torch|mut)(?:ed|"
    r"en)(?: down|"
    r" out)?|nixed|eats?|disabled|(?:turn|switch)(?:ed)? (?:[\w'-]+ ){0,6}off|(?:not|\w+n't) (?:approved|enabled)|"
    r"will not be approved|nuked?|purge|take (?:it|them) down|zap|blocks?|catches|gone|disappears?|vanish(?:es)?",
    r"refrain|avoid(?:ed)?|stop|quit|keep (?:[\w'-]+ ){0,6}(?:out(?: of)?|off|away|elsewhere|to yourself|"
    r"somewhere|to "
    r"other sub\w*)|leave (?:[\w'-]+ ){0,6}(?:out|off|at home|behind)|leave(?! (?:\d|an? |at least|some |"
    r"two |three |enough ))(?= |$)|spare us|save it|resist|abstain|"
    r"drop the|enough (?:with|of)",
    r"(?:go|goes|belongs?|post|move)(?: [\w'-]+){0,3} (?:the |our |a )?(?:sister|partner|other|different) (?:sub\w*|"
    r"communit\w+|forum|place)|not in (?:your |the )?(?:posts?|submissions?|threads?)",
    r"(?:is|are) out(?= ?$)|go away|stay away|(?:go|goes|belongs?|post|take|try|taken|use|head|move|"
    r"see)(?: [\w'-]+){0,5} (?:elsewhere|"
    r"somewhere else|"
    r"/?r/\w+|another (?:sub\w*|place|community)|other sub\w*)|(?:elsewhere|somewhere else)(?= |$)",
    r"free of|instead of|rather than|no place|not the place|wrong (?:place|sub\w*)|has no place",
    r"leads? to|results? in|reported|grounds for|gets? you|cost you|earns? (?:you )?an?|will see you|lands? you|"
    r"means (?:an? )?(?:ban|removal|instant)|insta\w*",
    r"(?:treated|considered|counts?|counted|seen|regarded) as (?:spam\w*|advertis\w+|an ad)|ruins?|(?:we|i) remove",
    r"(?:text|self)[- ](?:posts? )?only|only (?:text|self)[- ]posts?|(?:text|self) posts? only",
    r"hate|despise|sick of|tired of|don't want|do not want|not interested",
    r"(?:is|are|does|do|did|will|was|were|has|have)(?: not|n't)(?= ?$)|\w+n't(?= ?$)",
)
_MODS = r"(?:the |our |a )?(?:mod\w*|us|team)(?: team)?(?! anything)"
_PERMISSION = (
    r"(?:permission|approval|consent|asking|context|disclosure|disclosing|contributing|participating|participation|"
    r"explanation|discussion|stor(?:y|ies)|summary|summar\w+|substance|flair|effort|value|adding|being|"
    r"further|saying|"
    r"commentary|description|clearance|authori[sz]ation|checking|first|history|explaining|providing|giving|stating|"
    r"sources?|engag\w+|reading|tagging|marking|a reason|translation|invitation|tags?|citing|crediting|credit|"
    r"attribution|pre-?approval|verification|text|details)"
)
# Conditions under which a thing is allowed after all, or which ones are meant. A prohibition can have them too.
EXCEPTION = said(
    r"unless|exempt\w*|except(?:ions?|ed|ing)?(?: for)?|other than|apart from|aside from|but only|excluding|barring",
    r"only (?:if|when|in|on|within|inside|during|after|for|as|with|once|where|at|those|by|the|via|through|"
    r"posts?)|only",
    r"(?:as|so) long as|provided(?: that)?|on (?:the )?condition|assuming|given that|in exchange",
    r"(?<!as )(?<!us )(?<!ask )(?<!wonder )(?<!people )(?<!members )(?<!see )if|(?<!even )when|once(?= (?:you|it|they|"
    r"asked|relevant|the|someone|there|an?))|whenever(?= (?:asked|relevant|the|someone|there|an?))|"
    r"where (?:relevant|appropriate)",
    r"(?:with|without|w/o|get|gets|getting|has|need|needs|after|requires?|ask(?:ing)? for|obtain\w*|receiv\w+|prior|"
    r"lack(?:s|ing)?|subject to|no)(?: the| our| a| an| any| some| prior| explicit| previous| written| express|"
    r" advance| clear| short| original| proper| relevant| valid| meaningful| actual| real| further| genuine|"
    rf" mod(?:erator)?(?:'?s|s')?| from| of| first)* {_PERMISSION}",
    rf"(?:(?<!don't )(?<!do not )(?<!need to )ask|message|contact|modmail|check with|clear(?:ed)? (?:it )?with|"
    rf"write to|"
    rf"talk to|speak (?:to|with)|reach out to|run it by|e-?mail|dm|pm)(?: with)? {_MODS}|approved by|"
    rf"modmail|ask first|"
    r"cleared (?:by|with)|case[- ]by[- ]case",
    r"pre-?approv\w*|mod[- ]approv\w*|(?:moderators?|mods?|prior|our|written|express)s?'? (?:approval|permission|"
    r"consent|only)|permission (?:from|of)|verif(?:ied|y|ication)|vetted|whitelist\w*|subject to|approval (?:of|by|"
    r"from)|"
    r"(?:requires?|needs?|after|with) (?:\w+ ){0,2}approval",
    r"outside|(?:limited|restricted|confined|reserved)(?: of| to| for)?|exclusive(?:ly)?|restrict",
    r"in moderation|sparingly|occasional(?:ly)?|now and then|within reason|once in a while|overd(?:o|oing|one)|"
    r"carried away|(?:too|so) (?:many|much|often)|all the time|reasonable|a minimum",
    r"at most|no more than|(?:not )?more than(?! (?:welcome|happy|fine|ok))|less than|fewer than|maximum|max|"
    r"up to (?=\d|an? |one|two|"
    r"three|five|ten|"
    r"once|twice)|at least|minimum(?= )|(?:under|below|above|over|beyond) (?:\d+|an?|the)|exceed\w*|"
    r"(?<!off )(?<!off-)limit(?:s|ed)?(?: of| to|"
    r" is| on)?",
    r"once (?:a|per|every|each|you)|one (?:link|post|mention|time|such)|per (?:day|week|month|quarter|post|"
    r"user|person|account|"
    r"member|project|product|year)|every \d+|(?:daily|weekly|monthly) limit|twice|a (?:week|month|day)(?= |$)",
    r"after (?:you|\d+|an?|the|being|at|half|one|two|three|four|six|some|several|\w+ing)|until|till|before (?:you|"
    r"posting|"
    r"submitting|making|sharing|any|\w+ing)|first(?= |$)|prior to|in advance|beforehand|within (?:\d+|one|two|three|"
    r"four|five|six|twelve|the (?:last|"
    r"past)|a)|"
    r"(?:last|past) \d+|older than|newer than|in the (?:last|past)",
    r"there(?:'s| is| are) (?:an?|our|already) [\w' -]{0,40}threads?|(?:anywhere|everywhere|everything|"
    r"(?<!or )anything) else|"
    r"any other (?:place|day|time|thread|sub\w*)|(?:by|from|for) (?:\w+ ){1,2}(?:that|who)|"
    r"(?:that|who|which) (?:have|has|had) (?:been|at least|more)|(?:its|their) own (?:threads?|day|sub\w*|place)",
    r"in (?:our|the|a|an|its|this|that) [\w'-][\w' -]{0,40} threads?|mega-?threads?|threads? only|(?:own|dedicated|"
    r"separate|weekly|monthly|daily|pinned|stick\w+) threads?|(?:in|to|for|under|use) (?:our|the|a|an|its|this|that) "
    r"[\w'-][\w' -]{0,40} (?:stick(?:y|ied)|megapost)|on [\w-]+ day",
    r"established|accounts? (?:younger|older|under|with|at least|that)|karma|new accounts?|good standing|"
    r"non-?members?|"
    r"(?:new|brand[- ]new) (?:users?|members?|redditors?)|newbies|(?:active|regular) (?:members?|users?)|"
    r"(?:every|any)(?:one|body) else|not (?:every|all)|outsiders?|strangers",
)
# Which ones a prohibition means. After a name that forbids them all, such words take nothing back.
WHICH_ONES = said(
    r"excessive(?:ly)?|repeated(?:ly)?|primar(?:y|ily)|sole(?:ly)?|main(?:ly)? (?:purpose|about)|mostly|"
    r"blatant(?:ly)?|"
    r"obvious(?:ly)?|purely|overly|overt(?:ly)?|aggressive(?:ly)?|pushy|unsolicited|uninvited|unapproved|"
    r"unauthori[sz]ed|(?:only|main|whole|just|sole|single) (?:purpose|reason|to|here|focus|thing)|"
    r"nothing (?:else|but)|"
    r"hidden|undisclosed|constant(?:ly)?|low[- ]effort|low[- ]quality|unrelated|irrelevant|drive[- ]by|"
    r"mass|bare|naked|"
    r"entirely|fully|wholly|pure|raw|unlabel+ed|unmarked|untagged|unverified|random|gratuitous|"
    r"consist(?:s|ing) (?:only|solely|entirely|mainly) of|just (?:a|an|the)|nothing more|exclusively|disguised|"
    r"misleading|"
    r"deceptive|never (?:commented|participat\w+|answer\w*|contribut\w*)|dump(?:ing|s)? and run\w*|disappear|"
    r"hit and run|"
    r"do nothing (?:else|but)|and (?:leave|run|disappear|vanish)|all (?:you|they)(?:'ve)? (?:ever )?(?:do|did|post|"
    r"share)|"
    r"that (?:adds?|says?|means?|contributes?) (?:nothing|little)|(?:that|which) (?:(?:are|is)(?: not|n't)|don't|"
    r"doesn't|"
    r"do not|does not|lacks?|fails?)|useless|boring|bad|poor(?:ly)?",
)
# Words that limit a permission, and say nothing in a prohibition.
QUALIFIER = said(
    r"at the (?:end|bottom|top|start|beginning)|in (?:the |your )?(?:opening|titles?|comments?)|inside",
    r"active (?:members?|participants?|users?|contributors?)|participat\w+|contribut\w+|regulars?|members? who|"
    r"approved|(?:rest|part) of the community|part of (?:this|our) community|giv(?:e|ing) back|"
    r"(?:stick|hang|stay) around|engage(?: with)?|known (?:here|member)|comment history|history (?:of|here|in)|"
    r"fewer|some (?:kinds?|types?)|certain|most|must(?! not)|own risk|every other|\d times|relevant|high[- ]quality",
)
# Duties of those who post.
DUTY = re.compile(
    r"\b(?:must(?! not)|have to|has to|ha(?:s|ve) got to|need(?:s|ed)?(?! not)|requir\w*|should(?! not)|mandatory|"
    r"expect(?:ed|s)?|always|at least|minimum|compulsory|obligat\w+|we ask|ask (?:that|you)|enforced?|only|"
    r"please|pls|"
    r"make sure|ensure|remember|don't forget|do not forget|belongs?|shall(?! not)|go(?:es)? (?:in|into|to|under|there)|"
    r"enough|is (?:the (?:right )?place|where)|"
    r"post in|can wait|speaking (?:sub\w*|community|forum|place)|want to (?:see|know|hear)|tell us|stays?)\b|"
    r"(?:^|, |\band |\bthen |\bor |\bso |\bjust )(?:(?:please|always|also|and|then|so|just|instead|kindly|simply|"
    r"first),? ){0,3}"
    r"(?:leave(?= (?:\d|at least|an?|some|enough)\b)|make|mention|keep|stay|be|use|add|include|mark|tag|"
    r"choose|pick|select|set|write|give|put|provide|explain|"
    r"describe|check|"
    r"wait|"
    r"consider|try|begin|start|end|post|limit|label|specify|name|list|disclose|declare|state|say|tell|search|respect|"
    r"treat|stick|follow|flair|assign|identify|own up|go|paste|credit|cite|translate|read|avoid|break|split|format|"
    r"summari[sz]e|reveal|take|bring|save|hold|ask|share|submit|let us|summon|spell|phrase|copy|attach|look|think|"
    r"answer|"
    r"respond|reply|engage|lurk|participate|contribute|link|show|clear|verify|repost|crosspost|edit|remove|delete|"
    r"mind|head|direct|visit)\b",
)
# A rule's name asks only when it is a sentence that asks ("What to post", "Use of AI", "Flair guide" ask nothing).
DUTY_OF_A_NAME = re.compile(
    r"\b(?:must(?! not)|have to|has to|needs?(?= (?:to|an?|the|\d|at|prior|some|mod|your))|require\w*|should(?! not)|"
    r"mandatory|please|enforced|only|at least|"
    r"minimum)\b|"
    r"^titles? (?:end|start|begin|contain|include|say|name|give|follow|tell|describe|ask)s?\b|"
    r"^(?:rule \w+\W+|\d+\W+)?(?:always |please )?(?:(?:use|add|include|choose|pick|select|write|give|put|provide|"
    r"explain|"
    r"describe|disclose|declare|say|assign|identify|cite|be|keep|stay|make|read|follow|wait)\b(?= \w)(?! of)|"
    r"(?:flair|tag|title|label|mark|limit|search|check|credit|link|post|state|set|format)\b(?= (?:your|all|every|"
    r"posts?|it|or|"
    r"the|them|in|with|as|before|for|a)\b))",
)
