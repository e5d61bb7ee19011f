/* demo_more_stories.c - four more running stories of the demo world, one of them in German. */
#include "cli/demo_stories.h"

const struct storyline story_cup = {"Sport", "en", "mmf",
    "$place have played in the second division for all but two of their 98 seasons. Their ground, "
    "between the gasworks and "
    "$water, holds {six thousand|just over six thousand}, and the away end floods at spring "
    "tides.\n"
    "They last reached a quarter-final in the year the stand burnt down.",
    {{"{$place knock out champions in cup shock|Champions beaten by second-division $place|Cup "
      "holders fall to $place}",
         "Second-division $place put the champions out of the cup on $day with a goal in the last "
         "minute of extra time.",
         "It was scored by $p1, a roofer who had come on {ten|eleven} minutes earlier and who hit "
         "the ball, by his own account, "
         "because it was in the way. It struck one post, rolled along the line and went in off the "
         "other.\n"
         "The visitors had {three quarters of the ball|most of the ball} and $n2 shots, many of "
         "them good. In goal for $place, $p2 "
         "stopped all but one, the last with his knee.\n"
         "\"I have dreamed of saving that one,\" $s2 said, \"only in the dream I knew where it "
         "{was|went}.\"\n"
         "The manager, $p3, would not speak of the next round. She had promised her players a day "
         "off, and a training session for "
         "whoever was seen in the town after midnight.\n"
         "{Nobody appears to have been seen|None was reported}.",
         "The draw, made late in the evening, gave $place a home tie against $other."},
        {"{Tickets for cup tie gone in $n2 minutes|$place sell out cup tie|Queue round the "
         "gasworks for cup tickets}",
            "The tickets for the cup tie between $place and $other were sold out within $n2 "
            "minutes on $day.",
            "Some had queued since the evening before, round the gasworks and as far as the swing "
            "bridge. The club gave out soup, and "
            "the {goalkeeper|keeper}, $p2, gave out autographs until the pens froze.\n"
            "The ground is to have $n3 further seats by then, on scaffolding lent by $org, where "
            "half of the team {work|are "
            "employed}. An inspector has to pass it.\n"
            "$p3, the manager, said that she welcomed the noise. \"We have been watched by $n3 "
            "people and a dog since August,\" $s3 "
            "said. \"I know the dog's name. It will do us good to play for {strangers|people we do "
            "not know}.\"\n"
            "$other, who beat them by four goals in the spring, will bring two trains.",
            "The inspector has since passed the scaffolding, on condition that nobody jumps on "
            "it."},
        {"{$place reach semi-final on penalties|Nerves of roofers: $place win shoot-out|$place "
         "through after nineteen penalties}",
            "It took nineteen penalties to separate $place from $other on $day, and the nineteenth "
            "was taken by a goalkeeper.",
            "There had been a goal on each side before that, the first an accident and the second "
            "a {beauty|delight}. Extra time "
            "passed mostly in midfield and in a light rain.\n"
            "$p1, the roofer whose goal beat the champions, missed the first kick. {Eight "
            "others|The next eight} did not. When the "
            "outfield players had all had their turn $p2 put the ball on the spot, walked back "
            "{four|three} steps and chose the "
            "middle.\n"
            "\"Keepers know that keepers dive,\" said $s2.\n"
            "The semi-final will be played on neutral ground {in three weeks|three weeks from "
            "now}. $org has given its scaffolders "
            "that week off, all of them, playing or not.\n"
            "Police reported no arrests, and one man in the water, who was well.",
            "The association confirmed that the penalty which hit both posts had rightly been "
            "given."},
        {"{The run ends: $place lose semi-final|$place out of cup after brave semi-final|Proud "
         "defeat for $place}",
            "The cup run of $place ended on $day with a defeat by two goals to one, and "
            "{twenty|almost twenty} minutes of applause.",
            "They led for most of the first half, through $p1, and were level until {nine|eight} "
            "minutes from time. Then a cross that "
            "nobody wanted found the one player who did.\n"
            "\"I looked up and it was raining on our end and not on theirs,\" said the manager, "
            "$p3. \"I thought: well, we are used "
            "to that.\"\n"
            "About $n3 coaches had made the journey. The singing went on for so long that the "
            "ground's lights were put out and, after "
            "a complaint, put on again.\n"
            "The club has earned $n4 million, {more than in ten seasons|as much as in ten seasons} "
            "of league football. It means to "
            "raise the away end above the tide.\n"
            "$s1 was at work the next morning, on the roof of the school.",
            "The club later announced that $p3 had signed for another $n1 years."}}};

