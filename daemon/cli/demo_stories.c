/* demo_stories.c - four running stories of the demo world; every place and person is invented. */
#include "cli/demo_stories.h"

const struct storyline story_railway = {"Travel", "en", "mmf",
    "The $region line opened 104 years ago to carry slate and has run on volunteers' money "
    "and a state grant since the quarries closed. {It is single track for most of its "
    "length|Most of it is single track}, with one passing loop below $place.\n"
    "Heavy rain has closed it {twice|three times} in the past decade, most recently when a "
    "culvert collapsed near $other and left a train standing overnight.",
    {{"{Landslip cuts mountain railway above $place|Hillside slides onto railway line near "
      "$place|Rail line to $place blocked by landslip}",
         "A landslip buried $n2 metres of the mountain railway above $place early on $day, "
         "{cutting the only line into the upper valley|and closed the only line into the "
         "upper valley}.",
         "Nobody was hurt. The first train of the morning, with $n3 passengers on board, had "
         "been held at the station after a track walker {reported a sound like "
         "gravel|noticed water running between the sleepers} shortly before five.\n"
         "\"If she had trusted the timetable instead of her ears we would be talking about "
         "something else today,\" said $p1, who runs operations for the line. $s1 said that "
         "the slope had been inspected in the spring and {nothing had moved|no movement had "
         "been found}.\n"
         "Buses are to replace the trains, but the road over the pass is narrow and the "
         "journey takes {more than two hours|two hours and a quarter}. The school in $place "
         "told pupils from the upper farms to stay at home until next week.\n"
         "Geologists from $org flew over the slope in the afternoon. Their first estimate is "
         "that {some|about} $n3 lorry loads of earth and broken slate came down, and that "
         "as much again may still be loose.",
         "The regional government said late in the evening that it would pay for the buses "
         "until the end of the month."},
        {"{Engineers find second crack above blocked railway|Second crack delays clearing of "
         "railway|New crack in hillside halts work on $region line}",
            "Engineers clearing the railway above $place stopped work on $day after sensors "
            "found a second crack higher up the slope.",
            "The crack is {about $n2 metres long|roughly $n2 metres in length} and as wide as "
            "a hand. It opens by a few millimetres a day, said $p2, who leads the survey for "
            "$org, and will have to be drained before any machine goes back below it.\n"
            "\"We are not in a race,\" $s2 said. \"The slope decides, and so far it has been "
            "{rather clear|quite plain} with us.\"\n"
            "Hotel owners in the upper valley take a different view. The season has "
            "{$n1|another $n1} weeks to run, and half of their guests come by rail. One inn "
            "near the terminus has sent its kitchen staff home.\n"
            "The operator hopes to run trains as far as the passing loop from next week, with "
            "{a shuttle|minibuses} for the last stretch.",
            "By nightfall the crack had been covered with sheeting to keep out the rain that "
            "is forecast for the weekend."},
        {"{Track walker who stopped train honoured in $place|The woman who stopped the train "
         "to $place|$place thanks track walker}",
            "The track walker whose warning held back a train of $n3 passengers was made an "
            "honorary citizen of $place on $day.",
            "$p3 has walked the upper section at four in the morning for {nineteen|seventeen} "
            "years, in most weathers and without missing more than a handful of days. She "
            "told the town council that she had nearly turned back that morning because her "
            "lamp was failing.\n"
            "\"There was a smell of wet stone,\" $s3 said. \"You learn what a hill smells "
            "like when it is standing still, and it was not that.\"\n"
            "The mayor, $p1, {presented her with|gave her} a new lamp, which was received with "
            "more applause than the certificate. A collection among the passengers has "
            "raised enough to send her and her sister to the sea.\n"
            "The line itself remains closed above the loop.",
            "A correction: an earlier version of this report gave the wrong number of years "
            "that she has worked for the line."},
        {"{First train reaches $place after landslip|Trains return to $place|Mountain railway "
         "reopens to $place}",
            "The first train since the landslip reached $place on $day, {eleven minutes "
            "late|a little late} and to the sound of the fire brigade's band.",
            "It crossed the repaired section at walking pace, over a bed of new stone held by "
            "$n2 steel anchors. $org put the cost at $n4 million, most of which the region "
            "will {pay|carry}.\n"
            "$p2, the engineer in charge, rode in the cab. \"I looked up the whole time,\" $s2 "
            "admitted. \"The driver looked at the track, which I think is the better habit.\"\n"
            "A warning system of wires and {microphones|geophones} now watches the slope. If "
            "it trips, signals turn red at both ends within a second, and somebody is sent to "
            "listen.\n"
            "Regular services start on the morrow with $n1 trains a day, {two|three} more "
            "than before.",
            "Tickets for the first weekend were sold out within hours, the operator said."}}};

