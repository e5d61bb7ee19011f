/* cues_english.c - the phrases of English, which pages in any language use; see cues.c. */
#include "cue/cue.h"

/* clang-format off */
const struct cue_row cues_english[] = {
    /* English */
    {"en", CUE_FURNITURE, STARTS,
        "got a story|more :|check out more of|our website is the place|like this story|"
        "related roundup|related:|click to|explore further|(reporting by|reporting by|"
        "additional reporting|editing by|writing by|with reports from|for the latest|"
        "do you want to be informed|submit your letter|suggested citation|this entry was posted|"
        "if you enjoyed|if you liked|you can view our|use code|tag:|register / sign in|"
        "sign in to|access articles from|share your thoughts|get email updates|please bookmark|"
        "published in|write to|all fields are required|tell us what|more information:|"
        "provided by|citation:|view this|you can read|do you have a story|subscribe to|"
        "subscribe now|sign up for|sign up to|sign up here|share this|share on|share via|"
        "follow us|follow me on|click here to|click to share|read more:|read more about|"
        "read more at|read also:|also read:|also read|read next:|read the full|see also:|"
        "see more:|watch:|watch the video|watch video|listen to this|download our|"
        "download the app|get the latest|get our|leave a comment|log in to|login to|register to|"
        "create an account|we use cookies|this site uses cookies|this website uses cookies|"
        "all rights reserved|copyright ©|© copyright|join our|join the conversation|like us on|"
        "follow @|follow him on|follow her on|follow us on|most read|posted in|filed under|tags:|"
        "topics:|related article|related articles:|related stories:|related topics|more from|"
        "more on this|more:|advertisement|article continues below|story continues below|"
        "continue reading below|scroll down|support our|support independent|help us|"
        "become a member|donate to|your email address|enter your email|thanks for signing|"
        "thank you for signing|by signing up|by subscribing|you can unsubscribe|to read this|"
        "to continue reading|already a subscriber|already have an account|don't have an account|"
        "skip to|back to top|view comments|view all|view gallery|show comments|load more|"
        "please enable javascript|enable javascript|this content is hosted|your browser does not|"
        "recommended for you|you might also like|you may also like|you may be interested|"
        "let us know in the comments|tell us in the comments|comment below|comments are closed|"
        "post a comment|add a comment|write a comment|reply to|report this|print this|email this|"
        "save this|copy link|link copied|get breaking news|want more|for more news|"
        "for more information, visit|for more stories|send us|have a tip|got a tip|"
        "contact the author|contact us|terms of use|privacy policy|cookie policy|paid content|"
        "view this post on instagram|a post shared by|pic.twitter.com|"
        "this article was originally published|this story was originally published|"
        "originally published|this article first appeared|powered by|min read|minute read|"
        "estimated reading time|reading time|photo gallery|jump to|table of contents|play video|"
        "watch now|listen now|click here|find out more|learn more|learn more about|related video|"
        "trending now|trending:|editor's picks|editors' picks|next article|previous article|"
        "next post|previous post|next story|buy now|order now|shop now|manage your|published by|"
        "the conversation is now closed|top stories|latest news|discover more|view original|"
        "image source|image caption|in this article:|in this story:|what do you think?|"
        "take our poll|take our survey|take our quiz|have you got a story|have you got a|"
        "browse our|browse all|browse more|sponsored by|sponsored content|promoted content|"
        "share on facebook|share on twitter|share on linkedin|share on whatsapp|advert-free|"
        "do more:|article pages:|pages: 1|buyer's guide:|buyer’s guide:|related forum|"
        "see photos from|see pictures from|see the photos|read this story in|"
        "read this article in|plus, don't miss|plus, don’t miss|get your weekly|get your daily|"
        "get the best of|get daily updates|get weekly updates|join our daily|"
        "this copy is for your personal|distribution and use of this material|"
        "we are a participant in the|all products recommended by|all products featured|"
        "this post may contain affiliate|this post contains affiliate|"
        "this article contains affiliate|this story contains affiliate|"
        "this article may contain affiliate|we may earn a commission|we may receive a commission|"
        "when you buy through links|when you purchase through links|if you buy something|"
        "as an amazon associate|this content is not available due|our community members are|"
        "our website is your destination|was this article helpful|was this page helpful|"
        "did you find this|how useful was this|rate this article|(visited|you must be logged in|"
        "please log in|please sign in|please subscribe|please enter your|never miss a|"
        "stay up to date with|stay informed with|support quality journalism|"
        "support local journalism|like what you see|enjoyed this article|liked this article|"
        "this story is for subscribers|this article is for subscribers|"
        "this content is for subscribers|unlock this article|keep reading with|"
        "sent straight to your|tap here|swipe to|scroll to continue|hide caption|"
        "comments are moderated|comments are turned off|have your say|don't miss:|don't miss our|"
        "don't miss out|don't miss the latest|don’t miss our|don’t miss out|don’t miss:"},
    {"en", CUE_FURNITURE, WHOLE,
        "share|shares|tweet|print|email|comments|comment|save|advertising|ad|close|open|menu|"
        "search|more|next|previous|subscribe|sign up|sign in|log in|register|follow|newsletter|"
        "read more|continue reading|see more|show more|hide|reply|like|likes|copy|up next|video|"
        "gallery|photos|live|breaking|opinion|top|home|news|reddit|telegram|messenger|listen|"
        "play|transcript|tags|topics|credit|source|caption|toggle caption|hide caption|"
        "enlarge this image|sponsor message|sponsored content|paid partner content|thank you|"
        "success|sign up now|learn more|read full story|read the article|read story|play video|"
        "share this article|share article|share story|export|reprints|view comments|"
        "mentioned in this article|view image in fullscreen|promoted stories|from our partners|"
        "newsletter promotion|after newsletter promotion|about the author|about author|author|"
        "written by|story highlights|hotline|advert|loading|browse|promoted|facebook|twitter|"
        "whatsapp|linkedin|pinterest|sponsored|in this article|in this story|getty images|"
        "shutterstock|x|social share|text size|font size|a- a+|share article via email|"
        "copy to clipboard|gift this article|give this article|bookmark|favorite|log out|"
        "my account|latest issue"},
    {"en", CUE_RELATED, WHOLE,
        "related|related articles|related stories|related posts|related content|related links|"
        "related news|related topics|related coverage|related reading|related sources|"
        "useful links for further reading|useful links|further reading|more stories|more news|"
        "more from this section|more like this|more on this story|more on this topic|"
        "more coverage|recommended|recommended stories|recommended articles|recommended for you|"
        "you may also like|you might also like|you may also be interested in|also on|also read|"
        "see also|read next|read also|what to read next|most popular|most read|most viewed|"
        "popular stories|popular posts|trending|trending now|trending stories|latest|latest news|"
        "latest stories|latest articles|latest posts|top stories|editor's picks|editors' picks|"
        "don't miss|in case you missed it|in other news|other news|from the web|around the web|"
        "sponsored stories|sponsored links|elsewhere on the web|comments|leave a comment|"
        "leave a reply|join the conversation|discussion|share this|follow us|most commented|"
        "related video|related videos|external links|similar articles|similar posts|next up|"
        "up next|other stories|read more on|read more|keep reading|explore more|more in|"
        "more to explore|our latest|top news|today's top stories|must read|featured|"
        "featured stories|what others are reading|stories you may like|recent posts|"
        "recent articles|recent stories"},
    {"en", CUE_CAPTION, STARTS,
        "photo:|photos:|photo by|photo credit|photograph:|photograph by|image:|images:|image by|"
        "image credit|image courtesy|picture:|pictures:|credit:|video:|file photo|file image|"
        "photo courtesy|courtesy of|illustration:|illustration by|photos by|images by|(photo|"
        "(image|(picture|(credit|graphic:|screenshot"},
    {"en", CUE_BYLINE, STARTS,
        "show all articles of|view all posts by|view all articles by|more from|more by|posts by|"
        "all posts by|articles by|by|written by|words by|words:|text by|text:|story by|"
        "reporting by|report by|author:|authors:|posted by|published by|article by|reviewed by|"
        "opinion by|analysis by|interview by|by:|guest post by|additional reporting by|"
        "contributed by|submitted by|writer:|reporter:"},
    {"en", CUE_BYLINE, OWN,
        "from|about"},
    {"en", CUE_DATE, STARTS,
        "published|published:|published on|posted|posted on|posted:|date:|publication date|"
        "first published|originally published|created|issued|released|release date|published at|"
        "publish date"},
    {"en", CUE_DATE, OWN,
        "on"},
    {"en", CUE_MODIFIED, STARTS,
        "updated|updated:|updated on|last updated|last modified|modified|last update|"
        "last reviewed|edited|most recently updated|revised"},
    {"en", CUE_NOTICE, STARTS,
        "this article was translated|this story was translated|this is a machine translation|"
        "read the original article|correction:|corrections:|clarification:|editor's note|editors' note|editor’s note|"
        "update:|this article has been corrected|this article has been amended|"
        "this article was amended|this story has been corrected|this story has been updated|"
        "an earlier version of this|a previous version of this|this article has been updated|"
        "correction (|corrected:|this piece has been updated|this post has been updated|"
        "amended on"},
    {"en", CUE_ROLE, STARTS,
        "staff|staff writer|editor|correspondent|reporter|contributor|writer|senior|chief|"
        "director|photographer|editorial|admin|administrator|guest|special to|associated press|"
        "reuters|columnist|producer|freelance|associate|deputy|managing|assistant|political|"
        "business|sports|science|health|technology|world|national|news|editor-in-chief|webmaster|"
        "contributing|author|opinion"},
    {"en", CUE_SOURCE, STARTS,
        "source:|sources:|via:|with agencies|with files from|reporting by|additional reporting|"
        "editing by|writing by|with reporting by|with reporting from|with additional reporting|"
        "with inputs from|with input from|with information from|with agency inputs|compiled by|"
        "translated by|material from|source article:|image source:|excerpted from|adapted from|"
        "this article was produced|this story was produced|this story was originally published|"
        "this article was originally published|this article originally appeared|"
        "this article first appeared|this story originally appeared|reprinted with permission|"
        "the author is|the writer is|the authors are|the writers are|about the author|"
        "the views expressed|the opinions expressed|views expressed|opinions expressed|"
        "the views and opinions|this is an opinion"},
    {"en", CUE_SOURCE, WHOLE,
        "agencies|with agencies|agency report|agency reports|staff reports|from wire reports|"
        "from staff reports|wire reports|news agencies"},
    {"en", CUE_BOX, WHOLE,
        "at a glance|key points|key facts|key takeaways|fact box|factbox|fact file|factfile|"
        "facts and figures|by the numbers|in numbers|in brief|quick facts|fast facts|in short"},
    {NULL, CUE_NONE, STARTS, NULL},
};
/* clang-format on */