const struct storyline story_lake = {"Science", "en", "mfm",
    "The lake below the ice of $region formed when the glacier began to retreat {sixty|about "
    "sixty} years ago. It is held by a wall of "
    "rubble with ice in its core, which nobody built and nobody maintains.\n"
    "In 1962 a smaller lake in the next valley emptied in one night and carried a sawmill to the "
    "sea.",
    {{"{Glacier lake above $place rises fast|Scientists watch rising lake above $place|Lake under "
      "glacier gains two metres in a week}",
         "The lake at the foot of the glacier above $place has risen by two metres in a week, and "
         "scientists cannot yet say {why|what is "
         "feeding it}.",
         "The rise was noticed on $day by a {camera|time-lapse camera} that looks at nothing else. "
         "The weather had been dry and not "
         "unusually warm.\n"
         "\"Water comes from somewhere,\" said $p1, a hydrologist at $org. The likeliest answer is "
         "that a channel inside the glacier has "
         "closed and sent its water elsewhere. $s1 flew up with $n1 students to pour dye into the "
         "cracks.\n"
         "The wall that holds the lake stands $n2 metres high. As long as water leaves by the old "
         "spillway there is no {danger|cause for "
         "alarm}, the regional office said, but it asked campers to stay away from the stream.\n"
         "In $place, where the brook runs under the main street in a pipe, shopkeepers have begun "
         "to {carry stock|move goods} upstairs.",
         "A second reading at dusk put the rise at two metres and thirty centimetres."},
        {"{Dye shows where lake's water comes from|Red stream solves riddle of rising lake|Hidden "
         "channel feeds lake above $place}",
            "Red water that appeared in the lake above $place on $day showed scientists which of "
            "the glacier's channels feeds it, and that "
            "it is a new one.",
            "The dye took {nineteen|seventeen} hours to cover a distance that a walker does in "
            "two. That means a wide, slow passage, said "
            "$p2 of $org, and one that is likely to grow.\n"
            "\"We had three theories and I liked the other two {better|more},\" $s2 said. \"This "
            "one goes on rising.\"\n"
            "The state will send pumps, the largest of which has to be flown in {$n1 parts|$n1 "
            "pieces}. They can lower the lake by a hand's "
            "breadth a day, if nothing breaks.\n"
            "A siren was tested in the valley at noon. It was heard in $other, {on the far "
            "side|across} the ridge, but not in the old "
            "people's home in $place, which will get one of its own.",
            "The first of the pumps started shortly after midnight, a day ahead of plan."},
        {"{$place told to be ready to leave|Four hundred in $place pack bags as lake "
         "rises|Evacuation order looms in $place}",
            "About $n3 people who live along the brook in $place were told on $day to pack a bag "
            "and to keep it by the door.",
            "The lake is now {less than a metre|ninety centimetres} below the top of the wall that "
            "holds it. Seepage has been seen at one "
            "place, clear at first and then {cloudy|milky}, which is the colour that worries "
            "engineers.\n"
            "$p3, the mayor, went from house to house. \"I say the same sentence at each door, and "
            "people offer me coffee,\" $s3 said. \"By "
            "the church I had to {refuse|start refusing}.\"\n"
            "The school will not open this week. Cattle were moved to the far slope in a "
            "procession that took the whole morning, led by a "
            "goat.\n"
            "$p1, who found the rise, believes that the pumps will win. He has nevertheless moved "
            "his own tent.",
            "The siren has been moved to the bell tower, where it can be heard by everyone."},
        {"{Lake above $place falls for first time|Pumps win race against glacier lake|Danger "
         "passes in $place as lake falls}",
            "The lake above $place fell on $day for the first time in {a month|four weeks}, by the "
            "width of two fingers.",
            "It was enough for the mayor, $p3, to cancel the order to be ready to leave. People "
            "unpacked, and {the bakery opened|the bakery "
            "lit its oven} in the afternoon, which it never does.\n"
            "$n1 pumps have moved more water than the town uses in {nine|eight} years. They will "
            "run until the frost, and a trench will then "
            "be blasted beside the wall at a cost of $n4 million.\n"
            "\"We were lucky with the weather, and we were quick, and I would rather not have to "
            "say again which of the two it was,\" said "
            "$p2 of $org.\n"
            "The camera that started it all {stays|will stay}. It has been given a second one to "
            "look at, in case.",
            "Engineers measured a further fall overnight, of nearly a hand's breadth."}}};