const struct storyline story_barrage = {"Politics", "en", "mmf",
    "The barrage across $water has been argued over for a generation. It would {generate "
    "power for|supply} about $n2,000 homes and carry a road, but would also change the tides "
    "on which the salt marshes depend.\n"
    "Two earlier plans failed, one for want of money and one in court, where the anglers of "
    "$other {won on every point|prevailed}.",
    {{"{Council backs tidal barrage by one vote|$place votes for tidal barrage|Tidal barrage "
      "plan passes by a single vote in $place}",
         "After a debate of {nine|eleven} hours the council of $place voted on $day to build "
         "a tidal barrage across $water, by a majority of one.",
         "The deciding vote was cast by $p1, an independent who had {called the plan a "
         "folly|described the plan as a folly} only last year. $s1 told a packed gallery that "
         "the price of power had changed, and that the facts had changed with it.\n"
         "\"I have never been so unsure of anything that I was so sure had to be "
         "{done|decided},\" $s1 said afterwards.\n"
         "Opponents led by $p2 walked out before the result was read. They had offered a "
         "smaller scheme of $n1 turbines without a wall, which would leave the {channel "
         "open|mouth of the bay open} to fish and to boats.\n"
         "The builder, $org, expects {five|six} years of work and a bill of $n4 hundred "
         "million. The first survey ships are to arrive before the autumn gales.",
         "The leader of the opposition group said in a statement that it would ask for a "
         "recount, as one voting button had failed during the session."},
        {"{Anglers take tidal barrage to court|Court challenge to $place barrage|Anglers of "
         "$other sue over tidal barrage}",
            "The anglers' society of $other has gone to court to stop the tidal barrage that "
            "$place approved {last week|a week ago}.",
            "Its claim runs to $n3 pages and says that the council never studied what a wall "
            "would do to the eels that pass the bay in {October|autumn}. The society's "
            "chair, $p3, delivered it to the court by boat.\n"
            "\"They counted cars and they counted kilowatts,\" $s3 said on the quay. "
            "\"Nobody counted eels, and the law says somebody must.\"\n"
            "A spokesman for the council said that its studies were thorough and {public|open "
            "to all}. Lawyers not involved in the case thought that a first hearing could be "
            "held within $n1 weeks.\n"
            "Shares in $org fell by {a twentieth|five in a hundred} on the news, and recovered "
            "a little before the close.",
            "The court has since confirmed that it will hear the society, and has asked the "
            "council for its eel records."},
        {"{Judge halts work on barrage over missing eel study|Court stops $place barrage|Work "
         "on tidal barrage must stop, judge rules}",
            "A judge ordered on $day that work on the tidal barrage at $place must stop until "
            "its effect on migrating eels has been studied.",
            "The ruling, {$n2 pages long|of $n2 pages}, finds that the council relied on a "
            "survey of a different river. Judge $p2 called this \"a mistake of the kind that "
            "a map would have prevented\".\n"
            "$p1, whose vote had carried the plan, said that the ruling was fair and the "
            "delay {bearable|could be borne}. Others on the council were less calm and spoke "
            "of an appeal.\n"
            "About $n3 people had been hired for the first phase. $org said that it would "
            "keep them on for {two months|eight weeks} and then decide.\n"
            "On the quay at $other the anglers hung their nets from the lamp posts, as their "
            "grandparents did when the last plan fell.",
            "The council decided in the evening, by a clear majority, not to appeal."},
        {"{Barrage builder offers gate for eels|New barrage design lets eels pass|Compromise "
         "in sight over $place barrage}",
            "$org presented a new design for the tidal barrage at $place on $day, with a gate "
            "that opens for eels on dark nights in autumn.",
            "The gate would cost $n4 million and a {fiftieth|small part} of the power. Its "
            "makers tested it in a tank with $n3 eels, of which all but {two|one} found the "
            "way.\n"
            "$p3 of the anglers' society, who had been invited to watch, stayed for three "
            "hours. \"It is the first time that anyone has asked the eels,\" $s3 said, and "
            "would not be drawn on whether the suit might be {withdrawn|dropped}.\n"
            "The council is to discuss the design next month. $p2 warned that a gate can be "
            "left shut, and asked for the right to inspect it to be written into the {permit|"
            "licence}.\n"
            "Both sides agreed to meet again, this time, at the society's request, on a boat.",
            "The society later said that its members would vote on the offer within $n1 "
            "weeks."}}};

