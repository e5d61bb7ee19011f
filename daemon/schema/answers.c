/* answers.c - the table of what is answered.
 *
 * A type is members, each "name:type" or, where it may be absent, "name?:type". Types are s text,
 * t a time as in RFC 3339, i a whole number, n a number, b true or false, x anything, e an event;
 * @name another type of the table, [T] a list, {T} an object whose names are data; T~ may be null.
 * "+name" has the members of another type. Spans are numbers of seconds, sizes are bytes. */
#include "schema/private.h"

#include <string.h>

const struct schema_type schema_types[] = {
    {"error", "error:@fault"},
    {"fault", "code:s text:s"},
    {"feed",
        "id:s url:s title:s~ tags:s~ tagList:[s] origin:s~ link?:s state:s stateSince:t~ interval:n"
        " nextPoll:t~ lastSuccess:t~ lastNew:t~ failures:i httpStatus:i error:s~ diagnosed:b"},
    {"feedWhole", "+feed etag:s~ lastModified:s~ meanGap?:i usualGap?:i diagnosedSince?:t~"
                  " diagnosis:[@oddity] push?:@hub"},
    {"oddity", "line?:i column?:i text:s"},
    {"hub", "hub:s topic:s state:s reliedOn:b leaseUntil:t~ nextRequest:t~ lastPush:t~ pushes:i"
            " ignored:i failures:i error:s~"},
    {"poll", "at:t status?:i trouble?:s bytes:i seconds:n entries:i new:i"},
    {"feedAdded", "id:s url:s added:b changed:b"},
    {"feedFound", "url:s title:s~ type:s~ items:i newest:t~ hub:b"},
    {"feedRemoved", "feed:s removed:b list?:s"},
    {"feedPaused", "feed:s paused:b changed:b"},
    {"feedResumed", "feed:s resumed:b changed:b"},
    {"feedDue", "feed:s due:b"},
    {"trouble", "id:s part:s state:s since?:t text:s requestsPerMinute?:i"},
    {"states", "total:i new:i ok:i slow:i silent:i failing:i blocked:i moved:i gone:i parked:i"
               " unparsable:i failedLast:i diagnosed:i dueNextMinute:i"},
    {"polls", "total:i unchanged:i changed:i failed:i"},
    {"records", "inFlight:i waiting:i entries:i published:i updated:i dropped:i quarantined:i"
                " documents:i badDocuments:i pages:i pageFailures:i latencyP50:n latencyP95:n "
                "latencyP99:n"},
    {"pages", "asked:i failed:i waiting:i late:i toRecheck:i rechecks:i rechecked:i givenUp:i"
              " crowdedOut:i"},
    {"sites", "degraded:[@site] watched:i"},
    {"site", "domain:s state:s since:t articles:i reasons:[s] textLength:@rate dateRate:@rate"
             " bylineRate:@rate"},
    {"rate", "now:n usual:n"},
    {"rest", "stage:s site?:s until:t"},
    {"pub", "sent:i bytes:i subscriptions:i refused:i"},
    {"pull", "sent:i bytes:i clients:i consumers:i"},
    {"hubs", "listening:b subscriptions:i live:i reliedOn:i leaving:i requests:i verified:i"
             " denied:i failed:i refused:i unknown:i taken:i late:i unsigned:i forged:i tooLarge:i"
             " tooMany:i"},
    {"store", "path:s full:b locked:b lost:b since?:t error?:s file:i max:i wal:i free?:i"
              " heldSince?:t walError?:s"},
    {"log", "epoch:s first:i head:i"},
    {"entries", "seen:i new:i changed:i known:i duplicate:i marked:i old:i rechecked:i published:i"
                " dropped:i quarantined:i pending:i unaccounted:i"},
    {"counters", "articles:{i} dropped:{i} events:{i} trimmed:{i}"},
    {"stories", "new:i developing:i peaking:i fading:i closed:i"},
    {"subscription", "url:s feeds:i lastSuccess?:t error?:s"},
    {"status",
        "troubles:[@trouble] version:s instance:s pid:i started:t uptime:n config:s~"
        " configLoaded:t~ endpoint:s~ publicKey:s~ resident:i feeds:@states polls:@polls"
        " records:@records pages:@pages sites:@sites resting:[@rest] workers:@workers pub:@pub "
        "pull:@pull push:@hubs"
        " jobsWaiting:i requestsInFlight:i requestsWaiting:i store:@store log:@log quarantine?:i"
        " entries:@entries counters:@counters stories:@stories subscriptions:[@subscription]"
        " listWarnings:[s]"},
    {"top", "at:t pollsPerSecond:n feeds:@states polls:@polls latency:@latency workers:@workers"
            " stages:[@topStage] outputs:@outputs"},
    {"latency", "p50:n p95:n p99:n"},
    {"workers", "count:i busy:i jobs:i"},
    {"topStage", "name:s recordsPerSecond:n secondsPerRecord:n failed:i killed:i setAside:b"},
    {"outputs", "pub:@pub pull:@pull eventsPerSecond:n"},
    {"stage", "name:s version:s records:i failed:i killed:i seconds:n setAside:b"},
    {"finding", "level:s part:s text:s mend:s~"},
    {"doctor", "ok:b findings:[@finding] well:[s]"},
    {"why", "entry:s uri?:s title?:s end:@end steps:[@step]"},
    {"end", "how:s version?:i cause?:s sequence?:i"},
    {"step", "step:s at:t~ feed?:s version?:i id?:i seconds?:n httpStatus?:i bytes?:i name?:s"
             " status?:s text?:s tries?:i since?:t~ sequence?:i topic?:s documentsAgo?:i"},
    {"consumer", "name:s filter:s acknowledged:i sent:i lag:i trimmed:i hold:b connected:b since:t~"
                 " heard:t~"},
    {"quarantined", "id:i feed:s feedUrl:s~ url:s~ title:s~ article:s~ version:i cause:s since:t~"
                    " bytes:i record?:x unreadable?:s"},
    {"quarantineChange", "id:x retried?:b removed?:b refused?:s"},
    {"reload", "reloaded:s warnings:[s]"},
    {"stopping", "stopping:b"},
    {"changed", "changed:b"},
    {"consumerRemoved", "name:s removed:b"},
    {"import", "outlines:i added:i known:i refused:i notAFeed:i"},
    {"feedTest", "url?:s followed?:s http?:x report?:x poll?:x hubs?:[s] diagnosis?:[@oddity]"
                 " oddities?:[s] statusAgain?:i unread?:s file?:s"},
    {"check", "file:s~ ok:b error?:s errors?:[@problem] warnings?:[s]"},
    {"problem", "file?:s line?:i column?:i text:s"},
    {"keyPair", "public:s secret:s"},
    {"key", "public:s name:s"},
    {"storeCheck",
        "path:s ok:b schema:i epoch:s feeds:i articles:i waiting:i quarantined:i events:i"
        " first:i head:i damaged:[s]"},
    {"storeFeed", "url:s title:s~ tags:s~"},
    {"storeEpoch", "path:s old:s epoch:s"},
    {"module",
        "name:s abi?:i error?:s version?:s file?:s ordered?:b needsPage?:b options?:[@option]"},
    {"option", "name:s type?:s initial?:s help?:s"},
    {"stageRun", "record:x notes:[@note] trace:[@stageTime] dropped:b"},
    {"note", "stage:s text:s"},
    {"stageTime", "stage:s seconds:n status:s"},
    {"stageBench", "records:i times:i dropped:i article:@runs stages:[@stageRuns]"
                   " memory:@workerMemory"},
    {"runs", "runs:i failed:i median:n~ p99:n~ max:n~"},
    {"stageRuns", "+runs name:s"},
    {"workerMemory", "most:i withoutStages:i"},
    {"stageNew", "name:s dir:s files:[s]"},
    {"topic", "uri:s stories:i articles:i lastSeen:t headline:s"},
    {"named", "name:s"},
    {"version", "name:s version:s commit:s htmlParser:s"},
    /* What is read out of documents has the names that others' measures of it use. */
    {"parsed", "entries?:[@parsedEntry] feed?:@parsedFeed feeds?:[@listed] skipped?:[@listed] "
               "complete?:b error?:s"
               " code?:s"},
    {"parsedFeed", "format:s complete:b recovered:b title?:s link?:s feed_url?:s hub?:s hubs?:[s]"
                   " id?:s description?:s language?:s updated?:s published?:s authors?:[@person]"
                   " contributors?:[@person] copyright?:s generator?:s image?:s icon?:s ttl?:s"
                   " categories?:[s] skip_hours?:[s] skip_days?:[s] update_period?:s"
                   " update_frequency?:s links?:[@link] diagnoses?:[@oddity]"},
    {"parsedEntry", "id?:s title?:s link?:s published?:s updated?:s authors?:[@person]"
                    " contributors?:[@person] summary?:s content?:s categories?:[s]"
                    " enclosures?:[@link] language?:s comments?:s comments_feed?:s rights?:s"
                    " image?:s source?:@parsedSource links?:[@link]"},
    {"parsedSource", "title?:s link?:s id?:s"},
    {"person", "name?:s email?:s url?:s"},
    {"link", "rel?:s href?:s url?:s type?:s title?:s hreflang?:s length?:s"},
    {"listed", "url?:s feed_url?:s title?:s type?:s link?:s category?:s tags?:s"},
    {"extracted",
        "title?:s~ authors?:[s] published?:s~ language?:s~ text?:s~ image?:s~ canonical?:s~"
        " published_source?:s published_precision?:s modified?:s byline?:s section?:s"
        " standfirst?:s captions?:[s] keywords?:[s] notices?:[s] free?:s status?:s method?:s"
        " confidence?:n reasons?:[s] html?:s notes?:[s] posts?:[x] trace?:x error?:s code?:s"},
    {"threaded", "id:s duplicate_of?:s~ kind?:s~ similarity?:s origin?:s story?:s topic?:s was?:s"
                 " differs?:b error?:s"},
    {NULL, NULL},
};