const struct storyline story_outage = {"Technology", "en", "mff",
    "The registry of $region holds land titles, births and permits, and replaced $n2 card indexes "
    "{five|six} years ago. It was built by $org, "
    "which runs similar systems for {eleven|a dozen} other regions.\n"
    "Auditors had warned twice that its spare copy was kept in the same building as the first.",
    {{"{Registry outage halts house sales in $region|Computers down at registry in $place|No "
      "titles, no permits: registry fails in $region}",
         "No house could be sold and no child registered in $region on $day, after the computers "
         "of the registry in $place failed "
         "overnight.",
         "The fault began at {ten past two|a quarter past two} in the morning with a fan. It ended "
         "with $n3 cabinets of machines switched off "
         "by a safeguard that was meant to protect one.\n"
         "\"The system did what it was told,\" said $p1, who heads the registry. \"We had told it "
         "something {stupid|silly}, {five|six} years "
         "ago, and it remembered.\"\n"
         "Notaries sent their clients home. At the hospital in $other $n2 parents were given a "
         "slip of paper with a number, to be exchanged "
         "for a birth certificate later.\n"
         "$org has sent a team. It said that no data was lost, and then that it believed that no "
         "data was lost.",
         "The registry said at midnight that half of the machines were running again, though not "
         "the half it needed."},
        {"{Registry brings back clerks and card indexes|Pen and paper return to registry in "
         "$place|$region's registry reopens on paper}",
            "The registry of $region opened its counters again on $day, with pencils, {carbon "
            "paper|ledgers} and seven clerks who had retired.",
            "They had been telephoned the evening before. All of them came, and one brought the "
            "{stamp|rubber stamp} which she had been told "
            "to destroy and had not.\n"
            "$p2, who left the registry {four|three} years ago, found the old card indexes behind "
            "a display about progress. \"They only need "
            "dusting,\" $s2 said, and began with the letter A.\n"
            "Up to $n3 cases a day can be handled by hand, {a tenth|about a tenth} of the usual "
            "number. Urgent ones come first; what is urgent "
            "is decided by a notary, a midwife and a farmer, who sit at one table.\n"
            "The computers may be back within $n1 days, $org said. It has stopped giving the hour.",
            "By closing time the clerks had dealt with more cases than the target for the day."},
        {"{Backup of registry had never been tested|Audit finds registry's spare copy "
         "empty|Registry's backup was empty, report says}",
            "The spare copy of the registry of $region had been empty since it was set up, "
            "according to a report published on $day.",
            "It was copied faithfully every night: an empty file, {verified|checked} and stored in "
            "two places. A test would have shown it, the "
            "report says, but a test was planned for the following year, in each of {five|six} "
            "years.\n"
            "The titles themselves survived, because a trainee had kept {one of her own|a copy of "
            "her own} on a disk in her desk. This was "
            "against the rules, notes the author, $p3, who asks that the rules be changed before "
            "the trainee is spoken to.\n"
            "$org accepts most of the findings and will repay $n4 million. \"It is not a report "
            "that one enjoys,\" its spokesman said.\n"
            "$p1, head of the registry, offered to resign and was {told|asked} to finish the "
            "repair first.",
            "The trainee has been offered a permanent post and is said to be thinking about it."},
        {"{Registry of $region works again|Computers return at registry, clerks stay|Registry back "
         "after long outage}",
            "The registry of $region went back to its computers on $day, but its {seven|retired} "
            "clerks will stay until the end of the year.",
            "All $n3 cases taken down on paper have been entered. {Four|Five} contained mistakes; "
            "the machines, in the same number of cases on "
            "a normal day, make $n2, a check showed.\n"
            "\"We write more slowly, and so we read what we write,\" said $p2, who will train the "
            "younger staff on two afternoons a week.\n"
            "There are now three spare copies, in three towns, and each month one of them is "
            "{picked|drawn} by lot and used for a day. $place "
            "goes first.\n"
            "The stamp that should have been destroyed is in a glass case in the hall. It can be "
            "{taken out|removed}.",
            "The first drawing by lot took place in the afternoon, and chose the copy in "
            "$other."}}};