const struct storyline story_dairy = {"Business", "en", "fmf",
    "The cooperative of $region was founded by {sixty|seventy} farms and now belongs to $n3. "
    "Its blue-rinded cheese is aged in a disused tunnel and sold in $n2 countries.\n"
    "Milk prices have fallen for two years running, and {a dozen|more than a dozen} members "
    "have given up their herds.",
    {{"{Rival bids $n4 hundred million for $region dairy|Dairy cooperative weighs takeover "
      "bid|$org offers to buy $region creamery}",
         "$org has offered $n4 hundred million for the dairy cooperative of $region, whose "
         "members must decide by the end of the month.",
         "The offer, made public on $day, is {a third|thirty in a hundred} above what the "
         "cooperative's own accounts say it is worth. It promises to keep the creamery in "
         "$place open for at least $n1 years.\n"
         "\"Seven years is a long time for a press release and a short time for a cow,\" said "
         "$p1, who milks {forty|fifty} of them above the town and chairs the members' "
         "meeting. $s1 has not said how she will vote.\n"
         "Younger farmers are thought to favour the sale, which would {pay off|clear} the "
         "loans they took for new barns. Older ones point to $other, where a creamery was "
         "bought, praised and closed inside three years.\n"
         "The buyer says that it wants the cheese, the tunnel and the name, and that it would "
         "be foolish to harm any of the three.",
         "The cooperative's bank said on request that it took no position."},
        {"{Farmers split as vote on dairy sale nears|Dairy vote divides $region|A valley "
         "argues about its cheese}",
            "Two days before members vote on selling the dairy cooperative of $region, a "
            "count by this {newspaper|title} suggests that the result is open.",
            "Of $n2 members asked, nearly half were for the sale, as many against, and the "
            "rest wished to see what the neighbours did. In $place the {inn|public house} has "
            "moved two regular tables apart.\n"
            "$p2, who has argued for the sale at every meeting, says that pride does not pay "
            "for feed. \"My father voted against the milking machine,\" $s2 said. \"He was a "
            "fine man and he was {wrong|mistaken}.\"\n"
            "The other side has printed $n3 posters which show the tunnel with a padlock. "
            "$org called them {unfair|misleading} and published the clause that forbids it to "
            "close the tunnel.\n"
            "The ballot is secret. Counting will take place in the school, because it has the "
            "only hall that holds everyone.",
            "The members' committee later announced that the vote will be held a day early "
            "because of the hay."},
        {"{Cheese makers vote to stay independent|$region dairy turns down $n4 hundred "
         "million|Members reject sale of dairy}",
            "The members of the dairy cooperative of $region voted on $day to turn down an "
            "offer of $n4 hundred million, by a margin of $n2.",
            "The result was read in the school hall of $place shortly before midnight and met "
            "with {silence, then with bells|a silence, and then with cow bells}. $p1, who "
            "chaired the count, said that she had not expected it.\n"
            "\"We have bought ourselves the right to worry,\" $s1 told reporters. \"Tomorrow "
            "somebody has to sell the {cheese|stuff}.\"\n"
            "$org said that it respected the decision and would look elsewhere. Analysts "
            "thought a second, higher offer {unlikely|hard to imagine}.\n"
            "The cooperative means to raise its prices and to open the tunnel to visitors, "
            "$n3 of whom had asked to see it in the past week alone.",
            "Two members have asked for the votes to be counted again; the committee agreed."},
        {"{Queues at cheese tunnel on first open day|Visitors flock to $region's cheese "
         "tunnel|Tunnel of cheese opens its doors}",
            "More than $n3 people queued on $day to walk through the tunnel in which $region "
            "ages its cheese, on the first day that it was open.",
            "They were let in by twos and told to {whisper|speak softly}, because the boards "
            "are said to carry sound. At the far end each was given a piece on a slice of "
            "rye.\n"
            "$p3, who has turned the wheels by hand since leaving school, guided the first "
            "groups. \"People ask whether it is lonely,\" $s3 said. \"There are nine thousand "
            "of {them|these} and they are all getting better. Where else do you have that?\"\n"
            "Sales in the shop covered a month of {wages|the creamery's wages}. The "
            "cooperative will open the tunnel on the first weekend of each month until "
            "winter.\n"
            "A coach from $other left without its driver having seen any of it; he was given "
            "a whole wheel.",
            "The shop had to close an hour early because the rye had run out."}}};