const struct answer schema_answers[] = {
    {"article show", "e", true},
    {"check-config", "@check", true},
    {"consumers add", "@consumer", true},
    {"consumers list", "@consumer", true},
    {"consumers reset", "@consumer", true},
    {"consumers rm", "@consumerRemoved", false},
    {"consumers show", "@consumer", true},
    {"demo", "e", true},
    {"doctor", "@doctor", false},
    {"extract", "@extracted", true},
    {"feeds add", "@feedAdded", true},
    {"feeds discover", "@feedFound", true},
    {"feeds export", "@feed", true},
    {"feeds history", "@poll", true},
    {"feeds import", "@import", false},
    {"feeds list", "@feed", true},
    {"feeds pause", "@feedPaused", true},
    {"feeds poll", "@feedDue", true},
    {"feeds resume", "@feedResumed", true},
    {"feeds rm", "@feedRemoved", true},
    {"feeds show", "@feedWhole", true},
    {"feeds test", "@feedTest", true},
    {"keys allow", "@changed", false},
    {"keys init", "@changed", false},
    {"keys list", "@key", true},
    {"keys new", "@keyPair", false},
    {"keys revoke", "@changed", false},
    {"parse", "@parsed", true},
    {"quarantine list", "@quarantined", true},
    {"quarantine retry", "@quarantineChange", true},
    {"quarantine rm", "@quarantineChange", true},
    {"quarantine show", "@quarantined", true},
    {"reload", "@reload", false},
    {"replay", "e", true},
    {"run", "e", true},
    {"schema", "@named", true},
    {"stages bench", "@stageBench", false},
    {"stages list", "@module", true},
    {"stages new", "@stageNew", false},
    {"stages run", "@stageRun", true},
    {"status", "@status", false},
    {"stop", "@stopping", false},
    {"store check", "@storeCheck", false},
    {"store export-feeds", "@storeFeed", true},
    {"store new-epoch", "@storeEpoch", false},
    {"story list", "e", true},
    {"story show", "e", true},
    {"story watch", "e", true},
    {"tail", "e", true},
    {"thread", "@threaded", true},
    {"top", "@top", true},
    {"topic list", "@topic", true},
    {"topic show", "e", true},
    {"version", "@version", false},
    {"why", "@why", true},
    {NULL, NULL, false},
};

const struct answer *schema_answer(const char *verb)
{
    for (const struct answer *a = schema_answers; a->verb != NULL; a++)
        if (strcmp(a->verb, verb) == 0)
            return a;
    return NULL;
}