const struct storyline story_deich = {"Region", "de", "fmm",
    "Der Deich von $place wurde nach der Sturmflut von 1825 in seiner heutigen Form gebaut und "
    "zuletzt vor dreißig Jahren erhöht. Er schützt "
    "rund $n3 Häuser und die einzige Straße nach $other.\n"
    "Seit Jahren streiten Naturschützer und Anwohner darüber, ob er höher werden oder weiter ins "
    "Land zurückweichen soll.",
    {{"{Riss im Deich von $place entdeckt|Deich bei $place muss gesichert werden|Spaziergängerin "
      "entdeckt Riss im Deich}",
         "Im Deich von $place ist am $day ein Riss von $n2 Metern Länge entdeckt worden, der nun "
         "{Tag und Nacht|rund um die Uhr} bewacht wird.",
         "Eine Spaziergängerin hatte bemerkt, dass ihr Hund an einer Stelle nicht weitergehen "
         "wollte. Unter dem Gras klaffte ein Spalt, in den "
         "sie ihren Stock {bis zum Griff|fast ganz} hineinschieben konnte.\n"
         "\"Man sieht es erst, wenn man darauf steht, und dann möchte man nicht mehr darauf "
         "stehen\", sagte die Deichgräfin $p1. Sie ließ noch am "
         "Abend Sandsäcke bringen und die Schafe {umtreiben|auf eine andere Weide treiben}.\n"
         "Als Ursache gilt der trockene Sommer, der den Kleiboden schrumpfen ließ. Fachleute von "
         "$org sollen den Deich auf ganzer Länge "
         "untersuchen. Das werde {mindestens|wohl} $n1 Wochen dauern, hieß es.\n"
         "Für die nächsten Tage ist ruhiges Wetter angesagt, die Herbststürme aber sind nicht mehr "
         "weit.",
         "Am späten Abend teilte der Deichverband mit, dass der Riss seit dem Mittag nicht weiter "
         "gewachsen sei."},
        {"{Freiwillige füllen Sandsäcke am Deich von $place|Ein Dorf füllt Sandsäcke|Hunderte "
         "helfen am Deich bei $place}",
            "Mehr als $n3 Freiwillige haben am $day in $place Sandsäcke gefüllt, {um den "
            "beschädigten Deich zu sichern|damit der beschädigte Deich "
            "hält}.",
            "Sie kamen aus $other, von den Höfen und von der Berufsschule, die den Unterricht "
            "ausfallen ließ. Bis zum Abend lagen nach Angaben der "
            "Feuerwehr {zwölftausend|rund zwölftausend} Säcke auf der Krone.\n"
            "Bauer $p2 stellte Sand und Traktor. \"Meine Großmutter hat hier schon gestanden\", "
            "sagte er. \"Sie hat immer erzählt, das Schlimmste sei "
            "die {Suppe|Erbsensuppe} gewesen.\" Die Suppe, fügte er hinzu, sei in diesem Jahr "
            "besser.\n"
            "Die Landesregierung sagte $n4 Millionen Euro zu. Davon soll der Riss geschlossen und "
            "der Fuß des Deiches {verbreitert|breiter gemacht} "
            "werden.\n"
            "Kritik kam von Umweltverbänden, die seit langem eine zweite Linie weiter im Land "
            "fordern.",
            "In der Nacht lösten sich die Wachen alle zwei Stunden ab, Zwischenfälle gab es "
            "keine."},
        {"{Deich von $place hält erster Sturmflut stand|Sturm über $place: der Deich hält|Aufatmen "
         "nach der Flutnacht in $place}",
            "Der beschädigte Deich von $place hat in der Nacht zum $day der ersten Sturmflut des "
            "Herbstes standgehalten.",
            "Das Wasser stand {gegen drei Uhr|kurz vor drei Uhr} nur noch eine Armlänge unter der "
            "Krone. An zwei Stellen sickerte es durch, beide Male "
            "legten Helfer binnen Minuten Säcke nach.\n"
            "\"Wir haben nicht viel geredet\", sagte die Deichgräfin $p1, die selbst in der Kette "
            "stand. \"Um fünf hat jemand gesagt, es {fällt|geht "
            "zurück}, und dann haben alle geredet.\"\n"
            "In $other liefen $n2 Keller voll, verletzt wurde niemand. Die Straße blieb bis zum "
            "Mittag gesperrt, weil ein {Kahn|alter Kahn} quer "
            "darauf lag.\n"
            "Die Ingenieure von $org wollen nun schneller bauen als geplant und noch in dieser "
            "Woche beginnen.",
            "Der Kahn ist inzwischen geborgen; wem er gehört, ist nicht bekannt."},
        {"{Bürger stimmen für zweiten Deich bei $place|$place bekommt einen zweiten Deich|Mehrheit "
         "für neue Deichlinie}",
            "Die Einwohner von $place haben am $day mit klarer Mehrheit für einen zweiten Deich "
            "weiter im Land gestimmt.",
            "Zwischen beiden Linien soll eine Salzwiese entstehen, auf der bei Hochwasser {das "
            "Meer Platz findet|die Flut auslaufen kann}. Zwei Höfe "
            "müssen dafür weichen; ihre Besitzer hatten sich vor der Abstimmung einverstanden "
            "erklärt.\n"
            "\"Es ist mein Land, und es war vorher das Land der See\", sagte Landwirt $p2. \"Sie "
            "leiht es sich {ab und zu|gelegentlich} zurück.\"\n"
            "Der Bau soll $n1 Jahre dauern. $p3 vom Umweltverband nannte das Ergebnis {mutig|einen "
            "mutigen Schritt}. Er hatte mit einer Niederlage "
            "gerechnet und nur eine Rede für diesen Fall vorbereitet, die er dann trotzdem hielt.\n"
            "Der alte Deich bleibt stehen. Die Schafe sind schon zurück.",
            "Das amtliche Endergebnis soll in der kommenden Woche vorliegen."}}};