const struct storyline story_bell = {"Culture", "en", "ffm",
    "The bell of $place was cast in 1487 and lost {forty|forty-one} years later, when the "
    "barge that carried it to safety sank in $water. A song that every child in $region "
    "learns says that it rings before floods.\n"
    "Divers have looked for it since the {1950s|fifties}. A bell found in 1978 turned out to "
    "come from a dredger.",
    {{"{Divers find medieval bell lost for five centuries|Lost bell of $place found in "
      "$water|Five-hundred-year-old bell found off $place}",
         "Divers have found what they believe to be the lost bell of $place, {under $n1 "
         "metres of mud|beneath $n1 metres of silt} at the bottom of $water.",
         "It lies on its side, its mouth towards the shore, and appears to be whole. A sonar "
         "survey for a cable had shown {a round shadow|a shadow} that the archaeologist $p1 "
         "thought too regular for a rock.\n"
         "\"I put my hand on it and felt letters,\" said $s1, who made the dive on $day. \"I "
         "could not read them, but I knew what they said. We all learned them at school.\"\n"
         "The bell weighs an estimated $n4 tonnes. $org will decide whether it can be raised "
         "or should be {left|kept} where mud has protected it from air.\n"
         "The place was not made public, and a police boat lies above it. On the waterfront "
         "of $place somebody had chalked the first line of the song by noon.",
         "The museum later released a picture of two of the letters, which experts read as "
         "part of the word \"waters\"."},
        {"{How to raise a bell: experts meet in $place|Experts disagree on raising lost "
         "bell|Should the bell of $place stay in the mud?}",
            "Experts from {nine|seven} museums met in $place on $day to decide whether the "
            "bell found in $water should be raised, and did not agree.",
            "Bronze that has lain in mud for centuries can crack within hours of meeting air. "
            "$p2, who raised a cannon off $other, spoke for lifting it in a box of water, an "
            "operation of {three|four} weeks.\n"
            "Others would rather leave it. \"It has been safe for five hundred years from us "
            "in particular,\" said $p3 of $org. \"I see no reason to end that {record|run}.\"\n"
            "The fishing fleet offered its largest crane for nothing. The town has received "
            "$n3 letters, $n2 of them from {children|schoolchildren} who want to hear it.\n"
            "A vote was put off. The divers will first take a sample the size of a grain of "
            "rice.",
            "The sample was taken in the evening, in calm water, and is on its way to a "
            "laboratory."},
        {"{Bell of $place rises from the water|Lost bell raised after five centuries|Crowds "
         "watch as bell is lifted from $water}",
            "The bell of $place was lifted from $water on $day in a tank of its own mud, "
            "{watched by thousands|before a crowd of thousands}.",
            "It took the crane {forty minutes|three quarters of an hour} to bring the tank to "
            "the surface. Nobody cheered until it stood on the barge, and then the ships in "
            "the harbour sounded their horns.\n"
            "\"I asked them to keep the noise down,\" said $p1, who had not slept. \"They "
            "{waited|have waited} since 1528, and I suppose one can only ask so much.\"\n"
            "The bell will stay in its tank for about $n1 years while the salt is drawn out. "
            "A window allows visitors to see {a hand's breadth of rim|part of the rim}.\n"
            "Its crown is damaged and its clapper missing. A smith in $other has offered to "
            "forge a new one and been asked to wait.",
            "The museum will open the window to visitors from the coming weekend, $n3 at a "
            "time."},
        {"{Letters on bell name forgotten founder|Inscription names woman who cast bell|Bell "
         "of $place was cast by a woman, letters show}",
            "The letters on the bell of $place name its founder, and historians were surprised "
            "on $day to find that {it was a woman|she was a woman}.",
            "\"Aldis, widow, made me in the dry year\", reads the line that ran under the mud "
            "side. No founder of the name was known; the guild of $other {kept no women on its "
            "rolls|had no women on its rolls}.\n"
            "$p2 has since found an Aldis in a tax list, with a workshop by the river and a "
            "debt for tin. \"She paid it the year after,\" $s2 said. \"I find that I am "
            "{absurdly proud|rather proud} of her.\"\n"
            "The discovery may change how other bells are dated. At least $n1 in $region carry "
            "the same small leaf beside the lettering, which had been taken for a {flaw|mark "
            "of wear}.\n"
            "$org is to name its new hall after her.",
            "A second line, still partly hidden, seems to give the weight of the metal."}}};
